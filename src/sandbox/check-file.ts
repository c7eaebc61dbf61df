import { nearest } from "../definition/nearest.ts";
import { rulesOf } from "./include.ts";
import type { Operation, SandboxFile } from "./sandbox-file.ts";

/** Something wrong, and the keys that lead there. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A name that stands somewhere, and must be one of those that the file defines. */
interface Use {
  readonly path: readonly PropertyKey[];
  readonly name: string | undefined;
}

/** What the parts of a file say of each other and does not hold: names that nothing has, servers that serve nothing. */
export function faultsWithin(file: SandboxFile): readonly Fault[] {
  const errors = [...Object.keys(file.failures), ...Object.keys(file.errors)];
  return [
    ...unknown("collection", collectionsUsed(file), Object.keys(file.collections)),
    ...unknown("failure", errorsUsed(file), errors),
    ...unknown("error", ownErrors(file), ERRORS),
    ...unknown("server", besides(file), ownOrigins(file)),
    ...lacking(file),
  ];
}

/** Errors that an operation can have words of its own for. */
const ERRORS = ["invalid", "unauthorized", "forbidden", "notFound"];

function unknown(kind: string, uses: readonly Use[], known: readonly string[]): readonly Fault[] {
  return uses.flatMap(({ path, name }) => {
    if (name === undefined || known.includes(name)) return [];
    const near = nearest(name, known)[0];
    return [{ path, message: `there is no ${kind} ${name}${near ? `; there is ${near}` : ""}` }];
  });
}

function collectionsUsed(file: SandboxFile): readonly Use[] {
  return [
    ...Object.entries(file.operations).flatMap(([id, operation]) => collectionsOf(operation, ["operations", id])),
    ...Object.entries(file.graphql?.resolvers ?? {}).flatMap(([type, fields]) =>
      Object.entries(fields).flatMap(([field, rule]) => collectionsOf(rule, ["graphql", "resolvers", type, field])),
    ),
    ...Object.entries(file.collections).flatMap(([name, { named }]) =>
      Object.entries(named ?? {}).map(([alias, rule]) => ({
        path: ["collections", name, "named", alias],
        name: typeof rule === "string" ? undefined : rule.one,
      })),
    ),
    { path: ["oauth", "users", "collection"], name: file.oauth?.users.collection },
    { path: ["session", "users"], name: file.session?.users },
  ];
}

/** Keys of operations and resolvers whose value is a collection. */
const NAMING = ["list", "get", "create", "update", "upsert", "delete", "file", "presign", "complete"] as const;

/** Parts of operations and resolvers that may name collections; each kind has some of them. */
type Naming = Partial<Record<(typeof NAMING)[number], string>> &
  Partial<Pick<Extract<Operation, { list: string }>, "needs" | "effects" | "where" | "include">> &
  Partial<Pick<Extract<Operation, { create: string }>, "lookup">>;

/** Every place in an operation, or a resolver, that names a collection. */
function collectionsOf(operation: Naming, at: readonly PropertyKey[]): readonly Use[] {
  const use = (name: string | undefined, ...keys: readonly PropertyKey[]): Use => ({ path: [...at, ...keys], name });
  const { needs = [], effects = [], lookup = [], where = {}, include = {} } = operation;
  return [
    ...NAMING.map((kind) => use(operation[kind], kind)),
    ...needs.map(({ collection }, index) => use(collection, "needs", index)),
    ...effects.map((effect, index) => use("add" in effect ? effect.add : effect.change, "effects", index)),
    ...lookup.map(({ collection }, index) => use(collection, "lookup", index)),
    ...Object.entries(where).map(([name, { through }]) => use(through?.collection, "where", name, "through")),
    ...Object.entries(include).flatMap(([name, rules]) =>
      rulesOf(rules).flatMap(({ one, many, all }) => [one, many, all].map((used) => use(used, "include", name))),
    ),
  ];
}

function errorsUsed(file: SandboxFile): readonly Use[] {
  const resolvers = Object.entries(file.graphql?.resolvers ?? {}).flatMap(([type, fields]) =>
    Object.entries(fields).map(([field, rule]) => [["graphql", "resolvers", type, field], rule] as const),
  );
  const operations = Object.entries(file.operations).map(([id, rule]) => [["operations", id], rule] as const);
  return [...resolvers, ...operations].flatMap(([at, rule]) => [
    ...(rule.refuse ?? []).map(({ error }, index) => ({
      path: [...at, "refuse", index, "error"],
      name: typeof error === "string" ? error : undefined,
    })),
    {
      path: [...at, "missing"],
      name: "missing" in rule && typeof rule.missing === "string" ? rule.missing : undefined,
    },
  ]);
}

function ownErrors({ operations }: SandboxFile): readonly Use[] {
  return Object.entries(operations).flatMap(([id, { errors }]) =>
    Object.keys(errors ?? {}).map((name) => ({ path: ["operations", id, "errors", name], name })),
  );
}

function besides({ servers }: SandboxFile): readonly Use[] {
  return Object.entries(servers).map(([name, { beside }]) => ({ path: ["servers", name, "beside"], name: beside }));
}

function ownOrigins({ servers }: SandboxFile): readonly string[] {
  return Object.keys(servers).filter((name) => servers[name]?.beside === undefined);
}

/** What is used, and described nowhere. */
function lacking(file: SandboxFile): readonly Fault[] {
  const faults: Fault[] = [];
  const want = (there: boolean, path: readonly PropertyKey[], message: string) => {
    if (!there) faults.push({ path, message });
  };
  const kinds = Object.values(file.servers).map(({ serves }) => serves);
  for (const [name, { serves }] of Object.entries(file.servers)) {
    if (serves === "rest") continue;
    want(file[serves] !== undefined, ["servers", name, "serves"], `the file has no section ${serves}`);
    want(
      kinds.filter((kind) => kind === serves).length === 1,
      ["servers", name, "serves"],
      `two servers serve ${serves}`,
    );
  }
  for (const [id, operation] of Object.entries(file.operations)) {
    if ("session" in operation) want(file.session !== undefined, ["operations", id], "the file has no section session");
    if ("presign" in operation || "complete" in operation)
      want(kinds.includes("storage"), ["operations", id], "no server serves storage");
  }
  const { basic, oauth, session } = file.credentials;
  const people = basic && "users" in basic ? ["credentials", "basic", "users"] : undefined;
  if (people) want(file.oauth !== undefined || file.session !== undefined, people, "no section says who the users are");
  want(oauth === undefined || kinds.includes("oauth"), ["credentials", "oauth"], "no server serves oauth");
  want(
    session === undefined || file.session !== undefined,
    ["credentials", "session"],
    "the file has no section session",
  );
  const [first, ...others] = (file.session?.seeds ?? []).map(({ tokens }) => Object.keys(tokens).sort().join(" "));
  want(
    others.every((names) => names === first),
    ["session", "seeds"],
    "not all seeds have the same tokens",
  );
  return faults;
}
