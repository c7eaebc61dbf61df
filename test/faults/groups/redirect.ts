import { OTHER_HOST } from "../../runtime/send/certificates.ts";
import { both, type Row } from "../row.ts";
import { type Answer, type Fault, http, https } from "../vendor.ts";
import { sendJson } from "./answers.ts";

/** Leads from `/thing` to another place of the same vendor. */
const moving =
  (status: number, location: string): Answer =>
  (response, _attempt, request, body) => {
    if (request.url === "/thing") response.writeHead(status, { location }).end();
    else sendJson(response, JSON.stringify({ ok: true, method: request.method, body }));
  };

const each = (statuses: readonly number[], answer: (status: number) => Fault) =>
  Object.fromEntries(statuses.map((status) => [String(status), answer(status)]));

/** Leads to another host, which nothing may reach. */
const elsewhere =
  (status: number): Fault =>
  async () => {
    const other = await http((response) => sendJson(response, "{}"))();
    const vendor = await http((response) => response.writeHead(status, { location: `${other.url}/x` }).end())();
    const close = async () => void (await Promise.all([vendor.close(), other.close()]));
    return { ...vendor, close, strayed: other.attempts };
  };

const REFUSED = { attempts: 1, code: "unexpected_redirect" } as const;

/** Redirects. */
export const REDIRECT: readonly Row[] = [
  {
    number: 54,
    fault: "a redirect within the origin",
    reading: {
      vendor: each([301, 302, 303, 307, 308], (status) => http(moving(status, "/moved?x=1#part"))),
      attempts: 2,
      value: { ok: true, method: "GET" },
      note: "three hops at most",
    },
    writing: {
      vendor: http(moving(303, "/moved")),
      attempts: 2,
      value: { ok: true, method: "GET", body: "" },
      note: "a 303 by GET, without the body",
    },
  },
  {
    number: 54,
    fault: "a 301 or 302 after a write",
    writing: {
      vendor: each([301, 302], (status) => http(moving(status, "/moved"))),
      ...REFUSED,
      text: /not known whether it was carried out/,
    },
  },
  {
    number: 55,
    fault: "a redirect to another origin",
    ...both({
      vendor: each([301, 302, 303, 307, 308], elsewhere),
      ...REFUSED,
      note: "nothing goes there, and of its address the host is told",
    }),
  },
  {
    number: 56,
    fault: "307 or 308 of a write within the origin",
    writing: {
      vendor: each([307, 308], (status) => http(moving(status, "/moved"))),
      attempts: 2,
      value: { ok: true, method: "POST", body: '{"name":"x"}' },
      note: "followed once, with the body",
    },
  },
  {
    number: 57,
    fault: "307 or 308 of a write to another origin",
    writing: { vendor: each([307, 308], elsewhere), ...REFUSED, note: "the body is not sent there" },
  },
  {
    number: 58,
    fault: "redirects in a circle",
    reading: {
      vendor: http((response) => response.writeHead(302, { location: "/thing" }).end()),
      attempts: 4,
      code: "unexpected_redirect",
    },
    writing: {
      vendor: http((response) => response.writeHead(307, { location: "/thing" }).end()),
      attempts: 2,
      code: "unexpected_redirect",
    },
  },
  {
    number: 59,
    fault: "from https to http",
    ...both({
      vendor: https(OTHER_HOST, true, (response, _attempt, request) => {
        response.writeHead(307, { location: `http://${request.headers.host}/moved` }).end();
      }),
      ...REFUSED,
      text: /to another protocol/,
    }),
  },
];
