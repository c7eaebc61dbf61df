import { sample, stringMatching } from "fast-check";
import type { Raw } from "./description.ts";
import type { Wish } from "./values.ts";

/** Texts that tell a wrong encoding: what delimits, what is reserved, what is not ASCII. */
const RESERVED: Readonly<Record<Wish["place"], string>> = {
  path: "R&D, 50%; é=1 +x",
  query: "R&D: é+1/2, 50%?#x",
  header: "R&D; é=1, 50%",
  cookie: "R&D, é=1; 50%",
  json: 'R&D "é"\n$inputs.x {$uuid} </script>',
  form: "R&D: é+1/2, 50%?",
  text: "R&D <é>\n",
};
const WORDS = ["alpha", "beta two", "gamma-3", "delta_4"];

const BY_FORMAT: Readonly<Record<string, readonly string[]>> = {
  date: ["2026-03-04", "2025-12-31"],
  "date-time": ["2026-03-04T05:06:07Z", "2025-12-31T23:59:59+01:00"],
  time: ["05:06:07Z", "23:59:59Z"],
  email: ["ada@example.com", "o'neil+x@example.org"],
  uri: ["https://example.com/a?b=c&d=e#f", "https://example.org/"],
  uuid: ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-4000-8000-000000000001"],
};

/** A text that keeps to length, pattern and format. */
export function textFor(schema: Raw, { variant, place, index }: Wish): string {
  const least = Math.max(Number(schema["minLength"] ?? 0), place === "json" ? 0 : 1);
  const most = Number(schema["maxLength"] ?? 10_000);
  const { pattern } = schema;
  if (typeof pattern === "string") {
    const made = matching(pattern, { least, most, index, place });
    if (made !== undefined) return made;
  }
  const known = BY_FORMAT[String(schema["format"])];
  const wanted = known?.[(variant === "others" ? 1 : index) % 2];
  if (wanted !== undefined && place !== "path" && wanted.length <= most) return wanted;
  const base = variant === "others" ? RESERVED[place] : (WORDS[index % WORDS.length] ?? "");
  const long = base.length < least ? base + "x".repeat(least - base.length) : base;
  return long.slice(0, most).trim().padEnd(least, "x");
}

interface Fitting {
  readonly least: number;
  readonly most: number;
  readonly index: number;
  readonly place: Wish["place"];
}

const samples = new Map<string, readonly string[]>();

function matching(pattern: string, { least, most, index, place }: Fitting): string | undefined {
  if (!samples.has(pattern)) samples.set(pattern, sampled(pattern));
  const made = samples.get(pattern) ?? [];
  const expression = expressionOf(pattern);
  // A pattern seldom says how long its texts are; more of the same mostly matches as well.
  const longer = made.map((text) =>
    text === "" ? text : text.repeat(Math.ceil(least / text.length)).slice(0, Math.max(least, text.length)),
  );
  const usable = [...made, ...longer.filter((text) => expression?.test(text) === true)].filter(
    (text) => text.length >= least && text.length <= most && (place === "json" || /^[ -~]+$/.test(text)),
  );
  const safe = usable.filter((text) => /^[\w.@:-]+$/.test(text) && !/^\.+$/.test(text));
  const list = safe.length > 0 ? safe : usable.filter((text) => place !== "path" || !/[/\\]|^\.+$/.test(text));
  return list[index % Math.max(1, list.length)];
}

/** Texts that a pattern matches: first plain ones that it happens to match, then made ones. */
function sampled(pattern: string): readonly string[] {
  const expression = expressionOf(pattern);
  if (!expression) return [];
  const plain = [
    ...WORDS,
    "a",
    "ab12",
    "A1",
    "1",
    "12345678",
    "2026-03-04",
    "example.com",
    "https://example.com/a",
    "+15005550006",
    "123e4567-e89b-12d3-a456-426614174000",
  ];
  const made = (): readonly string[] => {
    try {
      const alone = new RegExp(`^(?:${expression.source})$`, expression.flags); // without what may stand around it
      return [alone, expression].flatMap((one) => sample(stringMatching(one), { seed: 7, numRuns: 60 }));
    } catch {
      return []; // look-around and the like: fast-check cannot make texts of them
    }
  };
  return [...plain, ...made()].filter((text) => expression.test(text));
}

function expressionOf(pattern: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Vendors write patterns for other languages; some are read without `u`, some not at all.
    }
  }
  return undefined;
}

/** A number within its bounds: no round one, so that a wrong notation shows. */
export function numberFor(schema: Raw, type: "integer" | "number", { variant, index }: Wish): number {
  const step = Number(schema["multipleOf"] ?? (type === "integer" ? 1 : 0.25));
  const least = Math.max(Number(schema["minimum"] ?? -Infinity), above(schema["exclusiveMinimum"], step));
  const most = Math.min(Number(schema["maximum"] ?? Infinity), -above(negated(schema["exclusiveMaximum"]), step));
  const wanted = variant === "others" ? -index : type === "integer" ? 7 + index : 2.5 + index;
  const bounded = Math.min(most, Math.max(least, wanted));
  const stepped = Math.ceil(bounded / step - 1e-9) * step;
  const value = stepped > most ? Math.floor(most / step + 1e-9) * step : stepped;
  return value === 0 ? 0 : Number(value.toPrecision(15));
}

function above(bound: unknown, step: number): number {
  return typeof bound === "number" ? bound + step : -Infinity;
}

function negated(bound: unknown): unknown {
  return typeof bound === "number" ? -bound : bound;
}
