import { z } from "zod";
import { answerCriterion } from "./criterion-schema.ts";
import { entryName, fail, variableText } from "./text-schema.ts";

const foreignHost = z
  .string()
  .regex(/^(?:(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*|localhost)$/i) // `*` stands for labels below a domain
  .meta({ title: "host name", examples: ["*.amazonaws.com"] });

/** A server, as written in tools.yaml. */
export const server = z
  .strictObject({
    url: variableText.optional().meta({
      description: "Base URL of every operation; `{variables}` are filled when the server starts.",
      examples: ["https://{domain}/api/v2"],
    }),
    hosts: z
      .array(foreignHost)
      .min(1)
      .optional()
      .describe("Instead of a URL: hosts to which a whole URL of an answer may lead, such as presigned uploads."),
    variables: z
      .record(entryName, variableText)
      .optional()
      .describe('Values of the `{variables}` of the URL, usually "${NAME}".'),
    success_criteria: z
      .array(answerCriterion)
      .min(1)
      .optional()
      .describe("What an answer of status 2xx must be for a success; all hold. Example: `!$response.body#/errors`."),
    unauthorized_criteria: z
      .array(answerCriterion)
      .min(1)
      .optional()
      .describe("What says that the credential was refused; one is enough. Default: `$statusCode == 401`."),
  })
  .superRefine(({ url, hosts, ...about }, context) => {
    const example = 'url: "https://api.acme.com/v1"';
    if (url === undefined && hosts === undefined) {
      fail(context, { expected: "one of `url` and `hosts`", got: "none of them", example });
    } else if (hosts !== undefined && (url !== undefined || Object.keys(about).length > 0)) {
      fail(context, {
        expected: "`hosts` alone, or a server with a `url`",
        got: "both",
        example: 'hosts: ["*.acme.com"]',
      });
    }
  })
  .meta({ examples: [{ url: "https://api.acme.com/v1" }] });
