import { expect } from "vitest";
import { connect, type ClientKind, type TestClient } from "./clients.ts";
import { CLI, ownEnvironment, serve } from "./server.ts";

/** An answer of a tool, as far as a test looks into it. */
export type Answer = Readonly<Record<string, unknown>>;

/** A client of an API's sandbox that remembers which tools it called. */
export interface Caller {
  readonly called: ReadonlySet<string>;
  readonly client: TestClient;
  /** Calls a tool that must succeed. */
  ok(name: string, args?: Answer): Promise<Answer>;
  /** Calls a tool that must fail, and gives what the model reads. */
  fails(name: string, args?: Answer): Promise<string>;
  close(): Promise<void>;
}

/** Starts an API on its sandbox, over stdio or HTTP, and connects a client. */
export async function callerOf(api: string, transport: "stdio" | "http", kind: ClientKind): Promise<Caller> {
  const env = ownEnvironment();
  const args = [api, "--sandbox"];
  const serving = transport === "http" ? await serve(args, env) : undefined;
  const client = await connect(kind, serving ? { url: serving.url } : { args: [CLI, "serve", ...args], env });
  const called = new Set<string>();
  const call = async (name: string, given: Answer = {}) => {
    called.add(name);
    return await client.call(name, given);
  };
  return {
    called,
    client,
    async ok(name, given) {
      const { isError, text, value } = await call(name, given);
      expect(isError, `${name}: ${text}`).toBe(false);
      return value ?? {};
    },
    async fails(name, given) {
      const { isError, text } = await call(name, given);
      expect(isError, `${name}: ${text}`).toBe(true);
      return text;
    },
    async close() {
      await client.close();
      await serving?.stop();
    },
  };
}

/** Members of an answer that is a list. */
export function rowsOf(answer: Answer, key = "items"): readonly Answer[] {
  const rows = answer[key];
  if (!Array.isArray(rows)) throw new Error(`there is no list ${key} in ${JSON.stringify(answer).slice(0, 200)}`);
  return rows as readonly Answer[]; // of objects, as the sandbox's data are
}
