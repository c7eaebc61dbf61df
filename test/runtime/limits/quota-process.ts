import { writeSync } from "node:fs";
import { chargeCall } from "../../../src/runtime/limits/charge.ts";
import { Problem } from "../../../src/runtime/problem.ts";
import { deploy } from "../call/deploy.ts";

// One of several processes that spend the same month: `node quota-process.js <state directory> <calls> <limit>`. Ten calls at a time;
// each writes `+` as soon as it is charged, `-` when it is refused by the limit.
const [stateDirectory, calls, limit] = process.argv.slice(2);
const deployment = deploy("http://127.0.0.1:9", {}, { stateDirectory, api: { limits: { calls: [`${limit}/month`] } } });

async function call(): Promise<void> {
  try {
    await chargeCall(deployment);
    writeSync(1, "+");
  } catch (error) {
    if (error instanceof Problem && error.code === "rate_limited") writeSync(1, "-");
    else throw error;
  }
}

for (let done = 0; done < Number(calls); done += 10) await Promise.all(Array.from({ length: 10 }, call));
