// What a call's events tell, in milliseconds from its beginning. Pure: the same events give the
// same story, so a running call is the same page with more events.

import type { Schema } from "../api/client";

/** One event of a call. */
export type CallEvent = Schema<"StampedView">;

/** How long one reply took, by cause. */
export type Latency = Schema<"LatencyView">;

/** Something that was said. */
export interface Said {
  /** Number of its event: its name on the page. */
  n: number;
  who: "caller" | "agent";
  fromMs: number;
  toMs: number;
  /** What was heard by the other side, or recognized. */
  text: string;
  /** What barge-in cut off. */
  unsaid: string;
  interrupted: boolean;
  /** How long the caller waited for it; only of replies. */
  latency: Latency | undefined;
}

/** A moment worth a mark on the time line. */
export interface Mark {
  n: number;
  atMs: number;
  kind: "keys" | "no_input" | "sound" | "hang_up";
  text: string;
}

/** A stretch between the caller's last sound and the reply's first. */
export interface Gap {
  n: number;
  fromMs: number;
  toMs: number;
  latency: Latency;
}

/** The whole of it. */
export interface Story {
  /** Wall time of 0. */
  originMs: number;
  /** End of the time line, at least 1. */
  lenMs: number;
  said: Said[];
  marks: Mark[];
  replies: Gap[];
  medianMs: number | undefined;
  p90Ms: number | undefined;
  /** How often the caller cut the agent short. */
  nInterruptions: number;
}

/** A reply begins this near to where its latency was noted. */
const REPLY_NEAR_MS = 400;

/** A reply above this feels like a broken line. */
export const SLOW_MS = 1000;

/** Parts of a latency in the order in which they come. */
export const STAGES = ["endpointing", "recognizer", "thinker", "speaker", "queue"] as const;

/** One of {@link STAGES}. */
export type Stage = (typeof STAGES)[number];

/** How long a stage took. */
export function stageMs(latency: Latency, stage: Stage): number {
  return latency[`${stage}_ms`];
}

/** Tells the story of `events`. `recording` is where the recorded tracks begin, if there are any. */
export function tell(
  events: readonly CallEvent[],
  recording?: { startedAt: string; durationMs: number },
): Story {
  const originMs = recording ? Date.parse(recording.startedAt) : origin(events);
  const at = (time: string) => Date.parse(time) - originMs;
  const said: Said[] = [];
  const marks: Mark[] = [];
  const noted: Gap[] = [];
  let lastMs = 1;
  for (const event of events) {
    const atMs = at(event.at);
    if (!isAfterTheEnd(event)) lastMs = Math.max(lastMs, atMs);
    const utterance = utteranceOf(event, at);
    if (utterance) said.push(utterance);
    const mark = markOf(event, atMs);
    if (mark) marks.push(mark);
    if (event.type === "reply_timed") {
      noted.push({ n: event.n, fromMs: atMs - event.total_ms, toMs: atMs, latency: event });
    }
  }
  said.sort((a, b) => a.fromMs - b.fromMs || a.n - b.n);
  const replies = noted.map((reply) => placed(reply, said));
  const totals = replies.map((reply) => reply.latency.total_ms).sort((a, b) => a - b);
  return {
    originMs,
    lenMs: Math.max(1, recording?.durationMs ?? lastMs),
    said,
    marks,
    replies,
    medianMs: rank(totals, 50),
    p90Ms: rank(totals, 90),
    nInterruptions: said.filter((one) => one.interrupted).length,
  };
}

/** Nearest rank of sorted values. */
export function rank(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(1, Math.ceil((sorted.length * percent) / 100)) - 1];
}

/** Index of what is being said at a moment, or was said last before it; -1 before the first. */
export function saidAt(said: readonly Said[], ms: number): number {
  let found = -1;
  said.forEach((one, idx) => {
    if (one.fromMs <= ms) found = idx;
  });
  return found;
}

/** Adds events that are not there yet, by their numbers. */
export function joined(events: readonly CallEvent[], more: readonly CallEvent[]): CallEvent[] {
  const known = new Set(events.map((event) => event.n));
  const fresh = more.filter((event) => !known.has(event.n));
  return fresh.length === 0 ? [...events] : [...events, ...fresh].sort((a, b) => a.n - b.n);
}

function origin(events: readonly CallEvent[]): number {
  const first = events.find((event) => event.type === "answered") ?? events[0];
  return first ? Date.parse(first.at) : 0;
}

function isAfterTheEnd(event: CallEvent): boolean {
  return event.type.startsWith("recording_");
}

function utteranceOf(event: CallEvent, at: (time: string) => number): Said | undefined {
  if (event.type === "agent_said") {
    return {
      n: event.n,
      who: "agent",
      fromMs: at(event.from),
      toMs: at(event.to),
      text: event.heard,
      unsaid: event.unsaid,
      interrupted: event.interrupted,
      latency: undefined,
    };
  }
  if (event.type === "caller_said") {
    return {
      n: event.n,
      who: "caller",
      fromMs: at(event.from),
      toMs: at(event.to),
      text: event.text,
      unsaid: "",
      interrupted: false,
      latency: undefined,
    };
  }
  return undefined;
}

function markOf(event: CallEvent, atMs: number): Mark | undefined {
  const { n } = event;
  switch (event.type) {
    case "digits_pressed":
      return { n, atMs, kind: "keys", text: event.digits };
    case "no_input":
      return { n, atMs, kind: "no_input", text: "" };
    case "sound_started":
      return { n, atMs, kind: "sound", text: String(event.sound) };
    case "hang_up_requested":
      return { n, atMs, kind: "hang_up", text: event.by };
    default:
      return undefined;
  }
}

/** Moves a reply to the sound that it timed, and tells the sound how long it was waited for. */
function placed(reply: Gap, said: Said[]): Gap {
  let nearest: Said | undefined;
  for (const one of said) {
    if (one.who !== "agent" || one.latency) continue;
    const distance = Math.abs(one.fromMs - reply.toMs);
    if (distance < REPLY_NEAR_MS && distance < Math.abs((nearest?.fromMs ?? Infinity) - reply.toMs)) {
      nearest = one;
    }
  }
  if (!nearest) return reply;
  nearest.latency = reply.latency;
  const shift = nearest.fromMs - reply.toMs;
  return { ...reply, fromMs: reply.fromMs + shift, toMs: nearest.fromMs };
}
