import { describe, expect, it } from "vitest";

import { canHold, waits } from "./holds";
import type { CallEvent } from "./story";

describe("who waits", () => {
  const events = [hold(1, "staff", true), hold(2, "user", true), hold(3, "staff", false)];

  it("is whom the other side put on hold", () => {
    expect(waits(events.slice(0, 1), "user")).toBe(true);
    expect(waits(events.slice(0, 1), "staff")).toBe(false);
    expect(waits(events.slice(0, 2), "staff")).toBe(true);
  });

  it("goes on as the last event says", () => {
    expect(waits(events, "user")).toBe(false);
    expect(waits(events, "staff")).toBe(true);
    expect(waits([], "user")).toBe(false);
  });
});

describe("either of two who talk", () => {
  const at = "2026-02-03T00:00:00Z";
  const phone = { address: "1002", email: "", kind: "extension", name: "", offered_at: at, answered_at: at };
  const joined = (role: string, left_at?: string) => ({ leg: 1, role, wanted_at: at, joined_at: at, left_at: left_at ?? null });
  const call = { state: "up", servings: [phone], parties: [] };

  it("can be put on hold, also while a supervisor listens or whispers", () => {
    expect(canHold(call)).toBe(true);
    expect(canHold({ ...call, parties: [joined("listen"), joined("whisper"), joined("participant", at)] })).toBe(true);
  });

  it("cannot while somebody else is heard, or nobody has the call", () => {
    for (const role of ["participant", "barge"]) expect(canHold({ ...call, parties: [joined(role)] })).toBe(false);
    expect(canHold({ ...call, servings: [{ ...phone, ended_at: at }] })).toBe(false);
    expect(canHold({ ...call, state: "ringing" })).toBe(false);
  });
});

function hold(n: number, by: "user" | "staff", held: boolean): CallEvent {
  const at = new Date(Date.UTC(2026, 1, 3) + n).toISOString();
  return { n, at, type: "hold_changed", by, held };
}
