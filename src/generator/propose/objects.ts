import { lastWord, plural, singular } from "./words.ts";

/** Of these the one who calls is one. */
const PEOPLE: ReadonlySet<string> = new Set(["user", "person", "member", "account", "agent", "employee", "profile"]);

/** Whether a word, in the singular, is one that says who calls. */
export function isCaller(word: string): boolean {
  return PEOPLE.has(word) || word === "app";
}

/**
 * What a name says of the things that a path names, each once: `/users/{id}/user_roles` is about user roles, not user user roles;
 * `/users/@me/guilds` about my guilds, `/permissions/me` about my permissions.
 */
export function objectsOf(objects: readonly (readonly string[])[], verb: string): (readonly string[])[] {
  const kept: (readonly string[])[] = [];
  for (const [index, words] of objects.entries()) {
    const mine = index < objects.length - 1;
    if (words.join() === "me" || words.join() === "self") {
      const owner = kept.pop() ?? [];
      const own = mine ? ["my"] : ownOf(kept.pop() ?? [], owner, verb);
      if (own[0] === "my" && !mine) kept.length = 0; // it goes first, and says enough
      kept.push(own);
      continue;
    }
    const last = kept.at(-1);
    const short = last?.length === 1 && (last[0]?.length ?? 0) > 2 && words[0]?.startsWith(last[0] ?? "") === true; // org, organization
    if (last && (short || last.every((word, at) => singular(words[at] ?? "") === singular(word)))) kept.pop();
    kept.push(words);
  }
  return kept;
}

/** What belongs to the caller, or is the caller: `/users/@me`, `/permissions/me`, `/guilds/{id}/members/@me`. */
function ownOf(parent: readonly string[], owned: readonly string[], verb: string): readonly string[] {
  const head = owned.at(-1) ?? "";
  if (parent.length === 0 && PEOPLE.has(singular(head))) return ["current", ...lastWord(owned, singular)];
  if (parent.length === 0 && /^oauth2?$/.test(head)) return ["my", "authorization"];
  if (plural(head) === singular(head)) return [...parent, "current", "user"];
  return ["my", ...parent, ...(verb === "list" ? lastWord(owned, plural) : owned)];
}
