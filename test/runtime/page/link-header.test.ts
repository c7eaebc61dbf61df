import { expect, test } from "vitest";
import { linkTo, nextLink } from "../../../src/runtime/page/link-header.ts";

const base = new URL("https://api.acme.example/v2");

const cases: readonly { readonly header: string | null; readonly want: string }[] = [
  { header: null, want: "none" },
  { header: "", want: "none" },
  {
    header: '<https://api.acme.example/v2/tickets?page=2>; rel="next"',
    want: "https://api.acme.example/v2/tickets?page=2",
  },
  {
    header: '< https://api.acme.example/v2/tickets?page=2>;rel="next"',
    want: "https://api.acme.example/v2/tickets?page=2",
  }, // a space after <, as one vendor's docs show it
  {
    header: "<https://api.acme.example/t?per_page=100&page=2>; rel=next",
    want: "https://api.acme.example/t?per_page=100&page=2",
  },
  { header: '</v2/tickets?page=2>; rel="next"', want: "https://api.acme.example/v2/tickets?page=2" },
  { header: '<?page=2>; REL="Next"', want: "https://api.acme.example/v2?page=2" },
  {
    header: '<https://api.acme.example/a,b;c?page=2>; title="x, y"; rel="next last"',
    want: "https://api.acme.example/a,b;c?page=2",
  },
  {
    header: '<https://api.acme.example/1>; rel="prev", <https://api.acme.example/3>; rel="next"',
    want: "https://api.acme.example/3",
  },
  { header: '<https://api.acme.example/1>; rel="prev first"', want: "none" },
  { header: '<https://api.acme.example/next>; rel="last"', want: "none" },
  { header: '<https://api.acme.example/1>; rel="prefetch-next"', want: "none" },
  { header: 'rel="next"', want: "none" },
];

test.each(cases)("$header → $want", ({ header, want }) => {
  expect(String(nextLink(header, base))).toBe(want);
});

const elsewhere = [
  "https://evil.example/",
  "//evil.example/x",
  "http://api.acme.example/v2/tickets?page=2", // downgrade
  "https://api.acme.example:8443/v2/tickets?page=2",
  "https://api.acme.example@evil.example/",
  "https://user@api.acme.example/v2/tickets?page=2",
  "https://api.acme.example.evil.example/",
  "javascript:alert(1)",
  "https://",
];

test.each(elsewhere)("T13 a next link to another host is elsewhere: %s", (address) => {
  expect(nextLink(`<${address}>; rel="next"`, base)).toBe("elsewhere");
  expect(linkTo(address, base)).toBe("elsewhere");
});

test.each([
  [null, "none"],
  [undefined, "none"],
  ["", "none"],
  [" ", "none"],
  [false, "none"],
  [7, "none"],
])("in the body, %j says that there is no next page", (address, want) => expect(linkTo(address, base)).toBe(want));
