import { expect, test } from "vitest";
import { z } from "zod";
import { validateArguments } from "../../../src/runtime/call/validate.ts";
import { file } from "../../../src/runtime/file.ts";
import { Problem } from "../../../src/runtime/problem.ts";

const tool = {
  name: "createTicket",
  title: "Create ticket",
  description: "…",
  annotations: {},
  input: z.strictObject({
    subject: z.string().min(3).max(10),
    status: z.enum(["open", "pending", "closed"]).default("open"),
    priority: z.union([z.literal(1), z.literal(2)]).optional(),
    kind: z.literal([1, 2, 3]).optional(),
    requester_id: z.int().min(1),
    tags: z.array(z.string()).max(2).optional(),
    assets: z.array(z.strictObject({ display_id: z.int(), note: z.string().optional() })).optional(),
    due_by: z
      .string()
      .regex(/^\d{4}-/)
      .optional(),
    urgent: z.boolean().optional(),
    label: z.string().min(1).optional(),
    countries: z.array(z.enum(Array.from({ length: 200 }, (_, index) => `country${index}`))).optional(),
    custom_numbers: z.record(z.string(), z.number()).optional(),
    attachment: file().optional(),
    custom_fields: z.record(z.string(), z.unknown()).optional(),
  }),
  request: { method: "POST", path: "/tickets", server: "api" },
} as const;

const good = { subject: "Printer", requester_id: 7 };

function problem(args: unknown): Problem {
  try {
    validateArguments(tool, args);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("the arguments were accepted");
}

test("arguments that fit come back with their defaults", () => {
  expect(validateArguments(tool, good)).toEqual({ ...good, status: "open" });
});

const cases: readonly { readonly given: object; readonly want: string }[] = [
  {
    given: { ...good, status: "opne" },
    want: 'status: expected one of open, pending, closed; got "opne" (did you mean open?)',
  },
  { given: { ...good, status: 1 }, want: "status: expected one of open, pending, closed; got 1" },
  { given: { ...good, kind: "2" }, want: 'kind: expected one of 1, 2, 3; got "2" (write 2 without quotes)' },
  { given: { ...good, requester_id: "7" }, want: 'requester_id: expected a number; got "7" (write 7 without quotes)' },
  { given: { ...good, requester_id: 1.5 }, want: "requester_id: expected a whole number; got 1.5" },
  { given: { ...good, requester_id: 0 }, want: "requester_id: expected at least 1; got 0" },
  { given: { ...good, subject: "ab" }, want: 'subject: expected at least 3 characters; got "ab"' },
  {
    given: { ...good, subject: "x".repeat(100) },
    want: `subject: expected at most 10 characters; got "${"x".repeat(59)}…`,
  },
  { given: { ...good, subject: null }, want: "subject: expected text; got null" },
  { given: { ...good, tags: "vpn" }, want: 'tags: expected a list; got "vpn" (write ["vpn"])' },
  { given: { ...good, tags: ["a", "b", "c"] }, want: 'tags: expected at most 2 elements; got ["a","b","c"]' },
  { given: { ...good, tags: ["a", 2] }, want: "tags[1]: expected text; got 2" },
  { given: { ...good, assets: [{ display_id: "x" }] }, want: 'assets[0].display_id: expected a number; got "x"' },
  {
    given: { ...good, assets: [{ displayid: 1, display_id: 1 }] },
    want: "assets[0].displayid: unknown argument; did you mean display_id?",
  },
  { given: { ...good, due_by: "soon" }, want: 'due_by: expected text that matches /^\\d{4}-/; got "soon"' },
  {
    given: { ...good, urgent: "true" },
    want: 'urgent: expected true or false; got "true" (write true without quotes)',
  },
  { given: { ...good, priority: 9 }, want: "priority: fits none of the forms that it may have; got 9" },
  {
    given: { ...good, attachment: { filename: "a.txt", base64: "AA==" } },
    want: "attachment.filename: unknown argument; did you mean name?",
  },
  { given: { ...good, custom_fields: 5 }, want: "custom_fields: expected an object; got 5" },
  { given: { ...good, label: "" }, want: 'label: expected at least 1 character; got ""' },
  { given: { ...good, attachment: {} }, want: "attachment: give either path, or base64 with name" },
];

test.each(cases)("$want", ({ given, want }) => {
  expect(problem(given).message).toBe(`createTicket was not called; mend its arguments and call again.\n${want}`);
});

test("everything that is missing is named at once, and not as a wrong type", () => {
  const { message, facts } = problem({ assets: [{}] });
  expect(message).toBe(
    "createTicket was not called; mend its arguments and call again.\nMissing: subject, requester_id, assets[0].display_id.",
  );
  expect(facts.arguments).toEqual(
    ["subject", "requester_id", "assets[0].display_id"].map((argument) => ({ argument, message: "missing" })),
  );
});

test("T11 an unknown argument is refused, with the nearest names", () => {
  const { code, message, facts } = problem({ ...good, subjct: "x", is_admin: true });
  expect(code).toBe("invalid_arguments");
  expect(message).toContain("subjct: unknown argument; did you mean subject?");
  expect(message).toContain("is_admin: unknown argument; there is subject, status, priority, kind, requester_id");
  expect(facts.arguments?.map(({ argument }) => argument)).toEqual(["subjct", "is_admin"]);
});

test("no arguments at all count as an empty object", () => {
  expect(problem(undefined).message).toContain("Missing: subject, requester_id.");
  expect(problem(null).message).toContain("Missing: subject, requester_id.");
});

test.each([[["subject"]], ["text"], [7]])("%j is no object", (args) => {
  expect(problem(args).message).toBe("createTicket was not called: its arguments must be one JSON object.");
});

test("more complaints than a model can mend at once are counted", () => {
  const tags = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`other${index}`, 1]));
  expect(problem({ ...good, ...tags }).message.split("\n")).toHaveLength(12);
  expect(problem({ ...good, ...tags }).message).toContain("… and 4 more.");
});

test("T23 ten thousand faults, or one with a name of megabytes, take no time and a short message", { retry: 2 }, () => {
  const faults: readonly object[] = [
    Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`requestir_id_${index}`, 1])),
    { assets: Array.from({ length: 9_000 }, () => ({})) },
    { tags: Array.from({ length: 9_000 }, () => 1) },
    { countries: Array.from({ length: 9_000 }, (_, index) => `cuontry${index % 90}`) },
    { ["x".repeat(3_000_000)]: 1 },
    { custom_numbers: { ["x".repeat(3_000_000)]: "y".repeat(1_000_000) } },
  ];
  for (const fault of faults) {
    const before = performance.now();
    const { message, facts } = problem({ ...good, ...fault });
    expect(performance.now() - before).toBeLessThan(4_000); // was up to 7 s on an idle machine
    expect(message.length).toBeLessThan(5_000);
    expect(facts.arguments?.length).toBeLessThanOrEqual(40);
  }
});

test("T07 a member named __proto__ is refused at any depth", () => {
  for (const text of ['{"__proto__":{"a":1}}', '{"custom_fields":{"deep":[{"__proto__":1}]}}']) {
    expect(problem(JSON.parse(text)).message).toContain("holding a member named __proto__");
  }
  expect(Reflect.get({}, "a")).toBeUndefined();
});

test("T23 arguments nested 200,000 deep are refused without a crash", () => {
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  expect(problem({ ...good, custom_fields: { deep } }).message).toContain("nested deeper than 64 levels");
});

test("T23 the limits are exact: 64 levels, 10,000 values and 4 MiB pass, one more does not", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  validateArguments(tool, { ...good, custom_fields: { x: nested(62) } });
  expect(problem({ ...good, custom_fields: { x: nested(63) } }).message).toContain("nested deeper");
  validateArguments(tool, { ...good, custom_fields: { x: Array(9_996).fill(0) } });
  expect(problem({ ...good, custom_fields: { x: Array(9_997).fill(0) } }).message).toContain("more than 10,000 values");
  const used = "subjectPrinterrequester_idcustom_fieldsx".length;
  validateArguments(tool, { ...good, custom_fields: { x: "x".repeat(4 * 1024 * 1024 - used) } });
  expect(problem({ ...good, custom_fields: { x: "x".repeat(4 * 1024 * 1024 - used + 1) } }).message).toContain(
    "larger than 4 MiB",
  );
});
