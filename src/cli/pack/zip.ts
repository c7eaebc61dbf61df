import { strToU8, zipSync } from "fflate";

/** The first day that a zip can name (APPNOTE 4.4.6), in whatever time zone it is packed: the same files are the same bytes. */
const EPOCH = new Date(1980, 0, 1);

/** A zip of texts by their paths, deflated by JavaScript alone: the same bytes on every Node. */
export function zip(files: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: EPOCH });
}
