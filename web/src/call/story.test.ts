import { describe, expect, it } from "vitest";

import { ladder } from "./rungs";
import { joined, rank, saidAt, tell, type CallEvent } from "./story";

const CALL = [
  event(1, 0, { type: "requested", direction: "outbound" }),
  event(2, 100, { type: "dialed", sip_call_id: "a@b", peer: "192.0.2.1:5060" }),
  event(3, 200, { type: "rang", sip_status: 180 }),
  event(4, 1000, { type: "answered", codec: "PCMA", peer: "192.0.2.1:4000" }),
  event(5, 3000, said("agent_said", 1200, 3000, { heard: "Hello", unsaid: "there.", interrupted: true })),
  event(6, 4000, said("caller_said", 2900, 3900, { text: "Yes" })),
  event(7, 4650, { type: "reply_timed", ...latency(700) }),
  event(8, 6000, said("agent_said", 4600, 6000, { heard: "Good.", unsaid: "", interrupted: false })),
  event(9, 6100, { type: "ended", cause: "completed", side: "user", sip_status: 200, sip_reason: "" }),
  event(10, 9000, { type: "recording_ready", track: "user" }),
];

describe("a call's story", () => {
  it("begins with the answer and ends with the call, not with its recording", () => {
    const story = tell(CALL);
    expect(story.lenMs).toBe(5100);
    expect(story.said.map((one) => [one.who, one.fromMs])).toEqual([
      ["agent", 200],
      ["caller", 1900],
      ["agent", 3600],
    ]);
  });

  it("puts the wait for a reply before the reply", () => {
    const [reply] = tell(CALL).replies;
    expect([reply?.fromMs, reply?.toMs]).toEqual([2900, 3600]);
    expect(tell(CALL).said[2]?.latency?.total_ms).toBe(700);
    expect(tell(CALL).said[0]?.latency).toBeUndefined();
  });

  it("counts interruptions and keeps what was never heard apart", () => {
    const story = tell(CALL);
    expect(story.nInterruptions).toBe(1);
    expect(story.said[0]).toMatchObject({ text: "Hello", unsaid: "there." });
  });

  it("follows the recording's clock where there is one", () => {
    const story = tell(CALL, { startedAt: time(900), durationMs: 5200 });
    expect([story.said[0]?.fromMs, story.lenMs]).toEqual([300, 5200]);
  });

  it("is the same whether events come at once or one by one, or twice", () => {
    const grown = CALL.reduce<CallEvent[]>((all, one) => joined(all, [one, ...CALL.slice(0, 2)]), []);
    expect(tell(grown)).toEqual(tell(CALL));
  });

  it("of a call without events is empty and has a length", () => {
    expect(tell([])).toMatchObject({ lenMs: 1, said: [], medianMs: undefined });
  });

  it("knows what is being said", () => {
    const { said: all } = tell(CALL);
    expect([0, 200, 1950, 99999].map((ms) => saidAt(all, ms))).toEqual([-1, 0, 1, 2]);
  });

  it("takes percentiles by nearest rank", () => {
    expect([rank([], 50), rank([5], 90), rank([1, 2, 3, 4], 50), rank([1, 2, 3, 4], 90)]).toEqual([
      undefined, 5, 2, 4,
    ]);
  });
});

describe("a call's ladder", () => {
  it("shows who sent what", () => {
    const rungs = ladder(CALL, "outbound", undefined).map((rung) => `${rung.from}>${rung.to} ${rung.label}`);
    expect(rungs).toEqual([
      "centre>peer INVITE",
      "peer>centre 180 Ringing",
      "peer>centre 200 OK PCMA",
      "centre>peer ACK",
      "centre>agent ",
      "peer>centre BYE",
    ]);
  });

  it("of a call that was refused ends with the peer's words", () => {
    const busy = [
      ...CALL.slice(0, 2),
      event(3, 300, { type: "ended", cause: "busy", side: "user", sip_status: 486, sip_reason: "Busy Here" }),
    ];
    expect(ladder(busy, "outbound", undefined).at(-1)).toMatchObject({
      label: "486 Busy Here",
      kind: "failure",
    });
  });
});

function time(ms: number): string {
  return new Date(1_700_000_000_000 + ms).toISOString();
}

function event(n: number, ms: number, fields: object): CallEvent {
  return { n, at: time(ms), ...fields } as CallEvent;
}

function said(type: string, from: number, to: number, fields: object): object {
  return { type, from: time(from), to: time(to), ...fields };
}

function latency(total: number): object {
  return {
    turn: 1,
    endpointing_ms: total,
    recognizer_ms: 0,
    thinker_ms: 0,
    speaker_ms: 0,
    queue_ms: 0,
    total_ms: total,
  };
}
