import { isIPv4 } from "node:net";
import type { LocatedServer } from "../../definition/api.ts";
import { type Environment, fillFromEnvironment, variablesIn } from "./environment.ts";

/** The base URL of a server, or why there is none. */
export type BaseUrl =
  | { readonly url: URL }
  | { readonly missing: readonly string[] }
  | { readonly problem: string; readonly help: string };

/** A host, perhaps with a port: nothing that could end the host and begin something else. */
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;
/** Path segments that mean what they say. */
const PATH = /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*$/;

/**
 * Fills a server's URL from the operator's configuration, the only place that says where requests go.
 *
 * A variable within the host must be a host name, one within the path must be plain path segments; a variable that the URL starts
 * with may be a URL of its own.
 */
export function baseUrl(server: LocatedServer, environment: Environment): BaseUrl {
  const template = fillFromEnvironment(server.url, environment);
  if ("missing" in template) return template;
  const missing: string[] = [];
  let wrong: { readonly problem: string; readonly help: string } | undefined;
  const url = template.text.replace(/\{([^{}]+)\}/g, (whole, variable: string, at: number) => {
    const source = server.variables?.[variable];
    if (source === undefined) return whole;
    const value = fillFromEnvironment(source, environment);
    if ("missing" in value) {
      missing.push(...value.missing);
      return "";
    }
    wrong ??= misplaced(value.text, template.text.slice(0, at), variablesIn(source)[0] ?? variable);
    return value.text;
  });
  if (missing.length > 0) return { missing };
  return wrong ?? parseBaseUrl(url);
}

/**
 * Checks a base URL that an operator gave: https unless it is this machine, and nothing but a place.
 *
 *     https://acme.example.com/api/v2/ → https://acme.example.com/api/v2
 */
export function parseBaseUrl(
  text: string,
): { readonly url: URL } | { readonly problem: string; readonly help: string } {
  const help = "write it like https://acme.example.com/api";
  if (!URL.canParse(text)) return { problem: "is not a URL", help };
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return { problem: "must use https; plain http is only for this machine", help };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      problem: "holds a user name or password",
      help: "give credentials in their own variables, never in a URL",
    };
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text))
    return { problem: "holds a query or a fragment", help };
  url.pathname = url.pathname.replace(/\/+$/, "");
  return { url };
}

/** This machine and no other: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || name === "::1" || (isIPv4(name) && name.startsWith("127."));
}

/** Says why a value cannot stand where its variable does; `before` is the URL up to there. */
function misplaced(
  value: string,
  before: string,
  name: string,
): { readonly problem: string; readonly help: string } | undefined {
  if (before === "") return undefined; // a whole URL, checked as one afterwards
  const inHost = !/^[a-z]+:\/\/[^/]*\//i.test(before);
  if (inHost ? HOST.test(value) : PATH.test(value)) return undefined;
  return inHost
    ? {
        problem: `${name} must be a host name alone`,
        help: `set ${name} without https:// and without a path, like acme.example.com`,
      }
    : { problem: `${name} must be plain path segments`, help: `set ${name} to letters, digits, - and _` };
}
