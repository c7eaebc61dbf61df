import { isCode, isIdentifier, join, key, ts, type Code } from "./code.ts";

/** Source text that may be laid out on one line or several. */
export type Layout = Code | Block;

/** `open member, member close`: an object, an array, or a call. */
export interface Block {
  readonly open: Code;
  readonly members: readonly Layout[];
  readonly close: Code;
  /** Spaces inside the brackets when on one line: objects have them. */
  readonly spaced: boolean;
  /** Several members share a line: lists of plain values. */
  readonly flow: boolean;
}

/** How text is laid out. */
export interface Room {
  /** Columns of a line; a string is never broken, so a line that holds a long one is longer. */
  readonly width: number;
  /** All members flow, not only plain values. */
  readonly flow: boolean;
}

/** The house style: on one line what fits, otherwise one member a line. */
export const ROOMY: Room = { width: 110, flow: false };

/** An object literal. */
export function object(members: readonly (readonly [string, Layout])[]): Layout {
  return braces(members.map(([name, value]) => property(name, value)));
}

/** Members in braces: properties, getters. */
export function braces(members: readonly Layout[]): Layout {
  return members.length === 0 ? ts`{}` : block(ts`{`, members, ts`}`, { spaced: true });
}

/** An array literal. */
export function array(members: readonly Layout[]): Layout {
  return block(ts`[`, members, ts`]`, { flow: members.every((member) => !isBlock(member)) });
}

/** `name: value`; `name` alone where the value is a constant of that name. */
export function property(name: string, value: Layout): Layout {
  if (isCode(value) && value.text === name && isIdentifier(name)) return value;
  return before(ts`${key(name)}: `, value);
}

/** A JSON value; source text within it goes in as it is. */
export function literal(value: unknown): Layout {
  if (isCode(value)) return value;
  if (Array.isArray(value)) return array(value.map((item: unknown) => literal(item)));
  if (typeof value === "object" && value !== null) {
    return object(Object.entries(value).map(([name, member]) => [name, literal(member)] as const));
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null) {
    return ts`${value}`;
  }
  throw new TypeError(`a ${typeof value} has no literal`);
}

/** A call of a function: `call(ts`z.union`, [x])`. */
export function call(callee: Code, values: readonly Layout[]): Layout {
  const [only] = values;
  // A lone object or array hugs the parentheses: `z.array({` … `})`.
  if (only && isBlock(only) && values.length === 1) return after(before(ts`${callee}(`, only), ts`)`);
  return block(ts`${callee}(`, values, ts`)`, {});
}

/** Code in front, on the same line. */
export function before(front: Code, layout: Layout): Layout {
  return isBlock(layout) ? { ...layout, open: ts`${front}${layout.open}` } : ts`${front}${layout}`;
}

/** Code behind, on the same line. */
export function after(layout: Layout, back: Code): Layout {
  return isBlock(layout) ? { ...layout, close: ts`${layout.close}${back}` } : ts`${layout}${back}`;
}

/** Lays out, for a place `indent` levels deep. The first line carries no indentation; `behind` columns follow the last one. */
export function print(layout: Layout, indent: number, room: Room, behind = 1): Code {
  if (!isBlock(layout)) return layout;
  const line = oneLine(layout);
  if (fits(line, indent, room, behind)) return line;
  const hugs = room.flow && (layout.members.length === 1 || !layout.spaced) && layout.members.every(isBlock);
  if (hugs) return hugging(layout, indent, room);
  const inner = spaces(indent + 1);
  const lines = (layout.flow || room.flow ? flowed : stacked)(layout.members, indent + 1, room);
  const body = lines.map((text) => ts`${inner}${text}\n`);
  return ts`${layout.open}\n${join(body, ts``)}${spaces(indent)}${layout.close}`;
}

/** `result: { fields: [` … `] }` and `routes: [{` … `}, {` … `}]`: brackets share lines where nothing else stands between them. */
function hugging(block: Block, indent: number, room: Room): Code {
  const space = block.spaced ? ts` ` : ts``;
  const members = block.members.map((member) => print(member, indent, room));
  return ts`${block.open}${space}${join(members, ts`, `)}${space}${block.close}`;
}

const linesOf = new WeakMap<Block, Code>();

/** On one line, whatever its length. It is asked for at every level above, and for every room that is tried. */
export function oneLine(layout: Layout): Code {
  if (!isBlock(layout)) return layout;
  let line = linesOf.get(layout);
  if (line) return line;
  const space = layout.spaced ? ts` ` : ts``;
  const members = join(layout.members.map(oneLine), ts`, `);
  line = ts`${layout.open}${space}${members}${space}${layout.close}`;
  linesOf.set(layout, line);
  return line;
}

/** Whether a line fits with its indentation and what follows it (a comma). */
export function fits(line: Code, indent: number, room: Room, behind = 1): boolean {
  return columns(line) + indent * 2 + behind <= room.width;
}

/** Two spaces for each level. */
function spaces(indent: number): Code {
  return join(
    Array.from({ length: indent }, () => ts`  `),
    ts``,
  );
}

function stacked(members: readonly Layout[], indent: number, room: Room): Code[] {
  return members.map((member) => ts`${print(member, indent, room)},`);
}

/** As many members on a line as fit; one that needs several lines begins where there is room and ends the line. */
function flowed(members: readonly Layout[], indent: number, room: Room): Code[] {
  const lines: Code[] = [];
  let line: Code | undefined;
  for (const member of members) {
    const text = ts`${print(member, indent, room)},`;
    const longer = line && ts`${line} ${text}`;
    if (longer && fits(longer, indent, room, 0)) line = longer;
    else {
      if (line) lines.push(line);
      line = text;
    }
    if (text.text.includes("\n")) {
      lines.push(line);
      line = undefined;
    }
  }
  if (line) lines.push(line);
  return lines;
}

function block(
  open: Code,
  members: readonly Layout[],
  close: Code,
  { spaced = false, flow = false }: { spaced?: boolean; flow?: boolean },
): Block {
  return { open, members, close, spaced, flow };
}

function isBlock(layout: Layout): layout is Block {
  return "members" in layout;
}

/** Characters of the first line as an editor counts them, near enough: code points. */
function columns(code: Code): number {
  const end = code.text.indexOf("\n");
  const line = end === -1 ? code.text : code.text.slice(0, end);
  return line.length - (line.match(PAIR)?.length ?? 0); // every layout is measured: no array of characters for it
}

/** A code point of two code units. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;
