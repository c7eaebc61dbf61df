import { createInterface } from "node:readline/promises";
import { nameProblem } from "../../generator/propose/api-name.ts";
import { UserError } from "../command.ts";

/** What `init` asks a person. */
export interface Questions {
  /** The name that is proposed; undefined: it was given, and is not asked for. */
  readonly name: string | undefined;
  /** Names that tools.yaml has already. */
  readonly taken: readonly string[];
  /** Ways in, the proposed one first; asked when there are several. */
  readonly credentials: readonly { readonly name: string; readonly told: string }[];
}

/** What a person answered, or left to us. */
export interface Answers {
  readonly name: string | undefined;
  readonly credential: string | undefined;
  readonly readOnly: boolean;
}

/** Where questions are asked. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Asks what only a person knows. Enter takes what is proposed; the end of the input stops everything. */
export async function ask({ name, taken, credentials }: Questions, { input, output }: Conversation): Promise<Answers> {
  const lines = createInterface({ input, output });
  const ended = new Promise<never>((_, reject) => {
    lines.once("close", () =>
      reject(new UserError("stopped; nothing was written", "answer the questions, or run it with --yes")),
    );
  });
  ended.catch(() => {}); // the end after the last answer is nobody's problem
  const question = async (text: string): Promise<string> => (await Promise.race([lines.question(text), ended])).trim();
  try {
    return {
      name: name === undefined ? undefined : await askName({ proposed: name, taken }, question, output),
      credential: credentials.length > 1 ? await askCredential(credentials, question, output) : undefined,
      readOnly: !(await askYes("Allow tools that change data?", question, output)),
    };
  } finally {
    lines.close();
  }
}

type Ask = (text: string) => Promise<string>;

async function askName(
  { proposed, taken }: { readonly proposed: string; readonly taken: readonly string[] },
  question: Ask,
  output: NodeJS.WritableStream,
): Promise<string> {
  let free = proposed;
  for (let number = 2; taken.includes(free); number++) free = `${proposed}_${number}`;
  if (free !== proposed) output.write(`tools.yaml has an API "${proposed}" already; this one is added beside it.\n`);
  for (;;) {
    const answer = (await question(`Name of the API [${free}] `)) || free;
    const problem = taken.includes(answer) ? "tools.yaml has an API of that name already" : nameProblem(answer);
    if (problem === undefined) return answer;
    output.write(`  ${problem}\n`);
  }
}

async function askYes(text: string, question: Ask, output: NodeJS.WritableStream): Promise<boolean> {
  for (;;) {
    const answer = await question(`${text} [Y/n] `);
    if (/^(?:y|yes)?$/i.test(answer)) return true;
    if (/^no?$/i.test(answer)) return false;
    output.write("  write y or n\n");
  }
}

async function askCredential(
  credentials: Questions["credentials"],
  question: Ask,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  output.write(
    `The description knows several ways in:\n${credentials.map(({ told }, index) => `  ${index + 1}  ${told}\n`).join("")}`,
  );
  for (;;) {
    const answer = (await question("Which one do you have? [1] ")) || "1";
    const chosen = credentials[Number(answer) - 1];
    if (chosen) return chosen.name;
    output.write(`  write a number from 1 to ${credentials.length}\n`);
  }
}
