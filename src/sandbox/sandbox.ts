import { dirname, join } from "node:path";
import type { IncomingMessage } from "node:http";
import { bare } from "./answer.ts";
import { checkFit } from "./check-fit.ts";
import { CONTROL, control } from "./control.ts";
import { createFailing } from "./failing.ts";
import { type Fault, faultOf, misbehave } from "./faults.ts";
import type { Arrived, Handler } from "./handler.ts";
import { listen, type Listener, send } from "./listen.ts";
import { createOauthServer } from "./oauth/oauth-server.ts";
import { fillPattern } from "./pattern.ts";
import { createRate } from "./rate.ts";
import { readSandboxFile } from "./read-sandbox-file.ts";
import type { Received } from "./referee.ts";
import { createRestServer, type Front } from "./rest-server.ts";
import { type Plan, planServers, serverAt } from "./servers.ts";
import { createState, type State } from "./world.ts";

/** A vendor that stands in for the real one, on loopback. */
export interface Sandbox {
  readonly title: string;
  /** Base URL of its first server: `http://127.0.0.1:41234/api/v2`. */
  readonly url: string;
  /** Base URLs of all its servers, by the names of tools.yaml. */
  readonly servers: Readonly<Record<string, string>>;
  /** Variables that a server for it sees instead of the real environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** How a sandbox may differ from what its file says. */
export interface SandboxOptions {
  /** Of the first server; others have any that is free. */
  readonly port?: number;
  /** Faults, one after the other, each followed by a good answer. */
  readonly faults?: readonly Fault[];
  /** Requests a minute, instead of all limits of the file. */
  readonly perMinute?: number;
  /** Sees every request to the vendor's API that comes in, and can be read. */
  readonly onRequest?: (request: Received & { readonly url: string }) => void;
}

/** Origins by the names of the servers that have one of their own. */
type Origins = ReadonlyMap<string, Listener>;

/**
 * Starts the stand-in that `specs/<api>/sandbox.yaml` describes.
 *
 * @throws {SandboxFileError} when the file, or a description that it names, cannot be used.
 */
export async function startSandbox(sandboxFile: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const { file, spec } = readSandboxFile(sandboxFile);
  const plans = await planServers(sandboxFile, spec, file);
  checkFit(file, plans);
  const origins = new Map<string, Listener>();
  const urlOf = ({ origin, path }: Plan) => `${origins.get(origin)?.origin ?? ""}${path}`;
  const urls = () => Object.fromEntries(plans.map((plan) => [plan.name, urlOf(plan)]));
  const storage = plans.find(({ rule }) => rule.serves === "storage");
  const exampleOf = (id: string): unknown =>
    plans.find(({ referee }) => referee?.operationIds.includes(id))?.referee?.example(id);
  const state = createState(file, exampleOf, () => (storage ? urlOf(storage) : ""), Date.now);
  const failing = createFailing(file, urls);
  const front: Front = {
    world: state.world,
    gate: state.gate,
    failing,
    count: createRate(file.rate, options.perMinute),
    onRequest: options.onRequest,
  };
  const handlers = new Map<string, Handler>();
  for (const plan of plans) handlers.set(plan.name, await handlerOf(plan, front, state, dirname(sandboxFile)));
  const controlled = {
    ...state,
    ...state.world,
    failing,
    tokens: state.authority?.tokens,
    errors: [...Object.keys(file.errors), ...Object.keys(file.failures)],
  };
  const requests = new Map<string, number>();

  const respondAt =
    (own: readonly Plan[]) => async (request: IncomingMessage, response: Parameters<typeof send>[1]) => {
      const [path = "", query = ""] = (request.url ?? "").split(/\?(.*)/s);
      if (path.startsWith(CONTROL)) return send(request, response, await control(request, path, controlled));
      const plan = serverAt(path, own);
      const handler = plan && handlers.get(plan.name);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      // Each server counts for itself: an answer that fails is followed by a good one, whoever else is asked in between.
      const counting = (plan ?? own[0])?.name ?? "";
      const before = requests.get(counting) ?? 0;
      requests.set(counting, before + 1);
      const fault = faultOf(options.faults ?? [], before);
      if (fault && (await misbehave(fault, response, () => state.gate.expire(headers)))) return void request.resume();
      if (!plan || !handler) return send(request, response, bare(404));
      const arrived: Arrived = {
        request,
        path: path.slice(plan.path.length),
        query,
        headers,
        url: urlOf(plan),
        entry: state.ledger.enter(
          { server: plan.name, method: request.method ?? "GET", path: request.url ?? "" },
          headers,
        ),
      };
      const answer = await handler(arrived);
      arrived.entry.status = answer.status;
      send(request, response, answer);
    };

  try {
    for (const [index, { name }] of plans.filter((plan) => plan.origin === plan.name).entries()) {
      const own = plans.filter(({ origin }) => origin === name);
      origins.set(name, await listen(index === 0 ? (options.port ?? 0) : 0, respondAt(own)));
    }
  } catch (error) {
    await closeAll(origins);
    throw error;
  }
  const servers = urls();
  const environment = Object.entries(file.environment).map(([name, value]) => [
    name,
    String(fillPattern(value, { servers })),
  ]);
  return {
    title: file.title,
    url: Object.values(servers)[0] ?? "",
    servers,
    environment: Object.fromEntries(environment) as Record<string, string>, // names and texts
    close: async () => await closeAll(origins),
  };
}

async function handlerOf({ rule, referee }: Plan, front: Front, state: State, folder: string): Promise<Handler> {
  const { graphql } = front.world.file;
  if (rule.serves === "rest" && referee) return createRestServer(front, referee);
  if (rule.serves === "graphql" && graphql) {
    const { createGraphqlServer } = await import("./graphql/graphql-server.ts"); // its library is read by those who need it
    return createGraphqlServer(front, graphql, join(folder, graphql.schema));
  }
  if (rule.serves === "oauth" && state.authority) return createOauthServer(state.authority);
  if (rule.serves === "storage" && front.world.storage) return front.world.storage.handler;
  throw new Error(`a server serves ${rule.serves}, which is not described`); // readSandboxFile() asks for it
}

async function closeAll(origins: Origins): Promise<void> {
  await Promise.all([...origins.values()].map(async (listener) => await listener.close()));
}
