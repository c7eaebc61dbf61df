import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Agent, buildConnector } from "undici";

/** What a test changes: a resolver, a certificate authority, and addresses that may be asked all the same. */
export interface MetadataFetchOptions {
  readonly lookup?: LookupFunction;
  readonly connect?: buildConnector.BuildOptions;
  readonly allowed?: (address: string) => boolean;
}

const TIMEOUT_MS = 5_000; // a person waits for the consent page
const MAX_BYTES = 5 * 1024; // a dozen redirect URIs and a logo's address fit
/** Names that are never a public host (RFC 6761, RFC 6762, and what clouds call their metadata service). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|home\.arpa|lan|test|invalid|onion)\.?$/i;

let options: MetadataFetchOptions = {};
let agent: Promise<Agent> | undefined;

/** Replaces how client ID metadata documents are fetched in this process. */
export function configureMetadataFetch(changed: MetadataFetchOptions): void {
  options = changed;
  agent = undefined;
}

/**
 * Whether a client ID may be asked for at all: https on a public host's own port. Addresses that it resolves to are looked at when it is
 * connected to.
 */
export async function mayFetch(clientId: string): Promise<boolean> {
  if (!URL.canParse(clientId)) return false;
  const { protocol, hostname, port, username, password, pathname } = new URL(clientId);
  if (protocol !== "https:" || username !== "" || password !== "" || pathname === "/") return false;
  if (port !== "" && options.allowed === undefined) return false;
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 ? !PRIVATE_NAME.test(host) && host.includes(".") : await isPublic(host);
}

/**
 * Fetches what a stranger named (T15): no redirect is followed, no address that is not public is connected to, at most 5 s and 5 KB.
 *
 * @throws when any of that does not hold; the words are for our own log alone.
 */
export async function fetchMetadata(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const address = url instanceof Request ? url.url : String(url);
  if (!(await mayFetch(address))) throw new Error("that host may not be asked");
  const { fetch } = await import("undici");
  const headers = Object.fromEntries(new Headers(init?.headers));
  const response = await fetch(address, {
    method: "GET",
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    dispatcher: await (agent ??= guardedAgent()),
  });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > MAX_BYTES) throw new Error("that document is larger than 5 KB");
    pieces.push(piece);
  }
  const kept = new Headers();
  for (const name of ["content-type", "cache-control", "expires"]) {
    const value = response.headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  const bodiless = response.status < 200 || [204, 205, 304].includes(response.status);
  return new Response(bodiless ? null : Buffer.concat(pieces), {
    status: Math.max(200, response.status),
    headers: kept,
  });
}

async function guardedAgent(): Promise<Agent> {
  const { Agent } = await import("undici");
  return new Agent({
    connect: { ...options.connect, lookup: guardedLookup, timeout: TIMEOUT_MS },
    connections: 2,
    pipelining: 0, // nothing is kept open to a stranger's host
  });
}

/** Resolves a name, and fails when any of its addresses is not public: a host with two faces is not to be trusted with either. */
const guardedLookup: LookupFunction = (hostname, asked, done) => {
  const look = options.lookup ?? systemLookup;
  look(hostname, { ...asked, all: true }, (error, found) => {
    if (error) return done(error, "");
    const addresses: readonly LookupAddress[] =
      typeof found === "string" ? [{ address: found, family: isIP(found) }] : found;
    void (async () => {
      const verdicts = await Promise.all(addresses.map(async ({ address }) => await isPublic(address)));
      const [first] = addresses;
      if (!first || !verdicts.every(Boolean)) return done(new Error("that host has an address that is not public"), "");
      if (asked.all) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    })();
  });
};

/** Only what is assigned to hosts of the internet: not this machine, this network, a cloud's metadata, nor a way around (NAT64, 6to4). */
async function isPublic(address: string): Promise<boolean> {
  if (options.allowed?.(address)) return true;
  const { default: ipaddr } = await import("ipaddr.js");
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
