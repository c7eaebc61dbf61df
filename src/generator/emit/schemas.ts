import { comment, id, ts, type Code } from "./code.ts";
import { GENERATED } from "./header.ts";
import { importsOf, newUse, scopeOf } from "./imports.ts";
import { print, ROOMY } from "./layout.ts";
import type { NamedSchema, NamedSchemas } from "./named-schemas.ts";
import { zodOf } from "./zod.ts";

/**
 * Prints `schemas/<Name>.ts`.
 *
 * A recursive schema refers to itself and to others by getters, which need no type syntax and are read when both constants exist:
 * those of an object's properties, and `json.lazy` where none can stand (the items of a list at the root, a leg of a union).
 */
export function emitSchema(named: NamedSchema, schemas: NamedSchemas): Code {
  const use = newUse();
  const inside = scopeOf(schemas, use, named.definition, named.name);
  const scope = named.recursive
    ? { file: inside.file, json: inside.json, reference: () => undefined, recursive: inside }
    : inside;
  const body = print(zodOf(named.schema, scope), 0, ROOMY);
  return ts`${GENERATED}
${importsOf([], use, "./")}
/** ${comment(usersOf(named))} */
export const ${id(named.name)} = ${body};
`;
}

function usersOf({ tools, recursive }: NamedSchema): string {
  const users = tools.map((tool) => `\`${tool}\``);
  const list = users.length < 2 ? users.join("") : `${users.slice(0, -1).join(", ")} and ${users.at(-1) ?? ""}`;
  return `What ${list} ${tools.length === 1 ? "takes" : "take"}${recursive ? "; it contains itself" : ""}.`;
}
