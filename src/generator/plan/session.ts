import type { Session } from "../../definition/api.ts";
import type { Step } from "../../definition/call.ts";
import type { ExpressionText } from "../../definition/template.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidSetting } from "../../diagnostics/messages.ts";
import type { SessionSettings } from "../tools-file/session-schema.ts";
import { within } from "../tools-file/origin.ts";
import { templateOf } from "../tools-file/variables.ts";
import { checkTemplate } from "./bindings.ts";
import type { ApiContext, ToolContext } from "./context.ts";
import { planSteps, type PlannedSteps } from "./steps.ts";
import { planUnits, type WrittenStep } from "./units.ts";

/** Decides how a session with the vendor is begun and renewed: by steps as tools have them, which also see `$credentials.name`. */
export function planSession(context: ApiContext, at: Origin, settings: SessionSettings): Session {
  const { seed, config_file, values, expires, cookies, establish, refresh = [] } = settings;
  const seeds = Object.entries(seed).map(([name, text]) => [name, templateOf(text)]);
  const known = [...new Set([...Object.keys(seed), ...Object.keys(values)])];
  const flow = (key: "establish" | "refresh", steps: SessionSettings["establish"]): readonly Step[] => {
    const planned = planFlow(context, within(at, key), steps, known);
    if (planned) checkValues(planned, at, { ...settings, values });
    return planned?.steps ?? [];
  };
  return {
    seed: Object.fromEntries(seeds) as Record<string, string>, // entries of two texts
    ...(config_file !== undefined && { configFile: templateOf(config_file) }),
    establish: flow("establish", establish),
    refresh: refresh.length > 0 ? flow("refresh", refresh) : [],
    values: values as Record<string, ExpressionText>, // the grammar lets only `$steps.…` through
    ...(expires !== undefined && { expires: expires as ExpressionText }), // likewise
    ...(cookies && { cookies }),
  };
}

/** Both ways must come to the same values, so that each is held against what is taken of it. */
function checkValues({ names }: PlannedSteps, at: Origin, { values, expires }: SessionSettings): void {
  for (const [name, text] of Object.entries(values)) checkTemplate(names, text, within(at, "values", name));
  if (expires !== undefined) checkTemplate(names, expires, within(at, "expires"));
}

function planFlow(
  context: ApiContext,
  at: Origin,
  steps: SessionSettings["establish"],
  credentials: readonly string[],
): PlannedSteps | undefined {
  const tool = { name: "sign-in", origin: at, settings: { steps } };
  const flow: ToolContext = { ...context, tool };
  const units = planUnits(
    flow,
    steps.map((settings, index): WrittenStep => {
      const { when: _when, outputs: _outputs, stop: _stop, effect: _effect, because: _because, ...ofCall } = settings;
      const origin = within(at, index);
      checkStep(context, origin, settings);
      // Nothing that is to be obtained by the step can be shown in it.
      const asTool = { name: tool.name, origin, settings: { ...ofCall, credential: "none" } };
      return { stepId: settings.stepId, tool: asTool, step: settings, shared: false };
    }),
  );
  if (!units) return undefined;
  for (const { context: step, routes } of units) {
    const asked = routes.flatMap(({ fillings }) => fillings.flatMap(({ argument }) => argument ?? []));
    for (const name of new Set(asked)) {
      const example = `parameters: { ${name}: { value: $credentials.${credentials[0] ?? "token"} } }`;
      const problem = { kind: "missing key", key: name, example } as const;
      context.report(invalidSetting({ at: step.tool.origin, problem })); // nobody gives a sign-in arguments
    }
  }
  const start = { report: context.report, tool: tool.name, inputs: new Map(), used: new Set<string>(), credentials };
  return planSteps(units, start, false);
}

/** A sign-in sends requests: it neither acts on a credential nor pages, and keeps nothing. */
function checkStep({ report }: ApiContext, at: Origin, settings: SessionSettings["establish"][number]): void {
  for (const key of ["action", "credential", "pagination", "cache", "inputs"] as const) {
    if (settings[key] === undefined) continue;
    const example = "request: { method: GET, server: session, path: /session }";
    const got = `\`${key}\``;
    report(
      invalidSetting({
        at: within(at, key),
        problem: { kind: "wrong value", expected: "a step that sends a request", got, example },
      }),
    );
  }
}
