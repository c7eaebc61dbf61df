import { type Answer, refuse } from "./answer.ts";
import type { SandboxFile } from "./sandbox-file.ts";
import { chosenError } from "./situation.ts";

/** One failure that a test has asked for. */
export interface Ordered {
  /** operationId, method and path, or the name of a GraphQL operation. */
  readonly operation: string;
  /** Of `failures` or `errors`. */
  readonly error: string;
  readonly times: number;
  /** What the request asks for is done, and then answered with the error. */
  readonly after: boolean;
}

/** Failures at will. */
export interface Failing {
  order(failure: Ordered): void;
  /** Gives the answer, or fails in its place if that was ordered for the operation. */
  instead(operation: string | undefined, answer: () => Promise<Answer>): Promise<Answer>;
}

/** @param servers base URLs by name: an error may hold `{servers.storage}`, as where it sends people. */
export function createFailing(file: SandboxFile, servers: () => Readonly<Record<string, string>>): Failing {
  const ordered: (Ordered & { left: number })[] = [];
  return {
    order: (failure) => void ordered.push({ ...failure, left: failure.times }),
    async instead(operation, answer) {
      const next = ordered.find(({ operation: wanted, left }) => wanted === operation && left > 0);
      if (!next) return await answer();
      next.left--;
      if (next.after) await answer();
      return refuse(chosenError(file, next.error), {
        operation,
        message: "it was told to fail",
        servers: servers(),
      });
    },
  };
}
