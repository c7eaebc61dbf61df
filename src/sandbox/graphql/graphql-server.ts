import { readFileSync } from "node:fs";
import { buildSchema, execute, getOperationAST, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import { type Answer, bare, refuse } from "../answer.ts";
import type { Caller } from "../admission.ts";
import { BodyTooLarge, MalformedBody } from "../body.ts";
import type { GraphqlRule } from "../grammar/graphql.ts";
import type { Handler } from "../handler.ts";
import { readBody } from "../read-body.ts";
import { type Front, turnedAway } from "../rest-server.ts";
import { isRow, type Row } from "../row.ts";
import { SandboxFileError } from "../sandbox-file.ts";
import { createResolver } from "./resolve.ts";

/** The body of a request (GraphQL over HTTP, "Request Parameters"). */
interface Asked {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Row;
}

/** An endpoint that executes a schema over the collections; one library parses, validates and executes. */
export function createGraphqlServer(front: Front, rule: GraphqlRule, schemaPath: string): Handler {
  const schema = readSchema(schemaPath);
  checkResolvers(rule, schema);
  const { world, gate, failing, count } = front;
  const { file } = world;

  const faults = (errors: readonly unknown[]): Answer => ({ status: rule.invalid, headers: {}, body: { errors } });
  const answerTo = async (asked: Asked, caller: Caller): Promise<Answer> => {
    const resolver = createResolver(rule, world, world.userOf(caller.user));
    try {
      const document = parse(asked.query);
      const errors = validate(schema, document);
      if (errors.length > 0) return faults(errors);
      const operation = getOperationAST(document, asked.operationName);
      const declared = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
      const strange = operation ? Object.keys(asked.variables).find((name) => !declared.includes(name)) : undefined;
      if (strange !== undefined)
        return faults([{ message: `Variable "$${strange}" is not declared by operation "${asked.operationName}".` }]);
      const result = await execute({
        schema,
        document,
        operationName: asked.operationName ?? null,
        variableValues: asked.variables,
        fieldResolver: resolver,
      });
      return { status: result.data === undefined ? rule.invalid : 200, headers: {}, body: result };
    } catch (error) {
      if (error instanceof GraphQLError) return faults([error]);
      throw error;
    }
  };

  return async ({ request, path, query, headers, url, entry }) => {
    if (path !== "/" && path !== "") return bare(404);
    if (request.method !== "POST") return { ...bare(405), headers: { allow: "POST" } };
    const admission = gate.admit(headers);
    const { caller } = admission;
    let asked: Asked | undefined;
    let refused: Answer | undefined;
    try {
      const body = await readBody(request);
      front.onRequest?.({ method: "POST", path, query, headers, body, url: `${new URL(url).origin}${request.url}` });
      if (body?.mediaType !== "application/json") refused = bare(415);
      else asked = askedOf(body.value);
    } catch (error) {
      if (!(error instanceof MalformedBody || error instanceof BodyTooLarge)) throw error;
      refused = bare(error instanceof BodyTooLarge ? 413 : 400);
    }
    const operationId = asked?.operationName;
    if (operationId !== undefined) entry.operation = operationId;
    if (caller?.user !== undefined) entry.user = caller.user;
    const { allowed, retryAfter, headers: counted } = count({ cost: 1, operationId }, world.clock());
    const answer = async (): Promise<Answer> => {
      if (!allowed) return refuse(file.errors.rateLimited, { retry_after: retryAfter });
      if (!caller)
        return admission.repeated === undefined && rule.unauthorized
          ? refuse(rule.unauthorized)
          : turnedAway(admission, undefined, file);
      if (refused) return refused;
      if (!asked)
        return {
          ...bare(400),
          body: { errors: [{ message: "A request has a query, and variables that are an object." }] },
        };
      if (rule.operations && !rule.operations.includes(asked.operationName ?? ""))
        return faults([{ message: `There is no operation "${asked.operationName}".` }]);
      const { operationName } = asked;
      const ready = asked;
      return await failing.instead(operationName, async () => await answerTo(ready, caller));
    };
    const given = await answer();
    return { ...given, headers: { ...counted, ...given.headers } };
  };
}

function askedOf(value: unknown): Asked | undefined {
  if (!isRow(value)) return undefined;
  const { query, operationName, variables } = value;
  if (typeof query !== "string" || !(variables === undefined || variables === null || isRow(variables)))
    return undefined;
  return {
    query,
    operationName: typeof operationName === "string" ? operationName : undefined,
    variables: isRow(variables) ? variables : {},
  };
}

function readSchema(path: string): GraphQLSchema {
  try {
    return buildSchema(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new SandboxFileError(`graphql.schema: ${path} is no schema: ${reason}`);
  }
}

/** Every resolver belongs to a field of the schema. */
function checkResolvers({ resolvers }: GraphqlRule, schema: GraphQLSchema): void {
  const lines = Object.entries(resolvers).flatMap(([type, fields]) => {
    const known = schema.getType(type);
    if (!known || !("getFields" in known))
      return [`  graphql.resolvers.${type}: the schema has no such type with fields`];
    const names = Object.keys(known.getFields());
    return Object.keys(fields).flatMap((field) =>
      names.includes(field) ? [] : [`  graphql.resolvers.${type}.${field}: the schema has no such field`],
    );
  });
  if (lines.length > 0) throw new SandboxFileError(`the sandbox does not fit its schema:\n${lines.join("\n")}`);
}
