import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/sandbox.ts";
import { SandboxFileError } from "../sandbox/sandbox-file.ts";
import { UserError } from "./command.ts";

/**
 * Starts a stand-in.
 *
 * @throws {UserError} when its port cannot be had, or its file is no sandbox.
 */
export async function startSandboxAt(file: string, options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(file, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = "code" in error ? error.code : undefined;
    const { port } = options;
    if (code === "EADDRINUSE")
      throw new UserError(
        `port ${port} on 127.0.0.1 is in use`,
        "stop what listens there, name another --port, or leave it out to get a free one",
      );
    if (code === "EACCES" && port !== undefined)
      throw new UserError(`port ${port} may not be used by this user`, "name a --port above 1023, or leave it out");
    if (error instanceof SandboxFileError) throw new UserError(error.message, `correct ${file}`);
    throw error;
  }
}
