// Whether what the screen shows is the present. Pure: the clock is an argument.

/** Silence of the stream after which the screen is stale. The server sends a sign every 15 s. */
export const SILENCE_MAX_MS = 40_000;

/** What a tab knows of the stream. */
export interface Live {
  phase: "connecting" | "live" | "stale" | "signed_out";
  /** Number of the last event that was taken; undefined before the first. */
  seq: number | undefined;
  /** When the last sign of life came. */
  heardAt: number;
  /** Since when the screen may be wrong; only while stale. */
  staleSince: number | undefined;
  /** Failures in a row: how long to wait before the next try. */
  failures: number;
  /** Events were lost for good once: everything has to be asked for again. */
  gaps: number;
}

/** What happens to a stream. */
export type Input =
  | { type: "opened"; at: number }
  | { type: "sign"; at: number }
  | { type: "event"; at: number; seq: number }
  | { type: "closed"; at: number }
  | { type: "too_old"; at: number }
  | { type: "refused" }
  | { type: "tick"; at: number };

/** Before the first try. */
export const BEGUN: Live = {
  phase: "connecting",
  seq: undefined,
  heardAt: 0,
  staleSince: undefined,
  failures: 0,
  gaps: 0,
};

/** What follows from an input. */
export function next(live: Live, input: Input): Live {
  switch (input.type) {
    case "opened":
      return { ...live, phase: "live", heardAt: input.at, staleSince: undefined, failures: 0 };
    case "sign":
      return { ...live, phase: "live", heardAt: input.at, staleSince: undefined };
    case "event":
      // A number that is not new is a repetition after a reconnect.
      if (live.seq !== undefined && input.seq <= live.seq) return live;
      return { ...live, seq: input.seq, phase: "live", heardAt: input.at, staleSince: undefined };
    case "closed":
      return {
        ...live,
        phase: "stale",
        staleSince: live.staleSince ?? (live.heardAt || input.at),
        failures: live.failures + 1,
      };
    case "too_old":
      return { ...live, seq: undefined, gaps: live.gaps + 1, heardAt: input.at };
    case "refused":
      return { ...live, phase: "signed_out" };
    case "tick":
      if (live.phase === "live" && input.at - live.heardAt > SILENCE_MAX_MS) {
        return { ...live, phase: "stale", staleSince: live.heardAt };
      }
      return live;
  }
}

/** Wait before the next try, 0.5 s to 15 s. */
export function waitMs(failures: number): number {
  return Math.min(15_000, 500 * 2 ** Math.max(0, failures - 1));
}
