import {
  explodesByDefault,
  type Body,
  type Parameters,
  type Request,
  type StyledValue,
} from "../../definition/request.ts";
import { escapeTemplate, type Template } from "../../definition/template.ts";
import type { Envelope, Operation, OperationParameter } from "../../spec/operation.ts";
import { type BodyForm, payloadType } from "./body.ts";
import type { Route, ToolContext } from "./context.ts";
import { bindingTemplate, type Filling } from "./fillings.ts";
import { openSchema } from "./inline-schema.ts";
import { bare, isForm } from "./media-type.ts";
import { sentPath, splitParameters } from "./sent-path.ts";
import { branches, isObject, typesOf } from "./schema.ts";
import type { SchemaObject } from "../../definition/catalog.ts";
import { settingsOf, type Place } from "./sources.ts";

/** Puts a route's request together: what differs from OpenAPI's defaults is said, the rest is not. */
export function planRequest(
  context: ToolContext,
  route: Route,
  fillings: readonly Filling[],
  body: BodyForm | undefined,
): Request {
  const { operation, server, credential } = route;
  const parameters = (place: Place): Parameters | undefined => {
    const entries = fillings
      .filter(({ source }) => source.in === place)
      .map(({ source, template }) => {
        const { allow_reserved: allowReserved } = settingsOf(context, source);
        const changed = allowReserved !== undefined && source.parameter && { ...source.parameter, allowReserved };
        const parameter = changed || source.parameter;
        return [source.key, styled(template, parameter, operation.definitions)] as const;
      });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const sent = sentPath(operation.path);
  const given = { pathParameters: parameters("path"), query: parameters("query") };
  const { pathParameters, query } = splitParameters(sent, given);
  const [header, cookie] = (["header", "cookie"] as const).map(parameters);
  const whole = fillings.find(({ source }) => source.in === "querystring");
  const payload = writtenBody(context, operation) ?? (body && planPayload(fillings, body));
  return {
    method: operation.method,
    path: sent.path,
    server,
    ...(credential !== undefined && { credential }),
    ...(pathParameters && { pathParameters }),
    ...(query && { query }),
    ...(whole && { querystring: { value: whole.template, contentType: whole.source.parameter?.contentType ?? "" } }),
    ...(header && { header }),
    ...(cookie && { cookie }),
    ...(payload && { body: payload }),
  };
}

/** The body that tools.yaml writes out. */
function writtenBody(context: ToolContext, operation: Operation): Body | undefined {
  const { request_body: written } = context.tool.settings;
  if (!written) return undefined;
  const contentType = payloadType(context, operation);
  const inner = bindingTemplate(written.payload);
  const { envelope } = operation.requestBody ?? {};
  return {
    ...(contentType !== "application/json" && { contentType }),
    payload: envelope ? enveloped(envelope, inner) : inner,
  };
}

const DEFAULT_STYLE = { path: "simple", query: "form", header: "simple", cookie: "form", querystring: "form" } as const;

/** A parameter's template, with its style where that is not the default of its place (OAS 3.1.1 §4.8.12). */
function styled(
  template: Template,
  parameter: OperationParameter | undefined,
  definitions: Route["operation"]["definitions"],
): Template | StyledValue {
  if (!parameter) return template;
  const { in: place, style, explode, allowReserved, contentType } = parameter;
  const options: Record<string, string | boolean> = {};
  if (contentType !== undefined) options["contentType"] = contentType;
  else {
    if (style !== DEFAULT_STYLE[place]) options["style"] = style;
    // `deepObject` has one way to be written, whatever is said.
    const unusual = explode !== explodesByDefault(style) && style !== "deepObject";
    if (unusual && mayBeCompound(parameter.schema, definitions)) options["explode"] = explode;
  }
  if (allowReserved) options["allowReserved"] = true;
  // An object would be taken for a template with its style.
  if (Object.keys(options).length === 0 && !isObject(template)) return template;
  return { value: template, ...options };
}

/** Whether a value may be a list or an object: only then does `explode` matter. */
function mayBeCompound(schema: SchemaObject, definitions: Route["operation"]["definitions"]): boolean {
  const open = openSchema(schema, definitions);
  const types = typesOf(open);
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((keyword) => branches(open, keyword));
  if (types.length === 0)
    return inner.length === 0 ? !Array.isArray(open["enum"]) : inner.some((one) => mayBeCompound(one, definitions));
  return types.includes("array") || types.includes("object");
}

function planPayload(fillings: readonly Filling[], form: BodyForm): Body | undefined {
  const found = fillings.filter(({ source }) => source.in === "body");
  const members = form.unnamed ? inOrder(found, form) : found;
  const [only] = members;
  if (!only && !form.envelope) return undefined;
  const withFile = members.some(({ source }) => source.file);
  const contentType =
    withFile && form.fileContentType !== undefined ? [form.contentType, form.fileContentType] : form.contentType;
  const properties = Object.fromEntries(members.map(({ source, template }) => [source.key, template]));
  const inner: Template =
    form.shape === "value" ? (only?.template ?? null) : form.shape === "list" ? [properties] : properties;
  const payload = form.envelope ? enveloped(form.envelope, inner) : inner;
  const given = new Set(members.flatMap(({ argument, source }) => (argument === undefined ? [] : [source.key])));
  const sent = new Set(members.map(({ source }) => source.key));
  const usesForm = Array.isArray(contentType) || isForm(form.contentType);
  const encoding = Object.entries(form.encoding).filter(([name]) => usesForm && sent.has(name));
  return {
    ...(contentType !== "application/json" && { contentType }),
    payload,
    ...(form.nesting && usesForm && { nesting: form.nesting }),
    ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }),
    ...(form.unnamed && bare(form.contentType) !== "multipart/related" && { unnamed: true as const }), // of that it goes without saying
    ...(form.needs && { needs: form.needs.filter((key) => given.has(key)) }),
  };
}

/** In the order of the description: arguments begin with what is required, and parts without names are told apart by their order. */
function inOrder(members: readonly Filling[], { sources }: BodyForm): readonly Filling[] {
  const places = new Map(sources.map(({ key }, index) => [key, index]));
  const place = ({ source }: Filling): number => places.get(source.key) ?? sources.length;
  return [...members].sort((one, other) => place(one) - place(other));
}

/** The constants of a body around what is filled; their texts are data, whatever they look like. */
function enveloped({ member, constants }: Envelope, inner: Template): Template {
  const texts = Object.entries(constants).map(([name, text]) => [name, escapeTemplate(text)]);
  return { ...Object.fromEntries(texts), [member]: inner };
}
