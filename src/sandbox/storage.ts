import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { type Answer, bare, refuse } from "./answer.ts";
import type { StorageRule } from "./grammar/servers.ts";
import type { ErrorRule } from "./grammar/values.ts";
import type { Handler } from "./handler.ts";

/** What was agreed of an upload. */
export interface Agreed {
  /** Name of the file, for the URL. */
  readonly name: string;
  readonly contentType: string | undefined;
  /** How many must come; undefined: any number. */
  readonly bytes: number | undefined;
}

/** Bytes that came. They are counted and hashed, not kept. */
export interface Arrival {
  readonly bytes: number;
  readonly contentType: string;
  /** In hex digits. */
  readonly sha256: string;
}

/** Where presigned URLs lead. */
export interface Storage {
  readonly handler: Handler;
  /** A one-time URL for bytes of an owner. */
  presign(owner: string, agreed: Agreed): string;
  /** What came through the last URL of an owner. */
  arrived(owner: string): Arrival | undefined;
  expire(): void;
}

/**
 * @param forbidden lower-case names of headers that must not come: whatever carries a credential of the API.
 * @param url of the server.
 */
export function createStorage(
  rule: StorageRule,
  forbidden: readonly string[],
  url: () => string,
  clock: () => number,
): Storage {
  const uploads = new Map<string, { readonly agreed: Agreed; expires: number; arrival?: Arrival }>();
  const owned = new Map<string, string>();
  const key = randomBytes(16);
  const sign = (path: string, expires: string) => createHmac("sha256", key).update(`${path} ${expires}`).digest("hex");
  const answerTo = (error: keyof StorageRule["errors"], status: number): Answer => {
    const words: ErrorRule | undefined = rule.errors[error];
    return words ? refuse(words) : bare(status);
  };

  return {
    presign(owner, agreed) {
      const id = randomUUID();
      owned.set(owner, id);
      const until = clock() + rule.expiresIn * 1000;
      uploads.set(id, { agreed, expires: until });
      const path = `/${id}/${encodeURIComponent(agreed.name)}`;
      const expires = String(Math.ceil(until / 1000));
      return `${url()}${path}?expires=${expires}&signature=${sign(path, expires)}`;
    },
    arrived: (owner) => uploads.get(owned.get(owner) ?? "")?.arrival,
    expire() {
      for (const upload of uploads.values()) upload.expires = 0;
    },
    async handler({ request, path, query, headers, entry }) {
      const violations = forbidden.filter((name) => headers[name] !== undefined);
      if (violations.length > 0) {
        entry.violations = violations;
        return answerTo("refused", 403);
      }
      if (request.method !== "PUT") return bare(405);
      const upload = uploads.get(path.split("/")[1] ?? "");
      const { expires = "", signature } = Object.fromEntries(new URLSearchParams(query));
      if (!upload || signature !== sign(path, expires)) return answerTo("unknown", 403);
      if (upload.expires <= clock()) return answerTo("expired", 403);
      if (upload.arrival) return answerTo("used", 403);
      const { contentType: wanted, bytes: length } = upload.agreed;
      const contentType = headers["content-type"] ?? "";
      let bytes = 0;
      const hash = createHash("sha256");
      for await (const chunk of request) {
        const buffer = chunk as Buffer; // a request without an encoding yields buffers
        bytes += buffer.length;
        hash.update(buffer);
      }
      if ((wanted !== undefined && wanted !== contentType) || (length !== undefined && length !== bytes))
        return answerTo("wrong", 400);
      if (upload.arrival) return answerTo("used", 403); // by somebody who was faster
      upload.arrival = { bytes, contentType, sha256: hash.digest("hex") };
      return bare(200);
    },
  };
}
