import { writeSync } from "node:fs";
import { callWith, deployAt } from "./deploy.ts";

// One of several processes that share a login: `node rotating-process.js <vendor> <state directory> <refresh token> <calls>`. All calls
// go at once; each writes `+` when it was answered, `-` when not.
const [url = "", stateDirectory = "", refreshToken = "", calls] = process.argv.slice(2);
const deployment = deployAt(url, { stateDirectory, environment: { ACME_REFRESH_TOKEN: refreshToken } });

async function call(): Promise<void> {
  try {
    await callWith(deployment);
    writeSync(1, "+");
  } catch (error) {
    writeSync(1, "-");
    writeSync(2, `${String(error)}\n`);
  }
}

await Promise.all(Array.from({ length: Number(calls) }, call));
