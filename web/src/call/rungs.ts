// The messages of a call between its parties, out of its events. Pure.
//
// The journal keeps what changed the call, not each packet: retransmissions and provisional
// answers without effect are not in it, and the page says so.

import type { Schema } from "../api/client";
import type { CallEvent } from "./story";

/** Who stands at a line of the ladder. */
export type Party = "peer" | "centre" | "agent";

/** One arrow. */
export interface Rung {
  /** Number of the event that it is known from. */
  n: number;
  /** Milliseconds after the first event. */
  afterMs: number;
  from: Party;
  to: Party;
  label: string;
  kind: "message" | "media" | "failure" | "inside";
}

/** The call's ladder. */
export function ladder(
  events: readonly CallEvent[],
  direction: "inbound" | "outbound",
  quality: Schema<"QualityView"> | null | undefined,
): Rung[] {
  const first = events[0];
  if (!first) return [];
  const beginning = Date.parse(first.at);
  const rungs: Rung[] = [];
  let answered = false;
  for (const event of events) {
    const add = (from: Party, to: Party, label: string, kind: Rung["kind"] = "message") =>
      rungs.push({ n: event.n, afterMs: Date.parse(event.at) - beginning, from, to, label, kind });
    switch (event.type) {
      case "requested":
        if (direction === "inbound") add("peer", "centre", "INVITE");
        break;
      case "rule_checked":
        if (!event.allowed) add("centre", "centre", `${event.rule}: ${event.detail}`, "failure");
        break;
      case "dialed":
        add("centre", "peer", "INVITE");
        break;
      case "rang": {
        const label = event.sip_status === 183 ? "183 Session Progress" : `${event.sip_status} Ringing`;
        if (direction === "inbound") add("centre", "peer", label);
        else add("peer", "centre", label);
        break;
      }
      case "answered":
        answered = true;
        if (direction === "inbound") {
          add("centre", "peer", `200 OK ${event.codec}`);
          add("peer", "centre", "ACK");
        } else {
          add("peer", "centre", `200 OK ${event.codec}`);
          add("centre", "peer", "ACK");
        }
        add("centre", "agent", "", "inside");
        if (quality) add("peer", "centre", mediaLabel(event.codec, quality), "media");
        break;
      case "ended":
        ended(event, answered, add);
        break;
      default:
        break;
    }
  }
  return rungs;
}

type Ended = Extract<CallEvent, { type: "ended" }>;
type Add = (from: Party, to: Party, label: string, kind?: Rung["kind"]) => void;

function ended(event: Ended, answered: boolean, add: Add): void {
  if (answered) {
    if (event.side === "user") add("peer", "centre", "BYE");
    else add("centre", "peer", "BYE");
    return;
  }
  if (event.sip_status) {
    const words = [String(event.sip_status), event.sip_reason].filter(Boolean).join(" ");
    add("peer", "centre", words, "failure");
    return;
  }
  add("centre", "peer", "CANCEL", "failure");
}

function mediaLabel(codec: string, quality: Schema<"QualityView">): string {
  const all = quality.packets_received + quality.packets_lost;
  const lost = all > 0 ? ((quality.packets_lost * 100) / all).toFixed(1) : "0.0";
  return `RTP ${codec} · ${lost} % · ${quality.jitter_ms.toFixed(1)} ms`;
}
