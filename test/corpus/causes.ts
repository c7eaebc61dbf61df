import { isDeepStrictEqual } from "node:util";
import type { Difference } from "./compare.ts";
import { decode } from "./compare.ts";
import { asTexts, encoded, readBrackets, tableText } from "./style-table.ts";
import { canonical, type Pair } from "./parts.ts";

/** Why swagger-client writes something differently where OpenAPI, or an RFC, decides for what we write. */
export interface Cause {
  readonly id: string;
  readonly sentence: string;
  /** Where it is decided. */
  readonly cites: string;
  /** OpenAPI defines no text here, so neither serialiser is right by it: ours must read back as the value. */
  readonly leftOpen?: true;
  /** Whether this is the cause of a difference: it looks at both texts and at the value, not at the name of a style alone. */
  readonly explains: (difference: Difference) => boolean;
}

/** At most twenty; the first that explains a difference is its cause. */
export const CAUSES: readonly Cause[] = [
  {
    id: "label-comma",
    sentence:
      "Style `label` without `explode` joins by commas; swagger-client joins by dots, as the table had it before 3.0.4.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples); RFC 6570 §3.2.5",
    explains: (one) => styleOf(one) === "label" && isByTable(one) && one.theirs === one.ours.replaceAll(",", "."),
  },
  {
    id: "delimited-object",
    sentence:
      "An object in style `spaceDelimited` or `pipeDelimited` is delimited by its style; swagger-client joins it by commas.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples)",
    explains: (one) =>
      /^(?:space|pipe)Delimited$/.test(styleOf(one)) &&
      isObject(one.value) &&
      isByTable(one) &&
      undelimited(one.theirs) === undelimited(one.ours),
  },
  {
    id: "part-not-percent-encoded",
    sentence: "A part of a multipart body is text as it is; swagger-client delimits a list in it by a literal `%20`.",
    cites: "OAS 3.1.1 §4.8.15 (percent-encoding is for URLs and urlencoded bodies); RFC 7578 §2",
    explains: (one) =>
      one.part === "body" &&
      one.contentType.startsWith("multipart/") &&
      styleOf(one) === "spaceDelimited" &&
      isByTable(one) &&
      decode(decode(one.theirs)) === decode(one.ours),
  },
  {
    id: "one-cookie-only",
    sentence: "All cookies of an operation are sent in one header; swagger-client keeps only the last one.",
    cites: "RFC 6265 §5.4; OAS 3.1.1 §4.8.12",
    explains: (one) => one.part === "cookie" && one.theirs === "" && one.both[1].cookies.length === 1 && isByTable(one),
  },
  {
    id: "cookie-delimiters",
    sentence:
      "In a cookie the values are encoded and what delimits them is not; swagger-client encodes delimiters, and leaves `%` in values.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples: form), Appendix D; RFC 6265 §4.1.1",
    explains: (one) => one.part === "cookie" && one.theirs !== "" && isByTable(one) && sameButForEscapes(one),
  },
  {
    id: "cookie-explode-default",
    sentence: "A cookie's `explode` is true unless the description says otherwise; swagger-client takes it for false.",
    cites: "OAS 3.1.1 §4.8.12 (explode)",
    explains: (one) =>
      one.part === "cookie" &&
      one.parameter?.["explode"] === undefined &&
      isByTable(one) &&
      decode(one.theirs).startsWith(`${nameOf(one)}=`),
  },
  {
    id: "deep-object-list",
    leftOpen: true,
    sentence:
      "`deepObject` says nothing of lists; we write `name[]=`, in the manner of its one example, swagger-client `name=`.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples: deepObject: array n/a)",
    explains: (one) => styleOf(one) === "deepObject" && Array.isArray(one.value) && saysTheValue(one),
  },
  {
    id: "deep-object-nested",
    leftOpen: true,
    sentence:
      "`deepObject` says nothing of what is nested; we go on with brackets, swagger-client puts JSON into them.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples: deepObject: nested values undefined)",
    explains: (one) =>
      styleOf(one) === "deepObject" && isObject(one.value) && /%5B|\[/.test(one.ours) && saysTheValue(one),
  },
  {
    id: "path-characters",
    sentence:
      "What no URL may hold, as characters beyond ASCII, is percent-encoded in a path; swagger-client leaves it, or does not know such a path for a template.",
    cites: "RFC 3986 §3.3; RFC 3987 §3.1",
    explains: (one) =>
      one.part === "path" &&
      /[^A-Za-z0-9\-._~!$&'()*+,;=:@%/{}]/.test(one.path) &&
      (one.theirs === one.name || decode(one.ours) === one.theirs),
  },
  {
    id: "empty-text",
    sentence: "An empty text is sent, since the table has a column for it; swagger-client leaves it out.",
    cites: "OAS 3.1.1 §4.8.12 (Style Examples: empty)",
    explains: (one) => one.part === "query" && one.value === "" && one.theirs === "" && isByTable(one),
  },
  {
    id: "media-range",
    sentence:
      "A body that the description keys by a range is sent as one type of it, JSON; swagger-client sends the range as the type.",
    cites: "OAS 3.1.1 §4.8.13 (content: media type range); RFC 9110 §8.3",
    explains: (one) =>
      one.contentType.includes("*") &&
      /^(?:body|content-type)$/.test(one.part) &&
      one.both[0].contentType === "application/json" &&
      one.both[0].body.kind === "json" &&
      isDeepStrictEqual(one.both[0].body.value, one.part === "body" ? one.value : one.both[0].body.value),
  },
  {
    id: "form-without-fields",
    sentence:
      "A urlencoded body is made of fields; of a description whose schema for it is a list or a text there is nothing to send.",
    cites: "OAS 3.1.1 §4.8.14; WHATWG URL §5.2",
    explains: (one) =>
      one.part === "request" &&
      /x-www-form-urlencoded/.test(one.contentType) &&
      !isObject(one.value) &&
      /cannot be sent in this form/.test(one.ours),
  },
  {
    id: "header-of-connection",
    sentence: "A header that belongs to the connection or to whoever asks is no argument of a tool.",
    cites: "RFC 9110 §7.2, §7.6.1; Fetch §2.2.2 (forbidden request-headers); threat T10",
    explains: (one) =>
      one.part === "request" &&
      /^not exercised: header (?:host|origin|referer|connection|cookie|content-length)$/i.test(one.ours),
  },
];

/** The style that the description gives, or the default of the place. */
function styleOf({ part, parameter, contentType }: Difference): string {
  const style = parameter?.["style"];
  if (typeof style === "string") return style;
  if (part === "body") return /form/.test(contentType) ? "form" : "";
  return part === "path" || part === "header" ? "simple" : "form";
}

/** Whether our text is what the table says; cookies stand apart by `; `, which `parts.ts` has taken for `&`. */
function isByTable(one: Difference): boolean {
  const style = styleOf(one);
  const explode = typeof one.parameter?.["explode"] === "boolean" ? one.parameter["explode"] : style === "form";
  if (!isObject(one.value) && !Array.isArray(one.value))
    return canonical(one.ours) === canonical(`${encoded(one.name)}=${encoded(String(one.value))}`);
  const text = tableText({ style, explode, name: nameOf(one) }, one.value);
  if (text === undefined) return false;
  // A part of a multipart body is not encoded, so the table is about its decoded text.
  return (
    canonical(one.ours) === canonical(text) ||
    (one.contentType.startsWith("multipart/") && decode(one.ours) === decode(text))
  );
}

function nameOf({ parameter, name }: Difference): string {
  return typeof parameter?.["name"] === "string" ? parameter["name"] : name;
}

/** The same for every delimiter. */
function undelimited(text: string): string {
  return decode(text).replaceAll(/[|, ]/g, " ");
}

/** The same text once everything that may be encoded is decoded. */
function sameButForEscapes({ ours, theirs, name }: Difference): boolean {
  const bare = (text: string): string => decode(text.replaceAll(/%(?![0-9A-F]{2})/g, "%25")).replaceAll("&", "");
  return bare(ours).replace(`${name}=`, "") === bare(theirs).replace(`${name}=`, "") || bare(ours) === bare(theirs);
}

/** Whether our brackets say the value, the whole of it and nothing else. */
function saysTheValue({ ours, value, name }: Difference): boolean {
  const pairs = ours.split("&").map((pair): Pair => {
    const [key = "", ...text] = pair.split("=");
    return [decode(key), decode(text.join("="))];
  });
  const read = readBrackets(pairs);
  return JSON.stringify(Object(read)[name]) === JSON.stringify(asTexts(value)); // an empty list has no text in a form
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
