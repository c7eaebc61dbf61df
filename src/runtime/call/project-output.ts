import type { Projection } from "../../definition/call.ts";
import { fillTemplate } from "../request/template.ts";
import type { Scope } from "../request/types.ts";
import { compileProjection, type Projection as Compiled } from "../shape/projection.ts";

/** Projections come from generated modules alone, so there are only so many. */
const compiled = new Map<string, Promise<Compiled | undefined>>();

/**
 * Gives a value the shape that a later step wants.
 *
 *     { in: "$response.body#/files", project: "[*].{fileId: id}" }  with  { files: [{ id: 7, size: 3 }] }  →  [{ fileId: 7 }]
 *
 * @returns `undefined` when there is no value.
 */
export async function projectOutput({ in: place, project }: Projection, scope: Scope): Promise<unknown> {
  const value = fillTemplate(place, scope);
  if (value === undefined || value === null) return undefined;
  const known = compiled.get(project) ?? compileProjection({ project });
  compiled.set(project, known);
  return (await known)?.(value);
}
