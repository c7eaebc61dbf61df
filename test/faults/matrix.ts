import { BODY } from "./groups/body.ts";
import { CLIENT } from "./groups/client.ts";
import { CONNECTION } from "./groups/connection.ts";
import { CREDENTIAL } from "./groups/credential.ts";
import { PAGINATION } from "./groups/pagination.ts";
import { PROCESS } from "./groups/process.ts";
import { REDIRECT } from "./groups/redirect.ts";
import { STATUS } from "./groups/status.ts";
import type { Row } from "./row.ts";

/** The fault matrix: every way in which a call can go wrong that we know of, and what it then comes to. */
export const MATRIX: Readonly<Record<string, readonly Row[]>> = {
  "The way to the vendor": CONNECTION,
  "What a status tells": STATUS,
  "What the vendor answers": BODY,
  Redirects: REDIRECT,
  Lists: PAGINATION,
  Credentials: CREDENTIAL,
  "Whoever calls": CLIENT,
  "Our own process": PROCESS,
};
