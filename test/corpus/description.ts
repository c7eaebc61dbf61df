import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CORE_SCHEMA, load, Type } from "js-yaml";

/** A JSON object as a vendor wrote it. */
export type Raw = Readonly<Record<string, unknown>>;

/** An operation in the description's own words: what the independent serialiser reads. References are followed as far as it looks. */
export interface RawOperation {
  readonly method: string;
  readonly path: string;
  /** Of the operation and of its path, the operation's first; references followed, schemas one step. */
  readonly parameters: readonly Raw[];
  /** OpenAPI 3; `content` followed. */
  readonly requestBody: Raw | undefined;
  /** Swagger 2.0: of the operation, otherwise of the description. */
  readonly consumes: readonly string[];
  readonly swagger: boolean;
  /** Follows a reference from the file that it stands in; anything else is handed back. */
  readonly at: Follow;
}
type Follow = (value: unknown) => Raw;

const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]);
const MAX_HOPS = 50; // references to references; a description that goes further goes in circles

/** Reads the operations of a description, by `GET /path`, without any code of ours: what is compared must not come from the same hands. */
export function readOperations(file: string): ReadonlyMap<string, RawOperation> {
  const documents = new Map<string, unknown>();
  const homes = new WeakMap<object, string>(); // the file that an object was read from
  const documentAt = (path: string): unknown => {
    if (!documents.has(path)) {
      const document = existsSync(path) ? parse(path) : {};
      documents.set(path, document);
      settle(document, path, homes);
    }
    return documents.get(path);
  };
  const at: Follow = (value) => {
    let found = asRaw(value);
    for (let hops = 0; hops < MAX_HOPS && typeof found["$ref"] === "string"; hops++) {
      const [target = "", pointer = ""] = found["$ref"].split("#");
      if (/^[a-z]+:\/\//i.test(target)) return {};
      const home = homes.get(found) ?? file;
      const next = target === "" ? home : resolve(dirname(home), decodeURIComponent(target));
      found = asRaw(pointed(documentAt(next), pointer));
    }
    return found;
  };
  const root = asRaw(documentAt(file));
  const operations = new Map<string, RawOperation>();
  for (const [path, entry] of Object.entries(asRaw(root["paths"]))) {
    const item = at(entry);
    for (const [method, value] of methodsOf(item)) {
      const operation = at(value);
      operations.set(`${method.toUpperCase()} ${path}`, {
        method: method.toLowerCase(),
        path,
        parameters: parametersOf([operation["parameters"], item["parameters"]], at),
        requestBody: bodyOf(operation["requestBody"], at),
        consumes: texts(operation["consumes"] ?? root["consumes"]),
        swagger: typeof root["swagger"] === "string",
        at,
      });
    }
  }
  return operations;
}

function settle(value: unknown, home: string, homes: WeakMap<object, string>): void {
  if (typeof value !== "object" || value === null || homes.has(value)) return;
  homes.set(value, home);
  for (const inner of Object.values(value)) settle(inner, home, homes);
}

function methodsOf(item: Raw): [string, unknown][] {
  const own = Object.entries(item).filter(([key]) => METHODS.has(key));
  return [...own, ...Object.entries(asRaw(item["additionalOperations"]))];
}

function parametersOf(lists: readonly unknown[], at: Follow): Raw[] {
  const found = new Map<string, Raw>();
  for (const list of lists) {
    for (const entry of Array.isArray(list) ? list : []) {
      const value = at(entry);
      const key = `${String(value["in"])} ${String(value["name"])}`;
      if (!found.has(key)) found.set(key, "schema" in value ? { ...value, schema: at(value["schema"]) } : value);
    }
  }
  return [...found.values()];
}

function bodyOf(value: unknown, at: Follow): Raw | undefined {
  if (value === undefined) return undefined;
  const body = at(value);
  const content = Object.entries(asRaw(body["content"])).map(([type, media]) => {
    const one = at(media);
    return [type, "schema" in one ? { ...one, schema: at(one["schema"]) } : one];
  });
  return { ...body, content: Object.fromEntries(content) };
}

/** As swagger-client's own parser reads YAML. */
const MERGE = new Type("tag:yaml.org,2002:merge", { kind: "scalar", resolve: (text: unknown) => text === "<<" });
const WITH_MERGE_KEYS = CORE_SCHEMA.extend({ implicit: [MERGE] });

function parse(path: string): unknown {
  const text = readFileSync(path, "utf8");
  return path.endsWith(".json") ? JSON.parse(text) : load(text, { schema: WITH_MERGE_KEYS, json: true });
}

function pointed(document: unknown, pointer: string): unknown {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce<unknown>(
    (value, step) => (Object.hasOwn(Object(value), step) ? Object(value)[step] : {}),
    document,
  );
}

/** The object, or an empty one. */
export function asRaw(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

/** The texts of a list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
