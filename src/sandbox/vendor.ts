import { nearest } from "../definition/nearest.ts";
import { type Answer, bare, refuse } from "./answer.ts";
import type { ReceivedFile } from "./body.ts";
import { createCollections, secondsOf } from "./collections.ts";
import type { Row } from "./row.ts";
import { perform } from "./operations.ts";
import { ParameterError, type Parameters } from "./parameters.ts";
import { fillPattern } from "./pattern.ts";
import type { Costing } from "./rate.ts";
import type { Received, Referee, Verdict } from "./referee.ts";
import { type SandboxFile, SandboxFileError } from "./sandbox-file.ts";

/** The stand-in without its wire: takes requests that were received, gives answers to be sent. */
export interface Vendor {
  /**
   * Looks at a request. What it asks for is done when its answer is asked for, so that one beyond the rate limit does nothing.
   *
   * @param origin base URL of the API, for the URLs in answers.
   */
  consider(request: Received, origin: string): Considered;
}

/** A request: what it costs, and what comes of it. */
export interface Considered extends Costing {
  answer(): Answer;
}

type Valid = Extract<Verdict, { is: "valid" }>;

/** Makes a vendor of a description and a sandbox file. It remembers what is written to it until it is closed. */
export function createVendor(file: SandboxFile, referee: Referee, clock: () => number): Vendor {
  checkOperations(file, referee.operationIds);
  const collections = createCollections(file, (operationId) => referee.example(operationId), clock);
  const withFiles = createUploads(file, clock);

  const behave = (verdict: Valid, request: Received, origin: string): Answer => {
    const { operationId, parameters } = verdict;
    const body = withFiles(verdict.body, request.body?.files ?? [], origin);
    return perform(file.operations[operationId], {
      operationId,
      parameters,
      scope: { ...parameters, body, now: secondsOf(clock()) },
      asked: includesOf(parameters),
      origin,
      urlOfPage: (page) => urlOfPage(request, origin, file.paging.page, page),
      file,
      referee,
      collections,
      now: clock(),
    });
  };

  const answerTo = (verdict: Verdict, request: Received, origin: string): Answer => {
    switch (verdict.is) {
      case "unknown path":
        return refuse(file.errors.notFound);
      case "wrong method":
        return refuse(file.errors.methodNotAllowed, { method: request.method });
      case "not acceptable":
        return bare(406);
      case "wrong media type":
        return bare(415);
      case "invalid":
        return refuse(file.errors.invalid, {}, verdict.violations);
      case "valid":
        try {
          return behave(verdict, request, origin);
        } catch (error) {
          if (!(error instanceof ParameterError)) throw error;
          return refuse(file.errors.invalid, {}, [{ field: error.parameter, keyword: "*", message: error.message }]);
        }
    }
  };

  return {
    consider(request, origin) {
      const verdict = referee.judge(request);
      return { ...costOf(verdict, file), answer: () => answerTo(verdict, request, origin) };
    },
  };
}

/** What is no request of the description costs as much as one that is, without its includes. */
function costOf(verdict: Verdict, { operations, rate }: SandboxFile): Costing {
  if (verdict.is !== "valid")
    return { cost: 1, operationId: verdict.is === "invalid" ? verdict.operationId : undefined };
  const each = "list" in (operations[verdict.operationId] ?? {}) ? rate.include.list : rate.include.get;
  return { cost: 1 + includesOf(verdict.parameters).length * each, operationId: verdict.operationId };
}

function includesOf({ query }: Parameters): readonly string[] {
  const include = query["include"];
  if (Array.isArray(include)) return include.map(String);
  return include === undefined ? [] : String(include).split(",");
}

function urlOfPage(request: Received, origin: string, parameter: string, page: number): string {
  const query = new URLSearchParams(request.query);
  query.set(parameter, String(page));
  return `${origin}${request.path}?${query.toString()}`;
}

/** Makes files what the vendor shows of uploads, in the fields that they were sent for. */
function createUploads(file: SandboxFile, clock: () => number) {
  let number = 0;
  return (body: Row, uploads: readonly ReceivedFile[], origin: string): Row => {
    const shown = new Map<string, unknown[]>();
    for (const { field: part, ...upload } of uploads) {
      number++;
      const facts = { ...upload, number, origin, now: secondsOf(clock()) };
      const field = part.replace(/\[\]$/, "");
      shown.set(field, [...(shown.get(field) ?? []), file.files ? fillPattern(file.files, facts) : upload.name]);
    }
    return { ...body, ...Object.fromEntries(shown) };
  };
}

function checkOperations({ operations, collections, rate }: SandboxFile, known: readonly string[]): void {
  const named = [
    ...Object.keys(operations).map((id) => [`operations.${id}`, id]),
    ...Object.keys(rate.operations).map((id) => [`rate.operations.${id}`, id]),
    ...Object.entries(collections).map(([name, { seed }]) => [`collections.${name}.seed`, seed]),
  ] as const;
  const lines = named.flatMap(([at = "", id = ""]) => {
    if (known.includes(id)) return [];
    const near = nearest(id, known)[0];
    return [`  ${at}: the description has no operation ${id}${near ? `; it has ${near}` : ""}`];
  });
  if (lines.length > 0) throw new SandboxFileError(`the sandbox does not fit its description:\n${lines.join("\n")}`);
}
