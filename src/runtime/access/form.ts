import type { IncomingMessage } from "node:http";
import { readBody } from "../http/read-body.ts";
import type { Browser } from "./browser.ts";

/** A form of ours has a few short fields. */
const MAX_BYTES = 32 * 1024;

/** Which form is meant: of a page that was shown at this origin, to this browser, for this purpose. */
export interface ShownForm {
  /** Of this server, as the browser calls it. */
  readonly origin: string;
  readonly browser: Browser | undefined;
  readonly purpose: string;
}

/** Reads the fields of a form that a page of ours sent; undefined: another page did, or it is no form, or longer than any of ours (CSRF). */
export async function ownForm(request: IncomingMessage, shown: ShownForm): Promise<URLSearchParams | undefined> {
  const form = await readForm(request);
  if (!form || !isFrom(request, shown.origin)) return undefined;
  return shown.browser?.holds(shown.purpose, form.get("token")) ? form : undefined;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
    return undefined;
  }
  const text = await readBody(request, MAX_BYTES);
  return text === undefined ? undefined : new URLSearchParams(text);
}

/** A browser names the page that a form came from; `null` is one that hides it. */
function isFrom({ headers }: IncomingMessage, origin: string): boolean {
  if (headers["sec-fetch-site"] !== undefined && headers["sec-fetch-site"] !== "same-origin") return false;
  return headers.origin === undefined || headers.origin === origin;
}
