import type { SchemaObject } from "../../definition/catalog.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";
import { invalidArgumentName, unsafePattern } from "../../diagnostics/messages.ts";
import type { InputSettings } from "../tools-file/call-schema.ts";
import { keyOf, within } from "../tools-file/origin.ts";
import type { ToolContext } from "./context.ts";
import { cleanText } from "./describe.ts";
import { isArgumentName } from "./names.ts";
import type { InputPlan } from "./tool-plan.ts";
import { trimSchema } from "./trim-schema.ts";
import type { Unit } from "./units.ts";

/** An argument under `inputs:`, of the tool or of one of its steps. */
export interface DeclaredInput {
  readonly name: string;
  readonly settings: InputSettings;
  /** Of the tool, or of the step. */
  readonly context: ToolContext;
  readonly origin: Origin;
}

/** The arguments that tools.yaml declares, by name; what the tool says goes before what its steps say. */
export function declaredInputs(context: ToolContext, units: readonly Unit[]): ReadonlyMap<string, DeclaredInput> {
  const places = [context, ...units.flatMap((unit) => (unit.context.step ? [unit.context] : []))];
  const found = new Map<string, DeclaredInput>();
  for (const place of places) {
    for (const [name, settings] of Object.entries(place.tool.settings.inputs ?? {})) {
      if (found.has(name)) continue;
      const origin = within(place.tool.origin, "inputs", name);
      if (!isArgumentName(name)) context.report(invalidArgumentName({ at: keyOf(origin), name, source: name }));
      found.set(name, { name, settings, context: place, origin });
    }
  }
  return found;
}

/**
 * An argument as it is declared. Its schema is the author's, so nothing of it but what no model needs is dropped.
 *
 * @param demanded An operation that it also fills requires it.
 */
export function planDeclared(
  { report }: ToolContext,
  { name, settings, origin }: DeclaredInput,
  demanded: boolean,
): InputPlan {
  const { required, default: standard, examples, description, type, ...schema } = settings;
  const text = description === undefined ? "" : cleanText(description);
  const said = text === "" ? {} : { description: text };
  const plain: SchemaObject =
    type === "file"
      ? { "x-toolwright": "file", ...said }
      : trimSchema(
          { ...(type !== undefined && { type }), ...schema, ...said },
          {
            body: false,
            onPattern: (pattern, reason) => report(unsafePattern({ at: within(origin, "pattern"), pattern, reason })),
          },
        );
  return {
    name,
    required: standard === undefined && (required ?? demanded),
    schema: {
      ...plain,
      ...(standard !== undefined && { default: standard }),
      ...(Array.isArray(examples) && { examples }),
    },
  };
}
