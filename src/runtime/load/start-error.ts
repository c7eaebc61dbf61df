/** Why an API cannot be served here: a file, a variable or a flag that a person has to mend. Never a bug of ours. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** What to do, as an imperative sentence. */
  readonly help: string;
  /** Names of the environment variables that are not set, sorted; all of them at once. */
  readonly missing: readonly string[];

  constructor(message: string, help: string, missing: readonly string[] = []) {
    super(message);
    this.help = help;
    this.missing = missing;
  }
}
