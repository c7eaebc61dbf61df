import { type Answer, bare, refuse } from "../answer.ts";
import type { SessionOperation } from "../grammar/answer.ts";
import { writeMoment } from "../moment.ts";
import { fillPattern } from "../pattern.ts";
import { cookiesOf, setCookie } from "../session/cookies.ts";
import type { TokenSet } from "../session/sessions.ts";
import { errorOf, ok, type Situation } from "../situation.ts";

/** Does one step of the session flow: the CSRF token, the form that opens it, the reading that answers new tokens. */
export function sessionStep({ session: step }: SessionOperation, at: Situation): Answer {
  const { sessions, file, scope } = at;
  const rule = file.session;
  if (!rule || !sessions) return bare(404); // readSandboxFile() asks for both
  const { csrf, session, extra } = rule.cookies;
  const cookies = cookiesOf(at.headers["cookie"]);
  const origin = new URL(at.origin).origin;
  const extras = (tokens: TokenSet) =>
    Object.entries(extra).map(([name, value]) => setCookie(name, String(fillPattern(value, { origin, tokens }))));
  const refused = () => refuse(errorOf(file, at.operationId, "unauthorized"), { origin });

  switch (step) {
    case "csrf": {
      const given = sessions.csrf(cookies.get(csrf));
      return ok(at, { [rule.csrfField]: given.token }, { "set-cookie": [setCookie(csrf, given.cookie)] });
    }
    case "open": {
      if (!sessions.isCsrf(scope.body[rule.csrfField], cookies.get(csrf))) return refused();
      const names = Object.keys(rule.seeds[0]?.tokens ?? {});
      const opened = sessions.open(Object.fromEntries(names.map((name) => [name, String(scope.body[name])])));
      if (!opened) return refused();
      const set = [setCookie(session, opened.cookie, rule.sessionExpiresIn), ...extras(opened.tokens)];
      return ok(at, fillPattern(rule.opened, { origin }), { "set-cookie": set });
    }
    case "read": {
      const reading = sessions.read(cookies.get(session));
      if (!reading) return ok(at, {}, cookies.has(session) ? { "set-cookie": [setCookie(session, "", 0)] } : {});
      const { line, tokens, cookie, expires } = reading;
      const user = at.collections.find(rule.users, at.collections.rule(rule.users).key, line.user);
      const body = fillPattern(rule.read, { user, tokens, expires: writeMoment(expires) });
      const seconds = Math.floor((expires - at.clock()) / 1000);
      return ok(at, body, { "set-cookie": [setCookie(session, cookie, seconds), ...extras(tokens)] });
    }
  }
}
