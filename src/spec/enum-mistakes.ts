import { enumOfOtherType } from "../diagnostics/messages.ts";
import type { Report } from "./follow.ts";
import { child, isObject, type Node } from "./node.ts";

/** An `enum` that its schema's `type` allows, and what it was taken for in words. */
interface Mended {
  readonly out: Readonly<Record<string, unknown>>;
  readonly taken: string;
}

/**
 * Mends an `enum` whose values are not of the schema's `type`: as it is written nothing would fit it, and the argument could never be given.
 *
 *     { type: "string", enum: [1, 2] }                     → { type: "string", enum: ["1", "2"] }
 *     { type: "array", items: {}, enum: ["a", "b"] }       → { type: "array", items: { enum: ["a", "b"] } }
 *     { type: "integer", enum: ["Primary", "Secondary"] }  → { type: "string", enum: ["Primary", "Secondary"] }
 */
export function mendEnum(node: Node, out: Record<string, unknown>, report: Report): void {
  const types = [out["type"]].flat().filter((type) => typeof type === "string");
  const values = out["enum"];
  if (types.length === 0 || !Array.isArray(values) || values.every((value) => isOf(types, value))) return;
  const mended = mend(out, types, values);
  delete out["enum"];
  Object.assign(out, mended.out);
  report(enumOfOtherType({ at: { ...child(node, "enum").origin, key: true }, types, taken: mended.taken }));
}

function mend(schema: Readonly<Record<string, unknown>>, types: readonly string[], values: readonly unknown[]): Mended {
  const fitting = values.flatMap((value) => inType(types, value));
  if (fitting.some((value) => value !== null)) {
    const unique = fitting.filter((value, index) => fitting.indexOf(value) === index);
    const all = fitting.length === values.length;
    return { out: { enum: unique }, taken: all ? "read as such" : "those that are none are left out" };
  }
  const { items } = schema;
  const plain = values.every((value) => typeof value !== "object" || value === null);
  if (types.includes("array") && plain && (items === undefined || isObject(items))) {
    const known = items?.["enum"] !== undefined || items?.["$ref"] !== undefined;
    return { out: known ? {} : { items: { ...items, enum: values } }, taken: "taken for what the items may be" };
  }
  const texts = values.every((value) => typeof value === "string" || value === null);
  const scalar = types.every((type) => type !== "array" && type !== "object");
  return texts && scalar
    ? {
        out: { type: types.includes("null") ? ["string", "null"] : "string", enum: values },
        taken: "taken for texts, which they are",
      }
    : { out: {}, taken: "left out" };
}

/** A value as one of these types, when it can be read as one; otherwise nothing. */
function inType(types: readonly string[], value: unknown): readonly unknown[] {
  if (isOf(types, value)) return [value];
  if (types.includes("string") && (typeof value === "number" || typeof value === "boolean")) return [String(value)];
  if (typeof value !== "string") return [];
  const number = /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
  if (number !== undefined && isOf(types, number)) return [number];
  return types.includes("boolean") && (value === "true" || value === "false") ? [value === "true"] : [];
}

/** Whether a value is of one of these types; null is never a mistake, since `nullable` is written elsewhere. */
function isOf(types: readonly string[], value: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return types.includes("array");
  if (typeof value === "number" && Number.isInteger(value) && types.includes("integer")) return true;
  return types.includes(typeof value); // "string", "number", "boolean" and "object" are called alike
}
