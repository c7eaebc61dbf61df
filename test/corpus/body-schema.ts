import { asRaw, type Raw, type RawOperation, texts } from "./description.ts";

/** One property of a body, as the description has it. */
export interface RawProperty {
  readonly schema: Raw;
  readonly readOnly: boolean;
}

const DEEPEST = 12; // parts of parts; a description that goes further goes in circles

/** The properties that a body may have at its root, by name: those of parts and of alternatives too. */
export function bodyProperties(raw: RawOperation, contentType: string | undefined): ReadonlyMap<string, RawProperty> {
  if (raw.swagger) {
    const fields = raw.parameters.filter((one) => one["in"] === "formData");
    const whole = raw.parameters.find((one) => one["in"] === "body");
    if (whole) return propertiesOf(raw, whole["schema"]);
    return new Map(fields.map((field) => [String(field["name"]), { schema: field, readOnly: false }]));
  }
  return propertiesOf(raw, mediaOf(raw, contentType)["schema"]);
}

/** The media type object that a body is described by. */
export function mediaOf(raw: RawOperation, contentType: string | undefined): Raw {
  return asRaw(asRaw(raw.requestBody?.["content"])[contentType ?? ""]);
}

function propertiesOf(raw: RawOperation, schema: unknown, depth = 0): Map<string, RawProperty> {
  const found = new Map<string, RawProperty>();
  if (depth > DEEPEST) return found;
  const value = raw.at(schema);
  for (const [name, property] of Object.entries(raw.at(value["properties"]))) {
    const one = raw.at(property);
    found.set(name, { schema: one, readOnly: isReadOnly(raw, property) });
  }
  for (const keyword of ["allOf", "oneOf", "anyOf"]) {
    for (const branch of Array.isArray(value[keyword]) ? (value[keyword] as readonly unknown[]) : []) {
      for (const [name, one] of propertiesOf(raw, branch, depth + 1)) {
        // Somebody may write what another alternative only shows.
        if (!found.has(name) || found.get(name)?.readOnly === true) found.set(name, one);
      }
    }
  }
  return found;
}

/** Whether only the vendor writes a property: it says so itself, beside a reference, or in a part. */
export function isReadOnly(raw: RawOperation, property: unknown): boolean {
  const one = raw.at(property);
  const parts = Array.isArray(one["allOf"]) ? (one["allOf"] as readonly unknown[]) : [];
  return [asRaw(property), one, ...parts.map((part) => raw.at(part))].some((schema) => schema["readOnly"] === true);
}

/** Whether a property holds a list. */
export function isList({ schema }: RawProperty): boolean {
  return schema["type"] === "array" || texts(schema["type"]).includes("array");
}
