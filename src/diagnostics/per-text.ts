const MOST_KEPT = 4; // texts: tools.yaml, its tools file and two descriptions; what is kept of big ones costs memory

/** Works something out once for each text, and forgets it when other texts come: many problems stand in one file. */
export function perText<Value>(make: (text: string) => Value): (text: string) => Value {
  const kept = new Map<string, { readonly value: Value }>();
  return (text) => {
    const known = kept.get(text) ?? { value: make(text) };
    kept.delete(text); // the youngest stands last
    kept.set(text, known);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
    return known.value;
  };
}
