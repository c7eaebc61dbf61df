import { cleanText } from "../plan/describe.ts";
import { plainText } from "./plain-text.ts";
import { wordsOf } from "./words.ts";

const LONG_NAME = 24; // characters: it is a folder, a path and the beginning of every variable
const FILLER =
  /^(?:the|api|apis|rest|restful|openapi|oas|swagger|specification|spec|definition|public|documentation|docs|reference|v?\d+|http|https|web|service|services|rpc|json|for|and|of|a|an|com|io|inc)$/;

/** What people call an API: its title without `API`, `REST` and versions. */
export function proposeTitle(title: string): string {
  const text = cleanText(plainText(title).replaceAll(/\s+/g, " "));
  const short = text
    .replaceAll(/\s*[([][^)\]]*[)\]]\s*/g, " ")
    .replaceAll(/\b(?:v?\d+(?:\.\d+)+|v\d+)\b/gi, " ")
    .replaceAll(
      /\b(?:(?:public|rest(?:ful)?|web|http|openapi|swagger|oas)\s+)*(?:APIs?|specifications?|spec|reference|documentation)\b(?:\s+(?:specifications?|spec|reference|documentation|definition))*/gi,
      " ",
    )
    .replaceAll(/\b(?:OpenAPI|Swagger)\b/gi, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[\s\-–:,.]+|[\s\-–:,.]+$/g, "");
  return (short === "" ? text : short).slice(0, 60).trim();
}

/** The name of an API in tools.yaml, of its title's words: `Acme Desk API v2` → acme_desk. */
export function proposeName(title: string): string {
  const words = wordsOf(proposeTitle(title));
  const own = words.filter((word) => !FILLER.test(word));
  const kept = own.length > 0 ? own : words;
  let name = "";
  for (const word of kept.slice(0, 4)) {
    const longer = name === "" ? word : `${name}_${word}`;
    if (longer.length > LONG_NAME && name !== "") break;
    name = longer;
  }
  return nameProblem(name) === undefined
    ? name
    : name !== "" && nameProblem(`api_${name}`) === undefined
      ? `api_${name}`.slice(0, 64)
      : "api";
}

/** Why a text is no name of an API; undefined when it is one. */
export function nameProblem(name: string): string | undefined {
  if (/^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(name)) return "it is the name of a device on Windows";
  return /^[a-z][a-z0-9_-]{0,63}$/.test(name)
    ? undefined
    : "a name is a small letter, then small letters, digits, _ and -";
}
