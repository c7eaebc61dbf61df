import type { ExpressionText, Template } from "./template.ts";

/** An HTTP method: any token (RFC 9110 §9.1), since OpenAPI 3.2 lets vendors have methods of their own. Case matters. */
export type Method = string;

/** How a parameter is written when its serialisation differs from OpenAPI's default for its place. */
export interface StyledValue {
  readonly value: Template;
  /**
   * Default: `form` in query and cookie, `simple` in path and header (OAS 3.1.1 §4.8.12).
   * `tabDelimited` is Swagger 2.0's `collectionFormat: tsv`, which OpenAPI 3 has no style for.
   */
  readonly style?:
    | "form"
    | "simple"
    | "label"
    | "matrix"
    | "spaceDelimited"
    | "pipeDelimited"
    | "tabDelimited"
    | "deepObject"
    | "cookie";
  /** Default: {@link explodesByDefault}. */
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  /** The value is serialised as this media type instead of by a style (`content` parameters). */
  readonly contentType?: string;
}

/** Whether lists and objects of a style are taken apart when nobody says so (OAS 3.2.0 §4.12.2.2); `deepObject` has no other way. */
export function explodesByDefault(style: string): boolean {
  return style === "form" || style === "cookie" || style === "deepObject";
}

/** Parameters of one place, by the vendor's names. */
export type Parameters = Readonly<Record<string, Template | (StyledValue & { readonly style?: string })>>;

/** A multipart part or form field that needs more than the default of its media type (OAS Encoding Object). */
export interface Encoding {
  readonly contentType?: string;
  readonly style?: string;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
}

/** A request body. */
export interface Body {
  /** One media type, or several: the first that can carry the payload is used (JSON cannot carry a file). */
  readonly contentType?: string | readonly string[];
  readonly payload: Template;
  /** Arrays as `name[]` and objects as `name[key]` in form bodies; default: repeated names, objects as JSON. */
  readonly nesting?: "brackets";
  readonly encoding?: Readonly<Record<string, Encoding>>;
  /** Parts of a multipart body are told apart by their order and not by names, as they always are in `multipart/related`. */
  readonly unnamed?: true;
  /** The body may be left out: without any member nothing is sent, with any these members must be there too. */
  readonly needs?: readonly string[];
}

/** A value that is a whole query (OAS 3.2.0 §4.12.1, `in: querystring`). */
export interface Querystring {
  readonly value: Template;
  readonly contentType: string;
}

/** One HTTP request, as a template. Defaults are OpenAPI's; only what differs from them is written. */
export interface Request {
  readonly method: Method;
  /** The path template of the description, under the server's URL: `/tickets/{ticket_id}`. */
  readonly path: string;
  /** A server's name in the API's `servers`. */
  readonly server: string;
  /**
   * The whole URL, which an earlier answer gave; `path` is then "". `server` names the hosts that it may lead to, and nothing of ours
   * is sent but what is listed here.
   */
  readonly url?: ExpressionText;
  /** A credential's name in the API's `credentials`. Absent: nothing of ours is sent. */
  readonly credential?: string;
  readonly pathParameters?: Parameters;
  readonly query?: Parameters;
  /** OpenAPI 3.2's `querystring`: one value that is the whole query, written as its media type. */
  readonly querystring?: Querystring;
  readonly header?: Parameters;
  readonly cookie?: Parameters;
  readonly body?: Body;
}
