import { expect, test } from "vitest";
import { readBinary } from "../../../src/runtime/shape/binary.ts";

const bytes = new Uint8Array([0, 255, 10]);

const names = [
  { given: 'attachment; filename="report.pdf"', want: "report.pdf" },
  { given: "attachment; filename=report.pdf", want: "report.pdf" },
  { given: "attachment; filename=\"cafe.pdf\"; filename*=UTF-8''caf%C3%A9.pdf", want: "café.pdf" },
  { given: 'attachment; filename="../../etc/passwd"', want: "passwd" },
  { given: 'attachment; filename="C:\\\\temp\\\\x.txt"', want: "x.txt" },
  { given: "attachment; filename*=UTF-8''..%2F..%2Fx", want: "x" },
  { given: 'attachment; filename="a\u202egpj.exe"', want: "agpj.exe" },
  { given: 'attachment; filename=".."', want: undefined },
  { given: `attachment; filename*=UTF-8''${"a".repeat(254)}%F0%9F%98%80.pdf`, want: "a".repeat(254) }, // not half of 😀
  { given: "inline", want: undefined },
];

test.each(names)("T39 the name of a download is a bare name: $given", ({ given, want }) => {
  const headers = {
    get: (name: string) => (name === "content-disposition" ? given : "application/PDF; x=y"),
  } as Headers;
  const file = readBinary(bytes, headers);
  expect(file.name).toBe(want);
  expect(file.mimeType).toBe("application/pdf");
  expect(Buffer.from(file.base64, "base64")).toEqual(Buffer.from(bytes));
});
