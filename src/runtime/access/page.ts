import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { escapeHtml } from "../request/html.ts";

/** HTML that may be put into HTML. */
export interface Html {
  readonly html: string;
}

/**
 * HTML with holes: an `Html` goes in as it is, a list piece by piece, any other text escaped.
 *
 *     html`<b>${"<script>"}</b>` → <b>&lt;script&gt;</b>
 */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return { html: parts.reduce((text, part, i) => text + print(values[i - 1] ?? "") + part) };
}

function print(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escapeHtml(value);
  return "html" in value ? value.html : value.map((one) => one.html).join("");
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}
main{max-width:28rem;padding:1.5rem}
label,input{display:block;width:100%;box-sizing:border-box}
input{font:inherit;padding:.5rem;margin:.25rem 0 1rem}
h1{font-size:1.3rem;line-height:1.3}
dt{font-weight:600}dd{margin:0 0 .7rem;overflow-wrap:anywhere}
form{display:flex;gap:.7rem;flex-wrap:wrap;margin-top:1.2rem}
button{font:inherit;padding:.55rem 1.1rem;border-radius:.4rem;border:1px solid;background:none;color:inherit;cursor:pointer}
button.main{background:#1d4ed8;border-color:#1d4ed8;color:#fff}
button:focus-visible{outline:3px solid #60a5fa;outline-offset:2px}`;

/**
 * Answers with a page that runs nothing, loads nothing, is shown in no frame and is kept nowhere.
 *
 * No `form-action`: a browser holds it against every redirect after a form, and those lead to the vendor, wherever it goes on to.
 */
export function sendPage(
  response: ServerResponse,
  { status, title, body }: { readonly status: number; readonly title: string; readonly body: Html },
): void {
  const nonce = randomBytes(16).toString("base64");
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`,
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      // URLs of a sign-in hold codes, so nobody else is told them. `no-referrer` would have browsers send our own forms with `Origin: null`
      // (Fetch, "serialize a request origin"), which is what a page that hides where it stands says, and is refused.
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    })
    .end(page.html);
}
