/** Our schemas, and those of the vendor's file that they are parts of. */
export const VENDOR_SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  TicketRow: ["Faults_List"],
  Ticket: ["Faults", "Faults_List"],
  TicketWrite: ["Faults"],
  Action: ["Actions"],
  ActionWrite: ["Actions"],
  CustomField: ["CustomField"],
  CustomFieldWrite: ["CustomField"],
  Agent: ["Uname"],
  Client: ["Area"],
  Site: ["Site_List"],
  User: ["Users_List"],
  Asset: ["Device_List"],
  ArticleRow: ["KBEntry_List"],
  Article: ["KBEntry"],
  ReportRow: ["AnalyzerProfile"],
  Report: ["AnalyzerProfile"],
  Status: ["TStatus"],
  TicketType: ["RequestType"],
  Attachment: ["Attachment"],
  AttachmentWrite: ["Attachment"],
};

/** A line of difference between the vendor's file and our description, and why ours is as it is. */
export interface Difference {
  /** An operation, or a schema of ours. */
  readonly at: string;
  readonly line: string;
  readonly because: string;
}

/** Every difference of types and names; what only the vendor has is none, since ours is a part. */
export const DIFFERENCES: readonly Difference[] = [
  ...["category_1", "category_2", "client_ids", "priority", "requesttype", "status", "team", "ticketids"].map((name) =>
    commaSeparated("get /Tickets", name),
  ),
  commaSeparated("get /KBArticle", "faqlists"),
  {
    at: "Action",
    line: "who: not there",
    because:
      "facts: the vendor's file describes what is written; open-source clients read the name of the writer as who",
  },
];

/** The vendor types lists of ids as text; facts §2: "comma-separated ids". */
function commaSeparated(at: string, name: string): Difference {
  return {
    at,
    line: `query ${name}: string → array of integer`,
    because: "facts §2: list parameters of ids are typed string, and written comma-separated",
  };
}
