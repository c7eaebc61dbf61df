import { isPlural, singular, wordsOf } from "./words.ts";

/** One constant part of a path, and whether a parameter follows it: `tickets` in `/tickets/{id}`. */
export interface PathNoun {
  readonly words: readonly string[];
  /** The parameter that chooses one of them; undefined: all of them, or the one there is. */
  readonly parameter: string | undefined;
}

const NOISE = /^(?:api|apis|rest|restapi|index\.php|odata|json|public-api)$/i;
const VERSION =
  /^(?:v?\d+(?:[._]\d+)*(?:(?:alpha|beta|rc|preview|p)\d*)?|v?\d{4}-\d{2}(?:-\d{2})?|stable|beta|alpha)$/i;
/** A group named by its maintainer's domain, as in `/apis/resource.k8s.io/v1/deviceclasses`: whose things they are, not which. */
const GROUP = /^([a-z][a-z0-9-]*)(?:\.[a-z0-9-]+)+\.(?:io|com|org|net|dev|cloud)$/;
const FORMAT = /\.(?:json|xml|html|csv|php|aspx?|do|format|\{format\})$/i;

const ADJECTIVE =
  /^(?:latest|public|private|recent|active|inactive|archived|deleted|pending|current|available|upcoming|default|popular|trending|featured|own|shared|unread|failed|open|closed|expired|scheduled|hidden)$/;

/**
 * The nouns of a path: versions, `api` and endings dropped.
 *
 *     "/api/v2/tickets/{id}/notes.json" → tickets (id), notes
 *     "/keys/{key}:rotate"              → keys (key), rotate
 */
export function nounsOf(path: string): PathNoun[] {
  const nouns: PathNoun[] = [];
  for (const segment of segmentsOf(path)) {
    const parameter = parameterIn(segment);
    const constant = segment.replaceAll(/\{[^{}]*\}/g, " ");
    const spelled = wordsOf(constant.replace(/^@me$/i, "me").replace(/\([^()]*\)/g, ""));
    const words = spelled[0] === "a" && spelled.length > 1 ? spelled.slice(1) : spelled; // `A_SalesOrder`: an entity set
    const before = nouns.at(-1);
    if (before && before.parameter === undefined && words.length === 1 && ADJECTIVE.test(words[0] ?? "")) {
      nouns.pop();
      nouns.push({ words: [...words, ...before.words], parameter }); // `/releases/latest`: the latest release
    } else if (words.length > 0) nouns.push({ words, parameter });
    else if (parameter !== undefined) {
      const last = nouns.pop();
      if (last) nouns.push({ ...last, parameter });
      else nouns.push({ words: wordsOf(parameter.replace(/(?:_?id|Id|ID)$/, "")), parameter });
    }
  }
  return nouns.filter(({ words }) => words.length > 0);
}

/** Segments that mean something. */
function segmentsOf(path: string): string[] {
  const whole = (path.split("?")[0] ?? "").replace(FORMAT, "").split("/");
  const parts = whole
    .filter((part, index) => !GROUP.test(part) && !isVersionOf(part, whole.slice(0, index)))
    .flatMap((part) => part.split(/[:#.](?![^{}]*\})/)) // some tell operations of one path apart by a fragment, others call by `chat.postMessage`
    .map((part) => part.replace(/^[A-Za-z][\w-]*=(?=[A-Za-z][\w.-]*$)/, "")); // `#Action=ListQueues`
  const meant = parts.filter((part) => part !== "" && !NOISE.test(part) && !VERSION.test(part));
  if (meant.length === 0) return parts.filter((part) => part !== "" && !VERSION.test(part));
  return meant.map((part) => part.replace(FORMAT, ""));
}

/** `v{version}`, or `{api_version}` where a path begins. */
function isVersionOf(part: string, before: readonly string[]): boolean {
  const begins = before.every((one) => one === "" || NOISE.test(one));
  return /^v\{[^{}]+\}$/i.test(part) || (begins && /^\{[^{}]*version\}$/i.test(part));
}

function parameterIn(segment: string): string | undefined {
  return /\{([^{}]+)\}/.exec(segment)?.[1]?.replace(/[*+]$/, "");
}

/** Constant segments that were dropped, for those that differ in nothing else: `v1` and `v2`, or the group that they are of. */
export function droppedOf(path: string): string[] {
  return path.split("/").flatMap((part) => {
    const group = GROUP.exec(part)?.[1];
    if (group !== undefined) return wordsOf(group).join("");
    return VERSION.test(part) ? wordsOf(part).join("") : [];
  });
}

/**
 * The beginning that nearly all paths have in common and that says whose things they are, not which: `/accounts/{account}`.
 * Counted in segments; 0 when there is none.
 */
export function commonPrefix(paths: readonly string[]): number {
  if (paths.length < 8) return 0; // too few to tell a habit
  const split = paths.map((path) => path.split("/").slice(1));
  let length = 0;
  for (;;) {
    const beginnings = new Map<string, number>();
    for (const parts of split) {
      if (parts.length < length + 2) continue;
      const key = parts
        .slice(0, length + 1)
        .join("/")
        .replaceAll(/\{[^{}]*\}/g, "{}");
      beginnings.set(key, (beginnings.get(key) ?? 0) + 1);
    }
    const most = Math.max(0, ...beginnings.values());
    if (most < paths.length * 0.85) break;
    length += 1;
  }
  // A beginning that ends in a constant before a parameter would take the thing itself away: `/tickets` of `/tickets/{id}`.
  while (
    length > 0 &&
    split.some(
      (parts) => parts.length > length && parts[length]?.startsWith("{") && !parts[length - 1]?.startsWith("{"),
    )
  )
    length -= 1;
  return length;
}

/** A path without the beginning that all have in common; one that is nothing but that beginning stays whole. */
export function withoutPrefix(path: string, prefix: number, common: string): string {
  const parts = path.split("/").slice(1);
  const own = parts
    .slice(0, prefix)
    .join("/")
    .replaceAll(/\{[^{}]*\}/g, "{}");
  return parts.length > prefix && own === common ? `/${parts.slice(prefix).join("/")}` : path;
}

/** Whether the nouns end in one thing instead of all of a kind. */
export function endsInOne(nouns: readonly PathNoun[]): boolean {
  return nouns.at(-1)?.parameter !== undefined;
}

/** Whether a noun is of many things. */
export function isMany({ words }: PathNoun): boolean {
  return isPlural(words.at(-1) ?? "");
}

/** The word that a noun is about, in the singular. */
export function headOf({ words }: PathNoun): string {
  return singular(words.at(-1) ?? "");
}
