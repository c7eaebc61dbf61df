const told = new Set<string>();

/** Tells the operator something once, on standard error by way of Node's warnings; it must hold no secret. */
export function warnOnce(message: string): void {
  if (told.has(message)) return;
  told.add(message);
  process.emitWarning(message, "ToolwrightWarning");
}
