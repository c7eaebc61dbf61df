/** Where a command writes. Results go to `out`, everything else to `note`; the two never mix in a pipe. */
export interface Terminal {
  readonly color: boolean;
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
 * Colour only where a person looks: standard error is a terminal and `NO_COLOR` is not set (https://no-color.org).
 */
export function processTerminal(): Terminal {
  const interactive = process.stderr.isTTY;
  const color = interactive && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write("\r\u001b[K");
    shown = false;
  };
  return {
    color,
    out: (text) => {
      clear();
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
