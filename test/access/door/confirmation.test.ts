import type { ServerContext } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { carry } from "../../../src/runtime/access/asking.ts";
import { sealOf } from "../../../src/runtime/serve/asking.ts";
import { passingKeyRing } from "../../../src/runtime/sealing/key-ring.ts";

/** A call of somebody whom the door let in. */
function callBy(key: string | undefined): ServerContext {
  const caller =
    key === undefined
      ? undefined
      : { key, subject: key, clientId: "client", scopes: [], credentials: "shared" as const };
  const authInfo = carry({ caller, narrowing: { readOnly: false, only: undefined }, scopes: undefined });
  return { mcpReq: { method: "tools/call" }, http: { authInfo } } as unknown as ServerContext; // all that a seal reads of it
}

test("A9 what one person was asked, another with the same client cannot answer", async () => {
  const seal = sealOf(passingKeyRing());
  const state = await seal.mint({ id: "1", subject: "delete ticket 7" }, callBy("ann"));
  expect(await seal.verify(state, callBy("ann"))).toEqual({ id: "1", subject: "delete ticket 7" });
  for (const other of ["bob", undefined])
    await expect(async () => await seal.verify(state, callBy(other))).rejects.toThrow();
});
