import type { Operation } from "../../spec/operation.ts";
import { cleanText, soundsLikeOrders } from "../plan/describe.ts";
import { titleOf } from "../plan/names.ts";
import { isTelling, plainText, sentencesOf } from "./plain-text.ts";
import { isLabel } from "./said.ts";
import { verbOf } from "./verbs.ts";
import { wordsOf } from "./words.ts";

const PREAMBLE =
  /^(?:(?:you can )?use (?:this (?:endpoint|method|operation|api|call|action|resource)|the (?:rest )?api) to|(?:this|these) (?:endpoint|method|operation|api|call|action|resource|function)s? (?:lets you|allows you to|(?:is|are) (?:used )?(?:to|for)|can be used to)|used to) (?=[a-z])/i;
/** `To list all domains, send a GET request to /v2/domains.` says how, beside what. */
const METHOD = "(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)";
const HOW = new RegExp(
  `^To ([a-z].*?),? (?:(?:send|sent|make|issue|perform) )?(?:an? )?${METHOD}(?: or (?:an? )?${METHOD})? request (?:to|on|at)\\b.*$`,
);
/** `A project can be deleted by making a DELETE request on its URL.` */
const BY_METHOD = new RegExp(` by (?:making|sending|issuing) an? ${METHOD} request\\b[^.]*`);
/** `This endpoint returns all tickets.`: what it does follows, also by a verb that only its object tells. */
const SUBJECT =
  /^(?:this|these|the) (?:(?:GET|POST|PUT|PATCH|DELETE) )?(?:endpoint|method|operation|api|call|request|action|resource|function)s? (will )?(?=[a-z]+\b)/i;
const SAYS_WHAT =
  /^(?!(?:be|is|was|has|does|either|not)\b)[a-z]+ (?:an?|the|all|one|any|new|your|multiple|existing)\b/i;
const LONG_LEAD = 160; // characters: a first sentence that stands alone
const MOST = 400; // characters: some sentences; a person writes more where it helps

/** What is said of a tool, and whether the vendor's own words had to be dropped. */
export interface ToolDescription {
  readonly text: string;
  /** The vendor's text gives orders to whoever reads it (T16), and is not repeated. */
  readonly dropped: boolean;
}

/** Describes a tool in the vendor's words, the first sentence first: the summary, then what the description adds. */
export function describeTool(
  name: string,
  { summary, description }: Pick<Operation, "summary" | "description">,
): ToolDescription {
  const named = sentence(titleOf(name));
  if (soundsLikeOrders(cleanText(`${summary}\n${description}`))) return { text: named, dropped: true };
  const label = isLabel(summary)
    ? ""
    : plainText(summary)
        .replace(/^[~*\s-]+/, "")
        .replaceAll(/\s+/g, " ");
  const said = sentencesOf(description)
    .filter(isTelling)
    .map((one) => toThePoint(one.replace(PREAMBLE, "").replace(HOW, "$1").replace(BY_METHOD, "")));
  const [lead = ""] = said;
  // A label such as `Tickets` or `listTickets` says less than the first sentence of the description.
  const telling = label !== "" && /\s/.test(label) && (verbOf(wordsOf(label)[0] ?? "") !== undefined || lead === "");
  // `Get museum hours` before `Get upcoming museum operating hours` says everything twice.
  const contained = telling && lead !== "" && lead.length <= LONG_LEAD && repeats(label, lead) && !repeats(lead, label);
  const first = contained
    ? sentence(lead)
    : telling
      ? sentence(label)
      : lead !== "" && (label !== "" || verbOf(wordsOf(lead)[0] ?? "") !== undefined)
        ? sentence(lead)
        : label !== "" && /\s/.test(label)
          ? sentence(label)
          : named;
  const more = said.filter((one) => !repeats(one, first));
  let text = cut(first);
  for (const one of more.slice(0, 3)) {
    if (text.length + one.length + 1 > MOST) break;
    text += ` ${sentence(one)}`;
  }
  return { text, dropped: false };
}

/** A sentence without the endpoint that it is about, when a verb says what it does. */
function toThePoint(line: string): string {
  const [subject, will] = SUBJECT.exec(line) ?? [];
  if (subject === undefined) return line;
  const rest = line.slice(subject.length);
  const [verb = ""] = wordsOf(rest);
  const says = SAYS_WHAT.test(rest) && (will !== undefined || verb.endsWith("s"));
  return says || verbOf(verb) !== undefined ? rest : line;
}

/** Whether a sentence says nothing that another does not. */
function repeats(one: string, other: string): boolean {
  const filler = new Set(
    "a an the of all for to by in with this that is are your api endpoint returns return".split(" "),
  );
  const words = wordsOf(one)
    .filter((word) => !filler.has(word))
    .map(stem);
  const told = new Set(wordsOf(other).map(stem));
  return words.filter((word) => !told.has(word)).length <= words.length * 0.2;
}

function stem(word: string): string {
  return word.replace(/(?:ies|y)$/, "i").replace(/(?:es|ed|ing|s|e)$/, "");
}

function sentence(text: string): string {
  const line = text
    .trim()
    .replace(/[\s:;,]+$/, "")
    .replace(/(?<!\.)\.\.$/, ".");
  const whole = /[.!?)…]['"]?$/.test(line) && !/\w\)$/.test(line) ? line : `${line}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

function cut(text: string): string {
  return text.length <= MOST
    ? text
    : `${text
        .slice(0, MOST - 1)
        .replace(/[\uD800-\uDBFF]$/, "")
        .replace(/\s+\S*$/, "")}…`;
}
