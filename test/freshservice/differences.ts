import type { Differences } from "./compare.ts";

/** The 25 operations of the tools that the vendor's own file describes too, in the words of our description. */
export const COMPARED: readonly string[] = [
  "GET /tickets",
  "GET /tickets/{ticket_id}",
  "POST /tickets",
  "PUT /tickets/{ticket_id}",
  "POST /tickets/{ticket_id}/notes",
  "GET /assets",
  "GET /assets/{display_id}",
  "POST /assets",
  "PUT /assets/{display_id}",
  "GET /agents",
  "GET /agents/{agent_id}",
  "GET /requesters",
  "GET /requesters/{requester_id}",
  "GET /onboarding_requests/{onboarding_request_id}",
  "GET /onboarding_requests/form",
  "POST /onboarding_requests",
  "GET /solutions/categories",
  "GET /solutions/categories/{category_id}",
  "GET /solutions/folders",
  "GET /solutions/folders/{folder_id}",
  "POST /solutions/folders",
  "GET /solutions/articles",
  "GET /solutions/articles/{article_id}",
  "POST /solutions/articles",
  "PUT /solutions/articles/{article_id}",
];

/** Differences of one cause, and what says that ours is the right side. */
export interface CitedDifferences extends Partial<Differences> {
  /** Each of them has all the differences. */
  readonly operations: readonly string[];
  /** `defects: <target>: <words of the defect>`, a row of the table of defects; or `facts §<section> <subject>`. */
  readonly cites: string;
}

/** Every difference between the vendor's file and our description of the 25 operations. */
export const DIFFERENCES: readonly CitedDifferences[] = [
  // Tickets
  {
    operations: ["GET /tickets"],
    added: ["query page", "query per_page", "query type", "query workspace_id"],
    cites: "defects: GET /tickets: no page, per_page, type, workspace_id params",
  },
  {
    operations: ["GET /tickets"],
    changed: ["query include: string → array of string"],
    cites: "facts §5 GET /tickets",
  },
  {
    operations: ["GET /tickets/{ticket_id}"],
    added: ["answer ticket"],
    dropped: ["answer tickets"],
    cites: "defects: GET /tickets/{ticket_id}: 200 schema = {tickets:[ticket]}",
  },
  {
    operations: ["GET /tickets/{ticket_id}"],
    changed: ["query include: string → array of string"],
    cites: "facts §5 GET /tickets/{id}",
  },
  {
    operations: ["POST /tickets", "PUT /tickets/{ticket_id}"],
    added: [
      "body responder_id",
      "body group_id",
      "body department_id",
      "body category",
      "body urgency",
      "body impact",
      "body email_config_id",
    ],
    cites: "defects: ticket schema: lacks workspace_id group_id responder_id department_id",
  },
  {
    operations: ["POST /tickets"],
    added: ["body workspace_id"],
    cites: "defects: ticket schema: lacks workspace_id",
  },
  {
    operations: ["PUT /tickets/{ticket_id}"],
    added: ["body requested_for_id"],
    cites: "defects: ticket schema: requested_for_id",
  },
  {
    operations: ["POST /tickets", "PUT /tickets/{ticket_id}"],
    added: [
      "body sub_category",
      "body item_category",
      "body assets",
      "body problem",
      "body change_initiating_ticket",
      "body change_initiated_by_ticket",
      "body resolution_notes_html",
    ],
    changed: ["body attachments: array of object → array of string"],
    cites: "facts §7 TicketCreate",
  },
  {
    operations: ["POST /tickets"],
    added: ["body email", "body phone", "body name"],
    changed: ["body subject: optional → required", "body description: optional → required"],
    cites: "facts §7 TicketCreate",
  },
  {
    operations: ["POST /tickets", "PUT /tickets/{ticket_id}"],
    dropped: ["body fwd_emails", "body reply_cc_emails", "body is_escalated", "body description_text"],
    cites: "defects: ticket body: one schema for read and write",
  },
  {
    operations: ["POST /tickets", "PUT /tickets/{ticket_id}"],
    changed: [
      "body status: number → integer",
      "body priority: number → integer",
      "body source: number → integer",
      "body requester_id: number → integer",
    ],
    cites: "facts §7 Ticket",
  },
  {
    operations: ["PUT /tickets/{ticket_id}"],
    added: ["query bypass_mandatory"],
    cites: "facts §5 PUT /tickets/{id}",
  },
  {
    operations: ["POST /tickets/{ticket_id}/notes"],
    changed: ["format: application/json → application/json or multipart/form-data"],
    cites: "defects: POST /tickets/{id}/notes: json only",
  },
  {
    operations: ["POST /tickets/{ticket_id}/notes"],
    added: ["body user_id"],
    dropped: ["body body_text"],
    changed: ["body body: optional → required", "body attachments: array of object → array of string"],
    cites: "facts §7 NoteCreate",
  },
  {
    operations: [
      "POST /tickets",
      "PUT /tickets/{ticket_id}",
      "POST /solutions/articles",
      "PUT /solutions/articles/{article_id}",
    ],
    changed: ["format: application/json → application/json or multipart/form-data"],
    cites: "defects: (root): no consumes/produces",
  },

  // Assets
  {
    operations: ["GET /assets"],
    added: ["query order_by", "query order_type", "query workspace_id"],
    cites: "defects: GET /assets: no order_by/order_type/workspace_id",
  },
  {
    operations: ["GET /assets"],
    added: ["answer assets"],
    dropped: ["answer asset"],
    cites: "defects: GET /assets: 200 = {asset: asset} (single)",
  },
  {
    operations: ["GET /assets"],
    changed: ["query include: string → array of string"],
    cites: "facts §5 GET /assets",
  },
  {
    operations: ["GET /assets/{display_id}"],
    added: ["query include"],
    cites: "defects: GET /assets/{display_id}: no include param",
  },
  {
    operations: ["POST /assets"],
    added: ["body workspace_id"],
    changed: ["body name: optional → required", "body asset_type_id: optional → required"],
    cites: "facts §7 AssetWrite",
  },
  {
    operations: ["POST /assets", "POST /solutions/folders", "POST /solutions/articles"],
    changed: ["status: 200 → 201"],
    cites: "defects: POST /assets, POST /solutions/*: 2xx documented as 200",
  },

  // People and onboarding
  {
    operations: ["GET /requesters"],
    added: ["query include_agents"],
    cites: "defects: GET /requesters: no include_agents",
  },
  {
    operations: ["GET /requesters"],
    added: ["answer requester"],
    cites: "facts §5 GET /requesters",
  },
  {
    operations: ["GET /onboarding_requests/form"],
    dropped: ["body"],
    cites: "defects: GET /onboarding_requests/form: GET with in:body parameter",
  },
  {
    operations: ["POST /onboarding_requests"],
    added: ["body initiator_id"],
    changed: ["body: optional → required"],
    cites: "facts §5 POST /onboarding_requests",
  },

  // Solutions
  {
    operations: ["GET /solutions/categories"],
    added: ["query workspace_id", "answer categories"],
    dropped: ["answer solution_categories"],
    cites: "defects: GET /solutions/categories: envelope solution_categories; no workspace_id",
  },
  {
    operations: ["GET /solutions/categories/{category_id}"],
    added: ["answer category"],
    dropped: ["answer solution_category"],
    cites: "defects: GET/POST /solutions/categories/{id}: envelope solution_category",
  },
  {
    operations: ["GET /solutions/folders"],
    added: ["answer folders"],
    dropped: ["answer solution_folders"],
    changed: ["query category_id: optional → required"],
    cites: "defects: GET /solutions/folders: envelope solution_folders; category_id optional",
  },
  {
    operations: ["GET /solutions/folders"],
    added: ["answer folder"],
    cites: "facts §5 GET /solutions/folders",
  },
  {
    operations: ["GET /solutions/folders/{folder_id}", "POST /solutions/folders"],
    added: ["answer folder"],
    dropped: ["answer solution_folder"],
    cites: "defects: POST/GET /solutions/folders/{id}: envelope solution_folder",
  },
  {
    operations: ["POST /solutions/folders"],
    changed: ["body visibility: object → integer"],
    cites: "defects: solution_folder schema: visibility type object",
  },
  {
    operations: ["POST /solutions/folders"],
    added: [
      "body department_ids",
      "body group_ids",
      "body requester_group_ids",
      "body approval_settings",
      "body manage_by_group_ids",
    ],
    dropped: ["body id", "body position", "body managed_by_group", "body managed_by_agent", "body default_folder"],
    changed: ["body name: optional → required", "body category_id: optional → required"],
    cites: "facts §7 FolderCreate",
  },
  {
    operations: ["GET /solutions/articles"],
    added: ["answer articles"],
    dropped: ["answer solution_articles"],
    changed: ["query folder_id: optional → required"],
    cites: "defects: GET /solutions/articles: envelope solution_articles; folder_id optional",
  },
  {
    operations: ["GET /solutions/articles"],
    dropped: ["query category_id"],
    cites: "facts §5 GET /solutions/articles",
  },
  {
    operations: ["GET /solutions/articles/{article_id}", "POST /solutions/articles"],
    added: ["answer article"],
    dropped: ["answer solution_article"],
    cites: "defects: GET/POST /solutions/articles: envelope solution_article",
  },
  {
    operations: ["PUT /solutions/articles/{article_id}"],
    added: ["answer article"],
    cites: "defects: PUT /solutions/articles/{id}: 200 has no schema",
  },
  {
    operations: ["POST /solutions/articles", "PUT /solutions/articles/{article_id}"],
    added: ["body keywords"],
    dropped: ["body created_by", "body search_keywords"],
    cites: "defects: solution_article schema: created_by, search_keywords",
  },
  {
    operations: ["POST /solutions/articles", "PUT /solutions/articles/{article_id}"],
    added: ["body url", "body review_date", "body language", "body parent_id", "body attachments"],
    dropped: ["body category_id", "body description_text", "body position", "body updated_by"],
    cites: "facts §7 ArticleCreate",
  },
  {
    operations: ["POST /solutions/articles"],
    changed: ["body title: optional → required", "body folder_id: optional → required"],
    cites: "facts §7 ArticleCreate",
  },
];
