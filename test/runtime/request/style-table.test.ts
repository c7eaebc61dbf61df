import { expect, test } from "vitest";
import type { Request } from "../../../src/definition/request.ts";
import { fillRequest } from "../../../src/runtime/request/fill-request.ts";
import { callOf, deployed, scopeOf } from "./fixture.ts";

const VALUES = {
  string: "blue",
  empty: "",
  array: ["blue", "black", "brown"],
  emptyArray: [],
  object: { R: 100, G: 200, B: 150 },
} as const;
type Kind = keyof typeof VALUES;

/** What a value comes to in each cell; `absent`: the parameter is left out; `refused`: no request can be made with it. */
interface Row {
  readonly section: string;
  readonly place: "path" | "query" | "header" | "cookie";
  readonly style: string;
  readonly explode: boolean;
  readonly cells: Readonly<Record<Kind, string>>;
}

/** `string | empty | array | empty array | object`. */
function row(place: Row["place"], style: string, explode: boolean, section: string, cells: string): Row {
  const [string = "", empty = "", array = "", emptyArray = "", object = ""] = cells
    .split(" | ")
    .map((cell) => cell.trim());
  return { place, style, explode, section, cells: { string, empty, array, emptyArray, object } };
}

// OAS 3.1.1 §4.8.12.4 "Style Examples" and OAS 3.2.0 §4.12.6, one row for each style, `explode` and place that it may stand in.
// The table has no empty array: RFC 6570 §2.3 calls it undefined, and an undefined path parameter cannot be sent (§4.8.12.2, `required`).
// An empty text alone would make another path (T08): only `matrix`, which writes its name, and `label` with text around it have one.
const table: readonly Row[] = [
  row(
    "path",
    "matrix",
    false,
    "§4.8.12.4",
    ";color=blue | ;color | ;color=blue,black,brown | refused | ;color=R,100,G,200,B,150",
  ),
  row(
    "path",
    "matrix",
    true,
    "§4.8.12.4",
    ";color=blue | ;color | ;color=blue;color=black;color=brown | refused | ;R=100;G=200;B=150",
  ),
  row("path", "label", false, "§4.8.12.4", ".blue | . | .blue,black,brown | refused | .R,100,G,200,B,150"),
  row("path", "label", true, "§4.8.12.4", ".blue | . | .blue.black.brown | refused | .R=100.G=200.B=150"),
  row("path", "simple", false, "§4.8.12.4", "blue | refused | blue,black,brown | refused | R,100,G,200,B,150"),
  row("path", "simple", true, "§4.8.12.4", "blue | refused | blue,black,brown | refused | R=100,G=200,B=150"),
  row("header", "simple", false, "§4.8.12.4", "blue |  | blue,black,brown | absent | R,100,G,200,B,150"),
  row("header", "simple", true, "§4.8.12.4", "blue |  | blue,black,brown | absent | R=100,G=200,B=150"),
  row(
    "query",
    "form",
    false,
    "§4.8.12.4",
    "color=blue | color= | color=blue,black,brown | absent | color=R,100,G,200,B,150",
  ),
  row(
    "query",
    "form",
    true,
    "§4.8.12.4",
    "color=blue | color= | color=blue&color=black&color=brown | absent | R=100&G=200&B=150",
  ),
  // n/a in the table is what nobody defines: one value has nothing to delimit, so it is written as `form` writes it.
  row(
    "query",
    "spaceDelimited",
    false,
    "§4.8.12.4",
    "color=blue | color= | color=blue%20black%20brown | absent | color=R%20100%20G%20200%20B%20150",
  ),
  row(
    "query",
    "spaceDelimited",
    true,
    "§4.8.12.4 (n/a)",
    "color=blue | color= | color=blue&color=black&color=brown | absent | R=100&G=200&B=150",
  ),
  row(
    "query",
    "pipeDelimited",
    false,
    "§4.8.12.4",
    "color=blue | color= | color=blue%7Cblack%7Cbrown | absent | color=R%7C100%7CG%7C200%7CB%7C150",
  ),
  row(
    "query",
    "pipeDelimited",
    true,
    "§4.8.12.4 (n/a)",
    "color=blue | color= | color=blue&color=black&color=brown | absent | R=100&G=200&B=150",
  ),
  row(
    "query",
    "deepObject",
    true,
    "§4.8.12.4",
    "color=blue | color= | color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown | absent | color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
  ),
  row(
    "query",
    "deepObject",
    false,
    "§4.8.12.4 (n/a)",
    "color=blue | color= | color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown | absent | color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
  ),
  // Cookies are separated by `; ` (RFC 6265 §4.2.1), whatever the style is written with in a query (OAS 3.1.1 Appendix D).
  row(
    "cookie",
    "form",
    false,
    "§4.8.12.4",
    "color=blue | color= | color=blue,black,brown | absent | color=R,100,G,200,B,150",
  ),
  row(
    "cookie",
    "form",
    true,
    "§4.8.12.4, Appendix D",
    "color=blue | color= | color=blue; color=black; color=brown | absent | R=100; G=200; B=150",
  ),
  row(
    "cookie",
    "cookie",
    false,
    "OAS 3.2.0 §4.12.6",
    "color=blue | color= | color=blue,black,brown | absent | color=R,100,G,200,B,150",
  ),
  row(
    "cookie",
    "cookie",
    true,
    "OAS 3.2.0 §4.12.6",
    "color=blue | color= | color=blue; color=black; color=brown | absent | R=100; G=200; B=150",
  ),
];

async function written({ place, style, explode }: Row, value: unknown): Promise<string> {
  const color = { color: { value: "$inputs.color", style, explode } };
  const members: Readonly<Record<Row["place"], Partial<Request>>> = {
    path: { path: "/at{color}", pathParameters: color },
    query: { query: color },
    header: { header: color },
    cookie: { cookie: color },
  };
  const filled = await fillRequest(
    callOf({ path: "/at", ...members[place] }),
    scopeOf({ color: value }),
    deployed("https://acme.example"),
  ).catch(() => undefined);
  if (!filled) return "refused";
  const { url, headers } = filled;
  const found = {
    path: url.pathname.slice(3),
    query: url.search.slice(1) || "absent",
    header: headers["color"],
    cookie: headers["cookie"],
  };
  return found[place] ?? "absent";
}

test.each(table)("$place $style explode $explode ($section)", async (one) => {
  const cells = await Promise.all(
    Object.entries(VALUES).map(async ([kind, value]) => [kind, await written(one, value)] as const),
  );
  expect(Object.fromEntries(cells)).toEqual(one.cells);
});

test("OAS 3.2.0 §4.12.2.2 style cookie escapes nothing, so it takes only what a cookie may hold", async () => {
  const session = (style: string, value: string) =>
    fillRequest(
      callOf({ cookie: { session: { value: "$inputs.session", style } } }),
      scopeOf({ session: value }),
      deployed(),
    );
  expect((await session("cookie", "a%2Fb=c")).headers["cookie"]).toBe("session=a%2Fb=c");
  expect((await session("form", "a/b=c")).headers["cookie"]).toBe("session=a%2Fb%3Dc");
  for (const value of ["a;b", "a b", "a,b", '"a"', "a\\b", "a\nb", "é"]) {
    await expect(session("cookie", value)).rejects.toMatchObject({ facts: { arguments: [{ argument: "session" }] } });
  }
});

test("OAS 3.2.0 §4.12.1 a querystring parameter is the whole query, as its media type writes it", async () => {
  const query = async (contentType: string, value: unknown) =>
    (
      await fillRequest(
        callOf({ querystring: { value: "$inputs.all", contentType } }),
        scopeOf({ all: value }),
        deployed(),
      )
    ).url.search;
  const form = "application/x-www-form-urlencoded";
  expect(await query(form, { a: "x&y", tags: ["1", "2"], empty: "" })).toBe("?a=x%26y&tags=1&tags=2&empty=");
  expect(await query("application/json", { a: ["x"] })).toBe("?%7B%22a%22%3A%5B%22x%22%5D%7D");
  expect(await query("text/plain", "a=1&b")).toBe("?a%3D1%26b");
  expect(await query("application/json", undefined)).toBe("");
});

test("RFC 6570 §3.2.3 allowReserved lets through what is percent-encoded already, and no second parameter (T09)", async () => {
  const call = callOf({
    path: "/files/{path}",
    pathParameters: { path: { value: "$inputs.path", allowReserved: true } },
    query: { q: { value: "$inputs.q", allowReserved: true } },
  });
  const fill = async (path: string, q: string) =>
    (await fillRequest(call, scopeOf({ path, q }), deployed("https://acme.example"))).url.href;
  expect(await fill("a/b:c@d;e=f%41", "x/y?z%20%zz&k=v#f")).toBe(
    "https://acme.example/files/a/b:c@d;e=f%41?q=x/y?z%20%25zz%26k%3Dv%23f",
  );
  for (const path of ["a//b", "/a", "a/", "a/../b", "a/./b", "a/%2e%2e/b", "a%2fb", "a\\b"])
    await expect(fill(path, "")).rejects.toMatchObject({ facts: { arguments: [{ argument: "path" }] } });
  expect(await fill("a?b#c[d]", "")).toBe("https://acme.example/files/a%3Fb%23c%5Bd%5D?q=");
});
