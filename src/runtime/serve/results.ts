import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import type { BinaryContent, ToolAnswer } from "../call/answer.ts";
import { asProblem } from "../call/as-problem.ts";
import { stripHidden } from "../shape/hidden-characters.ts";

/**
 * The MCP result of an answer: the same data as compact JSON text and as `structuredContent`, since hosts differ on which of the two the
 * model sees; a file comes after it. This file alone makes results.
 */
export function answerResult({ value, text, binary }: ToolAnswer): CallToolResult {
  const content: ContentBlock[] = [{ type: "text", text }];
  if (binary) content.push(binaryContent(binary));
  return { content, structuredContent: value };
}

/**
 * The MCP result of a call that failed. Only a `Problem` speaks to the model: the text of any other error may hold a URL, a secret
 * or a piece of a stack. Never with `structuredContent`, which SDK v1 clients hold against the tool's output schema.
 */
export function problemResult(error: unknown): CallToolResult {
  const text = stripHidden(asProblem(error).message);
  return { content: [{ type: "text", text }], isError: true };
}

/** Pictures and sounds have a kind of their own; everything else is a resource that came along. */
function binaryContent({ mimeType, base64, name }: BinaryContent): ContentBlock {
  if (/^image\/(png|jpeg|gif|webp)$/.test(mimeType)) return { type: "image", data: base64, mimeType };
  if (mimeType.startsWith("audio/")) return { type: "audio", data: base64, mimeType };
  return {
    type: "resource",
    resource: { uri: `attachment:///${encodeURIComponent(name ?? "file")}`, mimeType, blob: base64 },
  };
}
