import { element } from "./dom.js";

/** The list of tools: one card each, with what it does, what it is called, and its share of the model's attention as a bar. */
export function cards(api, { onChoose }) {
  const most = Math.max(...api.tools.map(({ tokens }) => tokens), 1);
  return api.tools.map((tool) => {
    const card = element(
      "button",
      { type: "button", class: "card", "data-tool": tool.name, "aria-pressed": "false", onclick: () => onChoose(tool) },
      element("span", { class: "name" }, tool.name),
      badge(tool.effect),
      element("span", { class: "about" }, firstSentence(tool.description)),
      element(
        "span",
        { class: "cost", title: "tokens that a model spends on knowing this tool, estimated" },
        bar(tool.tokens / most),
        element("span", {}, `${tool.tokens} tokens`),
      ),
    );
    return element("li", {}, card);
  });
}

/** What a tool does, as a word and a colour. */
export function badge(effect) {
  return element("span", { class: `badge ${effect}` }, effect);
}

/** A bar as long as a share of one. */
export function bar(share) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "bar");
  svg.setAttribute("viewBox", "0 0 100 4");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const full = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  full.setAttribute("width", String(Math.max(1, Math.min(100, share * 100))));
  full.setAttribute("height", "4");
  svg.append(full);
  return svg;
}

/** Shows the cards that match, and answers how many do. */
export function filterCards(list, tools, { text, effect }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  [...list.children].forEach((item, index) => {
    const tool = tools[index];
    const about = `${tool.name} ${tool.title} ${tool.description}`.toLowerCase();
    const matches = words.every((word) => about.includes(word)) && (effect === "" || tool.effect === effect);
    item.hidden = !matches;
    if (matches) shown += 1;
  });
  return shown;
}

function firstSentence(text) {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}
