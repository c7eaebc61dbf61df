import type { Call } from "../../src/definition/call.ts";
import { stepsOf } from "../../src/definition/tool.ts";
import type { ToolDefinition } from "../../src/runtime/define-tool.ts";
import type { TestClient } from "../e2e/clients.ts";
import { bodyProperties } from "./body-schema.ts";
import { CAUSES } from "./causes.ts";
import { compare, type Difference, leftOpenIn, wholeDifference } from "./compare.ts";
import { asRaw, type Raw, type RawOperation } from "./description.ts";
import { expectedRequest, sentBy, TOKEN, type Values, valuesOf, vendorNames } from "./expected.ts";
import { expectedParts, partsOf } from "./parts.ts";
import type { Answer, Recorder } from "./recorder.ts";
import { argumentsFor, fits, type Place, VARIANTS, type Variant } from "./values.ts";

/** What a call of a tool came to. */
export interface CallReport {
  readonly operation: string;
  readonly tool: string;
  readonly variant: Variant;
  readonly outcome: "equal" | "by cause" | "different";
  /** OpenAPI defines no text for some parts of it: those were compared with what qs writes. */
  readonly withQs: boolean;
  /** Ids of the causes that explain the differences. */
  readonly causes: readonly string[];
  /** What nothing explains. */
  readonly unexplained: readonly string[];
}

/** What is called, and where its requests arrive. */
export interface Calling {
  readonly client: TestClient;
  readonly recorder: Recorder;
}

/** A tool with the operation that it was made of. */
export interface Callee {
  readonly tool: ToolDefinition;
  readonly inputSchema: Raw;
  readonly operation: string;
  readonly raw: RawOperation;
  /** Names that no argument fills. */
  readonly hidden: ReadonlySet<string>;
}

/** Calls a tool in every variant, and compares what arrives with what the independent serialiser makes of the same values. */
export async function callInVariants(calling: Calling, callee: Callee): Promise<readonly CallReport[]> {
  const { tool, inputSchema, operation } = callee;
  const [call] = stepsOf(tool)[0]?.calls ?? [];
  if (!call) return [];
  const placeOf = placesIn(call);
  const files = new Set(
    Object.entries(asRaw(inputSchema["properties"])).flatMap(([name, schema]) => (holdsFile(schema) ? [name] : [])),
  );
  const reports: CallReport[] = [];
  const seen = new Set<string>();
  for (const variant of VARIANTS) {
    const args = argumentsFor(inputSchema, variant, placeOf);
    for (const name of Object.keys(args)) if (files.has(name)) args[name] = fileArgument(args[name], name);
    if (call.pagination) delete args["cursor"]; // ours, and only from an answer before
    const key = JSON.stringify(args);
    if (seen.has(key)) continue; // nothing to choose: the call was made already
    seen.add(key);
    const { causes, unexplained, withQs } = fits(inputSchema, inputSchema, args)
      ? await callOnce(calling, callee, { call, args, files, variant })
      : {
          causes: new Set<string>(),
          withQs: false,
          unexplained: [`no arguments: what was made does not fit the schema: ${key.slice(0, 300)}`],
        };
    // What no schema of an argument list can say: of the vendor's alternatives one must be whole. It was refused, as it should be.
    if (
      variant === "required" &&
      unexplained.length === 1 &&
      /^request : ours not sent: .*\n?arguments: expected one of: /s.test(unexplained[0] ?? "")
    )
      continue;
    const outcome = unexplained.length > 0 ? "different" : causes.size > 0 ? "by cause" : "equal";
    reports.push({ operation, tool: tool.name, variant, outcome, withQs, causes: [...causes], unexplained });
  }
  return reports;
}

interface OneCall {
  readonly call: Call;
  readonly args: Readonly<Record<string, unknown>>;
  readonly files: ReadonlySet<string>;
  readonly variant: Variant;
}

async function callOnce({ client, recorder }: Calling, callee: Callee, { call, args, files, variant }: OneCall) {
  const { tool, raw } = callee;
  const causes = new Set<string>();
  const unexplained: string[] = [];
  const judge = (difference: Difference): void => {
    const cause = CAUSES.find((one) => one.explains(difference));
    if (cause) causes.add(cause.id);
    else unexplained.push(tell(difference));
  };
  const second = Number(args["limit"] ?? 30) > 1 ? secondPage(call) : undefined; // a first page has one item
  if (second) recorder.answerNext(second);
  recorder.take();
  const answer = await client.call(tool.name, args).catch((error: unknown) => ({ text: String(error) }));
  const recorded = recorder.take();
  const first = vendorNames(raw, valuesOf(call, args, { files, page: 0 }));
  if (recorded.length === 0) judge(wholeDifference(`not sent: ${answer.text.slice(0, 400)}`, { raw, values: first }));
  if (second && recorded.length === 1) unexplained.push(`no second page: ${answer.text.slice(0, 400)}`);
  const carried: Values[] = [];
  for (const [page, request] of recorded.entries()) {
    const values = page === 0 ? first : vendorNames(raw, valuesOf(call, args, { files, page }));
    carried.push(values);
    try {
      const theirs = await expectedParts(expectedRequest(raw, values));
      for (const difference of compare(await partsOf(request), theirs, { raw, values })) judge(difference);
    } catch (error) {
      unexplained.push(`swagger-client: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (variant === "everything" && recorded.length > 0)
    for (const missing of unexercised(callee, carried)) judge(wholeDifference(missing, { raw, values: first }));
  return { causes, unexplained, withQs: carried.some((values) => leftOpenIn({ raw, values }).length > 0) };
}

/** A first page that leads to a second one by a token: only then is the token sent. */
function secondPage({ request, pagination }: Call): Answer | undefined {
  if (!JSON.stringify(request).includes('"$page.token"') || !pagination) return undefined;
  const { end, lastItem } = pagination;
  const [items = ""] = [pagination.items].flat();
  const list = [withPointer({ id: 1 }, (lastItem ?? "").split("/").slice(1), TOKEN)];
  const body = withPointer({}, pointerIn(items), list);
  const link = `/?${"token" in end ? (end.token ?? "") : ""}=${TOKEN}`; // on the vendor's own server
  if (end.by === "link" && end.at === undefined) return { body, headers: { link: `<${link}>; rel="next"` } };
  if (!("at" in end) || end.at === undefined) return undefined;
  const mark = { token: TOKEN, link, flag: true, total: 1000, pages: 2 }[end.by];
  const header = /^\$response\.header\.(.+)$/.exec(end.at)?.[1];
  if (header !== undefined) return { body, headers: { [header]: String(mark) } };
  return { body: withPointer(body, pointerIn(end.at), mark), headers: {} };
}

/** `$response.body#/a/b` → a, b */
function pointerIn(expression: string): readonly string[] {
  return (expression.split("#")[1] ?? "").split("/").slice(1);
}

function withPointer(into: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return Object.keys(Object(into)).length > 0 ? into : value;
  return { ...asRaw(into), [step]: rest.length === 0 ? value : withPointer(asRaw(asRaw(into)[step]), rest, value) };
}

/** Parameters and properties of the description that the fullest call did not carry. */
function unexercised({ raw, hidden }: Callee, carried: readonly Values[]): string[] {
  const parameters = Object.assign({}, ...carried.map((one) => one.parameters)) as Raw;
  const { body, contentType } = carried[0] ?? {};
  const missing = raw.parameters
    .filter((one) => !hidden.has(String(one["name"])))
    .filter((one) => ["path", "query", "header", "cookie", "querystring"].includes(String(one["in"])))
    .filter((one) => !Object.hasOwn(parameters, `${String(one["in"])}.${String(one["name"])}`))
    .filter((one) => one["in"] !== "path" || raw.path.includes(`{${String(one["name"])}}`)) // else it has no place
    .filter((one) => !(one["in"] === "header" && /^(?:accept|content-type|authorization)$/i.test(String(one["name"]))))
    .map((one) => `not exercised: ${String(one["in"])} ${String(one["name"])}`);
  if (contentType === undefined || typeof body !== "object" || body === null || Array.isArray(body)) return missing;
  const absent = [...bodyProperties(raw, contentType)].filter(
    ([name, { readOnly }]) => !readOnly && !hidden.has(name) && !Object.hasOwn(body, name),
  );
  return [...missing, ...absent.map(([name]) => `not exercised: body ${name}`)];
}

function tell({ part, name, ours, theirs }: Difference): string {
  return `${part} ${name}: ours ${ours.slice(0, 300)} · theirs ${theirs.slice(0, 300)}`;
}

/** Where each argument goes, by the request that it fills. */
function placesIn(call: Call): (argument: string) => Place {
  const request = sentBy(call);
  const places = new Map<string, Place>();
  const see = (template: unknown, place: Place): void => {
    for (const [, name = ""] of JSON.stringify(template ?? null).matchAll(/\$inputs\.([A-Za-z_][A-Za-z0-9_-]*)/g))
      places.set(name, place);
  };
  const types = [request.body?.contentType ?? "application/json"].flat();
  see(
    request.body?.payload,
    types.some((type) => /form/.test(type)) ? "form" : types.some((type) => /json|\*/.test(type)) ? "json" : "text",
  );
  see(request.cookie, "cookie");
  see(request.header, "header");
  see(request.query, "query");
  see(request.pathParameters, "path");
  return (argument) => places.get(argument) ?? "query";
}

function holdsFile(schema: unknown): boolean {
  const one = asRaw(schema);
  if (one["type"] === "array") return holdsFile(one["items"]);
  return Object.hasOwn(asRaw(one["properties"]), "base64") && one["additionalProperties"] === false;
}

/** A file as a caller hands it over, or a list of them. */
function fileArgument(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((_, index) => fileArgument(undefined, `${name}${index}`));
  return { base64: Buffer.from(`content of ${name}`).toString("base64"), name: `${name}.txt` };
}
