import type { Origin } from "../../diagnostics/diagnostic.ts";

/**
 * The place of a member below another place.
 *
 *     within({ file: "tools.yaml", pointer: "/apis" }, "acme", "limits") → pointer "/apis/acme/limits"
 */
export function within(origin: Origin, ...path: readonly PropertyKey[]): Origin {
  const tokens = path.map((token) => `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { file: origin.file, pointer: origin.pointer + tokens.join("") };
}

/** The same place, meaning its key instead of its value. */
export function keyOf(origin: Origin): Origin {
  return { ...origin, key: true };
}
