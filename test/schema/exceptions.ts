const EMPTY_ENUM =
  "a list of no values is a vendor's oversight, never a wish to be sent nothing: it is read as no list. Ajv refuses the schema";
const BIG_INTEGER =
  "an integer beyond 2^53 - 1 in a description is read as text, since a number would be rounded; the suite's 9007199254740992 just is one";
const REMOTE = "the metaschema is a remote reference, and nothing is fetched over the network (T03)";
const UNEVALUATED =
  "unevaluatedProperties is left out, as it depends on what other keywords looked at; no description needs it to be called";

/** Tests of the suite in which our Zod and Ajv differ, in the suite's order, each with its reason. */
export const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ...["string", "number", "null", "object", "array", "boolean"].map(
    (type) => [`enum: empty enum › ${type} is invalid`, EMPTY_ENUM] as const,
  ),
  ["const: float and integers are equal up to 64-bit representation limits › integer is valid", BIG_INTEGER],
  ["const: float and integers are equal up to 64-bit representation limits › float is valid", BIG_INTEGER],
  [
    "properties: properties whose names are Javascript object property names › __proto__ not valid",
    "Ajv does not look at `__proto__`; the suite has it refused, as ours does",
  ],
  ["ref: remote ref, containing refs itself › remote ref invalid", REMOTE],
  [
    "ref: ref creates new scope when adjacent to keywords › referenced subschema doesn't see annotations from properties",
    UNEVALUATED,
  ],
  ["not: collect annotations inside a 'not', even if collection is disabled › unevaluated property", UNEVALUATED],
  ["defs: validate definition against metaschema › invalid definition schema", REMOTE],
]);
