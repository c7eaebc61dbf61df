import { setTimeout as sleep } from "node:timers/promises";
import { startVendor, type SeenRequest, type Vendor, type VendorReply } from "../call/vendor.ts";

/** When a request came in and when its answer left, in milliseconds. */
export interface Span {
  readonly operation: string;
  readonly from: number;
  readonly to: number;
}

/** What a path answers, after a pause. */
export interface Route extends VendorReply {
  readonly delayMs?: number;
}

/** A vendor that answers by `METHOD /path` and writes down when. */
export async function startTimedVendor(
  routes: Readonly<Record<string, Route | ((request: SeenRequest) => Route)>>,
): Promise<Vendor & { readonly spans: Span[] }> {
  const spans: Span[] = [];
  const vendor = await startVendor(async (request) => {
    const operation = `${request.method} ${request.path}`;
    const from = performance.now();
    const route = routes[operation];
    const reply =
      typeof route === "function" ? route(request) : (route ?? { status: 404, body: { message: "nothing here" } });
    await sleep(reply.delayMs ?? 0);
    spans.push({ operation, from, to: performance.now() });
    return reply;
  });
  return Object.assign(vendor, { spans });
}
