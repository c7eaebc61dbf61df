import type { Diagnostic, Origin } from "../diagnostic.ts";
import { quote, warning } from "./message.ts";

/** A form of Swagger 2.0 whose `consumes` names no media type that it could be written in. */
export function formMediaType({
  at,
  said,
  sent,
  file,
}: {
  at: Origin;
  said: readonly string[];
  sent: string;
  /** A field is a file, which goes in one media type only. */
  file: boolean;
}): Diagnostic {
  const what = file ? "a form with a file" : "a form";
  return warning("FORM_MEDIA_TYPE", {
    at,
    message: `\`consumes\` says ${said.map(quote).join(", ")}, which ${what} is never written in; taken for ${quote(sent)}`,
    help: `write \`consumes: [${sent}]\` in the operation, or describe a body in place of the form's fields`,
  });
}

/** An operation of Swagger 2.0 with a body and with fields of a form, of which only one can be sent. */
export function bodyAndForm({ at, names, body }: { at: Origin; names: readonly string[]; body: Origin }): Diagnostic {
  return warning("BODY_AND_FORM", {
    at,
    message: `beside a body there can be no fields of a form: ${names.map(quote).join(", ")} left out`,
    help: "remove the body, or make the fields properties of its schema",
    notes: [{ at: body, message: "the body" }],
  });
}
