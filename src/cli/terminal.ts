/** Where a command writes. Results go to `out`, everything else to `note`; the two never mix in a pipe. */
export interface Terminal {
  /** Whether notes have colour; results have their own answer, since one of the two may be piped. */
  readonly color: boolean;
  readonly outColor: boolean;
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  /** One line about long work; overwritten in place on a terminal, dropped otherwise. */
  readonly progress: (text: string) => void;
}

/** Styles for a terminal that shows colour; plain text otherwise. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/**
 * The terminal of this process.
 *
 * Colour only where a person looks: the stream is a terminal and `NO_COLOR` is not set (https://no-color.org).
 */
export function processTerminal(): Terminal {
  const interactive = process.stderr.isTTY;
  const wanted = !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  let shown = false;
  let written = false;
  const clear = () => {
    if (shown) process.stderr.write("\r\u001b[K");
    shown = false;
  };
  return {
    color: interactive && wanted,
    outColor: process.stdout.isTTY && wanted,
    out: (text) => {
      clear();
      if (!written) process.stdout.on("error", endQuietly);
      written = true;
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (!interactive) return;
      clear();
      process.stderr.write(text);
      shown = true;
    },
  };
}

/** Whoever read our output has read enough (`| head`): that is no fault. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** Styles by ANSI SGR codes (ECMA-48 §8.3.117). */
export function paint(terminal: { readonly color: boolean }): Paint {
  const style = (open: number, close: number) => (text: string) =>
    terminal.color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
  };
}

/** Styles for results. */
export function paintOut({ outColor }: Terminal): Paint {
  return paint({ color: outColor });
}

/** Lines up the columns of rows; the last column is left as it is. */
export function columns(rows: readonly (readonly string[])[], gap = "  "): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(i < row.length - 1 ? (widths[i] ?? 0) : 0))
        .join(gap)
        .trimEnd(),
    )
    .join("\n");
}

/** Every line that is not empty, two columns further in. */
export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
