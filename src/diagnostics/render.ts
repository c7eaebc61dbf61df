import type { Diagnostic, Origin } from "./diagnostic.ts";
import { locate, placeAt, type Place } from "./locate.ts";

/** How diagnostics are shown. */
export interface RenderOptions {
  /** Text of a file by its project-relative path; undefined when there is none. */
  readonly readFile: (projectRelative: string) => string | undefined;
  readonly color: boolean;
}

/**
 * Writes diagnostics for people, sorted by file and line, each of them once:
 *
 *     error[OPERATION_NOT_FOUND]: no operation "listTicket" in specs/acme.yaml
 *       --> tools.yaml:5:16
 *        5 |     operation: listTicket
 *          |                ^^^^^^^^^^
 *       help: write `operation: listTickets`
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], { readFile, color }: RenderOptions): string {
  const paint = color ? ansi : plain;
  const find = placeFinder(readFile);
  return distinct(diagnostics)
    .map((diagnostic) => ({ diagnostic, line: find(diagnostic.at)?.line ?? 0 }))
    .sort((a, b) => compare(a.diagnostic.at.file, b.diagnostic.at.file) || a.line - b.line)
    .map(({ diagnostic }) => renderOne(diagnostic, find, paint))
    .join("\n");
}

/** `3 errors, 1 warning; nothing was written`: the last line of a run; empty when there is nothing to say. */
export function summaryLine(diagnostics: readonly Diagnostic[]): string {
  const shown = distinct(diagnostics);
  const errors = shown.filter(({ severity }) => severity === "error").length;
  const warnings = shown.length - errors;
  const parts = [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""];
  return parts.filter((part) => part !== "").join(", ") + (errors > 0 ? "; nothing was written" : "");
}

/** Two tools that reach the same mistake of a vendor report it twice: it is one problem. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byKey = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { code, at, message } = diagnostic;
    const key = JSON.stringify([code, at.file, at.pointer, at.key, at.offset, message]);
    if (!byKey.has(key)) byKey.set(key, diagnostic);
  }
  return [...byKey.values()];
}

type Find = (origin: Origin) => Place | undefined;
type Paint = (style: keyof typeof STYLES, text: string) => string;

function renderOne(diagnostic: Diagnostic, find: Find, paint: Paint): string {
  const { code, severity, message, at, notes, help } = diagnostic;
  const places = [at, ...notes.map((note) => note.at)].map(find);
  const gutter = Math.max(4, ...places.map((place) => String(place?.line ?? "").length));
  const lines = [`${paint(severity, `${severity}[${code}]`)}${paint("bold", `: ${visible(message)}`)}`];
  lines.push(...excerpt({ origin: at, place: places[0], gutter, mark: "^", style: severity, label: "" }, paint));
  notes.forEach((note, index) => {
    const place = places[index + 1];
    lines.push(
      ...excerpt({ origin: note.at, place, gutter, mark: "-", style: "gutter", label: visible(note.message) }, paint),
    );
  });
  lines.push(`  ${paint("help", "help:")} ${visible(help)}`);
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

interface Excerpt {
  readonly origin: Origin;
  readonly place: Place | undefined;
  readonly gutter: number;
  readonly mark: "^" | "-";
  readonly style: keyof typeof STYLES;
  readonly label: string;
}

function excerpt({ origin, place, gutter, mark, style, label }: Excerpt, paint: Paint): string[] {
  const arrow = paint("gutter", "-->");
  if (!place) {
    const where = `  ${arrow} ${visible(origin.file)}${origin.pointer === "" ? "" : `#${visible(origin.pointer)}`}`;
    return label === "" ? [where] : [where, `  note: ${label}`];
  }
  const { text, column, length } = windowed(place);
  const bar = paint("gutter", "|");
  return [
    `  ${arrow} ${visible(origin.file)}:${place.line}:${place.column}`,
    `${paint("gutter", String(place.line).padStart(gutter))} ${bar} ${text}`,
    `${" ".repeat(gutter)} ${bar} ${" ".repeat(column - 1)}${paint(style, mark.repeat(length))} ${label}`,
  ];
}

const MOST_COLUMNS = 110; // characters of a line that are shown: what fits a terminal beside the gutter

/** The part of a long line around the place; a description may be 5 MB on one line. */
function windowed({ lineText, column, length }: Place): { text: string; column: number; length: number } {
  if (lineText.length <= MOST_COLUMNS) return { text: visible(lineText), column, length };
  const shown = Math.min(length, MOST_COLUMNS - 30); // leaves room to see what stands around
  const start = Math.max(0, Math.min(column - 1 - 20, lineText.length - MOST_COLUMNS));
  const before = start > 0 ? "…" : "";
  const after = start + MOST_COLUMNS < lineText.length ? "…" : "";
  const text = before + visible(lineText.slice(start, start + MOST_COLUMNS)) + after;
  return { text, column: column - start + before.length, length: shown };
}

/** Reads each file once; a file that is not there, or has no such place, is named without an excerpt. */
function placeFinder(readFile: RenderOptions["readFile"]): Find {
  const texts = new Map<string, string | undefined>();
  return ({ file, pointer, key, offset }) => {
    if (pointer === "" && offset === undefined) return undefined; // the file as a whole: no line of it says more than its name
    if (!texts.has(file)) texts.set(file, readFile(file));
    const text = texts.get(file);
    if (text === undefined || text === "") return undefined;
    return offset === undefined ? locate(text, file, pointer, key) : placeAt(text, offset, 1);
  };
}

/** Control, direction and invisible characters as one visible character each: vendor text must not drive a terminal. */
function visible(text: string): string {
  return text.replaceAll("\t", " ").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\u00b7");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const STYLES = { error: "1;31", warning: "1;33", bold: "1", gutter: "34", help: "36" } as const; // SGR codes, ECMA-48 §8.3.117

function ansi(style: keyof typeof STYLES, text: string): string {
  return `\u001b[${STYLES[style]}m${text}\u001b[0m`;
}

function plain(_style: keyof typeof STYLES, text: string): string {
  return text;
}
