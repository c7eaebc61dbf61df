import { DEFAULT_REDIRECT_PORT } from "../../definition/api.ts";
import { credentialVariables } from "../../runtime/access/read-access.ts";
import { credentialsInEffect } from "../../runtime/credentials/in-effect.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import { Problem } from "../../runtime/problem.ts";
import type { Held } from "../../runtime/credentials/held.ts";
import { defineCommand, UsageError, UserError } from "../command.ts";
import { deploy } from "../deploy.ts";
import { readPort } from "../port.ts";
import { commandLine, generatedApis, servingProject } from "../project.ts";
import { signInCredential } from "../sign-in.ts";
import { paint, type Terminal } from "../terminal.ts";

/** A person reads, looks for a password, and waits for a code on a telephone. */
const WAIT_SECONDS = 300;
const MOST_WAIT_SECONDS = 86_400;

export const command = defineCommand({
  usage: "API [CREDENTIAL] [--no-browser]",
  about: `Signs in to a vendor: opens its page in the browser and waits until it sends you back to this machine. The tokens are
kept in the state directory, readable by you alone, and are renewed by themselves; servers that run take them up at once.
The application at the vendor must allow the redirect URL that is shown.`,
  options: {
    "no-browser": { type: "boolean", help: "only print the URL, to be opened on this machine or through a tunnel" },
    port: {
      type: "string",
      short: "p",
      value: "P",
      help: `port of the redirect URL (default: tools.yaml, else ${DEFAULT_REDIRECT_PORT})`,
    },
    wait: { type: "string", value: "S", help: `seconds to wait (default ${WAIT_SECONDS})` },
    server: { type: "string", multiple: true, value: "[NAME=]URL", help: "sign in elsewhere, e.g. at staging" },
    config: { type: "string", value: "FILE", help: "the project's tools.yaml" },
  },
  examples: [
    ["toolwright login {api}", "sign in with the browser"],
    ["toolwright login {api} --no-browser", "print the URL instead"],
  ],
  async run({ positionals, values, terminal, project = servingProject(values.config) }) {
    const [api, named, ...others] = positionals;
    const apis = project.packed?.name ?? generatedApis(project).join(", ");
    if (api === undefined || others.length > 0)
      throw new UsageError(`login: name one API, and its credential if it has several; there is ${apis}`);
    const wait = secondsOf(values.wait) ?? WAIT_SECONDS;
    const servers = values.server ?? [];
    const destination = { sandbox: false, servers, readOnly: false, uploadRoots: [], signIn: { named } };
    const deployed = await deploy(project, [api], destination);
    try {
      const [deployment] = deployed.deployments;
      if (!deployment) throw new UsageError(`login: there is no API "${api}"`);
      const name = signInCredential(deployment, named, "login");
      const port = readPort("login", values.port) ?? portOf(deployment, name);
      const held = await signIn(deployment, name, { port, wait, browser: values["no-browser"] !== true, terminal });
      terminal.note(success(deployment, held, terminal));
      const used = credentialsInEffect(deployment);
      if (!used.includes(name)) terminal.note(notUsed(deployment, used));
      terminal.note(`To sign out: ${commandLine(project, "logout", api)}`);
      return 0;
    } finally {
      await deployed.close();
    }
  },
});

interface SignIn {
  readonly port: number;
  readonly wait: number;
  readonly browser: boolean;
  readonly terminal: Terminal;
}

async function signIn(deployment: Deployment, name: string, { port, wait, browser, terminal }: SignIn): Promise<Held> {
  const { login } = await import("../../runtime/credentials/login.ts");
  const { title } = deployment.api.definition;
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const tooLate = AbortSignal.timeout(wait * 1000);
  try {
    return await login(deployment, name, {
      port,
      signal: AbortSignal.any([stop.signal, tooLate]),
      show: ({ url, redirectUri }) => {
        terminal.note(`Sign in to ${title}:\n`);
        terminal.out(url);
        terminal.note(
          `\nThe application at the vendor must allow the redirect URL ${redirectUri}\nWaiting for ${wait} seconds; Ctrl+C gives up.`,
        );
        if (browser) void openBrowser(url, terminal);
      },
    });
  } catch (error) {
    if (tooLate.aborted)
      throw new UserError(`nobody came back from ${title} within ${wait} seconds`, helpForNobody(port));
    if (stop.signal.aborted) throw new UserError("given up; nothing was changed", "run it again when you are ready");
    if (error instanceof Problem) throw new UserError(error.message, helpFor(error));
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new UserError(
        `port ${port} on 127.0.0.1 is in use`,
        "stop what listens there, or name another --port that the application at the vendor allows too",
      );
    }
    throw error;
  }
}

/** A machine may have no browser, or none that can be opened from here: the URL is printed anyway. */
async function openBrowser(url: string, terminal: Terminal): Promise<void> {
  try {
    const { default: open } = await import("open");
    const browser = await open(url);
    browser.on("error", () => terminal.note("No browser could be opened: open the URL yourself."));
  } catch {
    terminal.note("No browser could be opened: open the URL yourself.");
  }
}

function helpForNobody(port: number): string {
  return `check that the application at the vendor allows http://127.0.0.1:${port}/callback, then run it again`;
}

function helpFor({ message, code }: Problem): string {
  if (message.includes("invalid_client")) return "check the client id and secret against the application at the vendor";
  if (message.includes("access_denied")) return "sign in again, and let the application in";
  if (code === "upstream_unreachable") return "check that this machine reaches the vendor's host";
  return "check the application at the vendor: its grant, redirect URL and scopes";
}

function success(deployment: Deployment, { values, expiresAt }: Held, terminal: Terminal): string {
  const { title } = deployment.api.definition;
  const until = expiresAt === undefined ? "" : ` until ${new Date(expiresAt).toISOString()}`;
  const renewed = values["refreshToken"] !== undefined;
  const how = renewed
    ? "; it is renewed by itself"
    : ". The vendor gave nothing to renew it with: many want the scope offline_access for that";
  return `${paint(terminal).green("Signed in")} to ${title}${until}${how}.`;
}

/** The variables of what goes before are named: whoever signs in mostly forgot that they are there. */
function notUsed({ api: { definition } }: Deployment, used: readonly string[]): string {
  const variables = used.flatMap((name) => {
    const credential = definition.credentials?.[name];
    return credential ? credentialVariables(credential) : [];
  });
  return `Calls go on with ${variables.join(", ")}, which goes before this sign-in as long as it is set.`;
}

function portOf(deployment: Deployment, name: string): number {
  const credential = deployment.api.definition.credentials?.[name];
  return (credential && "oauth2" in credential ? credential.oauth2.redirectPort : undefined) ?? DEFAULT_REDIRECT_PORT;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= MOST_WAIT_SECONDS) return seconds;
  throw new UsageError(`login: --wait ${text} is no number of seconds; at most ${MOST_WAIT_SECONDS}, a day`);
}
