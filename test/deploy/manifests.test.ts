import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseAllDocuments, parse } from "yaml";
import { emptyFolder, removeFolders } from "../pack/packing.ts";
import { ROOT } from "../docs/pages.ts";
import { documented } from "./documented.ts";
import { stages, textsOf } from "./instructions.ts";

afterAll(removeFolders);

/** A part of a manifest; what is asked of it stands in each test. */
type Part = Readonly<Record<string, unknown>>;

const STATE = "/var/lib/toolwright";
/** How long a server takes to end: until its port closes off loopback, and what running calls get (`serveHttp`). */
const ENDS_IN_S = 5 + 25;

test("compose.yaml: read-only, no rights, private state, time to drain", () => {
  const { services, volumes } = parse(readFileSync(join(ROOT, "compose.yaml"), "utf8"), { strict: true }) as {
    services: { mcp: Part & { stop_grace_period: string; mem_limit: string; environment: { NODE_OPTIONS: string } } };
    volumes: Part;
  };
  const { mcp } = services;
  expect(mcp).toMatchObject({
    build: { context: ".", args: { API: textsOf(stages()[0], "ARG")[0]?.replace("API=", "") } },
    env_file: ".env",
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    ports: ["127.0.0.1:8000:8000"],
    volumes: [`state:${STATE}`],
  });
  expect(Object.keys(volumes)).toEqual(["state"]);
  expect(parseInt(mcp.stop_grace_period)).toBeGreaterThan(ENDS_IN_S);
  expect(heapOf(mcp.environment.NODE_OPTIONS) / parseInt(mcp.mem_limit)).toBe(0.75);
});

test("the manifest for Kubernetes: probes and times, no rights, private state", () => {
  const documents = parseAllDocuments(documented("yaml", "## On Kubernetes"), { strict: true, uniqueKeys: true });
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const [deployment, service] = documents.map((document) => document.toJS() as Part);
  expect(deployment).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment" });
  const { template, selector } = deployment?.["spec"] as {
    template: { metadata: Part; spec: Part };
    selector: { matchLabels: Part };
  };
  const { spec } = template;
  expect(template.metadata).toEqual({ labels: selector.matchLabels });
  expect(service).toMatchObject({
    kind: "Service",
    spec: { selector: selector.matchLabels, ports: [{ targetPort: "http" }] },
  });
  expect(spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    },
  });
  expect(spec["terminationGracePeriodSeconds"]).toBeGreaterThan(ENDS_IN_S);
  const [container, ...others] = spec["containers"] as Part[];
  expect(others).toEqual([]);
  const probe = (path: string) => ({ path, port: "http", httpHeaders: [{ name: "Host", value: "localhost" }] });
  expect(container).toMatchObject({
    startupProbe: { httpGet: probe("/readyz") },
    readinessProbe: { httpGet: probe("/readyz"), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { httpGet: probe("/livez"), periodSeconds: 10, failureThreshold: 3 },
    ports: [{ name: "http", containerPort: Number(textsOf(stages()[1], "EXPOSE")[0]) }],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  });
  const env = Object.fromEntries(
    (container?.["env"] as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );
  const { limits } = container?.["resources"] as { limits: { memory: string } };
  expect(heapOf(env["NODE_OPTIONS"] ?? "") / parseInt(limits.memory)).toBe(0.75);
  const mounts = (container?.["volumeMounts"] as { name: string; mountPath: string }[]).map(
    ({ mountPath }) => mountPath,
  );
  expect(mounts).toEqual([STATE, "/tmp"]);
  expect(env["TOOLWRIGHT_STATE_DIR"]).toBe(`${STATE}/state`);
  expect((spec["volumes"] as { name: string }[]).map(({ name }) => name)).toEqual(["state", "tmp"]);
});

test("the systemd unit, by systemd's own check where there is one", () => {
  const unit = documented("ini", "## systemd");
  for (const line of ["DynamicUser=yes", "StateDirectoryMode=0700", "ProtectSystem=strict", "KillSignal=SIGTERM"])
    expect(unit.split("\n")).toContain(line);
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(ENDS_IN_S);
  const file = join(emptyFolder(), "acme-mcp.service");
  writeFileSync(file, unit.replace("/usr/bin/node", process.execPath));
  const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  if (error) return console.warn("systemd-analyze is not installed: the unit of docs/deploy.md was only read");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("the configuration of Prometheus: what --metrics 9464 answers", () => {
  const { scrape_configs: jobs } = parse(documented("yaml", "### Metrics"), { strict: true }) as {
    scrape_configs: { metrics_path?: string; static_configs: { targets: string[] }[] }[];
  };
  expect(jobs.map(({ metrics_path = "/metrics" }) => metrics_path)).toEqual(["/metrics"]); // Prometheus' own default
  for (const target of jobs.flatMap(({ static_configs }) => static_configs).flatMap(({ targets }) => targets))
    expect(documented("sh", "### Metrics")).toContain(`--metrics ${new URL(`http://${target}`).port}`);
});

function heapOf(options: string): number {
  return Number(/^--max-old-space-size=(\d+)$/.exec(options)?.[1]);
}
