import type { Project } from "./project.ts";
import type { Terminal } from "./terminal.ts";

/** An option of a command, as `util.parseArgs` takes it and as `--help` tells it. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: true;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  readonly help: string;
}

/** Options by their long names. */
export type Options = Readonly<Record<string, Option>>;

/** The values that were given, typed by the options. */
export type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { readonly type: "boolean" }
    ? boolean
    : O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};

/** One command of the command line: what it does, what it takes, and how it is carried out. */
export interface Command<O extends Options = Options> {
  readonly usage: string;
  /** A paragraph for `--help`; wrapped by hand at 100 columns. */
  readonly about: string;
  readonly options: O;
  /** Command lines with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Answers with the exit code: 0 done, 1 problems in the user's files. */
  run(given: {
    readonly positionals: readonly string[];
    readonly values: Values<O>;
    readonly terminal: Terminal;
    /** What to work on, where the command line has no say in it: in a packed server. */
    readonly project?: Project;
  }): Promise<number>;
}

/** Keeps the types of the options, so that `run` sees `values.port` as a string and `values.nothing` as an error. */
export function defineCommand<const O extends Options>(command: Command<O>): Command<O> {
  return command;
}

/** The command line was wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do, where `--help` of the command would not tell. */
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

/** Something outside the project's files stands in the way (a port in use, a missing variable): exit code 1. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do, as an imperative sentence. */
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}
