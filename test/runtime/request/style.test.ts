import { expect, test } from "vitest";
import { type Serialisation, serialise } from "../../../src/runtime/request/style.ts";

const list = ["blue", "black", "brown"];
const map = { R: 100, G: 200, B: 150 };

// OAS 3.1.1 §4.8.12.4, the table of style examples: every style, every `explode`, a text, a list and an object.
const path = { in: "path", name: "color", explode: false, allowReserved: false } as const;
const query = { in: "query", name: "color", explode: false, allowReserved: false } as const;
const table: readonly { given: Serialisation; value: unknown; want: string | undefined }[] = [
  { given: { ...path, style: "matrix" }, value: "blue", want: ";color=blue" },
  { given: { ...path, style: "matrix" }, value: list, want: ";color=blue,black,brown" },
  { given: { ...path, style: "matrix" }, value: map, want: ";color=R,100,G,200,B,150" },
  { given: { ...path, style: "matrix", explode: true }, value: "blue", want: ";color=blue" },
  { given: { ...path, style: "matrix", explode: true }, value: list, want: ";color=blue;color=black;color=brown" },
  { given: { ...path, style: "matrix", explode: true }, value: map, want: ";R=100;G=200;B=150" },
  { given: { ...path, style: "label" }, value: "blue", want: ".blue" },
  { given: { ...path, style: "label" }, value: list, want: ".blue,black,brown" },
  { given: { ...path, style: "label" }, value: map, want: ".R,100,G,200,B,150" },
  { given: { ...path, style: "label", explode: true }, value: "blue", want: ".blue" },
  { given: { ...path, style: "label", explode: true }, value: list, want: ".blue.black.brown" },
  { given: { ...path, style: "label", explode: true }, value: map, want: ".R=100.G=200.B=150" },
  { given: { ...path, style: "simple" }, value: "blue", want: "blue" },
  { given: { ...path, style: "simple" }, value: list, want: "blue,black,brown" },
  { given: { ...path, style: "simple" }, value: map, want: "R,100,G,200,B,150" },
  { given: { ...path, style: "simple", explode: true }, value: "blue", want: "blue" },
  { given: { ...path, style: "simple", explode: true }, value: list, want: "blue,black,brown" },
  { given: { ...path, style: "simple", explode: true }, value: map, want: "R=100,G=200,B=150" },
  { given: { ...query, style: "form" }, value: "", want: "color=" },
  { given: { ...query, style: "form" }, value: "blue", want: "color=blue" },
  { given: { ...query, style: "form" }, value: list, want: "color=blue,black,brown" },
  { given: { ...query, style: "form" }, value: map, want: "color=R,100,G,200,B,150" },
  { given: { ...query, style: "form", explode: true }, value: "", want: "color=" },
  { given: { ...query, style: "form", explode: true }, value: "blue", want: "color=blue" },
  { given: { ...query, style: "form", explode: true }, value: list, want: "color=blue&color=black&color=brown" },
  { given: { ...query, style: "form", explode: true }, value: map, want: "R=100&G=200&B=150" },
  { given: { ...query, style: "spaceDelimited" }, value: list, want: "color=blue%20black%20brown" },
  { given: { ...query, style: "spaceDelimited" }, value: map, want: "color=R%20100%20G%20200%20B%20150" },
  { given: { ...query, style: "pipeDelimited" }, value: list, want: "color=blue%7Cblack%7Cbrown" },
  { given: { ...query, style: "pipeDelimited" }, value: map, want: "color=R%7C100%7CG%7C200%7CB%7C150" },
  { given: { ...query, style: "tabDelimited" }, value: list, want: "color=blue%09black%09brown" }, // Swagger 2.0: tsv
  { given: { ...query, in: "path", style: "pipeDelimited" }, value: list, want: "blue%7Cblack%7Cbrown" }, // Swagger 2.0: pipes
  { given: { ...query, in: "header", style: "spaceDelimited" }, value: list, want: "blue black brown" }, // Swagger 2.0: ssv
  {
    given: { ...query, style: "deepObject", explode: true },
    value: map,
    want: "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
  },

  // What the table leaves open, and what a value must not be able to do.
  {
    given: { ...query, style: "form", explode: true },
    value: { page: 1, sort: ["name", "-id"], none: [], deep: [{ a: 1 }] },
    want: "page=1&sort=name&sort=-id&deep=%5B%7B%22a%22%3A1%7D%5D",
  },
  {
    given: { ...query, style: "deepObject", explode: true },
    value: { a: { b: 1 }, c: [2, 3] },
    want: "color%5Ba%5D%5Bb%5D=1&color%5Bc%5D%5B%5D=2&color%5Bc%5D%5B%5D=3",
  },
  {
    given: { ...query, style: "deepObject", explode: true },
    value: [{ a: 1 }, { a: 2 }],
    want: "color%5B0%5D%5Ba%5D=1&color%5B1%5D%5Ba%5D=2",
  },
  { given: { ...query, style: "form", explode: true }, value: "a&b=c#d", want: "color=a%26b%3Dc%23d" }, // T09
  { given: { ...query, style: "form" }, value: ["a,b", "c"], want: "color=a%2Cb,c" }, // RFC 6570 §3.2.8: the comma of a value is not a separator
  {
    given: { ...query, style: "form", explode: true },
    value: "it's (fine)!*",
    want: "color=it%27s%20%28fine%29%21%2A",
  }, // RFC 3986 §2.2
  {
    given: { ...query, style: "form", explode: true, allowReserved: true },
    value: "a/b:c?d@e",
    want: "color=a/b:c?d@e",
  }, // OAS 3.1.1 §4.8.12.2.2
  {
    given: { ...query, style: "form", explode: true, allowReserved: true },
    value: "x&admin=true#+[1]%",
    want: "color=x%26admin%3Dtrue%23%2B%5B1%5D%25",
  }, // T09
  { given: { ...query, name: "a b[]", style: "form", explode: true }, value: [1], want: "a%20b%5B%5D=1" },
  { given: { ...query, style: "form", explode: true }, value: [], want: undefined }, // RFC 6570 §2.3: an empty list is undefined
  { given: { ...query, style: "form", explode: true }, value: {}, want: undefined },
  { given: { ...query, style: "form", explode: true }, value: null, want: undefined },
  { given: { ...query, style: "form", explode: true }, value: ["a", null], want: "color=a" },
  { given: { ...query, style: "form", explode: true }, value: false, want: "color=false" },
  { given: { ...query, style: "form", explode: true }, value: 1e21, want: "color=1000000000000000000000" },
  { given: { ...query, style: "form", explode: true }, value: [{ a: 1 }], want: "color=%7B%22a%22%3A1%7D" }, // nested: JSON
  {
    given: { ...query, style: "deepObject", explode: true },
    value: ["a", { b: ["c"] }, null],
    want: "color%5B0%5D=a&color%5B1%5D%5Bb%5D%5B%5D=c",
  }, // a list that holds objects is numbered
  { given: { ...path, style: "simple" }, value: "a/b", want: "a%2Fb" }, // never a second segment
  { given: { ...path, style: "matrix" }, value: "", want: ";color" }, // RFC 6570 §3.2.7
  { given: { ...path, in: "header", style: "simple" }, value: ["a b", "c"], want: "a b,c" }, // headers are not percent-encoded
  { given: { ...path, in: "cookie", style: "form", explode: true }, value: ["a", "b;c"], want: "color=a; color=b%3Bc" },
];

test.each(table)("$given.in $given.style explode $given.explode: $value → $want", ({ given, value, want }) => {
  expect(serialise(given, value)).toBe(want);
});
