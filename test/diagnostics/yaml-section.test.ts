import { expect, test } from "vitest";
import { isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { locate } from "../../src/diagnostics/locate.ts";
import { sectionOf } from "../../src/diagnostics/yaml-section.ts";

const TEXT = `# comment
a: 1
b:   # beside

  # before
  c: |
    d: 2
   # no comment
  "d e": >-
    folded

    text
  'f':
      g: {h: [1, "x: y"], i: 2}
      /j/{k}: plain
       continued
      "l": "quoted
        over lines"
# at the margin
  m:
  - n: 1
    o: {}
  -
    n: 2
  p: &p
    q: 3
  r: *p
s: !!str 4
t:
  <<: {u: 5}
  twice: 1
  twice: 2
"200":
    v: 6
`;

test("a place is where a parser of the whole text has it", () => {
  const lines = new LineCounter();
  const document = parseDocument(TEXT, { lineCounter: lines, uniqueKeys: false });
  let count = 0;
  visit(document, (index, node, path) => {
    if (!isScalar(node) || index === "key" || !node.range) return;
    const [pair] = path.slice(-1);
    if (isPair(pair) && isScalar(pair.key) && pair.key.value === "twice" && node.value === 2) return; // the first one is shown
    const tokens = path.flatMap((one, depth) => {
      if (isPair(one)) return isScalar(one.key) ? [String(one.key.value)] : [];
      const next = depth + 1 < path.length ? path[depth + 1] : node;
      return isNode(one) && "items" in one && !isPair(next) ? [String(one.items.indexOf(next as never))] : [];
    });
    const pointer = tokens.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    const { line, col } = lines.linePos(node.range[0]);
    const place = locate(TEXT, "x.yaml", pointer);
    expect({ pointer, line: place?.line, column: place?.column }).toEqual({ pointer, line, column: col });
    count++;
  });
  expect(count).toBe(15);
});

test.each([
  [["a"], "a: 1\n", 0],
  [["b", "f", "/j/{k}"], "      /j/{k}: plain\n       continued\n", 2],
  [["b", "m", "0", "n"], "  m:\n  - n: 1\n    o: {}\n  -\n    n: 2\n", 1],
  [["200", "v"], "    v: 6\n", 1],
  [["b", "none"], undefined, undefined], // `b` holds an alias
  [["none"], undefined, undefined],
])("the lines of %j", (tokens, text, depth) => {
  const section = sectionOf(TEXT, tokens);
  expect(section?.text).toBe(text);
  expect(section?.depth).toBe(depth);
  if (section) expect(TEXT.slice(section.start).startsWith(section.text)).toBe(true);
});

test.each(["a: 1\na: 2\n", "---\na: 1\n", "{a: 1}\n", "? a\n: 1\n", "- a: 1\n", '"a\nb": 1\n', "a: 1\n...\nb: 2\n"])(
  "what only the whole text can tell: %j",
  (text) => {
    expect(sectionOf(text, ["a"])).toBeUndefined();
  },
);
