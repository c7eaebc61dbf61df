import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../e2e/server.ts";
import { configureTransport, loadTransport } from "../../src/runtime/send/transport.ts";
import {
  DEADLINE_MS,
  expectResources,
  expectSound,
  inFrontOf,
  pause,
  resources,
  serve,
  type Served,
  statusIn,
  TIME_SCALE,
  watchUnhandled,
} from "./bench.ts";
import { json } from "./groups/answers.ts";
import { MATRIX } from "./matrix.ts";
import type { Cell, Driven, Row } from "./row.ts";
import type { Fault } from "./vendor.ts";

type Kind = "reading" | "writing" | "both";

let idle: Readonly<Record<string, number>>;
const unhandled = watchUnhandled();

beforeAll(async () => {
  // What first calls load stays; it may take longer than the scaled times.
  for (const tool of ["get_thing", "create_thing"]) {
    const warm = async (_: unknown, served: Served) => void (await served.call(tool, { name: "x" }));
    await inFrontOf(json("{}"), warm, { timeoutMs: 45_000, timeScale: 1 });
  }
  await configureTransport({ timeScale: TIME_SCALE });
  await drive({ vendor: json("{}"), attempts: 1 }, json("{}"), { kind: "reading", era: "modern" });
  idle = resources();
}, 90_000);
afterAll(async () => {
  unhandled.stop();
  await configureTransport({});
});

test("every number of the matrix has a row, and each of them a test", () => {
  const rows = Object.values(MATRIX).flat();
  const numbers = new Set(rows.map(({ number }) => number));
  expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
  expect(rows.filter(({ reading, writing }) => !reading && !writing)).toEqual([]);
});

test("the modules of the suite's project are what its YAML says", async () => {
  const config = join(import.meta.dirname, "project/tools.yaml");
  const { code, out, note } = await run(["generate", "--check", "--config", config]);
  expect(`${out}${note}`).toMatch(/is current/);
  expect(code).toBe(0);
});

describe.each(Object.entries(MATRIX))("%s", (_group, rows) => {
  test.each(cellsOf(rows))(
    "%s",
    // 2,000 clients take a busy machine that long. And one that stands still for a moment may miss times that are a twentieth of the real ones,
    // as nothing that is wrong here does twice.
    { timeout: 90_000, retry: 2 },
    async (_name, { number, kind, cell, fault }) => {
      if ("file" in cell) {
        expect(readFileSync(join(import.meta.dirname, "..", cell.file), "utf8")).toContain(cell.test);
        return;
      }
      if ("prove" in cell) await cell.prove();
      else if (fault)
        await drive(cell, fault, { kind, era: (number % 2 === 0) === (kind === "reading") ? "modern" : "legacy" });
      await expectResources(idle);
      expect(unhandled.seen).toEqual([]);
    },
  );
});

/** Calls a tool whose vendor has a fault, and holds what comes of it against the cell. */
async function drive(
  cell: Driven,
  fault: Fault,
  { kind, era }: { readonly kind: Kind; readonly era: "modern" | "legacy" },
) {
  const vendor = await fault();
  const { deadlineMs = DEADLINE_MS } = cell;
  const served = await serve(vendor, cell.api, { timeoutMs: deadlineMs });
  const { tool = kind === "writing" ? "create_thing" : "get_thing", args = kind === "writing" ? { name: "x" } : {} } =
    cell;
  try {
    const call = async () => await served.call(tool, args, { era });
    await vendor.before?.(call);
    const called = await call();
    expectSound(called, served.log);
    expect({ code: statusIn(served.log), text: called.text }).toMatchObject({ code: cell.code ?? "ok" });
    expect(called.isError).toBe(cell.code !== undefined);
    if (cell.text) expect(called.text).toMatch(cell.text);
    if (cell.value !== undefined) expect(called.value).toMatchObject(Object(cell.value) as object);
    const [least, most] = typeof cell.attempts === "number" ? [cell.attempts, cell.attempts] : cell.attempts;
    expect(vendor.attempts(), vendor.seen.join("\n")).toBeGreaterThanOrEqual(least);
    expect(vendor.attempts(), vendor.seen.join("\n")).toBeLessThanOrEqual(most);
    expect(vendor.strayed?.() ?? 0, "requests to where nothing may go").toBeLessThanOrEqual(0);
    expect(called.ms).toBeGreaterThanOrEqual(cell.leastMs ?? 0);
    expect(called.ms).toBeLessThan(cell.mostMs ?? deadlineMs + 1_000);
    await expectNothingUnderWay();
  } finally {
    await served.close();
    await vendor.close();
  }
}

/** Connections may be kept for the next call; none of them may be at work. */
async function expectNothingUnderWay(): Promise<void> {
  const { dispatcher } = await loadTransport();
  const busy = () => Object.values(dispatcher.stats).reduce((sum, { running, pending }) => sum + running + pending, 0);
  for (let round = 0; round < 100 && busy() > 0; round++) await pause(10);
  expect(busy(), "requests under way").toBe(0);
}

/** Every cell of the rows on its own, and every variant of its fault, by a name. */
function cellsOf(rows: readonly Row[]) {
  return rows.flatMap((row) =>
    kindsOf(row).flatMap(([kind, cell]) =>
      variantsOf(cell).map(([variant, fault]) => {
        const { number } = row;
        const name = `${number} ${row.fault}${variant === "" ? "" : `, ${variant}`}: ${kind}`;
        return [name, { number, kind, cell, fault }] as const;
      }),
    ),
  );
}

/** A course of events that is the same for both is gone through once. */
function kindsOf({ reading, writing }: Row): readonly (readonly [Kind, Cell])[] {
  if (reading && reading === writing && !("vendor" in reading)) return [["both", reading]];
  return [...(reading ? [["reading", reading] as const] : []), ...(writing ? [["writing", writing] as const] : [])];
}

function variantsOf(cell: Cell): readonly (readonly [string, Fault | undefined])[] {
  if (!("vendor" in cell)) return [["", undefined]];
  return typeof cell.vendor === "function" ? [["", cell.vendor]] : Object.entries(cell.vendor);
}
