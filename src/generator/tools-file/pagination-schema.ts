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

const figures = ["total", "pages", "token", "flag"] as const;
const end = z
  .union([
    z.enum(["link", "short-page", "single"]),
    z
      .strictObject({
        total: pageFigure.optional().describe("The number of all items: the last page reaches it."),
        pages: pageFigure.optional().describe("The number of pages."),
        token: pageFigure.optional().describe("The token of the next page; absent or empty on the last one."),
        flag: pageFigure.optional().describe("True as long as there is another page."),
      })
      .superRefine((value, context) => {
        const given = figures.filter((figure) => value[figure] !== undefined);
        if (given.length === 1) return;
        fail(context, { expected: "one of total, pages, token and flag", example: "end: { total: /total }" });
      }),
  ])
  .meta({
    description:
      "What tells that there is another page: `link` (Link header with rel=next), `short-page` (fewer items than the size), " +
      "`single` (the vendor answers everything at once; limit and cursor slice it), or where a figure of the answer stands.",
    examples: ["link", { total: "/total" }],
  });

/** A rule of paging: which of the vendor's parameters Toolwright fills, and when there is no further page. */
export const paginationRule = z
  .strictObject({
    page: z.string().optional().describe("The vendor's parameter for the number of the page, from 1."),
    offset: z.string().optional().describe("The vendor's parameter for the number of items to skip."),
    token: z.string().optional().describe("The vendor's parameter for the token of the page."),
    size: size.optional().describe("How many items a page holds. Not needed with `end: single`."),
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
    const given = [rule.page, rule.offset, rule.token].filter((name) => name !== undefined);
    if (given.length !== 1) {
      fail(context, {
        expected: "one of `page`, `offset` and `token`",
        example: "{ page: page, size: { fixed: 30 }, end: link }",
      });
    }
    if (!rule.size) {
      fail(context, { expected: "a `size`", example: "size: { parameter: per_page, max: 100 }" });
    }
  })
  .describe("How the vendor pages. The vendor's paging parameters vanish from the tool; `limit` and `cursor` appear.");

/** A rule of paging, as written in tools.yaml. */
export type PaginationSettings = z.output<typeof paginationRule>;
