import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import type { Operation, OperationParameter } from "../../spec/operation.ts";
import type { ParameterSettings } from "../tools-file/parameter-schema.ts";
import { planBody, type BodyForm } from "./body.ts";
import type { Route, ToolContext } from "./context.ts";

/** Where in a request a value goes. */
export type Place = OperationParameter["in"] | "body";

/** A parameter or a property of the body: something that a request of an operation can be filled with. */
export interface Source {
  readonly in: Place;
  /** The vendor's name, as tools.yaml writes it: of the part `tags[]` it is `tags`. */
  readonly name: string;
  /** The key in the request. */
  readonly key: string;
  readonly schema: SchemaObject;
  readonly description: string;
  readonly required: boolean;
  readonly origin: Origin;
  /** How a parameter is written; undefined in the body. */
  readonly parameter?: OperationParameter;
  /** It carries a file. */
  readonly file?: true;
}

/** An operation's sources, and how its body is put together from them. */
export interface Sources {
  readonly all: readonly Source[];
  readonly body: BodyForm | undefined;
}

/** Lists what an operation can be filled with: path parameters, what is required, then the rest in the description's order. */
export function listSources(context: ToolContext, { operation }: Route): Sources {
  const written = context.tool.settings.request_body !== undefined;
  const body = written ? undefined : planBody(context, operation);
  const all = [...parametersOf(operation), ...(body?.sources ?? [])];
  const rank = (source: Source): number => (source.in === "path" ? 0 : source.required ? 1 : 2);
  return { all: all.sort((one, other) => rank(one) - rank(other)), body };
}

function parametersOf(operation: Operation): Source[] {
  return operation.parameters.map((parameter): Source => {
    const { name, schema, required, origin, in: place } = parameter;
    const description =
      parameter.description || (typeof schema["description"] === "string" ? schema["description"] : "");
    return { in: place, name, key: name, schema, description, required, origin, parameter };
  });
}

/** Whether a key of tools.yaml means this source: `id`, or `body.id` where the name occurs twice. */
export function isMeant(key: string, source: Source): boolean {
  return key === source.name || key === `${source.in}.${source.name}` || key === source.key;
}

/** What {@link settingsOf} gives for a source that tools.yaml does not speak of. */
export const NOTHING_SAID: ParameterSettings = {};

/** What tools.yaml says of a source; what is said of its place and name goes before what is said of its name. */
export function settingsOf({ tool }: ToolContext, source: Source): ParameterSettings {
  const { parameters } = tool.settings;
  if (!parameters) return NOTHING_SAID;
  for (const key of [`${source.in}.${source.name}`, source.name, source.key]) {
    if (Object.hasOwn(parameters, key)) return parameters[key] ?? NOTHING_SAID;
  }
  return NOTHING_SAID;
}
