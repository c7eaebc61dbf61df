import { describe, expect, test } from "vitest";
import { Problem } from "../../../src/runtime/problem.ts";
import { callLogLine, faultLogLine } from "../../../src/runtime/serve/call-log.ts";
import { progressFor } from "../../../src/runtime/serve/progress.ts";
import { answerResult, problemResult } from "../../../src/runtime/serve/results.ts";

describe("results", () => {
  test("an answer is the same data twice", () => {
    expect(answerResult({ value: { a: 1 }, text: '{"a":1}' })).toEqual({
      content: [{ type: "text", text: '{"a":1}' }],
      structuredContent: { a: 1 },
    });
  });

  test.each([
    ["image/png", { type: "image", data: "AA==", mimeType: "image/png" }],
    ["audio/mpeg", { type: "audio", data: "AA==", mimeType: "audio/mpeg" }],
    [
      "application/pdf",
      { type: "resource", resource: { uri: "attachment:///a%20b.pdf", mimeType: "application/pdf", blob: "AA==" } },
    ],
    [
      "image/svg+xml",
      { type: "resource", resource: { uri: "attachment:///a%20b.pdf", mimeType: "image/svg+xml", blob: "AA==" } },
    ],
  ])("a file of type %s", (mimeType, content) => {
    const { content: all } = answerResult({
      value: {},
      text: "{}",
      binary: { mimeType, base64: "AA==", name: "a b.pdf" },
    });
    expect(all[1]).toEqual(content);
  });

  test("a problem speaks for itself, without structured content", () => {
    expect(problemResult(new Problem("not_found", "Acme has no thing 9."))).toEqual({
      content: [{ type: "text", text: "Acme has no thing 9." }],
      isError: true,
    });
  });

  test("half of a character in it reaches nobody: some clients then refuse the whole message", () => {
    expect(problemResult(new Problem("rejected", "a\ud83d b"))).toMatchObject({ content: [{ text: "a b" }] });
  });

  test.each([new Error("https://key:secret@acme.example.com"), "secret", { message: "secret" }, undefined])(
    "T35 no other error does (%s)",
    (error) => {
      expect(JSON.stringify(problemResult(error))).not.toMatch(/secret|acme/);
      expect(problemResult(error).isError).toBe(true);
    },
  );
});

describe("progress", () => {
  function listen(_meta: { progressToken?: string | number } | undefined, notify = () => Promise.resolve()) {
    const sent: unknown[] = [];
    const controller = new AbortController();
    const progress = progressFor(
      { _meta, notify: (notification) => (sent.push(notification.params), notify()) },
      controller.signal,
    );
    return { sent, progress, controller };
  }

  test("only grows", () => {
    const { sent, progress } = listen({ progressToken: 0 });
    for (const done of [1, 1, 0, 2, Number.NaN, 3]) progress(done, 3, "page");
    expect(sent).toEqual([1, 2, 3].map((done) => ({ progressToken: 0, progress: done, total: 3, message: "page" })));
  });

  test("is for those who ask", () => {
    const { sent, progress } = listen(undefined);
    progress(1, undefined, "page");
    expect(sent).toEqual([]);
  });

  test("ends with the call, and does not mind a client that has gone", async () => {
    const { sent, progress, controller } = listen({ progressToken: "t" }, () =>
      Promise.reject(new Error("Not connected")),
    );
    progress(1, undefined, "page");
    controller.abort();
    progress(2, undefined, "page");
    await new Promise((wait) => setImmediate(wait));
    expect(sent).toEqual([{ progressToken: "t", progress: 1, message: "page" }]);
  });
});

describe("T36 log lines", () => {
  test("hold one line of plain characters", () => {
    const line = callLogLine({ api: "a\n{}", tool: "\u001b[2J\u009b\u202e\u2028", status: "ok", ms: 1 });
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\u202e]/u);
    expect(JSON.parse(line)).toMatchObject({ api: "a\n{}", tool: "\u001b[2J\u009b\u202e\u2028" });
  });

  test("T35 say where a fault is, never what its message quotes", () => {
    const error = new TypeError("secret\n    at secret (x)");
    const line = faultLogLine(error);
    expect(JSON.parse(line)).toMatchObject({ fault: "TypeError" });
    expect(line).toContain("results.test.ts");
    expect(line).not.toContain("secret");
  });
});
