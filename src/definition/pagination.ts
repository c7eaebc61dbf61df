import type { ExpressionText } from "./template.ts";

/** How a list is read page by page. Positions are filled in by `$page.number`, `index`, `offset`, `start`, `token` and `size`. */
export interface Pagination {
  /** Where the items stand: `$response.body#/tickets`. Several: the first that is an array. */
  readonly items: ExpressionText | readonly ExpressionText[];
  /** Items a page holds at most. `fixed`: the vendor decides, no size is sent. */
  readonly size: { readonly max: number; readonly fixed?: true };
  /** The vendor serves no page beyond this one. */
  readonly maxPages?: number;
  readonly end: PageEnd;
  /** The token of the next page is this of the last item: a JSON Pointer into it, `/id`. */
  readonly lastItem?: string;
  /** Where the number of all items stands, when the vendor tells it. */
  readonly total?: ExpressionText;
  /** With `end` `single`: the tool takes `filter`, a mapping of fields to values, which goes over the whole list. */
  readonly filter?: true;
  /** With `end` `single`: the tool takes `sort`, the name of a field, which orders the whole list. */
  readonly sort?: true;
}

/** What says that there is, or is not, another page. */
export type PageEnd =
  /**
   * The URL of the next page: of an RFC 8288 Link header with rel="next", or at a place of the answer. It is never followed; `token` is
   * the query parameter of it that is the token of the next page.
   */
  | { readonly by: "link"; readonly at?: ExpressionText; readonly token?: string }
  | { readonly by: "short-page" } // fewer items than the size
  | { readonly by: "single" } // the vendor answers everything at once; `limit` and `cursor` slice it
  | { readonly by: "total" | "pages" | "token" | "flag"; readonly at: ExpressionText };
