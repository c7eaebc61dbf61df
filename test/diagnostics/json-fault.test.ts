import { expect, test } from "vitest";
import { findJsonFault } from "../../src/diagnostics/json-fault.ts";

const faults = [
  { given: '{"a": 1,}', want: { offset: 8, reason: 'a name in quotes was expected, not "}"' } },
  { given: "[1, 2,]", want: { offset: 6, reason: 'a value was expected, not "]"' } },
  { given: '{"a" 1}', want: { offset: 5, reason: '`:` was expected, not "1"' } },
  { given: '{"a": 1 "b": 2}', want: { offset: 8, reason: '`,` or `}` was expected, not "\\""' } },
  { given: "{'a': 1}", want: { offset: 1, reason: 'a name in quotes or `}` was expected, not "\'"' } },
  { given: '{"a": undefined}', want: { offset: 6, reason: 'a value was expected, not "u"' } },
  { given: '{"a": "line\nbreak"}', want: { offset: 6, reason: 'a value was expected, not "\\""' } },
  { given: '{"a": 1} x', want: { offset: 9, reason: 'the end of the file was expected, not "x"' } },
  { given: '{"a": [1', want: { offset: 8, reason: "the file ends too early" } },
  { given: "  ", want: { offset: 2, reason: "the file ends too early" } },
  { given: "[}", want: { offset: 1, reason: 'a value or `]` was expected, not "}"' } },
];

test.each(faults)("$given", ({ given, want }) => {
  expect(findJsonFault(given)).toEqual(want);
  expect(() => JSON.parse(given) as unknown).toThrow();
});

test.each(["{}", "[]", '{"a": [1, -2.5e-3, true, null, "\\u00e9\\n\u007f"]}', ' "x" ', "0", '"\u2028"'])(
  "finds nothing in %s",
  (text) => {
    expect(findJsonFault(text)).toBeUndefined();
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  },
);

test("a long text and deep nesting are no trouble", () => {
  expect(findJsonFault(`"${"a\\n".repeat(1_000_000)}"`)).toBeUndefined();
  expect(findJsonFault(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`)).toBeUndefined();
});
