/**
 * The model's name of a field that a vendor complains about.
 *
 *     argumentName("responder_id", { responder_id → assignee })         → "assignee"
 *     argumentName("ticket.tags.0", { tags → tags })                    → "tags"
 *     argumentName("subject", { "" → body })                            → "body.subject"
 *
 * @returns The vendor's own name when no argument fills the field.
 */
export function argumentName(field: string, locations: ReadonlyMap<string, string>): string {
  const parts = field.split(".").filter((part) => !/^\d+$/.test(part));
  for (let from = 0; from < parts.length; from++) {
    for (let to = parts.length; to > from; to--) {
      const found = lookUp(parts.slice(from, to).join("."), locations);
      if (found === undefined) continue;
      // An object is one argument: what is within it keeps the vendor's name.
      return [found, ...parts.slice(to)].join(".");
    }
  }
  const whole = locations.get("");
  return whole === undefined ? field : [whole, ...parts].join(".");
}

/** Vendors spell a name in other ways in their complaints: `Responder Id`, `responderId`. */
function lookUp(field: string, locations: ReadonlyMap<string, string>): string | undefined {
  const exact = locations.get(field);
  if (exact !== undefined || field === "") return exact;
  const loose = letters(field);
  for (const [name, argument] of locations) if (name !== "" && letters(name) === loose) return argument;
  return undefined;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{Letter}\p{Number}.]/gu, "");
}
