import type { Deployment } from "../deployment.ts";
import { fillFromEnvironment } from "../load/environment.ts";

/**
 * What a host tells the model about this server: that it is a sandbox if it is one, what the API's maintainer wrote, and who asks.
 * The notice comes first, since hosts show about the first 2,048 characters.
 */
export function instructionsFor({ api, mode, environment, access }: Deployment): string {
  const { title, instructions, identity = {} } = api.definition;
  // The environment says who started this server: with many callers, that is not who asks.
  const known = Object.entries(access === undefined || access.mode === "env" ? identity : {}).flatMap(
    ([name, text]) => {
      const value = fillFromEnvironment(text, environment);
      return "text" in value ? [`${name} ${oneLine(value.text)}`] : [];
    },
  );
  return [
    mode === "sandbox" &&
      `SANDBOX: these answers come from a stand-in for ${title} with invented data. Nothing here reaches the real ${title}.`,
    instructions,
    known.length > 0 && `The person who asks is ${known.join(", ")}.`,
  ]
    .filter((line) => typeof line === "string" && line !== "")
    .join("\n\n");
}

/** A title that cannot be mistaken for the real thing. */
export function titleFor({ api, mode }: Deployment): string {
  return mode === "sandbox" ? `${api.definition.title} (SANDBOX)` : api.definition.title;
}

/** An environment variable is one value in a sentence, not a paragraph of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
