import { chargeCall } from "../../../src/runtime/limits/charge.ts";
import { Problem } from "../../../src/runtime/problem.ts";
import { deploy } from "../call/deploy.ts";

// One of several processes that spend the same month: `node quota-process.js <state directory> <calls> <limit>`.
const [stateDirectory, calls, limit] = process.argv.slice(2);
const deployment = deploy("http://127.0.0.1:9", {}, { stateDirectory, api: { limits: { calls: [`${limit}/month`] } } });

const outcomes = await Promise.all(
  Array.from({ length: Number(calls) }, async () => {
    try {
      await chargeCall(deployment);
      return "charged";
    } catch (error) {
      return error instanceof Problem ? error.code : String(error);
    }
  }),
);
process.stdout.write(JSON.stringify(outcomes));
