import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** What is done to the stand-in before a call (docs/sandbox.md, Control). */
const Control = z.union([
  z.strictObject({ expire: z.enum(["access", "refresh", "session", "uploads", "all"]) }),
  z.strictObject({
    fail: z.strictObject({
      operation: z.string(),
      error: z.string(),
      times: z.int().optional(),
      after: z.boolean().optional(),
    }),
  }),
  z.strictObject({ user: z.union([z.string(), z.number()]) }),
]);

/** What differs when the same day is run a second time. */
const Second = z.strictObject({ before: z.array(Control).optional(), sends: z.array(z.string()).optional() });

const Call = z.strictObject({
  before: z.array(Control).optional(),
  call: z
    .record(z.string(), z.record(z.string(), z.json()))
    .refine((call) => Object.keys(call).length === 1, "one tool")
    .describe(
      "As in examples of tools.yaml. `$steps.tool.outputs#/a` is of the tool's last answer; `{files}` and `{outside}` are folders.",
    ),
  person: z
    .enum(["accept", "decline", "cancel"])
    .optional()
    .describe("What the person says when asked; nobody may ask otherwise."),
  asked: z.string().optional().describe("The question, a regular expression."),
  gives: z.record(z.string(), z.json()).optional().describe("JSON Pointer into the answer → value, or members of it."),
  items: z.int().optional().describe("How many items there are."),
  says: z.string().optional().describe("A regular expression of the text that the model reads."),
  error: z.string().optional().describe("The code of the problem that it must come to."),
  sends: z
    .array(z.string())
    .optional()
    .describe("Operations that the stand-in saw, in any order; one of storage is its method."),
  second: Second.optional().describe("Instead of these, when the day is run again."),
});

const File = z.union([z.string(), z.strictObject({ bytes: z.int() })]);

const Wire = z.strictObject({
  shown: z
    .record(z.string(), z.array(z.string()))
    .describe("Server → headers with a credential that reached it, all of them; one that is not here was not asked."),
  apart: z
    .array(z.array(z.string()))
    .optional()
    .describe("Servers in groups: a credential that reached one group reached no other."),
  counters: z.record(z.string(), z.int()).describe("How often what was given out."),
});

const Day = z.strictObject({
  api: z.string(),
  day: z.string(),
  files: z.record(z.string(), File).optional().describe("On the disk before it begins, in the folder that is open."),
  outside: z.record(z.string(), File).optional().describe("Beside that folder."),
  asks: z.array(z.strictObject({ ask: z.string(), calls: z.array(Call).min(1) })).min(1),
  wire: Wire,
  second: z
    .strictObject({ day: z.string(), wire: Wire })
    .optional()
    .describe("The day is run twice; what differs then."),
});

/** One call of a day. */
export type DayCall = z.infer<typeof Call>;
export type DayControl = z.infer<typeof Control>;
export type DayFile = z.infer<typeof File>;
/** What a person asks on one day, the calls that follow, and what must come of each. */
export type Day = z.infer<typeof Day>;

/** Days of a folder, one that is run twice as two. */
export function daysIn(folder: string): readonly Day[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap((file) => {
      const { data, error } = Day.safeParse(parse(readFileSync(join(folder, file), "utf8"), { merge: true }));
      if (!data) throw new Error(`${join(folder, file)} is no day: ${z.prettifyError(error)}`);
      return data.second ? [data, secondTime(data, data.second)] : [data];
    });
}

function secondTime(day: Day, { day: name, wire }: NonNullable<Day["second"]>): Day {
  const asks = day.asks.map(({ ask, calls }) => ({ ask, calls: calls.map((call) => ({ ...call, ...call.second })) }));
  return { ...day, day: name, wire, asks };
}

/** Tool and arguments of a call. */
export function toolOf({ call }: DayCall): readonly [tool: string, args: Readonly<Record<string, unknown>>] {
  const [[tool, args] = ["", {}]] = Object.entries(call);
  return [tool, args];
}

/** Whether a call shows what happens when something is not as it should be. */
export function isFailureCase({ before = [], person, error }: DayCall): boolean {
  const refused = person !== undefined && person !== "accept";
  return refused || error !== undefined || before.some((control) => "expire" in control || "fail" in control);
}
