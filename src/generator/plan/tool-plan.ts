import type { Annotations, SchemaObject } from "../../definition/catalog.ts";
import type { ApiDefinition } from "../../definition/api.ts";
import type { Result, Step } from "../../definition/call.ts";
import type { Method } from "../../definition/request.ts";
import type { Origin } from "../../diagnostics/diagnostic.ts";

/** Everything that `generated/<api>/` will say, decided: emit prints it and decides nothing. */
export interface ApiPlan {
  readonly name: string;
  /** What `index.ts` says, without the tools. */
  readonly definition: Omit<ApiDefinition, "tools" | "name">;
  /** Sorted by name. */
  readonly tools: readonly ToolPlan[];
  /** The steps that tools share, sorted by name; absent: there are none. */
  readonly steps?: readonly StepPlan[];
  readonly environment: readonly EnvironmentVariable[];
  /** Project-relative paths of every file that went in, for the manifest's hashes. */
  readonly inputFiles: readonly string[];
}

/** One tool, decided. */
export interface ToolPlan {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: Annotations;
  readonly scopes: readonly string[];
  /** A person is asked first; the last of the inputs is then `confirm`. */
  readonly confirm?: true;
  /** Servers of its operations that tools.yaml does not name, by a name made of their URL; no credential is for them. */
  readonly servers?: ApiDefinition["servers"];
  /** The entry in tools.yaml. */
  readonly origin: Origin;
  /** The operations it calls, for the module's comments. */
  readonly operations: readonly OperationSource[];
  readonly inputs: readonly InputPlan[];
  /** Groups of alternatives that the arguments have; of each group one must hold. */
  readonly alternatives: readonly (readonly Alternative[])[];
  /** Schemas that inputs refer to as `#/$defs/<Name>`: recursive ones only, the others are inlined. */
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  readonly steps: readonly Step[];
  /** Those of the steps that have modules of their own. */
  readonly shared?: readonly StepSource[];
  readonly result: Result;
}

/** A step that several tools may use: where it comes from, and what it calls. */
export interface StepSource {
  readonly stepId: string;
  /** The entry under `steps:` of the API. */
  readonly origin: Origin;
  readonly operations: readonly OperationSource[];
}

/** A step with a module of its own, decided. */
export interface StepPlan extends StepSource {
  readonly step: Step;
  /** Names of the tools that use it. */
  readonly tools: readonly string[];
}

/** Arguments that go together: those that must be given, and the values that others must have if they are. */
export interface Alternative {
  readonly required: readonly string[];
  readonly enum?: Readonly<Record<string, readonly unknown[]>>;
}

/** Where a call comes from. */
export interface OperationSource {
  readonly method: Method;
  readonly path: string;
  readonly operationId: string | undefined;
  readonly origin: Origin;
}

/**
 * One argument. The schema is JSON Schema 2020-12 with `description` and `default` in it, exactly as the model sees it, but for
 * one keyword of ours: `"x-toolwright": "file"` stands for a file (the emitter prints `file()` and the catalog shows its JSON Schema).
 */
export interface InputPlan {
  readonly name: string;
  readonly required: boolean;
  readonly schema: SchemaObject;
}

/** A variable that the running server reads. */
export interface EnvironmentVariable {
  readonly name: string;
  /** False: it has a fallback, or only narrows or adds. */
  readonly required: boolean;
  readonly fallback: string | undefined;
  /** Where tools.yaml names it: `servers.api`, `credentials.key`, `limits.calls`. */
  readonly usedBy: readonly string[];
}
