import { badge, cards, filterCards } from "./cards.js";
import { connectPanels } from "./connect.js";
import { copyButton, element } from "./dom.js";
import { argumentForm } from "./form.js";
import { gauges } from "./gauges.js";
import { resultOf } from "./result.js";

const $ = (id) => document.getElementById(id);
const served = await (await fetch("/console/served.json")).json();
let api;

/** `#freshservice/fetchTicket`: a place that can be kept, sent and gone back to. */
function place() {
  const [apiName, toolName] = decodeURIComponent(location.hash.slice(1)).split("/");
  const chosen = served.apis.find(({ name }) => name === apiName) ?? served.apis[0];
  return { chosen, tool: chosen.tools.find(({ name }) => name === toolName) };
}

function show() {
  const { chosen, tool } = place();
  if (chosen !== api) showApi(chosen);
  for (const card of document.querySelectorAll(".card"))
    card.setAttribute("aria-pressed", String(card.dataset.tool === tool?.name));
  showTool(tool);
}

function showApi(chosen) {
  api = chosen;
  document.title = `${api.title} · Toolwright`;
  $("apis").replaceChildren(
    ...served.apis.map(({ name, title }) =>
      element("a", { href: `#${name}`, "aria-current": name === api.name ? "page" : undefined }, title),
    ),
  );
  const mode = element("span", { class: `mode ${api.mode}` }, api.mode === "sandbox" ? "SANDBOX" : "LIVE");
  const meaning = api.mode === "sandbox" ? "invented data; nothing leaves this machine" : "calls reach the vendor";
  const access = api.access ? `; ${api.access.mode}` : "";
  $("mode").replaceChildren(mode, ` ${meaning}${api.readOnly ? "; read-only" : ""}${access}`);
  $("tools").replaceChildren(...cards(api, { onChoose: (tool) => (location.hash = `${api.name}/${tool.name}`) }));
  $("connect").replaceChildren(...connectPanels(api, location.origin));
  $("prompts").replaceChildren(...api.examples.map(prompt));
  filter();
  void showLimits();
}

function prompt({ ask, calls }) {
  const tools = [...new Set(calls.flatMap((call) => Object.keys(call)))];
  const links = tools.map((name) => element("a", { href: `#${api.name}/${name}` }, name));
  return element(
    "li",
    {},
    element("p", {}, ask),
    element("p", { class: "quiet" }, ...links.flatMap((link, i) => (i === 0 ? [link] : [", ", link]))),
    copyButton(ask),
  );
}

function filter() {
  const shown = filterCards($("tools"), api.tools, { text: $("filter").value, effect: $("effect").value });
  const tokens = api.tools.reduce((sum, tool) => sum + tool.tokens, 0);
  $("count").textContent =
    shown === api.tools.length ? `${shown}, ${tokens.toLocaleString("en")} tokens` : `${shown} of ${api.tools.length}`;
  $("none").hidden = shown > 0;
}

function showTool(tool) {
  if (!tool) {
    $("tool").replaceChildren(
      element("h2", {}, api.title),
      element(
        "p",
        { class: "lead" },
        `${api.tools.length} tools for MCP clients. Choose one to see what a model sees, and to try it.`,
      ),
      element("p", { class: "instructions" }, api.instructions),
    );
    return;
  }
  const heading = [
    element("h2", {}, tool.name, badge(tool.effect)),
    element("p", { class: "lead" }, tool.title),
    element("p", { class: "description" }, tool.description),
  ];
  if (api.access) {
    const { elements } = argumentForm(tool.inputSchema, exampleFor(tool));
    const fields = element("fieldset", { disabled: true, class: "untried" }, ...elements);
    $("tool").replaceChildren(...heading, element("p", { class: "notice" }, api.access.why), fields);
    return;
  }
  const form = argumentForm(tool.inputSchema, exampleFor(tool));
  const outcome = element("div", { role: "status" });
  const run = element(
    "button",
    { type: "submit", class: tool.effect },
    tool.effect === "read" ? "Call" : "Call, and change things",
  );
  const view = element(
    "form",
    {
      novalidate: undefined,
      onsubmit: async (event) => {
        event.preventDefault();
        run.disabled = true;
        outcome.replaceChildren(element("p", { class: "quiet" }, "Calling …"));
        outcome.replaceChildren(await call(tool, form.read()));
        run.disabled = false;
        void showLimits();
      },
    },
    ...form.elements,
    element("div", { class: "row" }, run, element("span", { class: "quiet" }, "Ctrl+Enter")),
  );
  view.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) view.requestSubmit();
  });
  $("tool").replaceChildren(...heading, view, outcome);
}

/** Arguments of the first prompt that uses the tool, as far as they stand for themselves. */
function exampleFor({ name }) {
  const given = api.examples.flatMap(({ calls }) => calls).find((one) => name in one)?.[name] ?? {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => !/[{$]/.test(JSON.stringify(value))));
}

async function call({ name }, given) {
  try {
    const response = await fetch("/console/call", {
      method: "POST",
      headers: { "content-type": "application/json", "x-toolwright-console": "1" },
      body: JSON.stringify({ api: api.name, tool: name, arguments: given }),
    });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return resultOf(await response.json());
  } catch (error) {
    return element("p", { class: "problem" }, `The call did not get through: ${error.message}`);
  }
}

async function showLimits() {
  const readings = await (await fetch("/console/limits.json")).json();
  $("limits").replaceChildren(...gauges(readings[api.name] ?? []));
}

addEventListener("hashchange", () => {
  show();
  if (place().tool) $("tool").focus({ preventScroll: false });
});
addEventListener("keydown", (event) => {
  const writing = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.key === "/" && !writing) {
    event.preventDefault();
    $("filter").focus();
  } else if (event.key === "Escape" && event.target === $("filter")) {
    $("filter").value = "";
    filter();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && document.activeElement?.matches(".card, #filter")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  }
});
$("filter").addEventListener("input", filter);
$("effect").addEventListener("change", filter);
setInterval(() => document.visibilityState === "visible" && void showLimits(), 10_000);
show();

/** From card to card, among those that are shown. */
function move(by) {
  const shown = [...document.querySelectorAll("#tools li:not([hidden]) .card")];
  const at = shown.indexOf(document.activeElement);
  (shown[Math.max(0, Math.min(shown.length - 1, at + by))] ?? $("filter")).focus();
}
