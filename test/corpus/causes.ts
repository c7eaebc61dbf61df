import { isDeepStrictEqual } from "node:util";
import type { Difference } from "./compare.ts";
import { decode } from "./compare.ts";
import { encoded, tableText } from "./style-table.ts";
import { canonical } from "./parts.ts";

/** Why swagger-client writes something differently where OpenAPI, or an RFC, decides for what we write. */
export interface Cause {
  readonly id: string;
  readonly sentence: string;
  /** Where it is decided. */
  readonly cites: string;
  /** Whether this is the cause of a difference: it looks at both texts and at the value, not at the name of a style alone. */
  readonly explains: (difference: Difference) => boolean;
}

/** At most twenty; the first that explains a difference is its cause. */
export const CAUSES: readonly Cause[] = [
  {
    id: "label-comma",
    sentence:
      "Style `label` without `explode` joins by commas; swagger-client joins by dots, as the table had it before 3.0.4 and 3.1.1.",
    cites: "OAS 3.1.1 §4.8.12.4 (Style Examples: label); RFC 6570 §3.2.5",
    explains: (one) => styleOf(one) === "label" && isByTable(one) && one.theirs === one.ours.replaceAll(",", "."),
  },
  {
    id: "delimited-object",
    sentence:
      "An object in style `spaceDelimited` or `pipeDelimited` is delimited by its style; swagger-client joins it by commas.",
    cites: "OAS 3.1.1 §4.8.12.4 (Style Examples: spaceDelimited, pipeDelimited)",
    explains: (one) =>
      /^(?:space|pipe)Delimited$/.test(styleOf(one)) &&
      isObject(one.value) &&
      isByTable(one) &&
      undelimited(one.theirs) === undelimited(one.ours),
  },
  {
    id: "list-in-exploded-object",
    sentence:
      "The members of an exploded object are parameters of their own, and a list among them is written as such a parameter is; what a list is there, OpenAPI leaves open, and swagger-client writes JSON.",
    cites: "OAS 3.1.1 §4.8.12.4 (Style Examples: form); RFC 6570 §3.2.8, §3.2.9",
    explains: (one) =>
      styleOf(one) === "form" &&
      isObject(one.value) &&
      Object.values(one.value).some(Array.isArray) &&
      canonical(one.ours) === canonical(memberByMember(one.value)),
  },
  {
    id: "part-not-percent-encoded",
    sentence: "A part of a multipart body is text as it is; swagger-client delimits a list in it by a literal `%20`.",
    cites: "OAS 3.1.1 Appendix E.2 (percent-encoding is not needed in `form-data`)",
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
    cites: "OAS 3.1.1 §4.8.12.1 (cookie), Appendix D; RFC 6265 §5.4",
    explains: (one) => one.part === "cookie" && one.theirs === "" && one.both[1].cookies.length === 1 && isByTable(one),
  },
  {
    id: "cookie-delimiters",
    sentence:
      "In a cookie the values are encoded and what delimits them is not; swagger-client encodes delimiters, and leaves `%` in values.",
    cites: "OAS 3.1.1 §4.8.12.4 (Style Examples: form), Appendix D; RFC 6265 §4.2.1",
    explains: (one) => one.part === "cookie" && one.theirs !== "" && isByTable(one) && sameButForEscapes(one),
  },
  {
    id: "cookie-explode-default",
    sentence: "A cookie's `explode` is true unless the description says otherwise; swagger-client takes it for false.",
    cites: "OAS 3.1.1 §4.8.12.2.2 (explode)",
    explains: (one) =>
      one.part === "cookie" &&
      one.parameter?.["explode"] === undefined &&
      isByTable(one) &&
      decode(one.theirs).startsWith(`${nameOf(one)}=`),
  },
  {
    id: "path-characters",
    sentence:
      "What no URL may hold, as characters beyond ASCII, is percent-encoded in a path; swagger-client leaves it, or does not know such a path for a template.",
    cites: "OAS 3.1.1 Appendix E.3 (URLs are by RFC 3986); RFC 3986 §3.3; RFC 3987 §3.1",
    explains: (one) =>
      one.part === "path" &&
      /[^A-Za-z0-9\-._~!$&'()*+,;=:@%/{}]/.test(one.path) &&
      (one.theirs === one.name || decode(one.ours) === one.theirs),
  },
  {
    id: "empty-text",
    sentence: "An empty text is sent, for it is not undefined; swagger-client leaves it out.",
    cites: "OAS 3.1.1 §4.8.12.4 (the empty string is not undefined); RFC 6570 §2.3, §3.2.8",
    explains: (one) => one.part === "query" && one.value === "" && one.theirs === "" && isByTable(one),
  },
  {
    id: "path-of-several-segments",
    sentence:
      "What tools.yaml or the description lets keep its slashes in a path keeps all that a path may hold; swagger-client knows no `allowReserved` there.",
    cites: "OAS 3.1.1 §4.8.12.2.2 (allowReserved); RFC 6570 §3.2.3; RFC 3986 §3.3",
    explains: ({ part, ours, theirs }) =>
      part === "path" && /[&,;=+]/.test(ours) && decode(ours) === decode(theirs) && !/[&,;=+]/.test(theirs),
  },
  {
    id: "media-range",
    sentence:
      "A body that the description keys by a range is sent as the type in it that fits the value, a text as `text/plain` and anything else as JSON; swagger-client sends the range as the type.",
    cites: "OAS 3.1.1 §4.8.13.1 (content: media type range); RFC 9110 §8.3, §8.3.1",
    explains: ({ part, contentType, both: [ours, theirs], value }) =>
      contentType.includes("*") &&
      theirs.contentType === contentType &&
      ((part === "content-type" && /^(?:application\/json|text\/plain)$/.test(ours.contentType)) ||
        (part === "body" && ours.body.kind === "json" && isDeepStrictEqual(ours.body.value, value))),
  },
  {
    id: "form-without-fields",
    sentence:
      "A URL-encoded body whose schema has no fields is one text, sent as it is; swagger-client takes its characters for fields.",
    cites: "OAS 3.1.1 §4.8.15.2 (a string representation, encoded per RFC 1866); RFC 1866 §8.2.1",
    explains: (one) =>
      one.part === "body" &&
      /x-www-form-urlencoded/.test(one.contentType) &&
      typeof one.value === "string" &&
      one.ours === one.value,
  },
  {
    id: "header-of-connection",
    sentence: "A header that belongs to the connection or to whoever asks is no argument of a tool.",
    cites:
      "OAS 3.1.1 §4.8.12.1 (header: custom headers); RFC 9110 §7.2, §7.6.1; Fetch §2.2.2 (forbidden request-headers); threat T10",
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

/** An exploded object, each member as a parameter of its own; an object among them is JSON on both sides. */
function memberByMember(value: object): string {
  return Object.entries(value)
    .map(([name, one]) => {
      const json = typeof one === "object" ? JSON.stringify(one) : String(one);
      const list = Array.isArray(one) ? tableText({ style: "form", explode: true, name }, one) : undefined;
      return list ?? `${encoded(name)}=${encoded(json)}`;
    })
    .join("&");
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

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
