import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, vi } from "vitest";
import { type Called, connectDay, type DayClient, type Way } from "./client.ts";
import { type Day, type DayCall, type DayFile, toolOf } from "./day.ts";
import { at, type DayScope, fill } from "./fill.ts";
import { type Seen, type StandIn, standInOf, TOLD_OF } from "./stand-in.ts";
import { expectWire, secretsOf } from "./wire.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** One day, while it runs. */
interface Running {
  readonly client: DayClient;
  readonly standIn: StandIn;
  readonly way: Way;
  /** Questions that were asked, and what the person says to the next one. */
  readonly person: { readonly heard: string[]; says: DayCall["person"] };
}

/**
 * Runs a day from its first question to its last: a server of its own in a sandbox of its own, a real client, real files.
 *
 * @param config the project's tools.yaml; undefined: the vendors that ship.
 */
export async function runDay(day: Day, way: Way, config?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "toolwright-day-"));
  const folders = { files: join(folder, "open"), outside: join(folder, "closed") };
  put(folders.files, day.files);
  put(folders.outside, day.outside);
  const person: Running["person"] = { heard: [], says: undefined };
  const args = [
    day.api,
    "--sandbox",
    "--log",
    "--files",
    folders.files,
    ...(config === undefined ? [] : ["--config", config]),
  ];
  const client = await connectDay(way, args, (question) => {
    person.heard.push(question);
    return person.says ?? "cancel";
  });
  try {
    const running = { client, standIn: await heard(client), way, person };
    const answers: Record<string, unknown> = {};
    const texts: string[] = [];
    for (const { ask, calls } of day.asks) {
      for (const call of calls) {
        const [tool] = toolOf(call);
        const called = await oneCall(call, { answers, folders }, running, `${ask} → ${tool}`);
        texts.push(called.text, JSON.stringify(called.value ?? null));
        if (!called.isError) answers[tool] = called.value;
      }
    }
    const told = { answers: texts.join("\n"), notes: client.notes() };
    const project = config === undefined ? ROOT : dirname(config);
    await expectWire(day, running.standIn, told, secretsOf(join(project, "specs", day.api, "sandbox.yaml")));
  } finally {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The stand-in that a server tells of; over stdio that line may come after the connection. */
async function heard(client: DayClient): Promise<StandIn> {
  await vi.waitFor(() => expect(client.notes()).toMatch(TOLD_OF), { timeout: 15_000, interval: 5 });
  return standInOf(client.notes());
}

async function oneCall(call: DayCall, scope: DayScope, running: Running, where: string): Promise<Called> {
  const { client, standIn, person } = running;
  for (const control of call.before ?? []) await standIn.control(control);
  const [tool, template] = toolOf(call);
  const args = fill(template, scope) as Readonly<Record<string, unknown>>; // as the day's grammar has it
  const [requestsBefore, notesBefore] = [await standIn.requests(), client.notes().length];
  person.heard.length = 0;
  person.says = call.person;
  const called = await callAsAsked(call, tool, args, running, where);
  const seen = (await standIn.requests()).slice(requestsBefore.length);

  const unasked = !running.way.asks && saidNo(call);
  const isError = call.error !== undefined || unasked;
  expect({ where, isError: called.isError, text: called.text }).toEqual({ where, isError, text: called.text });
  const line = `"tool":"${tool}","status":"${unasked ? "confirmation_needed" : statusOf(call)}"`;
  await vi.waitFor(() => expect(client.notes().slice(notesBefore), `${where}: its line in the log`).toContain(line), {
    interval: 5,
  });
  if (call.sends) expect(listed(seen.map(nameOf)), `${where}: what the vendor saw`).toBe(listed(call.sends));
  if (unasked) return called;
  if (call.says !== undefined) expect(called.text, where).toMatch(new RegExp(call.says, "s"));
  if (call.items !== undefined) expect(at(called.value, "/items"), where).toHaveLength(call.items);
  for (const [pointer, wanted] of Object.entries(call.gives ?? {}))
    expectAt(called.value, pointer, fill(wanted, scope), where);
  return called;
}

function saidNo({ person }: DayCall): boolean {
  return person !== undefined && person !== "accept";
}

/** What the log says of a call that went as the day has it. */
function statusOf({ error, person }: DayCall): string {
  if (error !== undefined) return error;
  if (person === "decline") return "declined";
  return person === "cancel" ? "cancelled" : "ok";
}

/** Calls, with a person who is asked where the client can ask; otherwise the model passes the question on, and calls again after a yes. */
async function callAsAsked(
  { person: says, asked }: DayCall,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  { client, person: { heard }, way }: Running,
  where: string,
): Promise<Called> {
  const first = await client.call(tool, args);
  if (says === undefined || way.asks) {
    expect(heard, `${where}: questions`).toEqual(
      says === undefined ? [] : [expect.stringMatching(new RegExp(asked ?? "."))],
    );
    return first;
  }
  expect(first.text, where).toContain("confirm: true");
  expect(first.text, where).toMatch(new RegExp(asked ?? "."));
  return says === "accept" ? await client.call(tool, { ...args, confirm: true }) : first;
}

function expectAt(value: unknown, pointer: string, wanted: unknown, where: string): void {
  const found = at(value, pointer);
  if (typeof wanted === "object" && wanted !== null && found !== undefined)
    expect(found, `${where} at ${pointer}`).toMatchObject(wanted);
  else expect(found, `${where} at ${pointer}`).toEqual(wanted);
}

/** Names in one line and in one order: reads go side by side. */
function listed(names: readonly string[]): string {
  return [...names].sort().join(", ");
}

/** The operation, or the method where requests have none. */
function nameOf({ operation, method, server }: Seen): string {
  return operation ?? `${method} ${server}`;
}

function put(folder: string, files: Readonly<Record<string, DayFile>> = {}): void {
  mkdirSync(folder);
  for (const [name, file] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof file === "string" ? file : Buffer.alloc(file.bytes, name));
  }
}
