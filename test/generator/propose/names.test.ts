import { expect, test } from "vitest";
import { toolNameProblem } from "../../../src/generator/plan/names.ts";
import { nameOperation } from "../../../src/generator/propose/name-operation.ts";
import { idObject } from "../../../src/generator/propose/name-text.ts";
import { droppedOf, nounsOf } from "../../../src/generator/propose/path.ts";
import { qualify } from "../../../src/generator/propose/qualify.ts";
import { uniqueNames } from "../../../src/generator/propose/unique-names.ts";
import { plural, singular, wordsOf } from "../../../src/generator/propose/words.ts";
import { proposeName, proposeTitle, titleFor } from "../../../src/generator/propose/api-name.ts";

/** The first name of an operation, as `METHOD path`. */
function nameFor(reference: string, summary = "", more: Partial<Parameters<typeof nameOperation>[0]> = {}): string {
  const [method = "", path = ""] = reference.split(" ");
  const parts = {
    method,
    path,
    nouns: qualify(nounsOf(path), summary, undefined),
    summary,
    operationId: undefined,
    list: undefined,
    replaces: false,
    holdsMany: false,
    version: droppedOf(path),
    hasSearch: false,
  }; // one of the table's methods
  return nameOperation({ ...parts, ...more }).names[0] ?? "";
}

const names = [
  ["GET /tickets", "", "list_tickets"],
  ["GET /tickets/{id}", "", "get_ticket"],
  ["POST /tickets", "", "create_ticket"],
  ["PUT /tickets/{id}", "", "update_ticket"],
  ["PATCH /tickets/{id}", "Modify a ticket", "update_ticket"],
  ["DELETE /tickets/{id}", "", "delete_ticket"],
  ["GET /tickets/{id}/notes", "", "list_ticket_notes"],
  ["POST /tickets/{id}/notes", "", "create_ticket_note"],
  ["POST /tickets/{id}/close", "", "close_ticket"],
  ["GET /tickets/search", "", "search_tickets"],
  ["POST /search/issues", "", "search_issues"],
  ["GET /api/v2/tickets.json", "", "list_tickets"],
  ["GET /rest/api/3/issue/{key}", "", "get_issue"],
  ["GET /2010-04-01/Calls/{Sid}.json", "Fetch a call", "get_call"],
  ["PUT /gists/{id}/star", "Star a gist", "star_gist"],
  ["DELETE /gists/{id}/star", "Unstar a gist", "unstar_gist"],
  ["GET /gists/{id}/star", "Check if a gist is starred", "check_gist_star"],
  ["POST /charges/{id}/refund", "Refund a charge", "refund_charge"],
  ["POST /charges/{id}/refunds", "Create a refund", "create_charge_refund"],
  ["POST /bookings/{id}/payment", "Pay for a booking", "pay_booking"],
  ["GET /pet/findByStatus", "Finds pets by status", "find_pets_by_status"],
  ["POST /chat.postMessage", "Sends a message", "post_chat_message"],
  ["POST /accounts/balance/get", "", "get_account_balance"],
  ["POST /keys/{key}:rotate", "", "rotate_key"],
  ["GET /users/@me/guilds", "", "list_my_guilds"],
  ["GET /users/@me", "", "get_current_user"],
  ["GET /agents/me", "", "get_current_agent"],
  ["GET /guilds/{id}/voice-states/@me", "", "get_my_guild_voice_state"],
  ["POST /new_hires", "Create an NewHire", "create_new_hire"],
  ["POST /clients/{id}/lifecycle/newSecret", "Create a new client secret", "create_lifecycle_secret"],
  ["POST /task_assignments", "Assign a task", "create_task_assignment"],
  ["POST /tax/calculations", "Calculate tax", "calculate_tax"],
  ["GET /releases/latest", "Get the latest release", "list_latest_releases"],
  ["GET /categories/{id}/addresses", "", "list_category_addresses"],
  ["GET /users/{id}/user_roles", "", "list_user_roles"],
  ["PUT /orgs/{org}/secrets/{name}", "Create or update a secret", "set_org_secret"],
  ["POST /projects/{id}/addFollowers", "Add followers", "add_project_followers"],
  ["GET /settings", "", "get_settings"],
  ["DELETE /sessions", "Log out", "delete_sessions"],
  // What the path does not say.
  ["GET /v2.1", "Lists resources for the version specified", "get_resources"],
  ["GET /{id}", "Gets a resource by ID.", "get_resource"],
  ["POST /uploads", "Upload Files", "upload_files"],
  ["GET /api/v{version}/orders", "", "list_orders"],
  ["GET /{api_version}/orders", "", "list_orders"],
  ["GET /#Action=ListQueues", "", "list_queues"],
  ["GET /A_SalesOrder('{SalesOrder}')/to_Item", "", "get_sales_order_to_item"],
  // What is done, and how.
  ["DELETE /commits/{node}/approve", "", "unapprove_commit"],
  ["POST /redis/{name}/forceReboot", "Reboot nodes.", "force_reboot_redis"],
  ["POST /containers/prune", "Delete stopped containers", "prune_containers"],
  ["PUT /containers/{id}/archive", "Extract an archive of files", "update_container_archive"],
  ["HEAD /containers/{id}/archive", "Get information about files", "check_container_archive"],
  ["OPTIONS /status", "", "get_status_options"],
  ["DELETE /pulls/{id}/merge", "Cancel the scheduled merge", "cancel_pull_merge"],
  ["DELETE /tags/{label}", "Tag Delete", "delete_tag"],
  ["POST /bulkDelete", "Bulk delete tickets", "bulk_delete_tickets"],
  // A verb alone is about what the summary says, if anything.
  ["POST /send", "SendSMS", "send_sms"],
  ["POST /render", "Render Asset", "render_asset"],
  ["POST /login", "Login", "login"],
  // A part that only says which ones stands before its noun, where the vendor puts it too.
  ["GET /templates/global", "List all global templates", "list_global_templates"],
  ["PUT /mappings/chat/{id}", "Update chat mapping", "update_chat_mapping"],
  ["GET /plans/stubbed", "List plans (stubbed)", "get_plan_stubbed"],
  ["GET /messages/{id}/comments/@original", "", "get_message_original_comment"],
  // Many at once.
  ["POST /channels/{id}/messages/bulk-delete", "", "bulk_delete_channel_messages"],
  ["POST /patterns", "Bulk create patterns", "bulk_create_patterns"],
  ["POST /lobbies/{id}/members/bulk", "Update several members", "bulk_update_lobby_members"],
  ["PATCH /items/{collection}", "Update multiple items", "update_items"],
  ["POST /firewalls/{id}/tags", "Add tags to a firewall", "add_firewall_tags"],
  ["POST /responses", "Send a prompt by the Responses API", "send_response"],
  // What the path says is done, though the method is for something else.
  ["GET /tickets/{id}/restore", "Restore a ticket", "restore_ticket"],
  ["GET /user/logout", "Logs out the current user", "logout_user"],
  ["PUT /files/{id}#remove_shared_link", "Remove shared link from file", "remove_file_shared_link"],
  ["DELETE /requesters/{id}/forget", "Forget a requester", "forget_requester"],
  ["POST /sections/insert", "Move or insert sections", "insert_sections"],
  ["GET /confirmClosure", "", "get_confirm_closure"],
  // What looks like a verb and is none.
  ["POST /invoices/{id}", "Draft invoices are fully editable.", "update_invoice"],
  ["GET /gists/{id}/star", "Check if a gist is starred", "check_gist_star"],
  ["POST /token", "/token", "create_token"],
  ["POST /login_links", "Creates a single-use login link", "create_login_link"],
  ["POST /users/terminate_sessions", "Create jobs to terminate users sessions", "terminate_user_sessions"],
  ["POST /forms/simple", "Simple (exploded)", "create_form_simple"],
  ["POST /templates/{id}/instantiateTemplate", "Instantiate a template", "instantiate_template"],
  // Number.
  ["GET /orders", "List all orders", "list_orders"],
  ["GET /ticket", "List of Fault", "list_tickets"],
  ["GET /fields/{collection}", "List fields in a collection", "list_fields"],
  ["GET /lists/{id}/credentials/{key}", "Fetch a single credential.", "get_list_credential"],
  ["POST /customers/{id}/instructions", "Retrieve instructions", "get_customer_instructions"],
  ["GET /business_hours/{id}", "", "get_business_hours"],
  // Parts that mean nothing, and one that does.
  ["GET /files/{id}/securityClassification-6VMVochwUWo", "", "get_file_security_classification"],
  ["PUT /products/{id}/apis/{api}", "Adds an API to a product", "add_product_api"],
  ["OPTIONS /files/content", "Preflight check", "get_file_content_options"],
  ["GET /search", "Search for content", "search_content"],
  ["GET /api/v/4/adapters", "", "list_adapters"],
  ["GET /departuresByCRS/{crs}", "", "get_departures_by_crs"],
] as const;

test.each(names)("%s (%s) is %s", (reference, summary, want) => expect(nameFor(reference, summary)).toBe(want));

test("what answers one thing is got, what answers many is listed", () => {
  expect(nameFor("GET /status", "", { list: false })).toBe("get_status");
  expect(nameFor("GET /team", "", { list: true })).toBe("list_teams");
  expect(nameFor("GET /health", "", { list: true })).toBe("get_health");
  expect(nameFor("GET /hp", "", { list: true })).toBe("list_hp");
  expect(nameFor("GET /permissions/me", "", { list: true })).toBe("list_my_permissions");
  expect(nameFor("GET /gists/starred", "", { list: true })).toBe("list_gist_starred");
  expect(nameFor("GET /gists/starred", "List starred gists", { list: true })).toBe("list_starred_gists");
  expect(nameFor("GET /orders", "List all orders", { list: false })).toBe("list_orders");
  expect(nameFor("GET /item", "", { holdsMany: true })).toBe("list_items");
  expect(nameFor("GET /agentCheckIn", "", { holdsMany: true })).toBe("list_agent_check_ins");
  expect(nameFor("GET /animal/search", "Pagination over animals", { hasSearch: true })).toBe("list_animals");
  expect(nameFor("GET /policies/{id}/files_under_retention", "", { list: true })).toBe(
    "list_policy_files_under_retention",
  );
  expect(nameFor("GET /", "List available data sets", { list: true })).toBe("list_data_sets");
  expect(nameFor("GET /issues/blocked_by", "", { list: true })).toBe("list_issue_blocked_by");
  expect(nameFor("GET /auth/oauth", "", { list: true })).toBe("list_auth_oauth");
  expect(nameFor("GET /mappings", "Retrieve a list of mappings", { list: false })).toBe("list_mappings");
  expect(nameFor("GET /tickets", "", { list: false })).toBe("get_tickets");
});

test("an operationId names what a path calls by any name", () => {
  expect(idObject("pubsub.projects.topics.patch", false)).toEqual(["topic"]);
  expect(idObject("LibraryService_UpdateBook", false)).toEqual(["book"]);
  expect(idObject("Operations_CancelOperation", true)).toEqual(["operation"]);
  expect(idObject("Resources_GetById", false)).toEqual(["resource"]);
  expect(idObject(undefined, false)).toEqual([]);
});

test("PUT is replace where PATCH changes a part", () => {
  expect(nameFor("PUT /tickets/{id}", "", { replaces: true })).toBe("replace_ticket");
});

test("the one nearest to the top keeps a name that several want; the others get more words", () => {
  const claims = [
    "GET /users",
    "GET /teams/{id}/users",
    "GET /orgs/{org}/teams/{id}/users",
    "GET /v1/users",
    "GET /v2/users",
  ].map((reference) => {
    const [, path = ""] = reference.split(" ");
    const nouns = nounsOf(path);
    return {
      ...nameOperation({
        method: "GET",
        path,
        nouns,
        summary: "",
        operationId: undefined,
        list: true,
        replaces: false,
        holdsMany: false,
        version: droppedOf(path),
        hasSearch: false,
      }),
      pathLength: nouns.length,
      path,
    };
  });
  expect(uniqueNames(claims)).toEqual([
    "list_users",
    "list_team_users",
    "list_org_team_users",
    "list_users_v1",
    "list_users_v2",
  ]);
});

test("names are unique whatever the capitals, short, and no reserved words", () => {
  const long = "extraordinarily_long_resource_name".repeat(4);
  const claims = [
    `GET /${long}/{id}`,
    "GET /",
    "POST /constructor",
    "GET /Users",
    "GET /users",
    "GET /日本",
    "GET /{id}",
    "DELETE /con",
  ].map((reference) => {
    const [method = "", path = ""] = reference.split(" ");
    return {
      ...nameOperation({
        method,
        path,
        nouns: nounsOf(path),
        summary: "",
        operationId: undefined,
        list: undefined,
        replaces: false,
        holdsMany: false,
        version: droppedOf(path),
        hasSearch: false,
      }),
      pathLength: 1,
      path,
    }; // one of the list's methods
  });
  const given = uniqueNames(claims);
  expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(given.length);
  for (const name of given) {
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
    expect(toolNameProblem(name), name).toBeUndefined();
  }
});

test("a mangled operationId names nothing, a clean one breaks a tie", () => {
  const twins = (first: string, second: string) =>
    uniqueNames(
      [first, second].map((operationId, index) => {
        const path = index === 0 ? "/a/{x}" : "/a/{y}";
        return {
          ...nameOperation({
            method: "GET",
            path,
            nouns: nounsOf(path),
            summary: "",
            operationId,
            list: false,
            replaces: false,
            holdsMany: false,
            version: droppedOf(path),
            hasSearch: false,
          }),
          pathLength: 1,
          path,
        };
      }),
    );
  expect(twins("getLargeA", "getSmallA")).toEqual(["get_large_a", "get_small_a"]);
  expect(twins("A_get_v1_a_1234567", "AController.get")).toEqual(["get_a_by_x", "get_a_by_y"]);
});

test.each([
  ["tickets", "ticket"],
  ["categories", "category"],
  ["addresses", "address"],
  ["statuses", "status"],
  ["boxes", "box"],
  ["releases", "release"],
  ["people", "person"],
  ["branches", "branch"],
  ["aliases", "alias"],
  ["keys", "key"],
])("%s is the plural of %s", (many, one) => {
  expect(singular(many)).toBe(one);
  expect(plural(one)).toBe(many);
});

test.each([
  ["listHTTPRoutes", ["list", "http", "routes"]],
  ["chat.postMessage", ["chat", "post", "message"]],
  ["userIDs", ["user", "ids"]],
  ["café-menu", ["cafe", "menu"]],
])("%s is made of %j", (text, words) => expect(wordsOf(text)).toEqual(words));

test.each([
  ["Acme Desk", "https://api.other.com", "Acme Desk"],
  ["Api Documentation", "https://orders.acme.com:443/v1", "Acme"],
  ["My Title", "https://acme.io", "Acme"],
  ["WebApplication1", "", "WebApplication1"],
  ["API", "http://localhost:8080", "API"],
])("%s at %s is titled %s", (title, url, want) => {
  expect(titleFor({ title, servers: [{ url, variables: {} }] })).toBe(want);
});

test.each([
  ["Acme Desk REST API v2", "Acme Desk", "acme_desk"],
  ["Swagger Petstore - OpenAPI 3.0", "Petstore", "petstore"],
  ["API", "API", "api"],
  ["日本", "日本", "api"],
  ["The Star Trek API", "The Star Trek", "star_trek"],
  ["2Checkout", "2Checkout", "checkout"],
  ["con", "con", "api_con"],
  ["GitLab API", "GitLab", "gitlab"],
  ["OrderService API", "OrderService", "order"],
  ["RedisManagementClient", "RedisManagementClient", "redis_management"],
  ["AcmeCloud's official OpenAPI spec", "AcmeCloud's official", "acmecloud"],
  ["AcmeManagementClient", "AcmeManagementClient", "acme_management"],
])("%s is called %s, and %s in tools.yaml", (title, called, name) => {
  expect(proposeTitle(title)).toBe(called);
  expect(proposeName(title)).toBe(name);
});
