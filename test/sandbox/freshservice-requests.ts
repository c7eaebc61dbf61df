import { expect } from "vitest";

/** One good request for every operation that reads. */
export const READS: readonly (readonly [operationId: string, path: string])[] = [
  ["listTickets", "/tickets?include=requester,stats"],
  ["filterTickets", `/tickets/filter?query=${encodeURIComponent('"status:2 AND agent_id:21000400001"')}`],
  ["getTicket", "/tickets/1023?include=conversations,requester,tags"],
  ["listTicketConversations", "/tickets/1023/conversations"],
  ["listTicketFormFields", "/ticket_form_fields"],
  ["listAssets", `/assets?search=${encodeURIComponent("\"name:'ACME-LT-001'\"")}`],
  ["getAsset", "/assets/101?include=type_fields"],
  ["listAssetTypes", "/asset_types"],
  ["listAssetTypeFields", "/asset_types/21000600002/fields"],
  ["listAgents", "/agents?active=true"],
  ["getAgent", "/agents/21000400001"],
  ["listRequesters", "/requesters?email=john@acme.com"],
  ["getRequester", "/requesters/21000500001"],
  ["listGroups", "/groups"],
  ["listDepartments", "/departments"],
  ["listLocations", "/locations"],
  ["listWorkspaces", "/workspaces"],
  ["getWorkspace", "/workspaces/2"],
  ["listOnboardingRequests", "/onboarding_requests"],
  ["getOnboardingRequest", "/onboarding_requests/1"],
  ["getOnboardingRequestForm", "/onboarding_requests/form"],
  ["listOnboardingRequestTickets", "/onboarding_requests/1/tickets"],
  ["listOffboardingRequests", "/offboarding_requests"],
  ["getOffboardingRequestForm", "/offboarding_requests/form"],
  ["listOffboardingRequestTickets", "/offboarding_requests/1/tickets"],
  ["listServiceItems", "/service_catalog/items"],
  ["searchServiceItems", "/service_catalog/items/search?search_term=laptop"],
  ["getServiceItem", "/service_catalog/items/3"],
  ["listSolutionCategories", "/solutions/categories"],
  ["getSolutionCategory", "/solutions/categories/21000800001"],
  ["listSolutionFolders", "/solutions/folders?category_id=21000800001"],
  ["getSolutionFolder", "/solutions/folders/21000810001"],
  ["listSolutionArticles", "/solutions/articles?folder_id=21000810001"],
  ["getSolutionArticle", "/solutions/articles/21000820001"],
  ["searchSolutionArticles", "/solutions/articles/search?search_term=VPN%20issue"],
];

/** A ticket that the description allows. */
export const TICKET = {
  subject: "S",
  description: "<p>a</p><p>b &amp; c</p>",
  email: "john@acme.com",
  status: 2,
  priority: 3,
};
const ARTICLE = { title: "T", folder_id: 21000810001, description: "<p>a</p>", tags: ["x"] };
const ASSET = { name: "A", asset_type_id: 21000600002, type_fields: { serial_number_21000600001: "S-1" } };
const ONBOARDING = {
  cf_employee_name: "T",
  cf_date_of_joining: "2027-01-04",
  cf_department: "IT",
  actor_1: "lucia.gomez@acme.com",
};
const OFFBOARDING = {
  cf_employee: "sofia.rossi@acme.com",
  cf_last_working_day: "2026-12-31",
  actor_1: "lucia.gomez@acme.com",
};

/** One good write for every operation that writes, and where it can be read afterwards. */
export const WRITES: readonly (readonly [
  operationId: string,
  method: string,
  path: string,
  body: object,
  status: number,
  answers: object,
  readAt: (id: number) => string,
])[] = [
  [
    "createTicket",
    "POST",
    "/tickets",
    { ...TICKET, tags: ["x"] },
    201,
    { ticket: { requester_id: 21000500001, description_text: "a\nb & c", status: 2, workspace_id: 2, tags: ["x"] } },
    (id) => `/tickets/${id}?include=tags`,
  ],
  [
    "updateTicket",
    "PUT",
    "/tickets/10234",
    { status: 4, description: "<b>new</b>", tags: ["only"], custom_fields: { users_affected: 9 } },
    200,
    {
      ticket: {
        id: 10234,
        status: 4,
        description_text: "new",
        tags: ["only"], // the whole set
        custom_fields: { users_affected: 9, affected_service: "Laptop" }, // only what is named
      },
    },
    (id) => `/tickets/${id}?include=tags`,
  ],
  [
    "createTicketNote",
    "POST",
    "/tickets/1023/notes",
    { body: "<p>n</p>", notify_emails: ["john@acme.com"] },
    201,
    { conversation: { ticket_id: 1023, body_text: "n", private: true, incoming: false, source: 2 } },
    () => "/tickets/1023/conversations?per_page=100",
  ],
  [
    "createAsset",
    "POST",
    "/assets",
    ASSET,
    201,
    {
      asset: { display_id: expect.any(Number), impact: "low", usage_type: "permanent", type_fields: ASSET.type_fields },
    },
    (id) => `/assets/${id}?include=type_fields`,
  ],
  [
    "updateAsset",
    "PUT",
    "/assets/101",
    { user_id: 21000500003, type_fields: { memory_21000600002: 64 } },
    200,
    { asset: { user_id: 21000500003, type_fields: { memory_21000600002: 64, asset_state_21000600001: "In Use" } } },
    () => "/assets/101?include=type_fields",
  ],
  [
    "createOnboardingRequest",
    "POST",
    "/onboarding_requests",
    { fields: ONBOARDING },
    201,
    { onboarding_request: { fields: { ...ONBOARDING, cf_date_of_joining: "04-01-2027" } } },
    (id) => `/onboarding_requests/${id}`,
  ],
  [
    "createOffboardingRequest",
    "POST",
    "/offboarding_requests",
    { fields: OFFBOARDING },
    201,
    { offboarding_request: { fields: { ...OFFBOARDING, cf_last_working_day: "31-12-2026" } } },
    () => "/offboarding_requests?per_page=100",
  ],
  [
    "placeServiceRequest",
    "POST",
    "/service_catalog/items/3/place_request",
    { requested_for: "john@acme.com", quantity: 2, custom_fields: { reason: "work" } },
    201,
    {
      service_request: {
        type: "Service Request",
        requested_for_id: 21000500001,
        requested_items: [{ service_item_id: 3, quantity: 2, custom_fields: { reason: "work" } }],
      },
    },
    (id) => `/tickets/${id}`,
  ],
  [
    "createSolutionFolder",
    "POST",
    "/solutions/folders",
    { name: "F", category_id: 21000800001 },
    201,
    { folder: { name: "F", visibility: 1, workspace_id: 2, default_folder: false } },
    (id) => `/solutions/folders/${id}`,
  ],
  [
    "createSolutionArticle",
    "POST",
    "/solutions/articles",
    ARTICLE,
    201,
    { article: { status: 1, article_type: 1, description_text: "a", category_id: 21000800001, tags: ["x"] } },
    (id) => `/solutions/articles/${id}`,
  ],
  [
    "updateSolutionArticle",
    "PUT",
    "/solutions/articles/21000820001",
    { status: 2, description: "<i>b</i>" },
    200,
    { article: { status: 2, description_text: "b" } },
    (id) => `/solutions/articles/${id}`,
  ],
];
