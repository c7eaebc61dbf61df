import type * as Library from "oidc-provider";

/** What the library prints on the Node that we support besides its own, and on which all of its features that we use were measured. */
const NOTE = "oidc-provider WARNING: Unsupported runtime";

/** Loads the authorization server's library, once and only in this mode, without its note on the person's terminal. */
export async function loadProvider(): Promise<typeof Library> {
  // oxlint-disable-next-line no-console -- the library prints while it is loaded and has no switch for it
  const { warn } = console;
  const quiet: typeof warn = (...words) => {
    if (!String(words[0]).includes(NOTE)) warn(...words);
  };
  console.warn = quiet; // oxlint-disable-line no-console
  try {
    return await import("oidc-provider");
  } finally {
    if (console.warn === quiet) console.warn = warn; // oxlint-disable-line no-console
  }
}
