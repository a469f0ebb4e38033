import { describe, expect, it } from "vitest";

import { Splitter } from "./sse";
import { BEGUN, next, SILENCE_MAX_MS, waitMs, type Input, type Live } from "./state";

describe("the live sign", () => {
  it("is stale from the last sign of life, not from when the cut was noticed", () => {
    const live = play([
      { type: "opened", at: 1000 },
      { type: "event", at: 2000, seq: 7 },
      { type: "closed", at: 9000 },
    ]);
    expect(live).toMatchObject({ phase: "stale", staleSince: 2000, seq: 7 });
  });

  it("is stale when the server is silent for too long", () => {
    const opened = play([{ type: "opened", at: 0 }]);
    expect(next(opened, { type: "tick", at: SILENCE_MAX_MS }).phase).toBe("live");
    expect(next(opened, { type: "tick", at: SILENCE_MAX_MS + 1 }).phase).toBe("stale");
  });

  it("is live again after a reconnect and keeps its place", () => {
    const live = play([
      { type: "opened", at: 0 },
      { type: "event", at: 1, seq: 7 },
      { type: "closed", at: 2 },
      { type: "closed", at: 3 },
      { type: "opened", at: 4 },
    ]);
    expect(live).toMatchObject({ phase: "live", seq: 7, staleSince: undefined, failures: 0 });
  });

  it("takes an event once, however often it comes", () => {
    const once = play([{ type: "event", at: 1, seq: 7 }]);
    expect(next(once, { type: "event", at: 2, seq: 7 })).toBe(once);
    expect(next(once, { type: "event", at: 2, seq: 6 })).toBe(once);
  });

  it("asks for everything again when its place is too old", () => {
    const live = play([
      { type: "event", at: 1, seq: 7 },
      { type: "too_old", at: 2 },
    ]);
    expect(live).toMatchObject({ seq: undefined, gaps: 1 });
  });

  it("waits longer after each failure, and at most 15 s", () => {
    expect([1, 2, 3, 20].map(waitMs)).toEqual([500, 1000, 2000, 15_000]);
  });
});

describe("the stream", () => {
  it("is cut into the same events wherever its pieces end", () => {
    const text = 'event: call\nid: 5\ndata: {"a":1}\n\n: still here\n\nid: 6\r\ndata: x\r\ndata: y\r\n\r\n';
    const whole = new Splitter().push(text);
    expect(whole).toEqual([
      { event: "call", id: "5", data: '{"a":1}' },
      { event: "message", id: "6", data: "x\ny" },
    ]);
    const splitter = new Splitter();
    expect([...text.replaceAll("\r\n", "\n")].flatMap((piece) => splitter.push(piece))).toEqual(whole);
  });

  it("does not keep an event without end", () => {
    const splitter = new Splitter();
    expect(() => splitter.push("x".repeat(1_000_001))).toThrow();
  });
});

function play(inputs: Input[]): Live {
  return inputs.reduce(next, BEGUN);
}
