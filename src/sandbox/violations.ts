import type { ErrorObject } from "ajv";

/** One way in which a request does not fit the description. */
export interface Violation {
  /** The vendor's name of the parameter or body field; `body` for the whole of it. */
  readonly field: string;
  /** The JSON Schema keyword that it offends, or `json`, `form` or `encoding` for what could not be read. */
  readonly keyword: string;
  readonly message: string;
  /** What the keyword wanted: `allowedValues`, `limit` and the like. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Keywords that only say that one of several schemas, told apart beside them, did not fit. */
const BRANCHES: ReadonlySet<string> = new Set(["anyOf", "oneOf", "if"]);

/** What Ajv found, as complaints about single fields: each field and keyword once. */
export function violationsOf(errors: readonly ErrorObject[]): readonly Violation[] {
  const told = errors.filter(({ keyword }) => !BRANCHES.has(keyword));
  const violations = (told.length > 0 ? told : errors).map(violationOf);
  const once = new Map(violations.map((violation) => [`${violation.keyword} ${violation.field}`, violation]));
  return [...once.values()];
}

function violationOf(error: ErrorObject): Violation {
  const facts = error.params as Readonly<Record<string, unknown>>; // Ajv's are always an object
  // Ajv sees { path, query, requestBody, … }; the vendor speaks of the field alone.
  const [part, ...path] = error.instancePath.split("/").filter(Boolean);
  const field = path.find((token) => !/^\d+$/.test(token));
  const name = field ?? facts["additionalProperty"] ?? facts["missingProperty"] ?? part;
  return {
    field: name === "requestBody" ? "body" : String(name ?? "request"),
    keyword: error.keyword,
    message: error.message ?? "is not valid",
    facts,
  };
}
