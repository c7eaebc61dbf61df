// Compiled, never run: what `defineTool` refuses.
import { defineStep, defineTool, file, z } from "toolwright/runtime";

const head = { name: "t", title: "T", description: "D", annotations: { readOnlyHint: true } } as const;
const get = { method: "GET", path: "/a", server: "api" } as const;

defineTool({ ...head, input: z.strictObject({ a: z.string() }), request: { ...get, query: { a: "$inputs.a" } } });

defineTool({
  ...head,
  input: z.strictObject({ a: z.string(), b: z.string() }),
  request: { ...get, method: "POST", body: { payload: { a: "<p>{$inputs.a:html}</p>", b: "$inputs.b:html" } } },
});

// @ts-expect-error `a` is sent as HTML and never declared
defineTool({ ...head, input: z.strictObject({}), request: { ...get, query: { a: "$inputs.a:html" } } });

defineTool({
  ...head,
  input: z.strictObject({ a: z.string(), limit: z.int().optional(), cursor: z.string().optional() }),
  request: { ...get, query: { q: '"{$inputs.a}"', page: "$page.number" } },
  pagination: { items: "$response.body#/items", size: { max: 100 }, end: { by: "link" } },
});

defineTool({
  ...head,
  input: z.strictObject({ a: z.string().optional(), b: z.array(file()).optional() }),
  routes: [
    { when: "$inputs.a", request: { ...get, query: { a: { value: "$inputs.a", explode: false } } } },
    { request: { ...get, method: "POST", body: { payload: { deep: [{ b: "$inputs.b" }] } } } },
  ],
});

// @ts-expect-error `b` is declared and never sent
defineTool({
  ...head,
  input: z.strictObject({ a: z.string(), b: z.string() }),
  request: { ...get, query: { a: "$inputs.a" } },
});

// @ts-expect-error `b` is sent and never declared
defineTool({
  ...head,
  input: z.strictObject({ a: z.string() }),
  request: { ...get, query: { a: "$inputs.a", b: "$inputs.b" } },
});

// @ts-expect-error `cursor` is never used: the call does not page
defineTool({ ...head, input: z.strictObject({ cursor: z.string() }), request: get });

// @ts-expect-error `a` only decides, it is never sent
defineTool({ ...head, input: z.strictObject({ a: z.string() }), routes: [{ when: "$inputs.a", request: get }] });

const find = defineStep({
  stepId: "find",
  request: { ...get, query: { q: "$inputs.q" } },
  outputs: { row: { in: "$response.body", value: "$inputs.name", equals: ["id"] } },
  stop: { when: "$inputs.strict == true", message: "{$inputs.why}" },
});
const used = { q: z.string(), name: z.string(), strict: z.boolean(), why: z.string() };
const byRow = { ...get, query: { id: "$steps.find.outputs.row#/id" } } as const;

defineTool({
  ...head,
  input: z.strictObject({ ...used, deep: z.boolean().optional(), limit: z.int(), cursor: z.string() }),
  steps: [
    find,
    {
      stepId: "list",
      calls: [
        {
          when: "$inputs.deep",
          request: byRow,
          pagination: { items: "$response.body", size: { max: 100 }, end: { by: "link" } },
        },
      ],
    },
  ],
});

defineTool({
  ...head,
  input: z.strictObject({ ...used, note: z.string() }),
  steps: [find, { stepId: "get", calls: [{ request: byRow }] }],
  result: { value: { row: "$steps.find.outputs.row", note: "$inputs.note" } },
});

// @ts-expect-error `note` is used by no step
defineTool({ ...head, input: z.strictObject({ ...used, note: z.string() }), steps: [find] });

// @ts-expect-error `why` is used by the stop and never declared
defineTool({ ...head, input: z.strictObject({ q: z.string(), name: z.string(), strict: z.boolean() }), steps: [find] });

// Nothing that `defineTool` hands back is `any`.
type IsAny<T> = 0 extends 1 & T ? true : false;
const tool = defineTool({
  ...head,
  input: z.strictObject({ a: z.string() }),
  request: { ...get, query: { a: "$inputs.a" } },
});
export const notAny: IsAny<typeof tool> = false;
export const notAnyInput: IsAny<z.infer<typeof tool.input>> = false;
