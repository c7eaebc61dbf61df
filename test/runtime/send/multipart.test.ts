import { afterEach, expect, test } from "vitest";
import type { Body } from "../../../src/definition/request.ts";
import { file } from "../../../src/runtime/file.ts";
import { sendTo, type Vendor, vendorOf } from "./vendor.ts";

const open: Vendor[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((vendor) => vendor.close()))));

/** What a vendor receives: the media type without its boundary, and each part as its headers and its content. */
async function received(body: Body, inputs: Record<string, unknown>) {
  const vendor = await vendorOf((response) => response.end());
  open.push(vendor);
  await sendTo(vendor.url, { request: { method: "POST", path: "/x", body }, inputs });
  const { "content-type": type = "", "content-length": length } = vendor.headers[0] ?? {};
  const [text = ""] = vendor.bodies;
  const [, boundary = ""] = /boundary=([^;\s]+)/.exec(type) ?? [];
  expect(Number(length)).toBe(text.length);
  const [before, ...pieces] = text.split(`--${boundary}`);
  expect([before, pieces.at(-1)?.trim()]).toEqual(["", "--"]);
  const parts = pieces.slice(0, -1).map((piece) => {
    const [head = "", ...rest] = piece.replace(/^\r\n/, "").split("\r\n\r\n");
    return [head.split("\r\n"), rest.join("\r\n\r\n").replace(/\r\n$/, "")];
  });
  return { type: type.replace(boundary, "…"), parts };
}

const inputs = {
  metadata: { name: "Mars", parents: ["sol"] },
  media: file().parse({ name: "mars.png", base64: Buffer.from("PNG").toString("base64") }),
  note: "Grün",
};
const payload = { metadata: "$inputs.metadata", media: "$inputs.media", note: "$inputs.note" };

test("multipart/related: parts without names in their order, the type of the first one said (RFC 2387 §3.1)", async () => {
  const encoding = { metadata: { contentType: "application/json; charset=UTF-8" }, media: { contentType: "*/*" } };
  expect(await received({ contentType: "multipart/related", payload, encoding }, inputs)).toEqual({
    type: 'multipart/related; boundary=…; type="application/json"',
    parts: [
      [["Content-Type: application/json; charset=UTF-8"], '{"name":"Mars","parents":["sol"]}'],
      [["Content-Type: image/png"], "PNG"],
      [["Content-Type: text/plain; charset=utf-8"], Buffer.from("Grün").toString("latin1")],
    ],
  });
});

test("a type and a boundary of the description's own: the one is kept, the other is ours", async () => {
  const contentType = 'multipart/related; type="application/dicom"; boundary=theirs';
  const { type, parts } = await received({ contentType, payload: { media: "$inputs.media" } }, inputs);
  expect(type).toBe('multipart/related; type="application/dicom"; boundary=…');
  expect(parts).toEqual([[["Content-Type: image/png"], "PNG"]]);
});

test("multipart/mixed: by names, as in a form, or by places", async () => {
  const named = await received({ contentType: "multipart/mixed", payload }, inputs);
  expect(named.type).toBe("multipart/mixed; boundary=…");
  expect(named.parts.map(([head]) => head?.[0])).toEqual([
    'Content-Disposition: form-data; name="metadata"',
    'Content-Disposition: form-data; name="media"; filename="mars.png"',
    'Content-Disposition: form-data; name="note"',
  ]);
  const placed = await received({ contentType: "multipart/mixed", payload, unnamed: true }, inputs);
  expect(placed.parts.map(([head]) => head)).toEqual([
    ["Content-Type: application/json"],
    ["Content-Type: image/png"],
    ["Content-Type: text/plain; charset=utf-8"],
  ]);
});
