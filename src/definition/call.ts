import type { ExpressionText, Template } from "./template.ts";

/** An HTTP method: any token (RFC 9110 §9.1), since OpenAPI 3.2 lets vendors have methods of their own. Case matters. */
export type Method = string;

/** What a call does to the vendor's data. Default: `read` for GET, HEAD, OPTIONS and QUERY, otherwise `write`. */
export type Effect = "read" | "write" | "destructive";

/**
 * A condition. `"$inputs.query"` holds when the argument was given, `"!$inputs.query"` when not; what an answer gives as `null` counts
 * as not given. `"$statusCode == 200"` compares with a JSON literal by `==`, `!=`, `<`, `<=`, `>` or `>=`; `||` stands between alternatives.
 */
export type Criterion = string | PatternCriterion;

/** A condition by regular expression over a text (Arazzo Criterion Object); `(?i)` at its start ignores capitals. */
export interface PatternCriterion {
  readonly context: ExpressionText;
  readonly condition: string;
  readonly type: "regex";
}

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

/** One way to carry out a step: a request, when it applies, and how its answer is read. */
export interface Call {
  readonly when?: Criterion | readonly Criterion[];
  readonly effect?: Effect;
  /** The same call twice does no more than once. Default: by method (RFC 9110 §9.2.2). */
  readonly idempotent?: boolean;
  readonly request: Request | CredentialAction;
  readonly pagination?: Pagination;
  /** How the answer's body is read, and asked for. Default: `json`. `events` and `lines` are collected up to a bound. */
  readonly answer?: "json" | "text" | "binary" | "events" | "lines";
  /** For as long as this what a read answered is used again, for the same request with the same credential. */
  readonly cacheSeconds?: number;
  /** The request asks whether the vendor takes its credential as it is, and the answer is how that stands; nothing is renewed for it. */
  readonly check?: true;
}

/** Something that is done with a credential instead of a request. Its answer tells how the credential stands, and no value of it. */
export interface CredentialAction {
  readonly credential: string;
  readonly action: "establish" | "refresh" | "check" | "reload";
}

/** The request of a call; undefined when the call is an action of a credential. */
export function requestOf({ request }: Pick<Call, "request">): Request | undefined {
  return "action" in request ? undefined : request;
}

/** Methods that change nothing (RFC 9110 §9.2.1); `TRACE`, which echoes credentials, is not taken for one. */
const READING: ReadonlySet<Method> = new Set(["GET", "HEAD", "OPTIONS", "QUERY"]);

/** What a call does: what it says of itself, otherwise what its method says; beginning or renewing a session writes. */
export function effectOf({ effect, request }: Pick<Call, "effect" | "request">): Effect {
  if (effect) return effect;
  const reads =
    "action" in request ? request.action === "check" || request.action === "reload" : READING.has(request.method);
  return reads ? "read" : "write";
}

/** One step of a tool: the first call whose `when` holds; none: the step is skipped. */
export interface Step {
  readonly stepId: string;
  readonly calls: readonly Call[];
  /** What later steps may use: a part of the answer, of an argument or of an earlier output, one row that is looked up, or what is made of it. */
  readonly outputs?: Readonly<Record<string, ExpressionText | Lookup | Projection>>;
  /** Ends the tool after this step, with a message for the model. */
  readonly stop?: Stop;
}

/** A condition over the answer of a step that ends the tool. */
export interface Stop {
  readonly when: Criterion | readonly Criterion[];
  readonly message: Template;
}

/**
 * One row of a list, found by what a person calls it. Equality goes first (capitals do not count), then a part of a text; none or
 * several are a problem for the model, with candidates.
 */
export interface Lookup {
  /** Where the list stands. */
  readonly in: ExpressionText;
  /** What is looked for. */
  readonly value: ExpressionText;
  /** Fields of which one equals the value, by dotted path: `id`, `course.code`. */
  readonly equals: readonly string[];
  /** Fields of which one contains the value, when none equals it. */
  readonly contains?: readonly string[];
  /** Fields that tell candidates apart. Default: those above. */
  readonly show?: readonly string[];
}

/** A value in another shape: each row of a list with the names that a later request wants. */
export interface Projection {
  /** Where the value stands. */
  readonly in: ExpressionText;
  /** JMESPath over it. */
  readonly project: string;
}

/** A text of the answer that is cleaned: HTML to plain text, cut at a length. */
export interface TextRule {
  /** Dotted path in an item or in the value: `description`, `conversations[].body`. */
  readonly at: string;
  readonly html?: true;
  readonly maxChars?: number;
}

/** What of the last answer the model gets. For a paged call the value is each item. */
export interface Result {
  /** A part of the answer, or a template over the outputs of all steps. Default: the whole body, or the items of a paged call. */
  readonly value?: Template;
  /** Fields to keep: `id`, `requester.name`, `attachments[].name`. Absent: all. */
  readonly fields?: readonly string[];
  /** JMESPath, for what `fields` cannot say. */
  readonly project?: string;
  readonly text?: readonly TextRule[];
  /** Keeps `null` members; they are dropped by default. */
  readonly keepNulls?: true;
}
