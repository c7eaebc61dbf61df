import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { PAGES, proseOf, ROOT } from "./pages.ts";

// Addresses outside of the repository are not asked: a test needs no network.

test("there are links to follow", () => {
  expect(PAGES.flatMap(linksIn).length).toBeGreaterThan(60);
  expect(PAGES).toContain("ARCHITECTURE.md");
});

test.each(PAGES)("%s: every link within the repository leads somewhere", (page) => {
  expect(linksIn(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test("a heading's anchor is what it is on the page", () => {
  expect(slugOf("Before any of it: the address")).toBe("before-any-of-it-the-address");
  expect(slugOf('Variables: `"${NAME}"`')).toBe("variables-name");
  expect(slugOf("`oauth-proxy`: [ours](x.md), the vendor's")).toBe("oauth-proxy-ours-the-vendors");
});

/** Where a page leads within the repository: `[text](target)`, and `src`, `srcset` and `href` of HTML. */
function linksIn(page: string): readonly string[] {
  const text = proseOf(page).replaceAll(/`[^`\n]*`/g, "");
  const found = [...text.matchAll(/\]\(([^)\s]+)\)|(?:href|src|srcset)="([^"]+)"/g)];
  return found.map(([, link, attribute]) => link ?? attribute ?? "").filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (relative(ROOT, join(ROOT, target)).startsWith("..") || !existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(target).has(anchor);
}

/** The anchors of a page's headings; a heading that was there before has a number behind it. */
function anchorsOf(page: string): ReadonlySet<string> {
  const times = new Map<string, number>();
  const anchors = [...proseOf(page).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = ""]) => {
    const slug = slugOf(heading);
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(anchors);
}

/** As GitHub makes it: small letters, digits, `_` and `-`, a hyphen for each space. */
function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}
