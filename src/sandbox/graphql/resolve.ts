import { GraphQLError, type GraphQLFieldResolver } from "graphql";
import type { GraphqlRule, ListResolver, ResolverRule } from "../grammar/graphql.ts";
import { select } from "../list.ts";
import { writeMoment } from "../moment.ts";
import { ParameterError } from "../parameters.ts";
import { fillPattern, type PatternScope } from "../pattern.ts";
import { isRow, type Row } from "../row.ts";
import { affect, needed, refused } from "../rules.ts";
import type { World } from "../situation.ts";
import { create, update } from "../write.ts";

/** One field that is asked for: its arguments, and what patterns speak of. */
interface Field {
  readonly args: Row;
  readonly scope: PatternScope;
}

/** Resolves every field: by the rule of its type and name, or as the member of its name. */
export function createResolver(
  { resolvers }: GraphqlRule,
  world: World,
  user: Row | undefined,
): GraphQLFieldResolver<unknown, unknown, Row> {
  const { file, collections, clock } = world;
  return (parent, args, _context, { parentType, fieldName }) => {
    const rule = resolvers[parentType.name]?.[fieldName];
    if (!rule) return isRow(parent) ? parent[fieldName] : undefined;
    const scope = { args, parent, user, now: writeMoment(clock(), file.stamps?.zone) };
    try {
      const objects = needed(rule.needs, scope, collections);
      if (!objects) throw new GraphQLError("There is no such object.");
      const known = { ...scope, ...objects };
      const refusal = refused(rule.refuse, known, file);
      if (refusal) throw new GraphQLError(...wordsOf(refusal.body));
      return resolve(rule, { args, scope: known }, world);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      throw new GraphQLError(`${error.parameter}: ${error.message}`);
    }
  };
}

/** Message and members of an entry of `errors`, from the body of an error. */
function wordsOf(body: unknown): [string, { extensions?: Row }] {
  if (!isRow(body)) return [typeof body === "string" ? body : "Refused.", {}];
  const { message, extensions } = body;
  return [typeof message === "string" ? message : JSON.stringify(body), isRow(extensions) ? { extensions } : {}];
}

function resolve(rule: ResolverRule, field: Field, world: World): unknown {
  const { collections } = world;
  const { args, scope } = field;
  if ("value" in rule) return fillPattern(rule.value, scope);
  if ("list" in rule) return listed(rule, field, world);
  if ("get" in rule) return found(rule.get, rule, field, world);
  const body = rowOf("from" in rule && rule.from !== undefined ? fillPattern(rule.from, scope) : args);
  if ("create" in rule) {
    const row = create(rule, rule.create, { ...scope, body }, collections);
    affect(rule.effects, { ...scope, row }, collections);
    return row;
  }
  const row = found(rule.update, rule, field, world);
  if (!row) return null;
  const set = rowOf(fillPattern(rule.set ?? {}, { ...scope, row }));
  update({ merge: [] }, rule.update, row, { ...body, ...set }, collections);
  affect(rule.effects, { ...scope, row }, collections);
  return row;
}

function found(
  collection: string,
  { by, match }: { readonly by: unknown; readonly match?: string | undefined },
  { scope }: Field,
  { collections }: World,
): Row | undefined {
  return collections.find(collection, match ?? collections.rule(collection).key, fillPattern(by, scope));
}

/** A list: bare, or in a field of an object with others beside it. */
function listed(rule: ListResolver, { args, scope }: Field, { collections, file, clock }: World): unknown {
  const parameters = { path: {}, query: {}, args };
  const rows = select(rule, parameters, { collections, language: file.language, now: clock(), scope });
  const { page } = rule;
  const size = page && Number(args[page.size] ?? page.default);
  const start = page && size !== undefined ? (Number(args[page.page] ?? 1) - 1) * size : 0;
  const shown = size === undefined ? rows : rows.slice(start, start + size);
  affect(rule.effects, scope, collections);
  if (rule.as === undefined) return shown;
  return { ...rowOf(fillPattern(rule.beside ?? {}, { ...scope, total: rows.length })), [rule.as]: shown };
}

function rowOf(value: unknown): Row {
  return isRow(value) ? value : {};
}
