import { z } from "zod";
import { Common, Shape, Through } from "./common.ts";
import { Fields, Names } from "./values.ts";

/** How one parameter narrows a list. */
export const Where = z.strictObject({
  in: z.enum(["query", "path", "args"]).default("query").describe("Where the parameter stands; args: of GraphQL."),
  field: z
    .string()
    .optional()
    .describe("Field of the row that it is compared with; default: the parameter's name. {query.x} names one."),
  op: z.enum(["=", ">=", "<=", "in", "language", "search"]).default("="),
  fields: Names.optional().describe("For search: what is looked through. For language: names that a query may use."),
  custom: z.string().optional().describe("For language: field whose members a query may name too."),
  default: z.json().optional().describe("Value when the parameter is absent."),
  any: z.json().optional().describe("The value that stands for all."),
  through: Through.optional().describe("Looks the value up in another collection first: an address becomes an id."),
  cases: z.record(z.string(), z.string()).optional().describe("Named conditions, in the query language."),
});

/** Answers rows of a collection, page by page. */
export const List = z.strictObject({
  list: z.string(),
  ...Shape,
  ...Common,
  page: z.union([
    z.enum(["none", "link"]),
    z.strictObject({ total: z.string().describe("Where the count of all rows stands."), size: z.int() }),
    z.strictObject({
      meta: Fields.describe("Members beside the list; {total}, {pages}, {page} and {size}, the last three if paged."),
      when: z.string().optional().describe("Parameter that turns paging on by being true; else all rows are there."),
      count: z.string().optional().describe("Parameter with the most rows of an answer without pages."),
      most: z.int().optional().describe("The most rows of an answer without pages, whatever is asked."),
    }),
  ]),
  fixed: z
    .strictObject({ when: Names, size: z.int(), pages: z.int() })
    .optional()
    .describe("With one of these parameters pages have a fixed size, and there are at most so many."),
  where: z.record(z.string(), Where).optional(),
  only: Fields.optional().describe("Rows must have these values: patterns."),
  sort: z
    .strictObject({
      by: z.string(),
      parameter: z.string().optional().describe("Query parameter with the direction, asc or desc."),
      field: z.string().optional().describe("Query parameter with the field to sort by."),
      descending: z.string().optional().describe("Query parameter that turns the order by being true."),
      direction: z.enum(["asc", "desc"]),
    })
    .optional(),
  window: z
    .strictObject({ field: z.string(), days: z.number(), unless: Names })
    .optional()
    .describe("Older rows are left out, unless one of these parameters is given."),
});

export type ListOperation = z.infer<typeof List>;
export type WhereRule = z.infer<typeof Where>;
