import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { examplesIn } from "./examples-in.ts";
import { createReferee, type Referee } from "../../src/sandbox/referee.ts";

const SPEC = "specs/freshservice/openapi.yaml";
type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const description = parse(readFileSync(SPEC, "utf8"), { merge: true }) as Json;
const examples = [...examplesIn(description)];
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
let referee: Referee;
beforeAll(async () => {
  referee = await createReferee(SPEC);
  ajv.addSchema({ ...description, $id: "spec:" });
});

test("the description has examples of bodies and answers", () => {
  expect(examples.length).toBeGreaterThan(60);
});

test.each(examples)("$schema is shown as it is described", ({ schema, value }) => {
  const validate = ajv.compile({ $ref: `spec:#${encodeURI(schema)}` });
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
});

test("sandbox.yaml names every operation of the description, and no other", () => {
  const { operations } = parse(readFileSync("specs/freshservice/sandbox.yaml", "utf8"), { merge: true }) as {
    operations: Json;
  };
  expect(Object.keys(operations).sort()).toEqual([...referee.operationIds].sort());
});

/** Lists whose objects others point at, by the operation with the example, and the field that names an object. */
const LISTS = {
  agents: ["listAgents", "agents", "id"],
  requesters: ["listRequesters", "requesters", "id"],
  groups: ["listGroups", "groups", "id"],
  departments: ["listDepartments", "departments", "id"],
  locations: ["listLocations", "locations", "id"],
  workspaces: ["listWorkspaces", "workspaces", "id"],
  assetTypes: ["listAssetTypes", "asset_types", "id"],
  tickets: ["listTickets", "tickets", "id"],
  items: ["listServiceItems", "service_items", "display_id"],
  categories: ["listSolutionCategories", "categories", "id"],
  folders: ["listSolutionFolders", "folders", "id"],
} as const;
type List = keyof typeof LISTS;

/** Fields that point at an object of one of these lists. */
const POINTERS: Readonly<Record<string, readonly List[]>> = {
  requester_id: ["requesters", "agents"],
  requested_for_id: ["requesters", "agents"],
  user_id: ["requesters", "agents"],
  reporting_manager_id: ["requesters", "agents"],
  cf_reporting_manager: ["requesters", "agents"],
  cf_employee: ["requesters", "agents"],
  head_user_id: ["requesters", "agents"],
  prime_user_id: ["requesters", "agents"],
  primary_contact_id: ["requesters", "agents"],
  actor_1: ["requesters", "agents"],
  responder_id: ["agents"],
  agent_id: ["agents"],
  agent_ids: ["agents"],
  members: ["agents"],
  leaders: ["agents"],
  escalate_to: ["agents"],
  modified_by: ["agents"],
  created_by_user: ["agents"],
  last_updated_by_user: ["agents"],
  approver_ids: ["agents"],
  group_id: ["groups"],
  group_ids: ["groups"],
  groups: ["groups"],
  member_of: ["groups"],
  observer_of: ["groups"],
  manage_by_group_ids: ["groups"],
  department_id: ["departments"],
  department_ids: ["departments"],
  cf_department: ["departments"],
  msf_departments_to_inform: ["departments"],
  location_id: ["locations"],
  parent_location_id: ["locations"],
  cf_location: ["locations"],
  workspace_id: ["workspaces"],
  belongs_to_workspace_ids: ["workspaces"],
  asset_type_id: ["assetTypes"],
  ci_type_id: ["assetTypes"],
  parent_asset_type_id: ["assetTypes"],
  ticket_id: ["tickets"],
  service_item_id: ["items"],
  folder_id: ["folders"],
};

/** Every pointer in an example: the field and the number. Solution folders and articles are in categories, catalog items in others. */
function* pointersIn(node: unknown): Generator<readonly [field: string, lists: readonly List[], id: number]> {
  if (Array.isArray(node)) for (const entry of node) yield* pointersIn(entry);
  if (!isObject(node)) return;
  for (const [field, value] of Object.entries(node)) {
    const isSolution = "visibility" in node || "thumbs_up" in node || "article_type" in node;
    const lists =
      field === "category_id" && isSolution && !("display_id" in node) ? (["categories"] as const) : POINTERS[field];
    const ids = [value].flat().filter((id): id is number => typeof id === "number");
    if (lists) for (const id of ids) yield [field, lists, id];
    yield* pointersIn(value);
  }
}

describe("the examples belong together", () => {
  const known = (list: List): readonly unknown[] => {
    const [operationId, at, key] = LISTS[list];
    const { [at]: rows } = referee.example(operationId) as Record<string, readonly Json[]>;
    return (rows ?? []).map((row) => row[key]);
  };

  test("every list has objects, each with a number of its own", () => {
    for (const list of Object.keys(LISTS) as List[]) {
      const ids = known(list);
      expect(ids.length, list).toBeGreaterThan(0);
      expect(new Set(ids).size, list).toBe(ids.length);
    }
  });

  test("every number that points at another object finds it", () => {
    const pointers = examples.flatMap(({ schema, value }) =>
      [...pointersIn(value)].map(([field, lists, id]) => ({ schema, field, lists, id })),
    );
    expect(new Set(pointers.map(({ field }) => field)).size).toBeGreaterThan(25);
    expect(pointers.filter(({ lists, id }) => !lists.some((list) => known(list).includes(id)))).toEqual([]);
  });
});
