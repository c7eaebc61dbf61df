import type { Operation, OperationParameter } from "../../spec/operation.ts";
import { openSchema } from "../plan/inline-schema.ts";
import { members, typesOf } from "../plan/schema.ts";
import type { PaginationSettings } from "../tools-file/pagination-schema.ts";
import { figuresOf, itemProperties, type AnswerList } from "./answer.ts";

/** How an operation pages, or why nothing is proposed. */
export type FoundPaging =
  | { readonly rule: PaginationSettings; readonly kind: "pages" | "offset" | "cursor" | "whole" }
  | { readonly rule: undefined; readonly remark: string | undefined };

const PAGE = /^(?:page|page_?(?:number|no|num|index)|current_?page|p|pagenr)$/;
const OFFSET = /^(?:offset|skip|start|start_?at|start_?index|from|first_?result|page_?offset|start_?position)$/;
const TOKEN =
  /^(?:cursor|(?:next_?)?page_?token|next_?token|(?:next_?|start_?|end_?|page_?)cursor|continuation(?:_?token)?|continue|starting_?token|marker|bookmark|scroll_?id|after|page_?after|starting_?after|next|page_?id|skip_?token|offset|page)$/;
const PAGE_TOKEN = /^(?:next_?)?page_?token$/;
const SIZE =
  /^(?:per_?page|page_?(?:size|limit|length)|limit|size|count|max_?(?:results|items|records|keys)|results_?per_?page|items_?per_?page|top|rows|num_?results|take|first|page_?count|maxpagesize|batch_?size)$/;
const NEXT_TOKEN =
  /(?:^|\/)(?:next|next_?(?:cursor|page_?token|token|marker|offset|page(?:_?(?:id|cursor))?|bookmark|page_?start)|cursors?\/(?:next|after)|paging\/next\/after|next_?page\/offset|next\/after|continuation(?:_?token)?|continue|end_?cursor|page_?token|cursor|nextpagetoken|scroll_?id|after|marker)$/;
const LINKS = /(?:^|\/)links?\//; // what stands under `links` is a URL, whatever its format
const FLAG =
  /(?:^|\/)(?:has_?(?:more|next)(?:_?(?:page|items|data|results))?|more(?:_?available|_?items)?|is_?truncated)$/;
const NEXT_URL =
  /(?:^|\/)(?:odata_)?(?:next|next_?(?:page)?_?(?:url|uri|link|href)|(?:links?|paging)\/(?:pages\/)?next(?:\/href)?)$/;
const AFTER_ITEM = /^(?:starting_?after|after_?id|last_?id|since_?id)$/;
const PAGES = /(?:^|\/)(?:total_?pages|pages_?total|page_?count|num_?pages|last_?page|pages)$/;
const TOTAL =
  /(?:^|\/)(?:total|total_?(?:count|results|items|records|elements|hits|entries|size|number|rows)|count_?total|(?:items|results|records|entries)_?total|found|num_?(?:results|found|items)|record_?count)$/;
const TOTAL_HEADER = /^(?:x-)?(?:pagination-)?total(?:-count|-results|-items)?$|^x-.*total-count$/i;

/** Finds how a list is read page by page, from the parameters, the answer and its headers. */
export function findPaging(operation: Operation, list: AnswerList | undefined): FoundPaging {
  const parameters = operation.parameters.filter(({ in: place }) => place === "query");
  const size = sizeOf(operation, parameters);
  const number = parameters.find((one) => PAGE.test(asked(one.name)) && mayBe(operation, one, "integer"));
  const offset = parameters.find(
    (one) => OFFSET.test(asked(one.name)) && mayBe(operation, one, "integer") && one !== size?.parameter,
  );
  const token = parameters.find(
    (one) => TOKEN.test(asked(one.name)) && mayBe(operation, one, "string") && one !== size?.parameter,
  );
  const pages = size?.rule ?? { fixed: 0 };
  const named = [number, offset, token, size?.parameter].flatMap((one) => (one ? [`\`${one.name}\``] : []));
  if (!list) {
    const by = [...new Set(named)].join(" and ");
    return { rule: undefined, remark: by === "" ? undefined : `it pages by ${by}; where the list stands is not said` };
  }
  const figures = figuresOf(operation).map((figure) => ({ ...figure, flat: flat(figure.pointer) }));
  const nextToken = figures.find(
    ({ flat: name, format, types }) =>
      NEXT_TOKEN.test(name) &&
      !LINKS.test(name) &&
      format !== "uri" &&
      (types.length === 0 || types.some((type) => type === "string" || type === "integer")),
  );
  if (token && nextToken && !((number === token || offset === token) && !isText(operation, token))) {
    return {
      kind: "cursor",
      rule: {
        token: token.name,
        size: size?.rule ?? { fixed: 100 },
        end: { token: nextToken.pointer },
        ...totalBeside(figures),
      },
    };
  }
  const ofItem = afterLastItem(operation, parameters, list);
  const flag = figures.find(({ flat: name, types }) => FLAG.test(name) && types.includes("boolean"));
  if (ofItem && flag && size && !nextToken)
    return {
      kind: "cursor",
      rule: { token: ofItem, size: size.rule, end: { flag: flag.pointer }, ...totalBeside(figures) },
    };
  const nextUrl = nextUrlOf(figures);
  if (token && nextUrl && !number && !offset)
    return {
      kind: "cursor",
      rule: {
        token: token.name,
        size: size?.rule ?? { fixed: 100 },
        end: { link: nextUrl.pointer },
        ...totalBeside(figures),
      },
    };
  const header = operation.responses.filter(({ status }) => status.startsWith("2")).flatMap(({ headers }) => headers);
  const linked = header.some((name) => name.toLowerCase() === "link");
  if (token && linked && !number && !offset)
    return { kind: "cursor", rule: { token: token.name, size: size?.rule ?? { fixed: 100 }, end: "link" } };
  const page =
    number && (startsAtZero(operation, number) ? { parameter: number.name, first: 0 as const } : number.name);
  const position = page !== undefined ? { page } : offset ? { offset: offsetOf(operation, offset) } : undefined;
  if (position && (size || number)) {
    const end = endOf(figures, header);
    const fixed = size ? pages : end === "short-page" ? undefined : { fixed: 30 };
    if (!fixed) return { rule: undefined, remark: "how many items a page holds is not said" };
    const rest = typeof end === "string" || !("total" in end) ? totalBeside(figures) : {};
    // Beside a number the URL of the next page may hold a token without which the vendor loses its way.
    const byUrl = typeof end === "object" && "link" in end;
    const mark = byUrl ? parameters.find((one) => PAGE_TOKEN.test(flat(one.name))) : undefined;
    return {
      kind: number ? "pages" : "offset",
      rule: { ...position, ...(mark && { token: mark.name }), size: fixed, end, ...rest },
    };
  }
  const next = figures.find(({ flat: name }) => /(?:^|\/)(?:odata_)?next/.test(name) || FLAG.test(name));
  if (!token && (next || linked)) return { rule: undefined, remark: UNASKED };
  if (named.length > 0) {
    return {
      rule: undefined,
      remark:
        token && !nextToken
          ? `it pages by ${[...new Set(named)].join(" and ")}; where the next one stands is not said`
          : undefined,
    };
  }
  const ofBody = bodyNames(operation).filter((name) => [PAGE, OFFSET, SIZE].some((form) => form.test(asked(name))));
  if (ofBody.length > 0)
    return {
      rule: undefined,
      remark: `it pages by ${ofBody
        .slice(0, 3)
        .map((name) => `\`${name}\``)
        .join(" and ")} of its body`,
    };
  return { kind: "whole", rule: { end: "single" } };
}

const UNASKED =
  "the answer names a next page, and no parameter is known that asks for it; an overlay can add the one that does";

/** The properties of a body, where paging would stand. */
function bodyNames({ requestBody, definitions }: Operation): string[] {
  return (requestBody?.content ?? []).flatMap(({ schema }) =>
    Object.keys(members(openSchema(schema, definitions), "properties")),
  );
}

/** Vendors that go on after the last item name the parameter for it, and the item's mark is its id. */
function afterLastItem(
  operation: Operation,
  parameters: readonly OperationParameter[],
  list: AnswerList,
): { readonly parameter: string; readonly last_item: string } | undefined {
  const parameter = parameters.find(({ name }) => AFTER_ITEM.test(flat(name)));
  const ids = list.item ? itemProperties(list.item).filter(({ name }) => name === "id") : [];
  if (!parameter || ids.length === 0 || !mayBe(operation, parameter, "string")) return undefined;
  return { parameter: parameter.name, last_item: "/id" };
}

/** SCIM and others count items from 1 (RFC 7644 §3.4.2.4). */
function offsetOf(operation: Operation, parameter: OperationParameter): PaginationSettings["offset"] {
  const { minimum, default: standard } = openSchema(parameter.schema, operation.definitions);
  const fromOne =
    standard === 1 ||
    (standard === undefined && minimum === 1) ||
    /\b(?:1|one)[- ]based\b/i.test(parameter.description);
  return fromOne ? { parameter: parameter.name, first: 1 } : parameter.name;
}

type Figure = ReturnType<typeof figuresOf>[number] & { readonly flat: string };

function nextUrlOf(figures: readonly Figure[]): Figure | undefined {
  return figures.find(
    ({ flat: name, format, types }) =>
      NEXT_URL.test(name) &&
      types.includes("string") &&
      (format === "uri" || LINKS.test(name) || /_?(?:url|uri|link|href)$/.test(name)),
  );
}

function endOf(figures: readonly Figure[], headers: readonly string[]): PaginationSettings["end"] {
  if (headers.some((name) => name.toLowerCase() === "link")) return "link";
  const at = (pattern: RegExp, type: RegExp): string | undefined =>
    figures.find(
      (one) =>
        pattern.test(one.flat) &&
        (one.types.length === 0 || one.types.some((name) => type.test(name)) || /^u?int\d+$/.test(one.format)),
    )?.pointer;
  const flag = at(FLAG, /boolean/);
  if (flag !== undefined) return { flag };
  const pages = at(PAGES, /integer|number/);
  if (pages !== undefined) return { pages };
  const total = at(TOTAL, /integer|number/);
  if (total !== undefined) return { total };
  const nextUrl = nextUrlOf(figures);
  if (nextUrl) return { link: nextUrl.pointer };
  const header = headers.find((name) => TOTAL_HEADER.test(name));
  return header !== undefined && /^[A-Za-z0-9-]+$/.test(header)
    ? { total: `$response.header.${header}` }
    : "short-page";
}

function totalBeside(figures: readonly Figure[]): { readonly total?: string } {
  const total = figures.find(
    ({ flat: name, types }) => TOTAL.test(name) && types.some((type) => /integer|number/.test(type)),
  );
  return total ? { total: total.pointer } : {};
}

const UNSAID_SIZE = 50; // items: what hardly any vendor refuses

function sizeOf(
  operation: Operation,
  parameters: readonly OperationParameter[],
):
  | { readonly parameter: OperationParameter; readonly rule: { readonly parameter: string; readonly max: number } }
  | undefined {
  const found = parameters.filter((one) => SIZE.test(asked(one.name)) && mayBe(operation, one, "integer"));
  const parameter = found.find(({ name }) => /page|limit|size/i.test(name)) ?? found[0];
  if (!parameter) return undefined;
  const schema = openSchema(parameter.schema, operation.definitions);
  const text = `${parameter.description} ${typeof schema["description"] === "string" ? schema["description"] : ""}`;
  const told =
    /(?:max(?:imum|\.)?|up to|at most|no more than|upper limit|between 1 and|1\s*(?:-|–|to)\s*)[^0-9.]{0,40}(\d[\d,]{0,5})/i.exec(
      text,
    )?.[1];
  const bound = [
    schema["maximum"],
    told === undefined ? undefined : Number(told.replaceAll(",", "")),
    schema["default"],
  ].find((one): one is number => typeof one === "number" && Number.isInteger(one) && one >= 1);
  return { parameter, rule: { parameter: parameter.name, max: Math.min(bound ?? UNSAID_SIZE, 1000) } };
}

function startsAtZero(operation: Operation, parameter: OperationParameter): boolean {
  const schema = openSchema(parameter.schema, operation.definitions);
  if (schema["default"] === 0) return true;
  if (schema["default"] !== undefined) return false;
  return (
    /\b(?:zero|0)[- ](?:based|indexed)\b|\b(?:starts?|starting|begins?) (?:at|from|with) (?:0|zero)\b/i.test(
      parameter.description,
    ) || schema["minimum"] === 0
  );
}

function isText(operation: Operation, parameter: OperationParameter): boolean {
  return typesOf(openSchema(parameter.schema, operation.definitions)).every((type) => type === "string");
}

/** Whether a parameter takes a kind of value, as far as the description says. */
function mayBe(operation: Operation, parameter: OperationParameter, kind: "integer" | "string"): boolean {
  const types = typesOf(openSchema(parameter.schema, operation.definitions)).filter((type) => type !== "null");
  if (types.length === 0) return true;
  if (kind === "string") return types.includes("string");
  return (
    types.some((type) => type === "integer" || type === "number") ||
    (types.includes("string") &&
      (/page|limit|size/.test(parameter.name.toLowerCase()) || isCount(operation, parameter)))
  );
}

/** A number that is described as a text: 64 bits in JSON (`format: int64`), or a vendor who knows no other type. */
function isCount({ definitions }: Operation, { schema, description }: OperationParameter): boolean {
  const { format } = openSchema(schema, definitions);
  return (
    (typeof format === "string" && /^u?int\d+$/.test(format)) ||
    /\b(?:number of|how many|maximum|zero[- ]based|index of|results to (?:skip|return))\b/i.test(description)
  );
}

/** What a parameter asks for, without the object that it is a member of: `Paging.PageIndex` → page_index. */
function asked(name: string): string {
  return flat(name).replace(
    /^(?:paging|pagination|paged?_?(?:request|info|options|params|query)|pageable|options|params)_(?=\w)/,
    "",
  );
}

/** A name without its spelling: `page[size]` → page_size, `$top` → top, `perPage` → per_page. Slashes stay. */
function flat(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9/]+/g, "_")
    .replaceAll(/(?<=^|\/)_+|_+(?=$|\/)/g, "");
}
