import type { Method } from "../../definition/request.ts";

/** Verbs that a summary or a path may begin with, and what a tool is called by instead; most stay as they are. */
const SYNONYMS: Readonly<Record<string, string>> = {
  retrieve: "get",
  fetch: "get",
  read: "get",
  show: "get",
  view: "get",
  return: "get",
  obtain: "get",
  describe: "get",
  display: "get",
  access: "get",
  enumerate: "list",
  browse: "list",
  new: "create",
  insert: "create",
  make: "create",
  post: "create",
  modify: "update",
  edit: "update",
  change: "update",
  patch: "update",
  alter: "update",
  amend: "update",
  destroy: "delete",
  erase: "delete",
  drop: "delete",
  del: "delete",
  retry: "retry",
};

const READS =
  "get list search find query check count lookup filter compare preview validate verify test download export render resolve poll " +
  "calculate estimate suggest autocomplete inspect diff ping head predict analyze detect translate parse explain match introspect ask extract";
const ADDS =
  "create add upload submit send invite register import publish comment reply post clone copy duplicate fork log track record request order buy book";
const CHANGES =
  "update replace set upsert put merge move rename close open reopen cancel approve reject accept decline deny dismiss archive unarchive restore " +
  "activate deactivate enable disable lock unlock pin unpin star unstar follow unfollow subscribe unsubscribe block unblock mute unmute hide unhide " +
  "start stop restart reboot pause resume suspend unsuspend terminate kill run execute trigger rerun retry invoke dispatch deploy redeploy rollback promote " +
  "demote assign unassign attach detach link unlink associate disassociate connect disconnect join leave transfer capture refund charge pay void finalize " +
  "confirm acknowledge resolve complete finish reset rotate regenerate renew extend expire revoke grant refresh sync resend notify mark unmark flag unflag " +
  "like unlike vote apply bulk batch convert generate reorder sort swap split schedule unschedule reschedule snooze forward escalate install uninstall " +
  "upgrade downgrade redeem exchange increment decrement adjust process provision scale resize migrate initiate begin end abort purge evict drain cordon " +
  "encrypt decrypt sign unsign watch unwatch share unshare authorize deauthorize authenticate login logout impersonate crosspost edit save store draft " +
  "release reserve redirect claim fire simulate ban unban kick prune sweep fulfill unfulfill return ingest configure review rate report delist delegate " +
  "dismiss expand collapse tag untag label group ungroup undo redo overwrite rebuild reindex index crawl scan recover reactivate opt block report accrue fail succeed advance reverse consume forget append trim revert unstack unmerge instantiate redact unapprove unvote commit insert rename challenge";
const REMOVES = "delete remove clear empty purge revoke cancel";

const reads = new Set(READS.split(" "));
const adds = new Set(ADDS.split(" "));
const known = new Set([...reads, ...adds, ...`${CHANGES} ${REMOVES}`.split(" "), ...Object.keys(SYNONYMS)]);
/** Verbs that are nouns as often: in a path they count as verbs only when the summary begins with them. */
const NOUNS = new Set(
  (
    "refund transfer charge request order comment report review invoice link call schedule run vote rate share log record track block tag label group test " +
    "draft release store index book match flag access process query filter export import download upload star lock import label reply post set head end " +
    "watch change like fork view return show display open mark batch bulk begin sign check count rate migrate copy scale log exchange pin commit extract archive"
  ).split(" "),
);

/** The verb that a word is, in the form that tools are named by: `Retrieves` → get, `Adding` is none. */
export function verbOf(word: string): string | undefined {
  const forms = [word, word.replace(/s$/, ""), word.replace(/es$/, ""), word.replace(/ies$/, "y")];
  const verb = forms.find((form) => known.has(form));
  return verb === undefined ? undefined : (SYNONYMS[verb] ?? verb);
}

/** Whether a word is a verb and hardly ever something else. */
export function isOnlyVerb(word: string): boolean {
  return known.has(word) && !NOUNS.has(word);
}

const OPPOSITES: Readonly<Record<string, string>> = {
  enable: "disable",
  activate: "deactivate",
  attach: "detach",
  connect: "disconnect",
  associate: "disassociate",
  join: "leave",
};

/** What deleting an action comes to: `DELETE /commits/{id}/approve` takes the approval back. */
export function oppositeOf(verb: string): string {
  return OPPOSITES[verb] ?? (known.has(`un${verb}`) ? `un${verb}` : verb);
}

/** What is done to many at once, without `bulk`: `bulk_delete` → delete. */
export function plainVerb(verb: string): string {
  return verb.replace(/^(?:bulk|batch)_/, "");
}

/** The verb of words that begin with `bulk` or `batch` and say what: `bulk-delete` → bulk_delete. */
export function bulkVerb([first = "", second = ""]: readonly string[]): string | undefined {
  const verb = /^(?:bulk|batch)$/.test(first) ? verbOf(second) : undefined;
  return verb === undefined ? undefined : `${first}_${verb}`;
}

/** Whether a verb says no more than a method does, for many or for one. */
export function isPlainVerb(verb: string): boolean {
  return /^(?:get|list|set|add|remove|replace|create|update|delete|search|check)$/.test(plainVerb(verb));
}

/** Whether a verb asks and changes nothing. */
export function isReading(verb: string): boolean {
  return reads.has(plainVerb(verb)) || verb === "watch"; // `watch` of a path that is read goes on reading it
}

/** Whether a verb only adds something. */
export function isAdding(verb: string): boolean {
  return adds.has(verb);
}

/** Whether a method may be called by a verb: nobody creates by GET, whatever the summary says. */
export function fits(given: string, method: Method): boolean {
  const verb = plainVerb(given);
  switch (method) {
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "TRACE":
    case "QUERY":
      return isReading(verb);
    case "DELETE":
      return !reads.has(verb) && !adds.has(verb) && verb !== "update" && verb !== "replace" && verb !== "set";
    case "PUT":
    case "PATCH":
      return !reads.has(verb) && verb !== "delete" && verb !== "remove" && (method === "PUT" || verb !== "create");
    default: // POST, and methods of the vendor's own, do anything
      return true;
  }
}
