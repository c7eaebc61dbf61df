import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, callerOf, rowsOf } from "./halo-clients.ts";

const CLASS = { class_ref: "CST-321" };

describe.each([
  ["stdio", "SDK v2, 2026-07-28"],
  ["http", "SDK v2, 2026-07-28"],
  ["stdio", "SDK v1"],
] as const)("Halo LMS over %s with %s", (transport, kind) => {
  let halo: Caller;
  beforeAll(async () => {
    halo = await callerOf("halo-lms", transport, kind);
  });
  afterAll(async () => await halo?.close());

  test("a class is found by whatever a person calls it, as the very first call", async () => {
    const refs = ["database", "cst-321", "CST-321-O500", "6a1d0c52-8f7e-4a53-9c1b-0e2f6d9a7c11"];
    for (const class_ref of refs)
      expect(await halo.ok("view_assignments", { class_ref })).toMatchObject({ class: { course_code: "CST-321" } });
    expect(await halo.fails("grades", { class_ref: "English" })).toMatch(
      /may mean 2 things[^]*English Composition II"/,
    );
    // A code is taken whole: only of a name a part will do.
    for (const class_ref of ["CST-3", "O500"])
      expect(await halo.fails("grades", { class_ref })).toContain("was not found by id, slugId, classCode, courseCode");
    expect(await halo.fails("grades", { class_ref: "chemistry" })).toContain(
      "was not found by id, slugId, classCode, courseCode or name",
    );
  });

  test("a day: classes, grades, an upload, handing in, a message", async () => {
    expect(
      rowsOf(await halo.ok("list_classes"), "classes").map((row) => [row["course_code"], row["instructors"]]),
    ).toEqual([
      ["CST-321", ["Ana Reyes"]],
      ["ENG-105", ["Dave Okoye"]],
      ["ENG-106", []],
    ]);
    const grades = await halo.ok("grades", CLASS);
    expect(grades["final_grade"]).toMatchObject({ grade: "A-", points: 56 });
    expect(rowsOf(grades, "grades")[0]).toMatchObject({
      comment: "Very clear. Mind the foreign key of loans.",
      due_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });

    const assessment = { ...CLASS, assessment_id: "assess-3" };
    expect(await halo.fails("submit_assignment", { ...assessment, confirm: true })).toContain(
      "Nothing has been uploaded",
    );
    const uploaded = await halo.ok("upload_assignment_file", {
      ...assessment,
      file: { name: "report.docx", base64: "aGVsbG8=" },
    });
    expect(uploaded).toMatchObject({ submission_id: "submission-3", files: ["report.docx"] });
    expect(await halo.fails("submit_assignment", assessment)).toMatch(/confirm/);
    expect(await halo.ok("submit_assignment", { ...assessment, confirm: true })).toEqual({
      title: "Transaction report",
      status: "SUBMITTED",
      files: ["report.docx"],
    });
    expect(await halo.fails("submit_assignment", { ...assessment, confirm: true })).toContain("handed in already");

    const [thread] = rowsOf(await halo.ok("inbox"), "threads");
    expect(thread).toMatchObject({
      forums: [{ with: "Ana Reyes", last_message: "Your draft reads well; look at the conclusion again." }],
    });
    await halo.ok("message_teacher", { ...CLASS, forum_id: "forum-inbox-1", content: "Thank you" });
    const messages = rowsOf(await halo.ok("inbox_posts", { forum_id: "forum-inbox-1" }), "messages");
    expect(messages[0]).toMatchObject({ author: "Jordan Rivera", content: "Thank you" });
    const content = "Is <b>a & b</b> right?\n\nThanks";
    expect(await halo.ok("message_teacher", { ...CLASS, forum_id: "forum-inbox-1", content })).toMatchObject({
      content,
    });
  });

  test("discussions, announcements, what is unread, people", async () => {
    const [forum] = rowsOf(await halo.ok("discussions", CLASS), "discussions");
    const [post] = rowsOf(await halo.ok("forum_posts", { forum_id: forum?.["forum_id"] }), "posts");
    expect(post).toMatchObject({
      author: "Mei Chen",
      content: "A key is natural when people use it anyway.",
      replies: [{ author: "Ana Reyes", replies: [{ content: "Then it was none." }] }],
    });
    expect(rowsOf(await halo.ok("announcements", CLASS), "announcements")).toMatchObject([
      { title: "Office hours move", author: "Ana Reyes" },
    ]);
    expect(await halo.ok("notifications", CLASS)).toMatchObject({
      announcements: [{ count: 1 }],
      discussions: [{ count: 2, forums: [{ forum_id: "forum-dq-1", count: 2 }] }],
      inbox: [{ count: 1 }],
    });
    expect(await halo.ok("user", { user_id: "user-3" })).toMatchObject({ name: "Dave Okoye" });
  });

  test("the session is set up, renewed and told of, and no value of it is shown", async () => {
    const answers = [];
    for (const name of ["check_tokens", "setup_session", "refresh", "reload_tokens", "check_tokens"])
      answers.push(await halo.ok(name));
    expect(answers.map(({ status }) => status)).toEqual(["valid", "valid", "valid", "valid", "valid"]);
    expect(JSON.stringify(answers)).not.toMatch(/sandbox-(auth|context)-token/);
    await halo.ok("grades", CLASS);
  });

  test("these were all 17 tools", async () => {
    const names = (await halo.client.tools()).map(({ name }) => name);
    expect([...halo.called].sort()).toEqual([...names].sort());
    expect(names.length).toBe(17);
  });
});
