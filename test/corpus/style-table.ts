/** A value as the style table has it: scalars as texts. */
type Member = readonly [name: string, text: string];

/**
 * What OpenAPI's style table says (OAS 3.1.1 §4.8.12, "Style Examples"; RFC 6570 §3.2), written down from the table and from nothing
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
        return `${key}=${texts.join("%20")}`;
      case "pipeDelimited":
        return `${key}=${texts.join("%7C")}`;
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
      return `${key}=${flat.join("%20")}`;
    case "pipeDelimited":
      return `${key}=${flat.join("%7C")}`;
    case "deepObject":
      return members.map(([member, text]) => `${key}%5B${member}%5D=${text}`).join("&");
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

/**
 * Reads names with brackets back, `a[b][0]=1`, `a[]=1`: what no table covers is right when it says the same value again.
 *
 *     [["a[b]", "1"], ["a[c][]", "2"]] → { a: { b: "1", c: ["2"] } }
 */
export function readBrackets(pairs: readonly Member[]): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, text] of pairs) {
    const steps = [name.split("[")[0] ?? "", ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, step = ""]) => step)];
    put(root, steps, text);
  }
  return settled(root);
}

function put(into: Record<string, unknown>, [step = "", ...rest]: readonly string[], text: string): void {
  const key = step === "" ? String(Object.keys(into).length) : step; // `[]`: one more
  if (rest.length === 0) {
    into[key] = text;
    return;
  }
  const inner = into[key];
  const next: Record<string, unknown> =
    typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  into[key] = next;
  put(next, rest, text);
}

/** Keys 0, 1, 2 … are a list. */
function settled(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, settled(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

/** A value with its scalars as texts, `null` as an empty one, without what is empty: what a form can say of it. */
export function asTexts(value: unknown): unknown {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(asTexts).filter((one) => one !== undefined);
  if (typeof value !== "object") return String(value);
  const members = Object.entries(value).flatMap(([name, inner]) =>
    isEmpty(inner) ? [] : [[name, asTexts(inner)] as const],
  );
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every(isEmpty);
}
