import type { ApiDefinition, Credential } from "../../definition/api.ts";
import type { Catalog, SchemaObject } from "../../definition/catalog.ts";
import { FILE_SCHEMA } from "../../definition/file-schema.ts";
import { stepsOf, type Work } from "../../definition/tool.ts";
import { planEnvironment, variablesOf } from "../../generator/plan/environment.ts";
import type { EnvironmentVariable } from "../../generator/plan/tool-plan.ts";
import type { LoadedApi } from "../../runtime/deployment.ts";

/** A variable that a packed server reads over stdio, as a person is asked for it. */
export interface PackedVariable {
  readonly name: string;
  /** `Acme API key` */
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  /** Not to be shown while it is typed, nor kept in the clear. */
  readonly secret: boolean;
  /** What holds when it is empty. */
  readonly fallback: string | undefined;
  readonly kind: "text" | "switch" | "folder" | "file";
}

/** A name that says of itself that it is none to show, wherever it is used. */
const TELLING = /(?:^|_)(?:SECRET|PASSWORD|PASSPHRASE|TOKEN|APIKEY|API_KEY)(?:_|$)/;

/**
 * The variables that an API reads over stdio, those that are required first; then what every server of its kind reads. Who may call
 * over HTTP (`access`) is no question there.
 */
export async function packedVariables({ definition, catalog }: LoadedApi): Promise<readonly PackedVariable[]> {
  const modules = await Promise.all(Object.values(definition.tools).map(async (load) => await load()));
  // A generated module exports its one tool, whose shape was checked by the compiler.
  const tools = modules.flatMap((module) => Object.values(module) as (Work & { readonly name: string })[]);
  const planned = planEnvironment(
    definition,
    tools.map((tool) => ({ name: tool.name, steps: stepsOf(tool) })),
  );
  const secrets = secretsOf(definition);
  const variables = planned
    .filter(({ usedBy }) => usedBy.some((use) => !use.startsWith("access.")))
    .map((variable): PackedVariable => {
      const { name, required } = variable;
      const file = Object.values(definition.credentials ?? {}).some((credential) => fileOf(credential).includes(name));
      const secret = secrets.has(name) || (!file && TELLING.test(name));
      const fallback = secret ? undefined : variable.fallback; // what is not shown while it is typed is not printed beside it
      return {
        name,
        title: titleOf(name),
        description: describe({ ...variable, fallback }, definition),
        required,
        secret,
        fallback,
        kind: file ? "file" : "text",
      };
    });
  return [
    ...variables.filter(({ required }) => required),
    ...variables.filter(({ required }) => !required),
    ...ownVariables(catalog),
  ];
}

/** What a server of any API reads, where this one has a use for it. */
function ownVariables({ tools }: Catalog): readonly PackedVariable[] {
  const common = { required: false, secret: false, fallback: undefined };
  const mixed = new Set(tools.map(({ annotations }) => annotations.readOnlyHint === true)).size > 1;
  const takesFiles = tools.some(({ inputSchema }) => hasFile(inputSchema));
  return [
    ...(mixed
      ? [
          {
            ...common,
            name: "TOOLWRIGHT_READ_ONLY",
            title: "Read only",
            description: "Serve only the tools that change nothing.",
            kind: "switch" as const,
          },
        ]
      : []),
    ...(takesFiles
      ? [
          {
            ...common,
            name: "TOOLWRIGHT_FILES",
            title: "Folder of files",
            description: "Tools may read files in this folder when they are named by path. Empty: none.",
            kind: "folder" as const,
          },
        ]
      : []),
  ];
}

function hasFile(schema: SchemaObject): boolean {
  if (JSON.stringify(schema["properties"]) === JSON.stringify(FILE_SCHEMA["properties"])) return true;
  // Any JSON object within a schema is a schema or a table of schemas, as far as this matters.
  return Object.values(schema).some(
    (value) => typeof value === "object" && value !== null && hasFile(value as SchemaObject),
  );
}

/** Names of the variables that hold what only this server may know. */
function secretsOf({ credentials = {} }: ApiDefinition): ReadonlySet<string> {
  return new Set(Object.values(credentials).flatMap(secretTextsOf).flatMap(namesIn));
}

function secretTextsOf(credential: Credential): readonly unknown[] {
  if ("basic" in credential) {
    const { username, password } = credential.basic;
    return namesIn(password).length > 0 ? [password] : [username]; // a key as the user, and any password
  }
  if ("bearer" in credential) return [credential.bearer];
  if ("query" in credential) return [credential.query];
  if ("oauth2" in credential) return [credential.oauth2.clientSecret, credential.oauth2.refreshToken];
  return [credential.headers, credential.session?.seed];
}

function fileOf(credential: Credential): readonly string[] {
  return "session" in credential ? namesIn(credential.session?.configFile) : [];
}

function namesIn(value: unknown): readonly string[] {
  return variablesOf(value).map(({ name }) => name);
}

const CAPITALS = new Set(["api", "id", "url", "http", "json", "oauth"]);

/** `ACME_API_KEY` → `Acme API key` */
function titleOf(name: string): string {
  const words = name.toLowerCase().split("_");
  const text = words.map((word) => (CAPITALS.has(word) ? word.toUpperCase() : word)).join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describe({ name, usedBy, required, fallback }: EnvironmentVariable, definition: ApiDefinition): string {
  const uses = usedBy.filter((use) => !use.startsWith("access."));
  const without = required
    ? ""
    : fallback === undefined || fallback === ""
      ? " Optional."
      : fallback.length > 80 // what is long is for the field itself
        ? " Optional."
        : ` Empty: ${fallback}.`;
  return `${[...new Set(uses.map((use) => purposeOf(use, name, definition)))].join(" ")}${without}`;
}

/** What a setting of tools.yaml is for, for somebody who never saw it. */
function purposeOf(use: string, variable: string, { title, servers, needs = {} }: ApiDefinition): string {
  const [section = "", name = ""] = use.split(/[. ]/);
  if (section === "servers") {
    const server = servers[name];
    if (!server || !("url" in server)) return `Address of ${title}.`;
    const place = Object.keys(server.variables ?? {}).find((key) =>
      namesIn(server.variables?.[key]).includes(variable),
    );
    return place === undefined ? `Address of ${title}.` : `The {${place}} of ${server.url}.`;
  }
  if (section === "credentials") {
    const instead = use.includes(" instead of ") ? ", which takes the place of the other one" : "";
    return `For the credential "${name}" of ${title}${instead}.`;
  }
  if (section === "limits") return "A limit that this server keeps on its own calls.";
  if (section === "identity") return `Told to the model as ${name}.`;
  return needs[name]?.includes(variable) ? `Without it ${name} is not served.` : `Used by ${name}.`;
}
