import { describe, expect, it } from "vitest";

import { dialable, next, OFF, type PhoneEvent, type PhoneState } from "./state";

const play = (events: PhoneEvent[], from: PhoneState = OFF) => events.reduce(next, from);

describe("the phone in the browser", () => {
  it("is off until it is switched on, and ready when the server knows it", () => {
    expect(play([{ type: "switched", on: true }]).line).toBe("connecting");
    expect(play([{ type: "switched", on: true }, { type: "registered" }]).line).toBe("ready");
    const lost = play([{ type: "switched", on: true }, { type: "lost", why: "unreachable" }]);
    expect(lost).toEqual({ line: "lost", why: "unreachable", call: undefined });
    expect(next(lost, { type: "registered" })).toEqual({ line: "ready", why: "", call: undefined });
    expect(next(OFF, { type: "lost", why: "unreachable" })).toBe(OFF);
  });

  it("keeps its call while the server is lost for a moment", () => {
    const talks = play([
      { type: "switched", on: true },
      { type: "registered" },
      { type: "began", id: "a", peer: "1002", phase: "rings" },
      { type: "answered", id: "a", at: 7 },
      { type: "lost", why: "unreachable" },
    ]);
    expect(talks.call).toMatchObject({ phase: "talks", since: 7 });
  });

  it("listens to its own call only", () => {
    const rings = play([{ type: "began", id: "a", peer: "1002", phase: "rings" }]);
    expect(next(rings, { type: "ended", id: "b", why: "busy" })).toBe(rings);
    expect(next(rings, { type: "muted", id: "b", on: true })).toBe(rings);
    expect(next(rings, { type: "ended", id: "a", why: "busy" })).toMatchObject({ why: "busy", call: undefined });
  });

  it("remembers what was done to its call", () => {
    const talks = play([
      { type: "began", id: "a", peer: "1002", phase: "dials" },
      { type: "answered", id: "a", at: 7 },
      { type: "held", id: "a", on: true },
      { type: "muted", id: "a", on: true },
      { type: "pressed", id: "a", key: "5" },
      { type: "pressed", id: "a", key: "#" },
    ]);
    expect(talks.call).toMatchObject({ held: true, muted: true, keys: "5#" });
    expect(next(talks, { type: "held", id: "a", on: false }).call).toMatchObject({ held: false, muted: true });
  });

  it("dials numbers as people write them, and nothing else", () => {
    expect(dialable("+86 (138) 0013-8000")).toBe("+8613800138000");
    expect(dialable("*7")).toBe("*7");
    expect(dialable(" 1002 ")).toBe("1002");
    for (const text of ["", "sip:x@y", "10a", "+", "1;2", "*"]) expect(dialable(text), text).toBe("");
  });
});
