import { dirname, join } from "node:path";
import type { ServerRule } from "./grammar/servers.ts";
import { firstLine } from "./listen.ts";
import { createReferee, type Referee } from "./referee.ts";
import { type SandboxFile, SandboxFileError } from "./sandbox-file.ts";

/** A server before it listens. */
export interface Plan {
  readonly name: string;
  readonly rule: ServerRule;
  /** Name of the server whose origin it has: its own, or that of another. */
  readonly origin: string;
  /** Where it begins: `/api/v2`, or nothing. */
  readonly path: string;
  /** Of a rest server. */
  readonly referee: Referee | undefined;
}

/**
 * What the servers of a file are, with their descriptions read. No operation is answered by two of them.
 *
 * @throws {SandboxFileError} when a description cannot be used.
 */
export async function planServers(
  sandboxFile: string,
  spec: string,
  { servers }: SandboxFile,
): Promise<readonly Plan[]> {
  const rules = Object.entries(servers);
  const plans: Plan[] = [];
  for (const [name, rule] of rules) {
    const elsewhere = rules.filter(([other]) => other !== name).flatMap(([, { operations }]) => operations ?? []);
    const part = rule.operations ? { only: rule.operations } : { except: elsewhere };
    const description = rule.spec === undefined ? spec : join(dirname(sandboxFile), rule.spec);
    const referee =
      rule.serves === "rest"
        ? await createReferee(description, part).catch((error: unknown) => {
            throw new SandboxFileError(`${sandboxFile} names a description that cannot be read: ${firstLine(error)}`);
          })
        : undefined;
    const path = (rule.path ?? referee?.basePath ?? "").replace(/\/$/, "");
    plans.push({ name, rule, origin: rule.beside ?? name, path, referee });
  }
  return plans;
}

/** The server of an origin that a path belongs to: the one that begins furthest along it. */
export function serverAt(path: string, plans: readonly Plan[]): Plan | undefined {
  const begins = ({ path: at, rule }: Plan) => path.startsWith(`${at}/`) || (path === at && rule.serves === "graphql");
  const fitting = plans.filter(begins);
  return fitting.sort((a, b) => b.path.length - a.path.length)[0];
}
