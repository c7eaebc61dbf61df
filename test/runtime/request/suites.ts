import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Parameters, Request } from "../../../src/definition/request.ts";

/** Where the public conformance suites are, which are no part of this repository; `TOOLWRIGHT_SUITES` says another place. */
const SUITES = resolve(import.meta.dirname, "../../..", process.env["TOOLWRIGHT_SUITES"] ?? "../shared/suites");

/** Whether the suites are there; says so loudly when they are not. */
export const present = existsSync(SUITES);
if (!present) console.warn(`\nThe conformance suites are not at ${SUITES}: nothing of them is tested.\n`);

/** The JSON of a file of the suites. */
export function readSuite(file: string): unknown {
  return JSON.parse(readFileSync(join(SUITES, file), "utf8"));
}

/** Why a case of RFC 6570 is nothing that OpenAPI can say, or that a request may be. */
export type Inapplicable =
  | "the operators `/` and `#` have no style (OAS 3.1.1 Appendix C)"
  | "the modifier `:n` has no keyword (OAS 3.1.1 Appendix C)"
  | "a value in a query has a name (OAS 3.1.1 §4.8.12.3, `form`)"
  | "a path parameter always has a value (OAS 3.1.1 §4.8.12.2, `required`)"
  | "T08 an empty path parameter would name another path"
  | "T08 a slash in a path parameter without `allowReserved` would be another segment"
  | "T08 a path parameter never begins or ends with a slash";

/** A template of RFC 6570 in OpenAPI's words: a request, the values it is filled with, and what its path and query come to. */
export interface Mapped {
  readonly request: Partial<Request>;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const EXPRESSION = /\{([+#./;?&]?)([^{}]*)\}/g;
const STYLES: Readonly<Record<string, string>> = { "": "simple", "+": "simple", ";": "matrix", ".": "label" };

/**
 * Says a template in OpenAPI's words (OAS 3.1.1 Appendix C): `{x}` is `simple`, `{;x}` `matrix`, `{.x}` `label`, `{?x}` and `{&x}`
 * `form`, `{+x}` `allowReserved`, `*` `explode`. Several variables of one expression are several parameters in a row.
 */
export function mapTemplate(template: string, variables: Readonly<Record<string, unknown>>): Mapped | Inapplicable {
  const inputs: Record<string, unknown> = {};
  const pathParameters: Record<string, Parameters[string]> = {};
  const query: Record<string, Parameters[string]> = {};
  let text = "";
  let end = 0;
  for (const match of template.matchAll(EXPRESSION)) {
    const [whole, operator = "", list = ""] = match;
    text += template.slice(end, match.index);
    end = match.index + whole.length;
    if (operator === "/" || operator === "#") return "the operators `/` and `#` have no style (OAS 3.1.1 Appendix C)";
    if (list.includes(":")) return "the modifier `:n` has no keyword (OAS 3.1.1 Appendix C)";
    const specs = list.split(",").map((spec) => ({ key: spec.replace("*", ""), explode: spec.endsWith("*") }));
    const inQuery = operator === "?" || operator === "&" || text.includes("?");
    if (operator === "" && text.includes("?")) return "a value in a query has a name (OAS 3.1.1 §4.8.12.3, `form`)";
    const before = text.match(/\?(\w+)=$/); // `here?ref={+path}`: the parameter is `ref`
    for (const { key, explode } of specs) {
      const value = variables[key] ?? undefined;
      const argument = `v${Object.keys(inputs).length}`;
      if (!inQuery) {
        const refused = refusal(value, operator);
        if (refused) return refused;
      }
      inputs[argument] = value;
      const name = before?.[1] ?? decodeURIComponent(key);
      const style = { explode, ...(operator === "+" && { allowReserved: true }) };
      if (inQuery) query[name] = { value: `$inputs.${argument}`, ...style };
      else pathParameters[name] = { value: `$inputs.${argument}`, style: STYLES[operator] ?? "", ...style };
    }
    if (!inQuery)
      text += specs
        .map(({ key }) => `{${decodeURIComponent(key)}}`)
        .join(operator === "" || operator === "+" ? "," : "");
    else if (before) text = text.slice(0, before.index);
  }
  text += template.slice(end);
  const [path = "", constants = ""] = text.split("?");
  const fixed = Object.fromEntries(constants === "" ? [] : [constants.split("=")]) as Record<string, string>;
  return {
    request: { path: `/${path}`.replace(/^\/\//, "/"), pathParameters, query: { ...fixed, ...query } },
    inputs,
  };
}

/** What a path parameter may not be, whatever a template can do with it. */
function refusal(value: unknown, operator: string): Inapplicable | undefined {
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0))
    return "a path parameter always has a value (OAS 3.1.1 §4.8.12.2, `required`)";
  if (value === "" && (operator === "" || operator === "+"))
    return "T08 an empty path parameter would name another path";
  const texts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  const encoded = /\/|%2f/i;
  if (!texts.some((text) => encoded.test(String(text)))) return undefined;
  if (operator !== "+") return "T08 a slash in a path parameter without `allowReserved` would be another segment";
  return texts.some((text) => /^\/|\/$|%2f/i.test(String(text)))
    ? "T08 a path parameter never begins or ends with a slash"
    : undefined;
}
