// Started as a real process by module-hook.test.ts: loads an API and two of its tools, one of them twice, and says what it got.
import { loadApi } from "../../../src/runtime/load/load-api.ts";

const api = await loadApi(process.argv[2] ?? "");
const { fetchThing, createThing } = api.definition.tools;
const [one, again, other] = [await fetchThing?.(), await fetchThing?.(), await createThing?.()];
console.log(
  JSON.stringify({
    title: api.definition.title,
    tools: [Object.keys(one ?? {}), Object.keys(other ?? {})],
    same: one === again,
  }),
);
