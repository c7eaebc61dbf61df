import { specOptions } from "../../generator/tools-file/spec-options.ts";
import { join } from "node:path";
import { type Call, requestOf } from "../../definition/call.ts";
import { readToolsFile } from "../../generator/tools-file/read-tools-file.ts";
import { createReferee, type Referee } from "../../sandbox/referee.ts";
import { findOperation } from "../../spec/find-operation.ts";
import { loadSpec } from "../../spec/load-spec.ts";
import { UserError } from "../command.ts";
import type { Project } from "../project.ts";

/** What answers are held against. */
export interface Description {
  readonly referee: Referee;
  /** operationId of a call; undefined when the description has none for it. */
  readonly operationOf: (call: Call) => string | undefined;
}

/**
 * The vendor's description of an API.
 *
 * @throws {UserError} when tools.yaml, or the description that it names, cannot be used.
 */
export async function descriptionOf(project: Project, name: string): Promise<Description> {
  const { config } = await readToolsFile(project.directory, project.configFile);
  const api = config?.apis.find((entry) => entry.name === name);
  const loaded = api && (await loadSpec(specOptions(project.directory, api))).spec;
  if (!api || !loaded) {
    const what = api ? `the description of ${name} cannot be used` : `${project.configFile} does not name ${name}`;
    throw new UserError(
      `doctor: ${what}, so there is no description to hold answers against`,
      "see `toolwright generate --check` for what is wrong, or leave out --live",
    );
  }
  const { spec } = api.settings;
  if (spec === undefined) {
    throw new UserError(
      `doctor: ${name} has GraphQL documents alone, and --live holds answers against an OpenAPI description`,
      "leave out --live",
    );
  }
  return {
    referee: await createReferee(join(project.directory, spec)),
    operationOf: (call) => {
      const request = requestOf(call);
      return request && findOperation(loaded, `${request.method} ${request.path}`)[0]?.operationId;
    },
  };
}
