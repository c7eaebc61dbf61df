import type { LoadOptions } from "../../spec/load-spec.ts";
import { within } from "./origin.ts";
import type { ApiEntry } from "./tools-file.ts";

/** How the description of an API is loaded: its file and its overlays, each with the setting that names it. */
export function specOptions(
  projectDir: string,
  { settings, origin }: Pick<ApiEntry, "settings" | "origin">,
): LoadOptions {
  const { spec, overlays = [] } = settings;
  return {
    projectDir,
    file: spec,
    at: within(origin, "spec"),
    overlays: overlays.map((file, index) => ({ file, at: within(origin, "overlays", index) })),
  };
}
