import { type Authority, type Rules, startAuthority } from "../../runtime/credentials/authority.ts";
import { both, type Row } from "../row.ts";
import type { Fault } from "../vendor.ts";

/**
 * A vendor whose access token was good for one call, so that it has expired for the next.
 *
 * @param then What else goes wrong from then on.
 */
function expired(then: (authority: Authority) => Partial<Rules>, calls = 1): Fault {
  return async () => {
    const authority = await startAuthority();
    let earlier = 0;
    return {
      url: authority.url,
      seen: [],
      environment: { CLUB_REFRESH_TOKEN: authority.refreshToken() },
      attempts: () => authority.calls.length - earlier,
      open: () => 0,
      close: authority.close,
      async before(call) {
        await call();
        authority.expire();
        Object.assign(authority.rules, then(authority));
        for (let more = 1; more < calls; more++) await call();
        earlier = authority.calls.length;
      },
      strayed: () => authority.tokenForms.length - 2, // the one that gave the first token, and one that renews it
    };
  };
}

const invalidGrant = { tokenAnswer: { status: 400, body: '{"error":"invalid_grant"}' } };

/** Faults of what is shown to the vendor. */
export const CREDENTIAL: readonly Row[] = [
  {
    number: 16,
    fault: "401: an access token has expired",
    ...both({
      api: "club",
      vendor: expired(() => ({})),
      attempts: 2,
      value: { data: { ok: true } },
      note: "one renewal between the two; a 401 did nothing",
    }),
  },
  {
    number: 17,
    fault: "401 again after a renewal",
    ...both({
      api: "club",
      vendor: expired(() => ({ closed: true })),
      attempts: 2,
      code: "reauthorize",
      text: /toolwright login club/,
    }),
  },
  {
    number: 67,
    fault: "the refresh token is refused (invalid_grant)",
    ...both({
      api: "club",
      vendor: expired(() => invalidGrant),
      attempts: 1,
      code: "reauthorize",
      text: /toolwright login club/,
    }),
  },
  {
    number: 67,
    fault: "the calls after that",
    ...both({
      api: "club",
      vendor: expired(() => invalidGrant, 2),
      attempts: 1,
      code: "reauthorize",
      note: "the vendor may still take the access token, and no second renewal is asked for",
    }),
  },
  {
    number: 68,
    fault: "the token endpoint is down",
    ...both({
      api: "club",
      vendor: {
        503: expired(() => ({ tokenAnswer: { status: 503, body: "" } })),
        silent: expired(() => ({ tokenDelayMs: 2_000 })),
      },
      attempts: 1,
      code: "upstream_unreachable",
      note: "the login is kept",
    }),
  },
  {
    number: 69,
    fault: "200 calls at once meet an expired token",
    ...both({
      says: "one renewal, 200 answers",
      file: "runtime/credentials/oauth.test.ts",
      test: "69 200 calls that meet an expired token at once cause one renewal, and are all answered",
    }),
  },
  {
    number: 70,
    fault: "processes that share a login meet it at once",
    ...both({
      says: "one renewal for each rotation, no login ended",
      file: "runtime/credentials/processes.test.ts",
      test: "70 processes that share a login cause one renewal for each rotation, and end none",
    }),
  },
  {
    number: 71,
    fault: "kill -9 while tokens are written",
    ...both({
      says: "the old file or the new one, whole, with mode 0600",
      file: "runtime/credentials/processes.test.ts",
      test: "71 T40 a process that is killed at any moment of writing leaves the old file or the new one, 200 times",
    }),
  },
  {
    number: 72,
    fault: "the state directory cannot be written",
    ...both({
      says: "goes on with what is in memory, says so once",
      file: "runtime/credentials/processes.test.ts",
      test: "72 where nothing can be written, tokens are kept in memory, which is told of once",
    }),
    differs:
      "`/readyz` stays 200: whoever is signed in is still served (measured: `runtime/vault/broken-disk.test.ts`, EROFS, ENOSPC and EBUSY), and a 503 would make a load balancer end that for all of them.",
  },
  {
    number: 73,
    fault: "a token file of a wider mode",
    ...both({
      says: "its mode is tightened before it is read",
      file: "runtime/credentials/processes.test.ts",
      test: "73 a file with a wider mode is tightened, and so is its folder",
    }),
    differs:
      "The server starts: whoever writes the file back from a backup leaves it wider (measured: `cat kept > file` under umask 022 gives 0644), tightening ends that, and a refusal would undo nothing of what was read before.",
  },
  {
    number: 73,
    fault: "a token file that is corrupt",
    ...both({
      says: "counts as absent, is kept aside, and is told of by its path",
      file: "runtime/credentials/processes.test.ts",
      test: "73 a file that holds %j counts as absent, is kept aside, and is not shown",
    }),
    differs:
      "The server starts: what else it serves has credentials of its own. The file is kept aside, so that nothing is lost (measured by that test), and the credential grows from its seed again or asks for a login.",
  },
];
