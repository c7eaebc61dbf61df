import { bodyAndForm } from "../../diagnostics/messages.ts";
import { listParameters, type ParameterLists } from "../list-parameters.ts";
import { nodeAt } from "../node.ts";
import { forgotten } from "../parameters.ts";
import type { CallParts } from "../resolve-operation.ts";
import type { SchemaContext } from "../schema.ts";
import { readBody, readForm } from "./body.ts";
import { isParameter, readSwaggerParameter } from "./parameter.ts";
import { readSwaggerResponses } from "./responses.ts";
import { operationServers } from "./servers.ts";

const PLACES = ["path", "query", "header", "formData", "body"] as const;

/** Reads what a Swagger 2.0 operation sends and gets, as OpenAPI 3 would say it: the body and the form are no parameters. */
export function readSwaggerCall(lists: ParameterLists, context: SchemaContext): CallParts {
  const { documents } = context;
  const root = nodeAt(documents.values, { file: documents.main, pointer: "" });
  const media = { root, operation: lists.operation };
  const listed = listParameters(lists, PLACES, context);
  const parameters = listed.filter(isParameter).map((one) => readSwaggerParameter(one, context));
  const body = listed.find(({ place }) => place === "body");
  const form = listed.filter(({ place }) => place === "formData");
  const [field] = form;
  if (body && field) {
    const names = form.map(({ name }) => name);
    context.report(bodyAndForm({ at: field.listedAt.origin, names, body: body.listedAt.origin }));
  }
  return {
    parameters: [...parameters, ...forgotten(lists, parameters, context)],
    requestBody: body ? readBody(body, media, context) : readForm(form, media, context),
    responses: readSwaggerResponses(media, context),
    servers: operationServers(root, lists.operation),
  };
}
