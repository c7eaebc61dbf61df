import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where counters and tokens live that must outlast the process.
 *
 * `TOOLWRIGHT_STATE_DIR`, else `$XDG_STATE_HOME/toolwright`, else `~/.local/state/toolwright`; on Windows `%LOCALAPPDATA%\toolwright`.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function defaultStateDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment["TOOLWRIGHT_STATE_DIR"];
  if (own) return own;
  if (platform === "win32")
    return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "toolwright");
  const state = environment["XDG_STATE_HOME"];
  // "If an implementation encounters a relative path in any of these variables it should consider the path invalid and ignore it."
  if (state && isAbsolute(state)) return join(state, "toolwright");
  return join(environment["HOME"] ?? homedir(), ".local", "state", "toolwright");
}
