/**
 * Makes an element. Children are text or elements: no text of an API ever becomes markup.
 *
 *     element("button", { type: "button", onclick: save }, "Save")
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** A button that copies a text, and says that it did. */
export function copyButton(text, what = "Copy") {
  const button = element("button", { type: "button", class: "copy" }, what);
  button.addEventListener("click", async () => {
    await copy(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = what), 1_500);
  });
  return button;
}

/** The clipboard is only open to pages from a safe origin; everywhere else a selection does. */
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // not allowed: by hand, then
    }
  }
  const area = element("textarea", { class: "hidden", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** A text to read and copy. */
export function code(text, label) {
  const block = element("pre", { tabindex: "0", "aria-label": label }, element("code", {}, text));
  return element("div", { class: "code" }, block, copyButton(text));
}

/** JSON for people: two spaces. */
export function pretty(value) {
  return JSON.stringify(value, undefined, 2);
}
