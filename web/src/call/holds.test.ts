import { describe, expect, it } from "vitest";

import { waits } from "./holds";
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

function hold(n: number, by: "user" | "staff", held: boolean): CallEvent {
  const at = new Date(Date.UTC(2026, 1, 3) + n).toISOString();
  return { n, at, type: "hold_changed", by, held };
}
