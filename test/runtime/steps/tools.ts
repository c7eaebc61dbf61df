import { defineStep } from "../../../src/runtime/define-step.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { z } from "zod";

const get = { method: "GET", server: "api" } as const;
const post = { method: "POST", server: "api" } as const;
const reads = { title: "T", description: "D", annotations: { readOnlyHint: true } } as const;
const writes = { title: "T", description: "D", annotations: {} } as const;

/** A class by its id, its code or a part of its name. */
const classStep = defineStep({
  stepId: "class",
  request: { ...get, path: "/classes", credential: "key" },
  cacheSeconds: 1,
  outputs: {
    row: {
      in: "$response.body#/classes",
      value: "$inputs.class",
      equals: ["id", "code"],
      contains: ["name"],
      show: ["name", "code"],
    },
  },
});

/** Grades of a class, with who asks beside it. */
export const grades = defineTool({
  ...reads,
  name: "grades",
  input: z.strictObject({ class: z.string(), with_me: z.boolean().optional() }),
  steps: [
    classStep,
    {
      stepId: "me",
      when: "$inputs.with_me == true",
      request: { ...get, path: "/me", credential: "key" },
      outputs: { name: "$response.body#/name" },
    },
    {
      stepId: "grades",
      request: {
        ...get,
        path: "/classes/{id}/grades",
        credential: "key",
        pathParameters: { id: "$steps.class.outputs.row#/id" },
      },
      outputs: { grades: "$response.body#/grades" },
    },
  ],
  result: {
    value: {
      class: "$steps.class.outputs.row#/name",
      grades: "$steps.grades.outputs.grades",
      me: "$steps.me.outputs.name",
    },
  },
});

/** Two reads, a write that names neither, a read after it. */
export const submit = defineTool({
  ...writes,
  name: "submit",
  input: z.strictObject({ text: z.string() }),
  steps: [
    { stepId: "a", request: { ...get, path: "/a" } },
    {
      stepId: "b",
      request: { ...get, path: "/b" },
      stop: { when: "!$response.body#/open", message: "Hand-in of {$response.body#/name} is closed; ask the teacher." },
    },
    {
      stepId: "draft",
      request: { ...post, path: "/drafts", body: { payload: { text: "$inputs.text" } } },
      outputs: { draft_id: "$response.body#/id" },
    },
    { stepId: "look", request: { ...get, path: "/drafts" } },
    {
      stepId: "hand_in",
      request: { ...post, path: "/hand-ins", body: { payload: { draft: "$steps.draft.outputs.draft_id" } } },
    },
  ],
});

/** A list of the class's tasks, page by page, behind a lookup. */
export const tasks = defineTool({
  ...reads,
  name: "tasks",
  input: z.strictObject({ class: z.string(), limit: z.int().default(2), cursor: z.string().optional() }),
  steps: [
    classStep,
    {
      stepId: "tasks",
      request: {
        ...get,
        path: "/classes/{id}/tasks",
        credential: "key",
        pathParameters: { id: "$steps.class.outputs.row#/id" },
        query: { page: "$page.number", size: "$page.size" },
      },
      pagination: { items: "$response.body", size: { max: 2 }, end: { by: "short-page" } },
    },
  ],
});
