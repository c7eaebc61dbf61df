import { UserError } from "./command.ts";

/** As `engines` of package.json says it. */
const OLDEST = [20, 19] as const;

/**
 * Refuses a Node that lacks what is used here, before it fails on that with a message of its own.
 *
 * @throws {UserError} naming both versions.
 */
export function refuseOldNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new UserError(
    `this is Node ${version}, and Node ${OLDEST.join(".")} or newer is needed`,
    "install a newer one, from https://nodejs.org or by your version manager, and run it again",
  );
}
