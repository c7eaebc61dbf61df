import { code, element, pretty } from "./dom.js";

/** What came of a call: the answer or what went wrong, how long it took, and what was sent to the vendor. */
export function resultOf({ ms, requests, answer, file, problem }) {
  const failed = problem !== undefined;
  const count = Array.isArray(answer?.items) ? `, ${answer.items.length} items` : "";
  const title = failed ? `Refused: ${problem.code}` : `Answered${count}`;
  return element(
    "div",
    { class: failed ? "result failed" : "result" },
    element("h3", {}, title, element("span", { class: "time" }, `${ms} ms`)),
    failed
      ? element("p", { class: "problem" }, problem.message)
      : code(pretty(answer), "The answer, as the model gets it"),
    file && element("p", {}, `With a file: ${file.name ?? "unnamed"} (${file.mimeType}).`),
    element("h3", {}, requests.length === 0 ? "Nothing was sent" : "What was sent"),
    element("ol", { class: "requests" }, ...requests.map(requestOf)),
  );
}

function requestOf({ request, status, ms }) {
  const lines = [
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body === null ? [] : ["", typeof request.body === "string" ? request.body : pretty(request.body)]),
  ];
  return element(
    "li",
    {},
    element("p", { class: "answered" }, element("strong", {}, String(status)), ` in ${ms} ms`),
    code(lines.join("\n"), "The request, secrets masked"),
  );
}
