import { cleanText } from "../plan/describe.ts";
import type { SpecSummary } from "../../spec/operation.ts";
import { plainText } from "./plain-text.ts";
import { wordsOf } from "./words.ts";

const LONG_NAME = 24; // characters: it is a folder, a path and the beginning of every variable
const FILLER =
  /^(?:the|api|apis|rest|restful|openapi|oas|swagger|specification|spec|definition|public|official|documentation|docs|reference|v?\d+|http|https|web|service|services|client|rpc|json|for|and|of|a|an|com|io|inc)$/;

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

/** Titles that a framework writes when nobody does. */
const NO_TITLE =
  /^(?:the |my |your |our )?(?:api|apis|title|rest api|web ?api|api docs?|api documentation|api reference|documentation|swagger(?: api)?|openapi|untitled|web ?application\d*|v?\d+(?:\.\d+)*)?$/i;

/** The title of a description; where it has none of its own, what the host is called: `api.acme.com` → Acme. */
export function titleFor({ title, servers }: Pick<SpecSummary, "title" | "servers">): string {
  if (!NO_TITLE.test(title.trim())) return title;
  const [, host = ""] = /^https?:\/\/([a-z0-9.-]+)/i.exec(servers[0]?.url ?? "") ?? [];
  const labels = host.split(".");
  const label = labels.at(-2) ?? "";
  return labels.length < 2 || /^(?:example|localhost|\d+|co|com)$/.test(label)
    ? title
    : label.charAt(0).toUpperCase() + label.slice(1);
}

/** `GitLab` is one word, `OrderService` two. */
function joinBrands(title: string): string {
  return title.replaceAll(
    /\b([A-Z][a-z]+)((?!(?:Api|Service|Services|Client|Server|Management|Manager|Controller|Application|Rest|Web)\b)[A-Z][a-z]+)\b/g,
    (whole, first: string, second: string) => (whole.length <= 12 ? first + second.toLowerCase() : whole),
  );
}

/** The name of an API in tools.yaml, of its title's words: `Acme Desk API v2` → acme_desk. */
export function proposeName(title: string): string {
  const words = wordsOf(joinBrands(proposeTitle(title).replaceAll(/['’]s\b/g, "")));
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
