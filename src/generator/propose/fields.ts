import type { AnswerSchema } from "../plan/answer-schema.ts";
import { isList, propertyNames } from "../plan/answer-schema.ts";
import { typesOf } from "../plan/schema.ts";
import { itemProperties, width } from "./answer.ts";

const WIDE = 12; // properties: rows up to here are short enough as they are
const MOST = 10; // fields of a wide row

/** What a person wants of a row, by names, the most wanted first. */
const WANTED: readonly RegExp[] = [
  /^(?:id|_id|uid|uuid|gid|sid|guid)$/i,
  /^(?:number|key|slug|code|handle|identifier|display_?id|login|username|full_?name)$/i,
  /^(?:name|title|subject|display_?name|label|summary|question|headline)$/i,
  /^(?:status|state|stage|phase|result|conclusion|enabled|active|archived)$/i,
  /^(?:type|kind|category|priority|severity|role|object_?type)$/i,
  /^(?:email|email_?address|phone|phone_?number)$/i,
  /^(?:amount|total|price|currency|balance|quantity|cost)$/i,
  /^(?:assignee|owner|requester|author|creator|user|customer|sender|from|to)$/i,
  /(?:^|_)(?:assignee|owner|requester|author|customer|user|account|project|parent)_?id$/i,
  /^(?:due|due_?(?:at|by|on|date)|start|end|starts?_?(?:at|date|time)|ends?_?(?:at|date|time)|date|deadline|scheduled_?at)$/i,
  /^(?:created|created_?(?:at|on|date|time)|date_?created|creation_?(?:date|time(?:stamp)?))$/i,
  /^(?:updated|updated_?(?:at|on|date|time)|modified|modified_?at|date_?updated|last_?(?:modified|updated)(?:_?at|_?time)?)$/i,
  /^(?:description|short_?description)$/i,
  /^(?:html_?url|web_?url|url|link|permalink|size|version|language|private|country|city)$/i,
];
const INNER = /^(?:name|login|display_?name|title|full_?name|email|username|key)$/i;

/** Chooses the fields of a wide row that a person would want; undefined for one that is narrow or too strange. */
export function chooseFields(row: AnswerSchema | undefined): readonly string[] | undefined {
  if (!row || width(row) <= WIDE) return undefined;
  const ranked = itemProperties(row).flatMap(({ name, value }) => {
    const rank = WANTED.findIndex((pattern) => pattern.test(name));
    const field = rank < 0 ? undefined : fieldOf(name, value);
    return field === undefined ? [] : [{ field, rank }];
  });
  const chosen = ranked.sort((one, other) => one.rank - other.rank).slice(0, MOST);
  const named = chosen.some(({ rank }) => rank < 3);
  return chosen.length >= 3 && named ? chosen.map(({ field }) => field) : undefined;
}

function fieldOf(name: string, value: AnswerSchema): string | undefined {
  if (/[.[\]]/.test(name) || isList(value)) return undefined;
  const inner = propertyNames(value);
  if (inner.length === 0) return typesOf(value.schema).includes("object") ? undefined : name;
  const told = inner.find((one) => INNER.test(one) && !/[.[\]]/.test(one));
  return told === undefined ? undefined : `${name}.${told}`;
}
