import { ts, type Code } from "./code.ts";
import { array, call, type Layout } from "./layout.ts";

/** What `json-schema-to-zod` is let write; `any` becomes `unknown`, which is as lenient and keeps types honest. */
const CALLS: Readonly<Record<string, Code>> = {
  any: ts`z.unknown`,
  never: ts`z.never`,
  union: ts`z.union`,
};

/**
 * Reads what `json-schema-to-zod` wrote, and puts our own parts in its holes.
 *
 *     "z.union([hole(0), z.any()])", [ts`z.int()`] → z.union([z.int(), z.unknown()])
 *
 * Its text never becomes code: the few calls that it may write are written anew, so whatever a description manages to make it
 * write (it has let text out of its quotes before), that ends here.
 *
 * @throws {TypeError} when the text is anything else.
 */
export function readZod(text: string, holes: readonly Layout[]): Layout {
  const tokens = text.match(/[A-Za-z]+|\d+|\S/g) ?? [];
  let at = 0;

  function take(...expected: readonly string[]): void {
    for (const token of expected) {
      if (tokens[at] !== token) throw new TypeError(`json-schema-to-zod wrote ${tokens[at] ?? "nothing"} for ${token}`);
      at++;
    }
  }

  function expression(): Layout {
    if (tokens[at] === "hole") return hole();
    take("z", ".");
    const name = tokens[at++] ?? "";
    const callee = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
    if (!callee) throw new TypeError(`json-schema-to-zod wrote z.${name}`);
    take("(");
    const values = list(")");
    return call(callee, values);
  }

  function hole(): Layout {
    take("hole", "(");
    const found = holes[Number(tokens[at++])];
    take(")");
    if (!found) throw new TypeError("json-schema-to-zod wrote a hole of its own");
    return found;
  }

  function list(end: string): Layout[] {
    const values: Layout[] = [];
    while (tokens[at] !== end) {
      if (values.length > 0) take(",");
      if (tokens[at] === "[") {
        at++;
        values.push(array(list("]")));
      } else values.push(expression());
    }
    take(end);
    return values;
  }

  const whole = expression();
  if (at !== tokens.length) throw new TypeError(`json-schema-to-zod wrote more than one expression`);
  return whole;
}
