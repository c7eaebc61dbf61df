import type { SharedState } from "../shared-state/shared-state.ts";
import { insure, type Insurance } from "./insurance.ts";
import type { Heard, Place, RedisWindow } from "./redis-window.ts";

/** What this process knows of a limit over all replicas, and its part of it while Redis is not heard. */
export interface OwnPart {
  /** What Redis said last, while it still says something: not once the window is over. */
  last(): Heard | undefined;
  /** Whether Redis ever said anything. */
  hasHeard(): boolean;
  /** Redis said it. */
  hear(said: Heard): Heard;
  /** The part that still says something; undefined: Redis is heard. */
  holding(): Insurance | undefined;
  /** The same; it begins when Redis is not heard in time. */
  begin(place: Place): Insurance;
  /** Redis was slow for a while, and counted everything. */
  end(): void;
  /** What happened in a part: Redis counts it yet, or is told when it is back. */
  follow(part: Insurance, place: Place, points: number, late: Promise<Heard | undefined>): Promise<void>;
}

/** The part of one process in a limit; what Redis does not count by itself later it is told when it is back. */
export function ownPart(shared: SharedState, redis: RedisWindow, limit: number): OwnPart {
  const { replicas } = shared.settings;
  let heard: Heard | undefined;
  let insurance: Insurance | undefined;
  /** Parts of which Redis has to hear, and where. */
  const owing = new Map<Insurance, Place>();

  function last(): Heard | undefined {
    return heard && Date.now() < heard.endsAt ? heard : undefined;
  }

  function hear(said: Heard): Heard {
    heard = said;
    return said;
  }

  function holding(): Insurance | undefined {
    return insurance?.holds() ? insurance : undefined;
  }

  /** However many windows pass while Redis is away, one listener waits for it, and what is over is forgotten. */
  function tellLater(part: Insurance, place: Place): void {
    if (owing.size === 0) shared.whenBack(() => void tell());
    for (const one of owing.keys()) if (!one.holds()) owing.delete(one);
    owing.set(part, place);
  }

  async function tell(): Promise<void> {
    for (const [part, place] of owing) {
      const { base, untold, endsAt } = part;
      const said = part.holds() && untold !== 0 ? await redis.catchUp(place, base, untold, endsAt) : undefined;
      if (said) {
        hear(said);
        part.settle(untold);
      }
      if (!part.holds() || part.untold === 0) owing.delete(part);
    }
    if (owing.size > 0) shared.whenBack(() => void tell()); // it went again
  }

  return {
    last,
    hasHeard: () => heard !== undefined,
    hear,
    holding,
    begin(place) {
      const known = last() ?? { used: 0, endsAt: place.endsAt ?? Date.now() + place.seconds * 1000 };
      insurance = holding() ?? insure({ ...known, limit, replicas });
      return insurance;
    },
    end() {
      insurance = undefined;
    },
    async follow(part, place, points, late) {
      const said = await late;
      if (said) return part.confirm(points, hear(said).used);
      part.owe(points);
      tellLater(part, place);
    },
  };
}
