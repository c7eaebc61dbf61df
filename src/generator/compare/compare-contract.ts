import type { Operation, SecurityScheme } from "../../spec/operation.ts";
import type { Spec } from "../../spec/spec.ts";
import { answerKind } from "../plan/answer-schema.ts";
import { same } from "../plan/merge-all-of.ts";
import { within } from "../tools-file/origin.ts";
import type { ToolEntry } from "../tools-file/tools-file.ts";
import type { Change } from "./change.ts";

/** One operation as it is described now, and as the newer description has it. */
export interface Sides {
  readonly old: Operation;
  readonly fresh: Operation;
}

/** What changes about who may call an operation, what it answers, and how it is told. */
export function compareContract(
  tool: ToolEntry,
  sides: Sides,
  specs: { readonly before: Spec; readonly after: Spec },
): Change[] {
  return [
    ...compareSecurity(tool, sides, specs),
    ...compareServers(tool, sides),
    ...compareAnswers(tool, sides),
    ...compareWords(tool, sides),
  ];
}

/** Only an operation's own servers matter: those of the whole description are what tools.yaml says. */
function compareServers(tool: ToolEntry, { old, fresh }: Sides): Change[] {
  const [was, is] = [old.servers[0]?.url, fresh.servers[0]?.url];
  if (was === is || tool.settings.server !== undefined) return [];
  return [
    {
      weight: "breaking",
      tool: tool.name,
      message: `it is at ${is ?? "the server of the whole description"} instead of ${was ?? "the server of the whole description"}`,
      before: old.origin,
      after: fresh.origin,
      fix: "name the server under `servers:` with the credentials that it may see, then run `toolwright generate`",
    },
  ];
}

function compareSecurity(
  tool: ToolEntry,
  { old, fresh }: Sides,
  { before, after }: { readonly before: Spec; readonly after: Spec },
): Change[] {
  const [were, are] = [waysIn(old, before.summary.securitySchemes), waysIn(fresh, after.summary.securitySchemes)];
  const place = { tool: tool.name, before: old.origin, after: fresh.origin } as const;
  if (were.length > 0 && !were.some((way) => are.includes(way)) && are.length > 0) {
    return [
      {
        ...place,
        weight: "breaking",
        message: `it asks for another credential: ${are.join(" or ")} instead of ${were.join(" or ")}`,
        fix: "change `credentials:` in tools.yaml, or name another one with `credential:`",
      },
    ];
  }
  if (were.length === 0 && are.length > 0)
    return [
      {
        ...place,
        weight: "breaking",
        message: `it asks for a credential now: ${are.join(" or ")}`,
        fix: "add it under `credentials:` in tools.yaml",
      },
    ];
  const [had, wants] = [scopesOf(old), scopesOf(fresh)];
  const more = wants.filter((scope) => !had.includes(scope));
  return more.length === 0
    ? []
    : [
        {
          ...place,
          weight: "breaking",
          message: `it asks for more scopes: ${more.join(", ")}`,
          fix: "grant the scopes to the credential",
        },
      ];
}

/** The ways to prove who we are, by what is sent and not by the names of schemes. */
function waysIn({ security }: Operation, schemes: readonly SecurityScheme[]): string[] {
  return security
    .map((alternative) =>
      Object.keys(alternative)
        .map((name) => {
          const scheme = schemes.find((one) => one.name === name);
          if (!scheme) return name;
          return scheme.type === "apiKey"
            ? `the ${scheme.in ?? ""} key ${scheme.parameterName ?? ""}`
            : scheme.type === "http"
              ? `HTTP ${scheme.scheme ?? ""}`
              : scheme.type;
        })
        .sort()
        .join(" with "),
    )
    .filter((way) => way !== "");
}

function scopesOf({ security }: Operation): readonly string[] {
  return security.flatMap((alternative) => Object.values(alternative).flat());
}

function compareAnswers(tool: ToolEntry, { old, fresh }: Sides): Change[] {
  const [was, is] = [answerKind(old) ?? "JSON", answerKind(fresh) ?? "JSON"];
  if (was === is) return [];
  return [
    {
      weight: "breaking",
      tool: tool.name,
      message: `it answers ${is} instead of ${was}`,
      before: old.origin,
      after: fresh.origin,
      fix: "look at what callers do with the answer, then run `toolwright generate`",
    },
  ];
}

function compareWords(tool: ToolEntry, { old, fresh }: Sides): Change[] {
  const place = {
    weight: "wording",
    tool: tool.name,
    before: within(old.origin, "description"),
    after: within(fresh.origin, "description"),
  } as const;
  const reworded = !same([old.summary, old.description], [fresh.summary, fresh.description]);
  const own = tool.settings.description !== undefined;
  return [
    ...(reworded
      ? [
          {
            ...place,
            before: old.origin,
            after: fresh.origin,
            message: "the vendor describes it in other words",
            fix: own
              ? "see whether the description in tools.yaml still holds"
              : "run `toolwright generate`, and read the new words",
          },
        ]
      : []),
    ...(fresh.deprecated && !old.deprecated
      ? [
          {
            ...place,
            before: old.origin,
            after: within(fresh.origin, "deprecated"),
            message: "the vendor calls it deprecated",
            fix: "look for what replaces it",
          },
        ]
      : []),
  ];
}
