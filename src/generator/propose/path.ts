import { isPlural, lastWord, singular, wordsOf } from "./words.ts";

/** One constant part of a path, and whether a parameter follows it: `tickets` in `/tickets/{id}`. */
export interface PathNoun {
  readonly words: readonly string[];
  /** The parameter that chooses one of them; undefined: all of them, or the one there is. */
  readonly parameter: string | undefined;
  /** The parameter of what stood before it and is not said. */
  readonly scope?: string;
  /** What is done to what follows, rather than a thing: `import` in `/integrations/import/acme`. */
  readonly isVerb?: true;
  /** A name that is no plural though it looks like one: `actions` of a product that is called so, an acronym as in `ByCRS`. */
  readonly isName?: true;
}

const NOISE = /^(?:api|apis|rest|restapi|index\.php|odata|json|public-api)$/i;
const VERSION =
  /^(?:v?\d+(?:[._]\d+)*(?:(?:alpha|beta|rc|preview|p)\d*)?|v?\d{4}-\d{2}(?:-\d{2})?|stable|beta|alpha)$/i;
/** A group named by its maintainer's domain, as in `/apis/resource.k8s.io/v1/deviceclasses`: whose things they are, not which. */
const GROUP = /^([a-z][a-z0-9-]*)(?:\.[a-z0-9-]+)+\.(?:io|com|org|net|dev|cloud)$/;
const FORMAT = /\.(?:json|xml|html|csv|php|aspx?|do|format|\{format\})$/i;

const ADJECTIVE =
  /^(?:latest|public|private|recent|active|inactive|archived|deleted|pending|current|available|upcoming|default|popular|trending|featured|own|shared|unread|failed|open|closed|expired|scheduled|hidden|original)$/;
/** A piece of a segment that a machine made, as in `securityClassification-6VMVochwUWo`. */
const RANDOM = /(?<=[A-Za-z])[-_](?=[A-Za-z]*\d)(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{8,}$/;

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
    const constant = segment.replace(RANDOM, "").replaceAll(/\{[^{}]*\}/g, " ");
    const spelled = wordsOf(constant.replace(/^@me$/i, "me").replace(/\([^()]*\)/g, ""));
    const words = spelled[0] === "a" && spelled.length > 1 ? spelled.slice(1) : spelled; // `A_SalesOrder`: an entity set
    const before = nouns.at(-1);
    if (before && before.parameter === undefined && words.length === 1 && isAdjective(words[0] ?? "")) {
      nouns.pop();
      // `/releases/latest`: the latest release; `@original` chooses one as an id does.
      const chosen = segment.startsWith("@") ? segment : parameter;
      nouns.push({ words: [...words, ...before.words], parameter: chosen });
    } else if (words.length > 0)
      nouns.push({ words, parameter, ...(/[a-z][A-Z]{2,}S$/.test(constant.trim()) && { isName: true as const }) }); // `ByCRS`
    else if (parameter !== undefined) {
      const last = nouns.pop();
      if (last) nouns.push({ ...last, parameter });
      else nouns.push({ words: wordsOf(parameter.replace(/(?:_?id|Id|ID)$/, "")), parameter });
    }
  }
  return nouns.filter(({ words }) => words.length > 0);
}

/** Whether a word says which ones and not what. */
export function isAdjective(word: string): boolean {
  return ADJECTIVE.test(word);
}

/** Segments that mean something. */
function segmentsOf(path: string): string[] {
  const whole = (path.split("?")[0] ?? "").replace(FORMAT, "").split("/");
  const parts = whole
    .filter((part, index) => !GROUP.test(part) && !isVersionOf(part, whole.slice(0, index), whole[index + 1]))
    .flatMap((part) => part.split(/[:#.](?![^{}]*\})/)) // some tell operations of one path apart by a fragment, others call by `chat.postMessage`
    .map((part) => part.replace(/^[A-Za-z][\w-]*=(?=[A-Za-z][\w.-]*$)/, "")); // `#Action=ListQueues`
  // `/products/{id}/apis/{api}` is about APIs; `/api/v1` is not.
  const first = parts.findIndex((part) => part !== "" && !NOISE.test(part) && !VERSION.test(part));
  const isThing = (at: number): boolean =>
    at > first &&
    /^apis$/i.test(parts[at] ?? "") &&
    (at === parts.length - 1 || parts[at + 1]?.startsWith("{") === true);
  const meant = parts.filter(
    (part, at) => part !== "" && !VERSION.test(part) && (!NOISE.test(part) || (first >= 0 && isThing(at))),
  );
  return meant.map((part) => part.replace(FORMAT, ""));
}

/** `v{version}`, or `{api_version}` where a path begins; a lone `v` before a number. */
function isVersionOf(part: string, before: readonly string[], next = ""): boolean {
  const begins = before.every((one) => one === "" || NOISE.test(one));
  return (
    (/^v$/i.test(part) && VERSION.test(next)) ||
    /^v\{[^{}]+\}$/i.test(part) ||
    (begins && /^\{[^{}]*version\}$/i.test(part))
  );
}

function parameterIn(segment: string): string | undefined {
  return /\{([^{}]+)\}/.exec(segment)?.[1]?.replace(/[*+]$/, "");
}

/**
 * How far a version is from being the one to use: a preview before a release, then the number.
 *
 *     "/v1/x" → 1   "/v2/x" → 2   "/v2beta1/x" → -998   "/x" → 0
 */
export function versionRank(path: string): number {
  const version = path.split("/").find((part) => VERSION.test(part)) ?? "";
  const [number = 0, preview = 0] = [...version.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return /alpha/i.test(version)
    ? number + preview - 2000
    : /beta|rc|preview|p\d/i.test(version)
      ? number + preview - 1000
      : number;
}

/** A path without its version. */
export function withoutVersion(path: string): string {
  return path
    .split("/")
    .filter((part) => !VERSION.test(part))
    .join("/");
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

/** The words of a noun for one of its kind; those of a name stay as they are. */
export function oneOf({ words, isName }: PathNoun): string[] {
  return isName === true ? [...words] : lastWord(words, singular);
}
