import { describe, expect, it } from "vitest";

import { EMPTY, take, takeAll, type ChatEvent } from "./thread";

const BOT = { kind: "bot" };
const TALK: ChatEvent[] = [
  event(1, "began"),
  event(2, "message", { key: "a", from: { kind: "customer" }, text: "hello" }),
  event(3, "stream", { key: "b", from: BOT, text: "Hi" }),
  event(4, "chunk", { key: "b", text: " there 👋", offset: 2 }),
  event(5, "chunk", { key: "b", text: ", how are you?", offset: 10 }),
  event(6, "stream_end", { key: "b", end: "finished" }),
  event(7, "state", { state: "queued", why: "asked" }),
  event(8, "state", { state: "staffed", why: "joined", staff: { id: 3, name: "Mei" } }),
  event(9, "message", { key: "c", from: { kind: "staff", name: "Mei" }, text: "I am here" }),
  event(10, "state", { state: "ended", why: "ended" }),
];

describe("a conversation", () => {
  it("shows a growing message growing in its place", () => {
    const grown = TALK.map((_, idx) => takeAll(EMPTY, TALK.slice(0, idx + 1)).messages[1]?.text);
    expect(grown.slice(2, 5)).toEqual(["Hi", "Hi there 👋", "Hi there 👋, how are you?"]);
    expect(takeAll(EMPTY, TALK).messages[1]).toMatchObject({ open: false, cut: false });
  });

  it("is the same whatever comes twice", () => {
    const twice = TALK.flatMap((one, idx) => [one, ...TALK.slice(0, idx + 1)]);
    expect(takeAll(EMPTY, twice)).toEqual(takeAll(EMPTY, TALK));
  });

  it("is the same after a cut at any place", () => {
    for (let cut = 0; cut <= TALK.length; cut += 1) {
      const before = takeAll(EMPTY, TALK.slice(0, cut));
      expect(takeAll(before, TALK.slice(Math.max(0, cut - 2)))).toEqual(takeAll(EMPTY, TALK));
    }
  });

  it("keeps the word that was left when nobody was there, until somebody is asked in vain again", () => {
    const nobody = event(11, "state", { state: "bot", why: "nobody_there" });
    const word = event(12, "word_left", { contact: "ann@example.com", text: "Call me" });
    const left = takeAll(EMPTY, [nobody, word]);
    expect(left).toMatchObject({ nobodyThere: true, word: { contact: "ann@example.com", text: "Call me" } });
    expect(take(left, event(13, "state", { state: "bot", why: "nobody_there" })).word).toBeUndefined();
  });

  it("says who has it", () => {
    expect(takeAll(EMPTY, TALK.slice(0, 7)).state).toBe("queued");
    expect(takeAll(EMPTY, TALK.slice(0, 8))).toMatchObject({ state: "staffed", staff: { name: "Mei" } });
    expect(takeAll(EMPTY, TALK).state).toBe("ended");
  });

  it("marks a message that was cut by a person", () => {
    const cut = takeAll(EMPTY, [...TALK.slice(0, 4), event(5, "stream_end", { key: "b", end: "cut" })]);
    expect(cut.messages[1]).toMatchObject({ open: false, cut: true, text: "Hi there 👋" });
  });

  it("keeps notes apart", () => {
    const note = event(1, "note", { key: "n", from: { kind: "staff", name: "Mei" }, text: "VIP" });
    expect(take(EMPTY, note).messages[0]).toMatchObject({ isPrivate: true, who: "staff" });
  });
});

function event(n: number, type: string, fields: object = {}): ChatEvent {
  return { n, at: "2026-01-01T00:00:00Z", type, ...fields };
}
