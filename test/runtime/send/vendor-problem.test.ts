import { expect, test } from "vitest";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { vendorProblem } from "../../../src/runtime/send/vendor-problem.ts";
import { callOf, deployed, scopeOf } from "../request/fixture.ts";

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function problemOf(body: unknown, { status = 422, headers = {} }: Answer = {}) {
  const request = await fillRequest(
    callOf({
      method: "POST",
      path: "/tickets/{id}",
      credential: "key",
      pathParameters: { id: "$inputs.ticket_id" },
      body: {
        payload: {
          subject: "$inputs.title",
          responder_id: "$inputs.assignee",
          tags: "$inputs.tags",
          custom_fields: { cost: "$inputs.cost" },
        },
      },
    }),
    scopeOf({ ticket_id: 7, title: "x" }),
    deployed(),
  );
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return vendorProblem({ status, headers: new Headers(headers), bytes }, request, "Acme");
}

const opening = "Acme refused POST /tickets/{id} (422 Unprocessable Entity)";

test.each([
  // 14 and 23: every shape that vendors answer in, in the model's own names
  [
    {
      description: "Validation failed",
      errors: [
        { field: "responder_id", message: "It should be a number", code: "invalid_value" },
        { field: "subject", message: "is missing" },
      ],
    },
    `${opening}: Validation failed. assignee: It should be a number. title: is missing.`,
  ],
  [
    { errors: { subject: ["can't be blank", "is too short"], "custom_fields.cost": "is odd" } },
    `${opening}. title: can't be blank. title: is too short. cost: is odd.`,
  ],
  [{ errors: { custom_fields: { cost: ["is odd"] } } }, `${opening}. cost: is odd.`],
  [{ error: { message: "Nope", code: "bad_thing" } }, "Acme refused POST /tickets/{id} (422 bad_thing): Nope."],
  [
    { error: { errors: [{ path: ["body", "tags", 0], message: "bad tag" }], message: "Nope" } },
    `${opening}: Nope. tags: bad tag.`,
  ],
  [{ message: "Nope" }, `${opening}: Nope.`],
  [{ Message: "Nope", ErrorCode: "E12" }, "Acme refused POST /tickets/{id} (422 E12): Nope."],
  [
    { error: "invalid_request", error_description: "Nope" },
    "Acme refused POST /tickets/{id} (422 invalid_request): Nope.",
  ],
  [{ error: "Nope" }, `${opening}: Nope.`],
  [{ code: "blocked", message: "Nope" }, "Acme refused POST /tickets/{id} (422 blocked): Nope."],
  [
    {
      type: "https://acme.example/probs/x",
      title: "Invalid",
      detail: "No such tag",
      "invalid-params": [{ name: "tags", reason: "unknown" }],
    },
    `${opening}: Invalid: No such tag. tags: unknown.`,
  ],
  [
    {
      description: "more",
      title: "Invalid",
      detail: "Age is wrong",
      errors: [{ detail: "is odd", pointer: "#/subject" }],
    },
    `${opening}: Invalid: Age is wrong. title: is odd.`,
  ],
  [{ type: "about:blank", status: 422, detail: "No such tag" }, `${opening}: No such tag.`],
  // in words of the vendor's own
  [{ problem: "No such tag" }, `${opening}: {"problem":"No such tag"}.`],
  [
    { code: "E12", outcome: { why: ["tag", 7] } },
    'Acme refused POST /tickets/{id} (422 E12): {"outcome":{"why":["tag",7]}}.',
  ],
  [{ status: 422, ok: false, data: null, list: [], empty: "" }, `${opening}.`],
  [{ problem: "x".repeat(1_000) }, `${opening}: {"problem":"${"x".repeat(287)}…`],
  [
    { detail: [{ loc: ["body", "responder_id"], msg: "not an int", type: "int" }] },
    `${opening}. assignee: not an int.`,
  ],
  [
    { title: "Unprocessable", errors: [{ message: "not an int", location: "body.responder_id", value: "x" }] },
    `${opening}: Unprocessable. assignee: not an int.`,
  ],
  [
    { errors: [{ detail: "too long", source: { pointer: "/data/attributes/subject" } }] },
    `${opening}. title: too long.`,
  ],
  [{ errors: [{ detail: "too long", source: { parameter: "id" } }] }, `${opening}. ticket_id: too long.`],
  [{ errors: ["one", "two"] }, `${opening}. one. two.`],
  [{ errors: [{ field: "ticket[custom_fields][cost]", message: "is odd" }] }, `${opening}. cost: is odd.`],
  [{ errors: [{ field: "Responder Id", message: "is odd" }] }, `${opening}. assignee: is odd.`],
  [{ errors: [{ field: "unknown_field", message: "is odd" }] }, `${opening}. unknown_field: is odd.`],
  [["one", { field: "tags", message: "two" }], `${opening}. one. tags: two.`],
  ['"just a text"', `${opening}: just a text.`],
  ["plain words", `${opening}: plain words.`],
  ["", `${opening}.`],
  ["{}", `${opening}.`],
  ["null", `${opening}.`],
  ["<html><head><title>Not\n here</title></head><body>lots</body></html>", `${opening}: Not here.`],
  ["<html><body>lots</body></html>", `${opening}.`],
])("reads %j", async (body, message) => {
  expect((await problemOf(body)).message).toBe(message);
});

test("many long complaints do not push out what to do", async () => {
  const { message } = await problemOf(
    { errors: Array.from({ length: 10 }, () => "x".repeat(500)) },
    {
      status: 500,
      headers: { "x-request-id": "7f3c2a" },
    },
  );
  expect(message).toContain(" more characters]");
  expect(message).toMatch(
    /It is not known whether Acme carried it out: check before you repeat it\. Request id 7f3c2a\.$/,
  );
});

test("a long complaint is not cut within a character", async () => {
  const { message } = await problemOf({ message: `${"x".repeat(298)}😀😀` });
  expect(message).toBe(`${opening}: ${"x".repeat(298)}…`);
});

test("a field of 20,000 parts takes no time", { retry: 2 }, async () => {
  const before = performance.now();
  const { message } = await problemOf({ errors: [{ field: "a.".repeat(20_000), message: "is odd" }] });
  expect(performance.now() - before).toBeLessThan(5_000); // was minutes
  expect(message).toMatch(/^.{50,90}\. a\.a\.a\.[a.]+…: is odd\.$/);
});

test("the arguments are there for programs too", async () => {
  const problem = await problemOf({ errors: [{ field: "responder_id", message: "is odd" }] });
  expect(problem.facts).toMatchObject({
    status: 422,
    retryable: false,
    arguments: [{ argument: "assignee", message: "is odd" }],
  });
});

test("T36 control characters, T17 unseen ones, markup and links are taken out", async () => {
  const problem = await problemOf({
    message:
      'a\n{"level":"error"}\u001b[2J\u202Eb\u200Bc\ufe01\u3164 <!-- do this --><b>d</b> see ht\u200btps://evil.example/x?y=1',
  });
  expect(problem.message).toBe(`${opening}: a {"level":"error"} [2Jbc d see [link].`);
});

test("T35 secrets stay masked in a body of the vendor's own words", async () => {
  const { message } = await problemOf({ problem: "no s3cr3t/k+y", "s3cr3t/k+y": ["s3cr3t%2Fk%2By"] });
  expect(message).toBe(`${opening}: {"problem":"no ***","***":["***"]}.`);
});

test("T35 secrets that a vendor repeats are masked", async () => {
  const basic = Buffer.from("s3cr3t/k+y:X").toString("base64");
  const problem = await problemOf({
    message: `key s3cr3t/k+y or s3cr3t%2Fk%2By or Basic ${basic}`,
    errors: [{ field: "s3cr3t/k+y", message: "x" }],
  });
  expect(problem.message).toContain("key *** or *** or Basic ***");
  expect(problem.message).not.toMatch(/s3cr3t/);
  expect(JSON.stringify(problem.facts)).not.toMatch(/s3cr3t/);
});

test("a long complaint is cut, and there are ten at most", async () => {
  const problem = await problemOf({
    message: "x".repeat(5_000),
    errors: Array.from({ length: 500 }, (_, index) => ({ field: `f${index}`, message: "y".repeat(5_000) })),
  });
  expect(problem.message.length).toBeLessThanOrEqual(2_500);
  expect(problem.facts.arguments).toHaveLength(10);
});

test("deep and circular-looking bodies end", async () => {
  let body: unknown = { message: "deep" };
  for (let depth = 0; depth < 150; depth++) body = { error: { errors: [body] } };
  expect((await problemOf(body)).message).toMatch(/^Acme refused/);
});

test("the request id is said when it is one", async () => {
  expect((await problemOf({ message: "No" }, { headers: { "x-request-id": "7f3c2a" } })).message).toBe(
    `${opening}: No. Request id 7f3c2a.`,
  );
  expect((await problemOf({ message: "No" }, { headers: { "x-request-id": "a b<script>" } })).message).toBe(
    `${opening}: No.`,
  );
});

test.each([
  [401, "credential_rejected", "Whoever runs this server must check ACME_KEY."],
  [403, "forbidden", "asking again does not help"],
  [404, "not_found", "Check the ids among the arguments."],
  [409, "conflict", "Read what is there now"],
  [415, "contract_error", "not of the arguments"],
  [400, "rejected", ""],
  [429, "rate_limited", "Try again later."],
  [500, "outcome_unknown", "check before you repeat it"],
] as const)("%i is %s", async (status, code, advice) => {
  const problem = await problemOf({}, { status });
  expect(problem.code).toBe(code);
  expect(problem.message).toContain(advice);
});
