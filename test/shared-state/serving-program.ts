import { createDeployment } from "../../src/runtime/load/deployment.ts";
import { loadApi } from "../../src/runtime/load/load-api.ts";
import { narrow } from "../../src/runtime/load/narrow.ts";
import { faultLogLine } from "../../src/runtime/serve/call-log.ts";
import { untilStopped } from "../../src/runtime/serve/drain.ts";
import { serveHttp } from "../../src/runtime/serve/http.ts";
import { ENVIRONMENT, ticketsApi } from "../access/proxy/fixture/api.ts";

// One of several replicas over HTTP: `node serving-program.mjs proxy <vendor as JSON> <public URL>`, behind whose sign-in are tickets, or
// `node serving-program.mjs essays <vendor's URL> <generated folder>`, whose one tool asks before. Says where it listens.
const [kind = "", vendor = "", last = ""] = process.argv.slice(2);
const environment = { ...ENVIRONMENT, ...process.env };
const common = { mode: "live", environment } as const;
const deployment =
  kind === "proxy"
    ? createDeployment({
        ...common,
        api: ticketsApi(JSON.parse(vendor) as Parameters<typeof ticketsApi>[0], { publicUrl: last }),
        accessEnvironment: environment,
      })
    : createDeployment({ ...common, api: await loadApi(last), serverOverrides: { api: vendor } });
const serving = await serveHttp({
  apis: narrow([deployment]),
  version: "1.2.3",
  port: 0,
  environment,
  onFault: (error) => process.stderr.write(`${faultLogLine(error)}\n`),
});
process.stdout.write(`listening ${serving.url}\n`);
await untilStopped(serving.close);
