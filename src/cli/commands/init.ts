import { relative, resolve } from "node:path";
import { propose } from "../../generator/propose/propose.ts";
import { nameProblem, proposeName, titleFor } from "../../generator/propose/api-name.ts";
import type { Proposal, ProposeOptions } from "../../generator/propose/proposal.ts";
import { defineCommand, UsageError, UserError } from "../command.ts";
import { apisIn, filesFor, specPath, writeFiles } from "../init/files.ts";
import { ask } from "../init/questions.ts";
import { report, tellCredential } from "../init/report.ts";
import { openSource, type Source } from "../init/source.ts";
import { showProblems } from "../problems.ts";
import type { Terminal } from "../terminal.ts";

export const command = defineCommand({
  usage: "SPEC [--name N] [--dir D] [--all] [--yes]",
  about: `Reads any OpenAPI description, a file or an address, and proposes tools.yaml: names, words, paging, ways in, found by looking.
The 20 most useful operations are allowed, the others listed and commented out. A description from outside of the
project is copied to specs/. An API is added to a tools.yaml that is there; nothing of it is changed.
An address is read once, without any credential, and is the only thing that is ever read from a network.`,
  options: {
    name: { type: "string", value: "N", help: "what the API is called in tools.yaml (default: from its title)" },
    dir: { type: "string", value: "D", help: "the project's folder (default: here); made if it is not there" },
    all: { type: "boolean", help: "allow every operation" },
    yes: { type: "boolean", short: "y", help: "ask nothing, take what is proposed" },
  },
  examples: [
    ["toolwright init openapi.yaml", "a proposal to read and trim"],
    ["toolwright init https://api.acme.com/openapi.json --name acme --yes", "from an address, without questions"],
    ["toolwright init vendor.json --dir acme-server --all", "everything, in a folder of its own"],
  ],
  async run({ positionals, values, terminal }) {
    const [named, ...others] = positionals;
    if (named === undefined || others.length > 0)
      throw new UsageError("init: name one OpenAPI description, a file or an address");
    const problem = values.name === undefined ? undefined : nameProblem(values.name);
    if (problem !== undefined)
      throw new UsageError(`init: "${values.name ?? ""}" cannot be the name of an API: ${problem}`);
    const directory = resolve(values.dir ?? ".");
    terminal.progress(`reading ${named}`);
    const source = await openSource(named, directory);
    try {
      const choice = {
        name: values.name,
        all: values.all ?? false,
        asks: !values.yes && process.stdin.isTTY && process.stderr.isTTY,
      };
      return await initialize(source, directory, { ...choice, shownDir: values.dir }, terminal);
    } finally {
      source.discard();
    }
  },
});

interface Choice {
  readonly name: string | undefined;
  readonly all: boolean;
  readonly asks: boolean;
  readonly shownDir: string | undefined;
}

async function initialize(source: Source, directory: string, choice: Choice, terminal: Terminal): Promise<number> {
  const { spec } = source;
  if (!spec || spec.entries.length === 0) {
    if (source.diagnostics.length > 0) showProblems(source.diagnostics, source.folder, terminal);
    if (spec)
      throw new UserError(
        "the description has no operation that could be a tool",
        "name the one that has the vendor's `paths:`; webhooks and parts that others refer to have none",
      );
    return 1;
  }
  const named = choice.name ?? proposeName(titleFor(spec.summary));
  const options: ProposeOptions = {
    name: named,
    spec: specPath(source, named),
    source: source.address,
    all: choice.all,
    readOnly: false,
    credential: undefined,
  };
  terminal.progress(`looking at ${spec.entries.length} operations`);
  let proposal = propose(spec, options);
  if (choice.asks) {
    const credentials = proposal.choices.slice(0, 9).map((one) => ({ name: one.name, told: tellCredential(one) }));
    terminal.progress(""); // questions begin on an empty line
    const answers = await ask(
      { name: choice.name === undefined ? named : undefined, taken: apisIn(directory), credentials },
      { input: process.stdin, output: process.stderr },
    );
    const name = answers.name ?? named;
    proposal = propose(spec, {
      ...options,
      name,
      spec: specPath(source, name),
      credential: answers.credential,
      readOnly: answers.readOnly,
    });
  }
  refuseUseless(proposal);
  const files = filesFor(proposal, source, directory);
  writeFiles(directory, files);
  terminal.out(
    report(proposal, {
      spec,
      files: [...files.keys()],
      directory: shownDirectory(choice.shownDir, directory),
      terminal,
      problems: source.diagnostics.length,
    }),
  );
  return 0;
}

/** A description of which nothing can be a tool is no good, and nothing is written for it. */
function refuseUseless({ tools, unusable }: Proposal): void {
  const [first] = unusable;
  if (tools.length > 0 || !first) return;
  const { entry, reason } = first;
  const outside = reason.includes("leaves the project folder");
  throw new UserError(
    `none of the ${unusable.length} operations can be a tool: ${entry.method} ${entry.path}: ${reason}`,
    outside
      ? "copy the whole folder of the description into the project, and name the file there"
      : "mend the description, or name another one",
  );
}

function shownDirectory(given: string | undefined, directory: string): string | undefined {
  return given === undefined || relative(resolve("."), directory) === "" ? undefined : given;
}
