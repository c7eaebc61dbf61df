import type { OpenTelemetry, Watched } from "../runtime/telemetry/open-telemetry.ts";
import { telemetrySettings } from "../runtime/telemetry/settings.ts";
import type { Environment } from "./environment.ts";

/**
 * Opens telemetry where somebody asked for it; otherwise nothing of it is read.
 *
 * @param metrics `[HOST:]PORT` of the command line.
 */
export async function openTelemetryFor(
  environment: Environment,
  metrics: string | undefined,
  watched: Watched,
): Promise<OpenTelemetry | undefined> {
  const settings = telemetrySettings(environment, metrics);
  if (!settings) return undefined;
  // OpenTelemetry's packages look for their settings here; those of a project may be in its `.env`.
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith("OTEL_") && value !== undefined) process.env[name] ??= value;
  }
  const { openTelemetry } = await import("../runtime/telemetry/open-telemetry.ts");
  return await openTelemetry(settings, watched);
}
