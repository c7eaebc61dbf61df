import { nearest } from "../definition/nearest.ts";
import { type SandboxFile, SandboxFileError } from "./sandbox-file.ts";
import type { Plan } from "./servers.ts";

/**
 * Whether every operation that a file names is one of its descriptions.
 *
 * @throws {SandboxFileError} naming each that is not.
 */
export function checkFit(
  { operations, collections, rate, servers, graphql }: SandboxFile,
  plans: readonly Plan[],
): void {
  const known = plans.flatMap(({ referee }) => referee?.operationIds ?? []);
  const named: (readonly [place: string, operationId: string | undefined])[] = [
    ...Object.keys(operations).map((id) => [`operations.${id}`, id] as const),
    ...Object.keys(graphql ? {} : rate.operations).map((id) => [`rate.operations.${id}`, id] as const), // GraphQL has names of its own
    ...Object.entries(collections).map(([name, { seed }]) => [`collections.${name}.seed`, seed] as const),
    ...Object.entries(servers).flatMap(([name, server]) =>
      (server.operations ?? []).map((id) => [`servers.${name}.operations`, id] as const),
    ),
  ];
  const lines = named.flatMap(([at, id]) => {
    if (id === undefined || known.includes(id)) return [];
    const near = nearest(id, known)[0];
    return [`  ${at}: the description has no operation ${id}${near ? `; it has ${near}` : ""}`];
  });
  if (lines.length > 0) throw new SandboxFileError(`the sandbox does not fit its description:\n${lines.join("\n")}`);
}
