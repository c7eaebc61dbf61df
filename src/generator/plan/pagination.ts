import type { PageEnd, Pagination } from "../../definition/pagination.ts";
import type { ExpressionText } from "../../definition/template.ts";
import { itemsNotFound, resultNotFound } from "../../diagnostics/messages.ts";
import { nearest } from "../../definition/nearest.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { PaginationSettings } from "../tools-file/pagination-schema.ts";
import { answerOf, follow, isList, item, property, propertyNames, type AnswerSchema } from "./answer-schema.ts";
import { nameOf } from "./name-of.ts";
import type { Paging, Route, ToolContext } from "./context.ts";
import { maximumLimit } from "./inputs.ts";

/** Decides how a route's list is read page by page; undefined when it does not page, or when nobody says where its items are. */
export function planPagination(context: ToolContext, route: Route): Pagination | undefined {
  if (!route.pagination) return undefined;
  const { rule, origin } = route.pagination;
  const pointers = findItems(context, route, route.pagination);
  if (!pointers) return undefined;
  const items = pointers.map(bodyExpression);
  checkFigures(context, route, rule, origin);
  return {
    items: items.length === 1 && items[0] !== undefined ? items[0] : items,
    size: planSize(rule, maximumLimit(context)),
    ...(rule.max_pages !== undefined && { maxPages: rule.max_pages }),
    end: planEnd(rule),
    ...(typeof rule.token === "object" && { lastItem: rule.token.last_item }),
    ...(rule.total !== undefined && { total: bodyExpression(rule.total) }),
    ...(rule.filter && { filter: true }),
    ...(rule.sort && { sort: true }),
  };
}

/** An expression for a JSON Pointer into the body; one for a header stays as it is. */
export function bodyExpression(pointer: string): ExpressionText {
  if (pointer.startsWith("$response.")) return `$${pointer.slice(1)}`;
  return pointer === "" ? "$response.body" : `$response.body#${pointer}`;
}

/** What `end: single` answers at once is one page of any size, so no size is sent. */
function planSize({ size }: PaginationSettings, maximum: number): Pagination["size"] {
  if (size?.max !== undefined) return { max: size.max };
  return { max: size?.fixed ?? maximum, fixed: true };
}

function planEnd({ end, token }: PaginationSettings): PageEnd {
  const ofLink = typeof token === "string" ? { token } : {};
  if (end === "link") return { by: end, ...ofLink };
  if (typeof end === "string") return { by: end };
  if (end.link !== undefined) return { by: "link", at: bodyExpression(end.link), ...ofLink };
  for (const by of ["total", "pages", "token", "flag"] as const) {
    const pointer = end[by];
    if (pointer !== undefined) return { by, at: bodyExpression(pointer) };
  }
  return { by: "single" }; // the grammar lets no rule without a figure through
}

/** Where the items stand: as the tool says, as the rule says, or the one list of the answer; undefined when nobody knows. */
export function itemPointers({ tool }: ToolContext, { operation, pagination }: Route): readonly string[] | undefined {
  const given = tool.settings.result?.items ?? pagination?.rule.items;
  if (given !== undefined) return typeof given === "string" ? [given] : given;
  const lists = listsOf(answerOf(operation));
  return lists.length === 1 ? lists : undefined;
}

function findItems(context: ToolContext, route: Route, { origin }: Paging): readonly string[] | undefined {
  const { tool, report } = context;
  const answer = answerOf(route.operation);
  const lists = listsOf(answer);
  const pointers = itemPointers(context, route);
  if (!pointers) report(itemsNotFound({ at: keyOf(tool.origin), operation: nameOf(route.operation), lists }));
  if (pointers && answer && !pointers.some((pointer) => couldBeList(answer, pointer))) {
    const pointer = pointers[0] ?? "";
    const at =
      tool.settings.result?.items === undefined
        ? within(origin, "items")
        : within(context.resultAt ?? within(tool.origin, "result"), "items");
    report(resultNotFound({ at, pointer, near: [...nearest(pointer, lists), ...lists] }));
  }
  return pointers;
}

function couldBeList(answer: AnswerSchema, pointer: string): boolean {
  const found = follow(answer, pointer);
  return found === "unknown" || (found !== "nothing" && (isList(found) || Object.keys(found.schema).length === 0));
}

/** Pointers to the lists of an answer: itself, or its members. */
function listsOf(answer: AnswerSchema | undefined): string[] {
  if (!answer) return [];
  if (isList(answer)) return [""];
  return propertyNames(answer).flatMap((name) => {
    const found = property(answer, name);
    return typeof found !== "string" && isList(found) ? [`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`] : [];
  });
}

/** The figures that a rule reads must be there, as far as the description says what is. */
function checkFigures(context: ToolContext, route: Route, rule: PaginationSettings, origin: Paging["origin"]): void {
  const { report } = context;
  const { operation } = route;
  const answer = answerOf(operation);
  if (!answer) return;
  const end = typeof rule.end === "string" ? {} : rule.end;
  checkLastItem(context, route, rule, origin);
  const figures = [
    ...Object.entries(end).map(([name, pointer]) => [pointer, within(origin, "end", name)] as const),
    ...(rule.total === undefined ? [] : [[rule.total, within(origin, "total")] as const]),
  ];
  for (const [pointer, at] of figures) {
    if (pointer === undefined || !pointer.startsWith("/") || follow(answer, pointer) !== "nothing") continue;
    const names = propertyNames(answer).map((name) => `/${name}`);
    report(resultNotFound({ at, pointer, near: nearest(pointer, names) }));
  }
}

/** The mark of the last item must be in the items, as far as the description says what is. */
function checkLastItem(
  context: ToolContext,
  route: Route,
  { token }: PaginationSettings,
  origin: Paging["origin"],
): void {
  const answer = answerOf(route.operation);
  if (typeof token !== "object" || !answer) return;
  const lists = (itemPointers(context, route) ?? []).map((pointer) => follow(answer, pointer));
  const items = lists.flatMap((list) => (typeof list === "string" ? [] : [item(list)]));
  const known = items.flatMap((one) => (typeof one === "string" ? [] : [one]));
  if (known.length === 0 || known.some((one) => follow(one, token.last_item) !== "nothing")) return;
  const names = known.flatMap(propertyNames).map((name) => `/${name}`);
  const at = within(origin, "token", "last_item");
  context.report(resultNotFound({ at, pointer: token.last_item, near: nearest(token.last_item, names) }));
}
