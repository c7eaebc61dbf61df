import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { callTool } from "../../../src/runtime/call/call-tool.ts";
import { defineTool } from "../../../src/runtime/define-tool.ts";
import { file } from "../../../src/runtime/file.ts";
import { context, deploy } from "./deploy.ts";
import { startVendor, type Vendor } from "./vendor.ts";

const handIn = defineTool({
  name: "hand_in",
  title: "T",
  description: "D",
  annotations: { readOnlyHint: false },
  input: z.strictObject({ id: z.string(), cover: file() }),
  steps: [
    {
      stepId: "submission",
      calls: [
        { request: { method: "GET", path: "/submissions/{id}", server: "api", pathParameters: { id: "$inputs.id" } } },
      ],
      outputs: { files: { in: "$response.body#/files", project: "[*].{fileId: id}" } },
    },
    {
      stepId: "submit",
      calls: [
        {
          request: {
            method: "POST",
            path: "/submit",
            server: "api",
            body: { payload: { files: "$steps.submission.outputs.files", type: "$inputs.cover#/extension" } },
          },
        },
      ],
    },
  ],
});

let vendor: Vendor;
afterEach(() => vendor.close());

async function sentFor(answer: unknown, name: string): Promise<unknown> {
  vendor = await startVendor(({ method }) => ({ body: method === "GET" ? answer : { ok: true } }));
  const args = { id: "s", cover: { name, base64: "aGk=" } };
  await callTool(deploy(vendor.url, { hand_in: handIn }), "hand_in", args, context());
  return JSON.parse(vendor.seen.find(({ method }) => method === "POST")?.body ?? "null");
}

test("each row of a list has the names that the next step wants", async () => {
  const answer = {
    files: [
      { id: 7, secret: "x" },
      { id: 8, secret: "y" },
    ],
  };
  expect(await sentFor(answer, "Report.final.DOCX")).toEqual({ files: [{ fileId: 7 }, { fileId: 8 }], type: "docx" });
});

test.each([{}, { files: null }])("of %j nothing is made, so nothing is sent", async (answer) => {
  expect(await sentFor(answer, "README")).toEqual({ type: "" });
});
