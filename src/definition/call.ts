import type { Pagination } from "./pagination.ts";
import type { Method, Request } from "./request.ts";
import type { ExpressionText, Template } from "./template.ts";

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
