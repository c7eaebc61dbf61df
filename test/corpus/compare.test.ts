import { expect, test } from "vitest";
import { CAUSES } from "./causes.ts";
import { compare, type Difference, leftOpenIn } from "./compare.ts";
import { asRaw, type RawOperation } from "./description.ts";
import { expectedRequest, type Values } from "./expected.ts";
import { expectedParts, partsOf } from "./parts.ts";

const FORM = "application/x-www-form-urlencoded";
const schema = { type: "object" };
const deep = { style: "deepObject", explode: true };

/** What OpenAPI leaves open, in a query and in a form, beside a parameter that it does not. */
const raw: RawOperation = {
  method: "post",
  path: "/orders",
  parameters: [
    { name: "expand", in: "query", ...deep, schema: { type: "array" } },
    { name: "created", in: "query", ...deep, schema },
    { name: "limit", in: "query", schema: { type: "integer" } },
  ],
  requestBody: { content: { [FORM]: { schema, encoding: { items: deep, custom: deep, name: deep } } } },
  consumes: [],
  swagger: false,
  at: asRaw, // there is no reference to follow
};
const values: Values = {
  parameters: { "query.expand": ["data.a b", "c"], "query.created": { gte: 5 }, "query.limit": 7 },
  contentType: FORM,
  body: {
    items: [{ price: "p1", tags: ["x", "y"] }, { price: "p2" }],
    custom: { color: { name: "red & blue" }, empty: [] },
    name: "n",
  },
};
const QUERY = "expand%5B%5D=data.a%20b&expand%5B%5D=c&created%5Bgte%5D=5&limit=7";
const ITEMS =
  "items%5B0%5D%5Bprice%5D=p1&items%5B0%5D%5Btags%5D%5B%5D=x&items%5B0%5D%5Btags%5D%5B%5D=y&items%5B1%5D%5Bprice%5D=p2";
const BODY = `${ITEMS}&custom%5Bcolor%5D%5Bname%5D=red%20%26%20blue&name=n`;

async function differences(query: string, body: string): Promise<readonly Difference[]> {
  const headers = { "content-type": FORM };
  const recorded = { method: "POST", target: `/orders?${query}`, headers, body: Buffer.from(body) };
  const theirs = await expectedParts(expectedRequest(raw, values));
  return compare(await partsOf(recorded), theirs, { raw, values });
}

/** Whether a difference stays one: no cause takes it. */
function unexplained(found: readonly Difference[]): readonly Difference[] {
  return found.filter((one) => !CAUSES.some((cause) => cause.explains(one)));
}

test("what OpenAPI leaves undefined is compared with qs, everything else with swagger-client", async () => {
  expect(leftOpenIn({ raw, values })).toEqual(["expand", "items", "custom"]);
  expect(await differences(QUERY, BODY)).toEqual([]);
});

test("every byte of such a part counts: changed or left out it is different, and no cause takes it", async () => {
  const [query, body] = [QUERY.slice(0, QUERY.indexOf("&created")), BODY.slice(0, BODY.lastIndexOf("&"))];
  for (const changed of changes(query).map((text) => QUERY.replace(query, text)))
    expect(unexplained(await differences(changed, BODY)), changed).not.toEqual([]);
  for (const changed of changes(body).map((text) => BODY.replace(body, text)))
    expect(unexplained(await differences(QUERY, changed)), changed).not.toEqual([]);
});

test.each([
  ["a list as swagger-client writes it", QUERY.replaceAll("%5B%5D", ""), BODY],
  ["brackets that are not encoded", QUERY.replace("%5B%5D", "[]"), BODY],
  ["a space as +", QUERY.replace("%20", "+"), BODY],
  ["numbers where qs writes none", QUERY.replace("expand%5B%5D", "expand%5B0%5D"), BODY],
  ["another order", QUERY, BODY.replace("=x", "=z").replace("=y", "=x").replace("=z", "=y")],
  ["a parameter that is missing", QUERY.slice(QUERY.indexOf("created")), BODY],
  ["a field that is missing", QUERY, BODY.slice(BODY.indexOf("custom"))],
  ["a field too many", QUERY, `${BODY}&custom%5Bempty%5D%5B%5D=`],
  ["a change where swagger-client decides", QUERY.replace("=5", "=6"), BODY],
])("%s is different", async (_, query, body) => {
  expect(unexplained(await differences(query, body))).not.toEqual([]);
});

/** Each byte in turn replaced, and left out. */
function changes(text: string): readonly string[] {
  return Array.from(text).flatMap((_, at) => ["Q", ""].map((byte) => text.slice(0, at) + byte + text.slice(at + 1)));
}
