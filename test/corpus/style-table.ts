/** A value as the style table has it: scalars as texts. */
type Member = readonly [name: string, text: string];

/**
 * What OpenAPI's style table says (OAS 3.1.1 §4.8.12.4, "Style Examples"; RFC 6570 §3.2), written down from the table and from nothing
 * else: it decides where swagger-client and we differ.
 *
 * @returns The text, values percent-encoded, in a query and a form with the name; `undefined` where the table says "n/a" or nothing.
 */
export function tableText(
  how: { readonly style: string; readonly explode: boolean; readonly name: string },
  value: unknown,
): string | undefined {
  const { style, explode, name } = how;
  const key = encoded(name);
  if (Array.isArray(value)) {
    if (!value.every(isScalar)) return undefined;
    const texts = value.map((one) => encoded(String(one)));
    switch (style) {
      case "matrix":
        return explode ? texts.map((text) => `;${key}=${text}`).join("") : `;${key}=${texts.join(",")}`;
      case "label":
        return `.${texts.join(explode ? "." : ",")}`;
      case "simple":
        return texts.join(",");
      case "form":
        return explode ? texts.map((text) => `${key}=${text}`).join("&") : `${key}=${texts.join(",")}`;
      case "spaceDelimited":
        return explode ? undefined : `${key}=${texts.join("%20")}`;
      case "pipeDelimited":
        return explode ? undefined : `${key}=${texts.join("%7C")}`;
      default:
        return undefined;
    }
  }
  const members = membersOf(value);
  if (!members) return undefined;
  const pairs = members.map(([member, text]) => `${member}=${text}`);
  const flat = members.flat();
  switch (style) {
    case "matrix":
      return explode ? pairs.map((pair) => `;${pair}`).join("") : `;${key}=${flat.join(",")}`;
    case "label":
      return explode ? `.${pairs.join(".")}` : `.${flat.join(",")}`;
    case "simple":
      return explode ? pairs.join(",") : flat.join(",");
    case "form":
      return explode ? pairs.join("&") : `${key}=${flat.join(",")}`;
    case "spaceDelimited":
      return explode ? undefined : `${key}=${flat.join("%20")}`;
    case "pipeDelimited":
      return explode ? undefined : `${key}=${flat.join("%7C")}`;
    case "deepObject":
      return explode ? members.map(([member, text]) => `${key}%5B${member}%5D=${text}`).join("&") : undefined;
    default:
      return undefined;
  }
}

function membersOf(value: unknown): readonly Member[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, one]) => isScalar(one))
    ? entries.map(([name, one]) => [encoded(name), encoded(String(one))])
    : undefined;
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Everything but what needs no encoding anywhere; `parts.ts` writes both sides this way. */
export function encoded(text: string): string {
  return encodeURIComponent(text);
}
