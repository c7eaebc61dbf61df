import type { Diagnostic, Origin } from "../../diagnostics/diagnostic.ts";

/** What in a description came from an overlay: a problem with it is shown there. */
export interface Patches {
  readonly add: (at: Origin, from: Origin) => void;
  /** The places in a list are no longer what they were. */
  readonly forget: (list: Origin) => void;
  /** The place in the overlay that a place of the description came from; the place itself when it is the vendor's. */
  readonly sourceOf: (at: Origin) => Origin;
}

/** Starts to remember; the description is the vendor's as yet. */
export function startPatches(): Patches {
  const sources = new Map<string, Origin>();
  return {
    add: ({ pointer }, from) => void sources.set(pointer, from),
    forget: ({ pointer }) => {
      for (const place of sources.keys()) if (place.startsWith(`${pointer}/`)) sources.delete(place);
    },
    sourceOf: (at) => {
      for (let end = at.pointer.length; end > 0; end = at.pointer.lastIndexOf("/", end - 1)) {
        const source = sources.get(at.pointer.slice(0, end));
        if (source) return { ...at, file: source.file, pointer: source.pointer + at.pointer.slice(end) };
      }
      return at;
    },
  };
}

/** A diagnostic about a description, shown at the overlay wherever it is about a value that came from one. */
export function relocate(
  diagnostic: Diagnostic,
  { file, patches }: { file: string; patches: Patches | undefined },
): Diagnostic {
  if (!patches) return diagnostic;
  const move = (at: Origin): Origin => (at.file === file ? patches.sourceOf(at) : at);
  const notes = diagnostic.notes.map((note) => ({ ...note, at: move(note.at) }));
  return { ...diagnostic, at: move(diagnostic.at), notes };
}
