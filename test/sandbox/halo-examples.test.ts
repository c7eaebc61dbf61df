import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { examplesIn } from "./examples-in.ts";

type Json = Readonly<Record<string, unknown>>;

describe.each(["halo-itsm", "halo-lms"])("%s", (api) => {
  const description = read(`specs/${api}/openapi.yaml`);
  const examples = [...examplesIn(description)];
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema({ ...description, $id: "spec:" });

  test.each(examples)("$schema is shown as it is described", ({ schema, value }) => {
    const validate = ajv.compile({ $ref: `spec:#${encodeURI(schema)}` });
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
  });

  test("sandbox.yaml names every operation of the description, and no other", () => {
    const described = Object.values(description["paths"] as Json).flatMap((item) =>
      Object.values(item as Json).flatMap((operation) => (operation as Json)["operationId"] ?? []),
    );
    const sandbox = read(`specs/${api}/sandbox.yaml`);
    expect(Object.keys(sandbox["operations"] as Json).sort()).toEqual([...described].sort());
  });
});

test("every id in the examples of HaloITSM is one of an example", () => {
  const [ids, pointers] = [new Map<string, Set<unknown>>(), [] as [string, unknown][]];
  const lists: Record<string, string> = {
    listTickets: "ticket_id",
    listAgents: "agent_id",
    listClients: "client_id",
    listSites: "site_id", // prettier-ignore
    listUsers: "user_id",
    listStatuses: "status_id",
    listTicketTypes: "tickettype_id", // prettier-ignore
  };
  for (const item of Object.values(read("specs/halo-itsm/openapi.yaml")["paths"] as Json)) {
    for (const operation of Object.values(item as Json)) {
      const field = lists[String((operation as Json)["operationId"])];
      for (const { value } of examplesIn(operation)) {
        for (const row of rowsIn(value)) {
          if (field !== undefined && "id" in row) ids.set(field, (ids.get(field) ?? new Set()).add(row["id"]));
          pointers.push(...Object.entries(row).filter(([key]) => Object.values(lists).includes(key)));
        }
      }
    }
  }
  expect(pointers.length).toBeGreaterThan(60);
  expect(pointers.filter(([field, id]) => !ids.get(field)?.has(id))).toEqual([]);
});

function* rowsIn(value: unknown): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Json; // an object of JSON
  for (const member of Object.values(value)) yield* rowsIn(member);
}

function read(file: string): Json {
  return parse(readFileSync(file, "utf8"), { merge: true }) as Json; // a mapping
}
