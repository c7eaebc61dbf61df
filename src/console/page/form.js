import { element } from "./dom.js";

/** A form for the arguments of a tool, made of its JSON Schema: a field for each, with what it is and what it may be. */
export function argumentForm(schema, given = {}) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    argumentField(name, property, { required: required.has(name), given: given[name] }),
  );
  return {
    elements: fields.map(({ row }) => row),
    /** The arguments as they would be sent; a field that was left empty is not there. */
    read() {
      const read = {};
      for (const { name, value } of fields) {
        const argument = value();
        if (argument !== undefined) read[name] = argument;
      }
      return read;
    },
  };
}

let fieldNumber = 0;

function argumentField(name, property, { required, given }) {
  const id = `field-${(fieldNumber += 1)}`;
  const type = typeOf(property);
  const { input, value } = control(property, { type, id, given, required });
  const about = [property.description, boundsOf(property)].filter(Boolean).join(" ");
  input.setAttribute("aria-describedby", `${id}-about`);
  const label = element(
    "label",
    { for: id },
    element("code", {}, name),
    element("span", { class: "type" }, type === "json" ? "JSON" : type),
    required ? element("span", { class: "required" }, "required") : undefined,
  );
  const row = element("div", { class: "field" }, label, input, element("p", { id: `${id}-about` }, about));
  return { name, row, value };
}

/** How a schema is asked for: `text`, `number`, `boolean`, `choice`, `list` (one a line), or whatever it is as JSON. */
function typeOf(property) {
  const type = Array.isArray(property.type) ? property.type.find((one) => one !== "null") : property.type;
  if (Array.isArray(property.enum)) return "choice";
  if (type === "boolean") return "boolean";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") return "text";
  const items = property.items?.type;
  if (type === "array" && ["string", "integer", "number"].includes(items)) return "list";
  return "json";
}

function control(property, { type, id, given, required }) {
  const fallback = property.default === undefined ? "" : `default: ${JSON.stringify(property.default)}`;
  const shared = { id, required: required && type !== "list", placeholder: fallback };
  switch (type) {
    case "choice":
      return choice(property.enum, { id, given, required });
    case "boolean":
      return choice([true, false], { id, given, required });
    case "number": {
      const step = property.type === "integer" ? "1" : "any";
      const input = element("input", { ...shared, type: "number", step, min: property.minimum, max: property.maximum });
      if (given !== undefined) input.value = String(given);
      return { input, value: () => (input.value === "" ? undefined : Number(input.value)) };
    }
    case "text": {
      const long = (property.maxLength ?? 0) > 500 || property.format === "html";
      const input = long
        ? element("textarea", { ...shared, rows: "3" })
        : element("input", { ...shared, type: "text" });
      if (given !== undefined) input.value = String(given);
      return { input, value: () => (input.value === "" ? undefined : input.value) };
    }
    case "list":
      return lines(property, { id, given });
    case "json":
      return json(property, { id, given });
  }
}

function choice(values, { id, given, required }) {
  const options = values.map((value, index) => element("option", { value: String(index) }, String(value)));
  const input = element("select", { id, required }, element("option", { value: "" }, "–"), ...options);
  if (given !== undefined) input.value = String(values.indexOf(given));
  return { input, value: () => (input.value === "" ? undefined : values[Number(input.value)]) };
}

function lines(property, { id, given }) {
  const input = element("textarea", { id, rows: "2", placeholder: "one a line" });
  if (Array.isArray(given)) input.value = given.join("\n");
  const isNumber = property.items.type !== "string";
  const value = () => {
    const read = input.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
    return read.length === 0 ? undefined : read.map((line) => (isNumber ? Number(line) : line));
  };
  return { input, value };
}

function json(property, { id, given }) {
  const input = element("textarea", {
    id,
    rows: "3",
    spellcheck: "false",
    placeholder: property.type === "array" ? "[]" : "{}",
  });
  if (given !== undefined) input.value = JSON.stringify(given);
  const value = () => {
    if (input.value.trim() === "") return undefined;
    try {
      input.setCustomValidity("");
      return JSON.parse(input.value);
    } catch (error) {
      input.setCustomValidity(`This is not JSON: ${error.message}`);
      return undefined;
    }
  };
  input.addEventListener("input", value);
  return { input, value };
}

function boundsOf({ minimum, maximum, maxLength, maxItems, format }) {
  const range =
    minimum === undefined
      ? maximum !== undefined && `${maximum} or less.`
      : maximum === undefined
        ? `${minimum} or more.`
        : `${minimum} to ${maximum}.`;
  const length = maxLength !== undefined ? `At most ${maxLength} characters.` : "";
  const count = maxItems !== undefined ? `At most ${maxItems}.` : "";
  return [range, length, count, format ? `Format: ${format}.` : ""].filter(Boolean).join(" ");
}
