import { expect, test } from "vitest";
import { fillPattern, read } from "../../src/sandbox/pattern.ts";
import { plainText } from "../../src/sandbox/plain-text.ts";

const scope = {
  path: { id: 7 },
  body: { a: null, b: "B", list: [1, "x"], map: { deep: true } },
  first: "John",
  last: "Miller",
};

test.each([
  ["{path.id}", 7], // one token keeps the type
  ["no {path.id}", "no 7"],
  ["{first} {last}", "John Miller"],
  ["{body.a|body.b}", "B"], // null is not there
  ["{body.map.deep}", true],
  ["{body.none}", undefined],
  ["<{body.none}>", "<>"],
  ["of {body.list}", "of 1, x"],
  ["is {body.map}", 'is {"deep":true}'],
  [
    { id: "{path.id}", gone: "{body.none}", kind: "note", no: null },
    { id: 7, kind: "note", no: null },
  ],
  [
    ["{first}", 3],
    ["John", 3],
  ],
])("%j is filled as %j", (pattern, want) => expect(fillPattern(pattern, scope)).toEqual(want));

test("what every object has from its prototype is not there", () => {
  expect(
    ["constructor", "body.toString", "body.__proto__.b", "body.list.length.x"].map((path) => read(path, scope)),
  ).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  ["<p>Since <b>Monday</b>.</p><p>Every hour &amp; more.</p>", "Since Monday.\nEvery hour & more."],
  ["one<br>two<BR/>three<ul><li>four</li><li>five</li></ul>", "one\ntwo\nthree\nfour\nfive"],
  ["5 < 7 &lt; 9", "5 < 7 < 9"],
  ["&constructor; &nbsp;&quot;x&quot; &#39;y&#39;", "&constructor;  \"x\" 'y'"],
  ["plain", "plain"],
  ["", ""],
])("the text of %j is %j", (html, text) => expect(plainText(html)).toBe(text));

test("hostile HTML is read in time that grows with its length only", { retry: 2 }, () => {
  const started = performance.now();
  for (const piece of ["<", "<br ", "&", "<p", "</p>"]) plainText(piece.repeat(400_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});
