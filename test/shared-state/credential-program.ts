import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openSharedState } from "../../src/runtime/shared-state/shared-state.ts";
import { lockedInRedis } from "../../src/runtime/shared-state/lock.ts";
import { callWith, deployAt } from "../runtime/credentials/deploy.ts";

// One of several replicas with one login: `node credential-program.mjs call <vendor> <refresh token> <calls>` makes calls at once, and writes
// `+` for each that was answered, `-` for others. `… hold <key>` takes a lock, says so, and works until it is killed.
const [what, first = "", refreshToken = "", calls] = process.argv.slice(2);
const environment = process.env as Readonly<Record<string, string>>;

async function call(deployment: ReturnType<typeof deployAt>): Promise<void> {
  try {
    await callWith(deployment);
    writeSync(1, "+");
  } catch (error) {
    writeSync(1, "-");
    writeSync(2, `${String(error)}\n`);
  }
}

if (what === "hold") {
  const shared = openSharedState(environment);
  if (!shared) throw new Error("nothing is shared");
  await lockedInRedis(shared, first, async () => {
    writeSync(1, "held\n");
    await sleep(60_000);
  });
} else {
  const deployment = deployAt(first, { environment: { ...environment, ACME_REFRESH_TOKEN: refreshToken } });
  await Promise.all(Array.from({ length: Number(calls) }, async () => await call(deployment)));
}
