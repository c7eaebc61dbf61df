/**
 * Splits a name of any spelling into small words.
 *
 *     "listHTTPRoutes" → list, http, routes   "ticket_notes" → ticket, notes   "chat.postMessage" → chat, post, message
 */
export function wordsOf(text: string): string[] {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/['’]/g, "")
    .replaceAll(/(?<![A-Z])([A-Z]{2,})s(?![a-z])/g, (_, letters: string) => ` ${letters.toLowerCase()}s `) // IDs, URLs: one word
    .replaceAll(/(?<=[a-z])(OAuth|IP)(?=v?\d|[A-Z]|$)/g, "_$1")
    .replaceAll(/OAuth/g, "Oauth")
    .replaceAll(/IPv(\d)/g, "Ipv$1")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

const IRREGULAR: readonly (readonly [plural: string, singular: string])[] = [
  ["people", "person"],
  ["children", "child"],
  ["men", "man"],
  ["women", "woman"],
  ["indices", "index"],
  ["matrices", "matrix"],
  ["vertices", "vertex"],
  ["quizzes", "quiz"],
  ["caches", "cache"],
  ["criteria", "criterion"],
  ["heroes", "hero"],
  ["movies", "movie"],
  ["cookies", "cookie"],
  ["ties", "tie"],
  ["series", "series"],
  ["aliases", "alias"],
  ["canvases", "canvas"],
  ["biases", "bias"],
  ["statuses", "status"],
  ["viruses", "virus"],
  ["bonuses", "bonus"],
  ["campuses", "campus"],
  ["buses", "bus"],
  ["analyses", "analysis"],
  ["diagnoses", "diagnosis"],
  ["bases", "base"],
  ["lenses", "lens"],
  ["emojis", "emoji"],
  ["apis", "api"],
  ["kpis", "kpi"],
  ["uris", "uri"],
  ["wikis", "wiki"],
  ["menus", "menu"],
  ["skus", "sku"],
  ["gpus", "gpu"],
  ["cpus", "cpu"],
];

/** Words that are no plural though they end like one, or that nobody says in the singular. */
const FIXED = new Set(
  (
    "status address access process progress success class business https http dns sms mms rss css aws ios os gas bus alias canvas bias basis analysis " +
    "series species news settings preferences analytics statistics stats metadata media data details info information history billing " +
    "pricing inventory feedback content sales goods logistics credentials contents graphics tls ssl as is us yes this its has was kubernetes redis " +
    "whois sudo saas hours premises always previous radius corpus census focus bonus campus virus diagnostics health hp cms gps usage oauth oauth2 gis nps sas vs pos insights"
  ).split(" "),
);

/**
 * The singular of a small English word; the word itself when it has none.
 *
 *     "tickets" → ticket   "categories" → category   "addresses" → address   "releases" → release   "status" → status
 */
export function singular(word: string): string {
  const irregular = IRREGULAR.find(([plural]) => plural === word);
  if (irregular) return irregular[1];
  if (FIXED.has(word) || word.length < 3 || !word.endsWith("s") || /(?:ss|us|is)$/.test(word)) return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:sses|xes|[cs]hes|zzes)$/.test(word)) return word.slice(0, -2);
  if (word.endsWith("oes") && !word.endsWith("shoes")) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** The plural of a small English word; a word that is one already stays. */
export function plural(word: string): string {
  if (FIXED.has(word) && !["status", "address", "process", "class", "alias", "business", "canvas"].includes(word))
    return word;
  if (isPlural(word)) return word;
  const irregular = IRREGULAR.find(([, one]) => one === word);
  if (irregular) return irregular[0];
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|[cs]h)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Whether a word is the plural of another one. */
export function isPlural(word: string): boolean {
  return singular(word) !== word || word === "series";
}

/** Changes the last word of a name. */
export function lastWord(words: readonly string[], change: (word: string) => string): string[] {
  return words.map((word, index) => (index === words.length - 1 ? change(word) : word));
}

/** What forms of a word have in common: archive, archives, archived, archiving → archiv. */
export function stem(word: string): string {
  return word.replace(/(?:ies|y)$/, "i").replace(/(?:ings?|ed|es|s|e)$/, "");
}
