import { Problem } from "../problem.ts";

const MAX_DEPTH = 64;
/** Array elements and object members, together. */
const MAX_ELEMENTS = 10_000;
/** Characters of all texts and names together; as much as an HTTP request may carry. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * Refuses arguments that would cost more to look at than they can be worth, and names that reach into prototypes.
 * Walks without recursion: what comes here may be nested 200,000 deep.
 *
 * @throws {Problem} `invalid_arguments`.
 */
export function guardArguments(args: unknown): void {
  let elements = 0;
  let characters = 0;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: args, depth: 0 }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, depth } = at;
    if (typeof value === "string") characters += value.length;
    if (typeof value === "object" && value !== null) {
      if (depth >= MAX_DEPTH) throw refused(`nested deeper than ${MAX_DEPTH} levels`);
      for (const key of Object.keys(value)) {
        if (key === "__proto__") throw refused("holding a member named __proto__");
        if (!Array.isArray(value)) characters += key.length;
        if (++elements > MAX_ELEMENTS) throw refused(`of more than ${MAX_ELEMENTS.toLocaleString("en-US")} values`);
        open.push({ value: Reflect.get(value, key), depth: depth + 1 });
      }
    }
    if (characters > MAX_CHARACTERS) throw refused("larger than 4 MiB");
  }
}

function refused(what: string): Problem {
  return new Problem(
    "invalid_arguments",
    `Arguments ${what} are not accepted. Nothing was sent; send less in one call.`,
  );
}
