import type { LoadOptions } from "../../spec/load-spec.ts";
import { within } from "./origin.ts";
import type { ApiEntry } from "./tools-file.ts";

/** How the description of an API is loaded: its file, its overlays and its GraphQL documents, each with the setting that names it. */
export function specOptions(
  projectDir: string,
  { settings, origin }: Pick<ApiEntry, "settings" | "origin">,
): LoadOptions {
  const { spec, overlays = [], graphql } = settings;
  return {
    projectDir,
    ...(spec !== undefined && { file: spec }),
    at: within(origin, "spec"),
    overlays: overlays.map((file, index) => ({ file, at: within(origin, "overlays", index) })),
    ...(graphql && {
      graphql: {
        documents: graphql.documents,
        schema: graphql.schema,
        scalars: graphql.scalars,
        path: graphql.path ?? "/",
        server: graphql.server,
        at: within(origin, "graphql"),
      },
    }),
  };
}
