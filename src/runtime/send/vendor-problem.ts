import { STATUS_CODES } from "node:http";
import { Problem, type ProblemCode } from "../problem.ts";
import { argumentName } from "../request/argument-name.ts";
import { maskAll, maskSecrets } from "../request/secrets.ts";
import type { FilledRequest } from "../request/types.ts";
import { cutText, firstOf } from "../shape/cut-text.ts";
import { type Complaints, readComplaints } from "./complaints.ts";
import { decodeText, isHtml } from "./decode.ts";
import type { Received } from "./exchange.ts";
import { JsonError, parseJson } from "./json.ts";
import { retryAfterSeconds, waitText } from "./retry-after.ts";
import { cleanText, pageTitle, sentence } from "./vendor-text.ts";

const MAX_SUMMARY_CHARS = 300;
const MAX_ITEM_CHARS = 200;
const MAX_FIELD_CHARS = 120; // looking up an argument is cubic in the parts of a field's name
const MAX_ITEMS_CHARS = 1_500; // of all complaints together

/**
 * Says what the vendor refused, in the model's own words for its arguments.
 *
 *     Acme refused POST /tickets (422 invalid_value): Validation failed. assignee: It should be a number. Request id 7f3c2a.
 *
 * @param judged What the server's criteria say, whatever the status: that the credential was refused, or a reason for what is no success.
 */
export function vendorProblem(
  received: Received,
  request: FilledRequest,
  title: string,
  { unauthorized = false, reason }: { readonly unauthorized?: boolean; readonly reason?: string | undefined } = {},
): Problem {
  const { status, headers } = received;
  const code = unauthorized ? unauthorizedCode(request) : codeOf(status, request);
  const clean = (text: string, maxChars: number) => cleanText(maskSecrets(text, request), maxChars);
  const complaints = complaintsOf(received, request);
  const items = complaints.items.map(({ field, message }) => ({
    argument:
      field === undefined ? undefined : clean(argumentName(firstOf(field, MAX_FIELD_CHARS), request.locations), 80),
    message: clean(message, MAX_ITEM_CHARS),
  }));
  const named = items.flatMap(({ argument, message }) => (argument === undefined ? [] : [{ argument, message }]));
  const retryAfter = retryAfterSeconds(headers);
  const summary = clean(reason ?? complaints.summary ?? "", MAX_SUMMARY_CHARS);
  const requestId = requestIdOf(headers);
  const message = [
    `${openingOf(code, request, title)} (${status}${wordOf(status, complaints)})${summary === "" ? "." : `: ${sentence(summary)}`}`,
    cutText(
      items
        .map(({ argument, message }) => sentence(argument === undefined ? message : `${argument}: ${message}`))
        .join(" "),
      MAX_ITEMS_CHARS,
    ),
    adviceOf(code, request, { named: named.length > 0, retryAfter, title }),
    requestId === undefined ? "" : `Request id ${requestId}.`,
  ];
  return new Problem(code, message.filter((part) => part !== "").join(" "), {
    status,
    retryable: code === "rate_limited" || (code === "upstream_unreachable" && status !== 500),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    ...(named.length > 0 && { arguments: named }),
  });
}

/** A credential that the server renews by itself was refused for good. */
function unauthorizedCode({ credential }: FilledRequest): ProblemCode {
  return credential ? "reauthorize" : "credential_rejected";
}

function codeOf(status: number, request: FilledRequest): ProblemCode {
  const known = BY_STATUS[status];
  if (known) return known;
  if (status >= 200 && status < 300) return "rejected"; // the server's criteria say that it is no success
  if (status < 400) return "invalid_response"; // a 304 that nobody asked for, a redirect to nowhere
  const repeatable = request.idempotent || request.effect === "read";
  if (status >= 500 || status === 408) return repeatable ? "upstream_unreachable" : "outcome_unknown";
  return "rejected";
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: "credential_rejected",
  403: "forbidden",
  404: "not_found",
  405: "contract_error",
  406: "contract_error",
  409: "conflict",
  410: "not_found",
  415: "contract_error",
  429: "rate_limited",
};

function openingOf(code: ProblemCode, { operation }: FilledRequest, title: string): string {
  if (code === "invalid_response") return `${title} answered ${operation} in a way that makes no sense`;
  if (code === "outcome_unknown" || code === "upstream_unreachable") return `${title} failed to answer ${operation}`;
  return `${title} refused ${operation}`;
}

interface Known {
  /** An argument is named already. */
  readonly named: boolean;
  readonly retryAfter: number | undefined;
  readonly title: string;
}

/** What to do next, which is all that the model can act on. */
function adviceOf(code: ProblemCode, request: FilledRequest, { named, retryAfter, title }: Known): string {
  if (request.credential && code === "reauthorize")
    return `Whoever runs this server must ${request.credential.remedy}.`;
  if (code === "credential_rejected") {
    const variables = request.credentialVariables.join(", ");
    return `Whoever runs this server must ${variables === "" ? "give it a credential" : `check ${variables}`}.`;
  }
  if (code === "rate_limited") return `Try again ${retryAfter === undefined ? "later" : `in ${waitText(retryAfter)}`}.`;
  if (code === "outcome_unknown") return `It is not known whether ${title} carried it out: check before you repeat it.`;
  if (named) return ""; // what to do is to mend the arguments
  return ADVICE[code] ?? "";
}

const ADVICE: Partial<Readonly<Record<ProblemCode, string>>> = {
  forbidden: "The account behind this server may not do this; asking again does not help.",
  not_found: "Check the ids among the arguments.",
  conflict: "Read what is there now before you change it.",
  contract_error: "This is a fault of the server's tools, not of the arguments.",
  upstream_unreachable: "Try again later.",
};

function complaintsOf({ bytes, headers }: Received, request: FilledRequest): Complaints {
  const text = decodeText(bytes, headers);
  if (isHtml(text, headers)) return { summary: pageTitle(text), code: undefined, items: [] };
  try {
    return readComplaints(maskAll(parseJson(text), request)); // before a name is taken apart
  } catch (error) {
    if (error instanceof JsonError) return { summary: text, code: undefined, items: [] };
    throw error;
  }
}

/** The vendor's code when it is a word, otherwise the status's own name. */
function wordOf(status: number, { code }: Complaints): string {
  if (code !== undefined && /^[A-Za-z][\w.-]{1,39}$/.test(code)) return ` ${code}`;
  const name = status < 300 ? "with errors" : STATUS_CODES[status];
  return name === undefined ? "" : ` ${name}`;
}

function requestIdOf(headers: Headers): string | undefined {
  const id = headers.get("x-request-id") ?? headers.get("request-id") ?? headers.get("x-correlation-id");
  return id !== null && /^[\w.:-]{1,64}$/.test(id) ? id : undefined;
}
