import { z } from "zod";
import { fail, pageFigure, pointer } from "./text-schema.ts";

const size = z
  .strictObject({
    parameter: z.string().optional().describe("The vendor's parameter for the page size; filled by Toolwright."),
    max: z.int().min(1).optional().describe("Most items that one page can hold."),
    fixed: z.int().min(1).optional().describe("Items in every page, when the vendor lets nobody choose."),
  })
  .superRefine((value, context) => {
    const chosen = value.parameter !== undefined && value.max !== undefined && value.fixed === undefined;
    const fixed = value.fixed !== undefined && value.parameter === undefined && value.max === undefined;
    if (chosen || fixed) return;
    fail(context, {
      expected: "`parameter` with `max`, or `fixed` alone,",
      example: "size: { parameter: per_page, max: 100 }",
    });
  });

const figures = ["total", "pages", "token", "flag", "link"] as const;
const end = z
  .union([
    z.enum(["link", "short-page", "single"]),
    z
      .strictObject({
        total: pageFigure.optional().describe("The number of all items: the last page reaches it."),
        pages: pageFigure.optional().describe("The number of pages."),
        token: pageFigure.optional().describe("The token of the next page; absent or empty on the last one."),
        flag: pageFigure.optional().describe("True as long as there is another page."),
        link: pageFigure
          .optional()
          .describe("The URL of the next page; absent, null or empty on the last one. Never followed."),
      })
      .superRefine((value, context) => {
        const given = figures.filter((figure) => value[figure] !== undefined);
        if (given.length === 1) return;
        fail(context, { expected: "one of total, pages, token, flag and link", example: "end: { total: /total }" });
      }),
  ])
  .meta({
    description:
      "What tells that there is another page: `link` (Link header with rel=next), `short-page` (fewer items than the size), " +
      "`single` (the vendor answers everything at once; limit and cursor slice it), or where a figure of the answer stands.",
    examples: ["link", { total: "/total" }],
  });

/** A parameter by its name, or with what it counts from. */
const counted = z.union([
  z.string(),
  z.strictObject({
    parameter: z.string().describe("The vendor's parameter."),
    first: z.union([z.literal(0), z.literal(1)]).describe("What it says of the first page."),
  }),
]);

const token = z.union([
  z.string(),
  z.strictObject({
    parameter: z.string().describe("The vendor's parameter."),
    last_item: pointer.describe("Where the token of the next page stands in the last item: `/id`."),
  }),
]);

/** A rule of paging: which of the vendor's parameters Toolwright fills, and when there is no further page. */
export const paginationRule = z
  .strictObject({
    page: counted.optional().meta({
      description: "The vendor's parameter for the number of the page, from 1 unless `first: 0` says otherwise.",
    }),
    offset: counted.optional().meta({
      description: "The vendor's parameter for the number of items to skip, or with `first: 1` for the first item.",
    }),
    token: token.optional().meta({ description: "The vendor's parameter for the token of the page." }),
    size: size.optional().meta({
      description: "How many items a page holds. Not needed with `end: single`.",
      examples: [{ parameter: "per_page", max: 100 }],
    }),
    end,
    max_pages: z.int().min(1).optional().describe("The vendor serves no page beyond this one."),
    items: z
      .union([pointer, z.array(pointer).min(1)])
      .optional()
      .describe(
        "Where the items stand, when the tool's `result.items` does not say it. Several: the first that is a list.",
      ),
    total: pageFigure.optional().describe("Where the number of all items stands, when `end` does not say it."),
    filter: z
      .literal(true)
      .optional()
      .describe("With `end: single`: the model may narrow the whole list by what its fields hold; we do it."),
    sort: z
      .literal(true)
      .optional()
      .describe("With `end: single`: the model may have the whole list in the order of a field; we do it."),
  })
  .superRefine((rule, context) => {
    if (rule.end === "single") return;
    if (rule.filter || rule.sort) {
      fail(context, {
        expected: "`filter` and `sort` with `end: single` only: of other lists we never have the whole",
        example: "{ end: single, filter: true, sort: true }",
      });
    }
    const counted = [rule.page, rule.offset].filter((name) => name !== undefined);
    if (counted.length > 1 || (counted.length === 0 && rule.token === undefined)) {
      fail(context, {
        expected: "one of `page` and `offset`, or a `token`, which may stand beside one of them,",
        example: "{ page: page, size: { fixed: 30 }, end: link }",
      });
    }
    const mark = tokenSource(rule);
    if (rule.token !== undefined && mark !== 1) {
      fail(context, {
        expected:
          "one place of the next token: in `end: { token }`, `end: { link }`, `end: link`, or `token: { last_item }`",
        got: mark === 0 ? "none" : "two",
        example: "token: { parameter: starting_after, last_item: /id }",
      });
    }
    if (!rule.size) {
      fail(context, { expected: "a `size`", example: "size: { parameter: per_page, max: 100 }" });
    }
  })
  .describe("How the vendor pages. The vendor's paging parameters vanish from the tool; `limit` and `cursor` appear.");

/** How many places of the next token a rule names. */
function tokenSource({ token, end }: { readonly token?: unknown; readonly end: unknown }): number {
  const ofItem = typeof token === "object";
  const told = end === "link" || (typeof end === "object" && end !== null && ("token" in end || "link" in end));
  return Number(ofItem) + Number(told);
}

/** A rule of paging, as written in tools.yaml. */
export type PaginationSettings = z.output<typeof paginationRule>;

/** The vendor's parameter that a setting of a rule names, however it is written. */
export function parameterOf(said: PaginationSettings["page"] | PaginationSettings["token"]): string | undefined {
  return typeof said === "object" ? said.parameter : said;
}
