import type { Pagination } from "../../definition/pagination.ts";
import { Problem } from "../problem.ts";
import { fillTemplate } from "../request/template.ts";
import type { Scope, VendorAnswer } from "../request/types.ts";
import { arrange, type Arrangement } from "./arrange.ts";
import { numberOf, pageEnding } from "./page-end.ts";
import type { Position } from "./position.ts";
import type { Page } from "./walk.ts";

/** What a page is read with, besides the answer itself. */
export interface PageContext {
  readonly pagination: Pagination;
  readonly scope: Scope;
  /** URL of the vendor's server. */
  readonly base: URL;
  readonly byOffset: boolean;
  /** The vendor's title, for the words about an answer that is not as it should be. */
  readonly vendor: string;
  /** What the model sees of an item. */
  readonly seen: (item: unknown) => unknown;
}

/**
 * Reads one page of a list out of the vendor's answer.
 *
 * @throws {Problem} `invalid_response` when there is no list where the pagination says.
 */
export function pageOf(answer: VendorAnswer, at: Position, context: PageContext): Page {
  const { pagination, scope, base, byOffset, seen } = context;
  const read = (expression: string) => fillTemplate(expression, { ...scope, response: answer });
  const told = pagination.total ?? (pagination.end.by === "total" ? pagination.end.at : undefined);
  const total = told === undefined ? undefined : numberOf(read(told));
  const items = itemsOf(answer, total, context, read);
  if (pagination.end.by === "single") {
    const whole = arrange(items, seen, arrangementOf(pagination, scope));
    return { items: whole, next: undefined, total: whole.length };
  }
  const ending = pageEnding(
    pagination,
    at,
    { count: items.length, last: items.at(-1), headers: answer.headers, byOffset, read },
    base,
  );
  return { items, ...ending, total, bytes: answer.bytes };
}

/** What the caller wants of a list that is whole, as far as the tool offers it. */
function arrangementOf(pagination: Pagination, { inputs }: Scope): Arrangement {
  const { filter, sort } = inputs;
  return {
    ...(pagination.filter && typeof filter === "object" && filter !== null && { filter: { ...filter } }),
    ...(pagination.sort && typeof sort === "string" && { sort }),
  };
}

function itemsOf(
  answer: VendorAnswer,
  total: number | undefined,
  { pagination, vendor }: PageContext,
  read: (expression: string) => unknown,
): readonly unknown[] {
  const places = [pagination.items].flat();
  const found = places.map(read);
  const items: unknown = found.find(Array.isArray);
  if (Array.isArray(items)) return items;
  // Some vendors write an empty list as null, answer 204, or leave out whatever is empty.
  if (found.includes(null) || answer.body === null || isEmpty(answer.body) || total === 0) return [];
  const where = places.map((place) => place.replace(/^\$response\.body#?/, "") || "the root").join(" or ");
  throw new Problem(
    "invalid_response",
    `${vendor} answered, but without a list at ${where}. Its API may have changed; nobody can mend that by other arguments.`,
    {
      status: answer.status,
    },
  );
}

/** `{}`: nothing is there, so there is nothing that could be a list under another name, or an error. */
function isEmpty(body: unknown): boolean {
  return typeof body === "object" && body !== null && !Array.isArray(body) && Object.keys(body).length === 0;
}
