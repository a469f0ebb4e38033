// One connection for all tabs: over HTTP/1.1 a browser allows six to a server, and a stream in each
// of six tabs would leave none for anything else.
//
// A tab follows a path with the number of its last event; what it missed since comes out of what is
// kept here, or it is told that it is too old. Tabs that are silent for long are forgotten; one that
// wakes up follows again.

import type { Told } from "./reader";
import type { Live } from "./state";

/** Events of a stream that are kept for tabs that slept. */
export const KEPT_MAX = 1_000;

/** A tab that does not say that it is there for so long is gone. Hidden tabs speak once a minute. */
export const SILENT_MAX_MS = 200_000;

/** What a tab says. */
export type Said =
  /** Follow, or I am still here: with the number of the last event that it took. */
  | { type: "here"; path: string; seq: number | undefined }
  /** Nobody is signed in any more: read no longer. */
  | { type: "sign_out" };

/** A reader as the hub needs it. */
export interface Reading {
  live: Live;
  run(): Promise<void>;
  stop(): void;
}

/** Somebody who is told. */
export type Tab = (told: Told) => void;

interface Stream {
  reading: Reading;
  kept: Told[];
  /** Number of the last event that was dropped from `kept`. */
  dropped: number;
  tabs: Map<Tab, number>;
}

/** The streams that tabs share. */
export class Hub {
  #streams = new Map<string, Stream>();

  /** `open` makes a reader of a path that tells what it reads. */
  constructor(private readonly open: (path: string, tell: (told: Told) => void) => Reading) {}

  /** Takes what a tab says. */
  take(tab: Tab, said: Said, now: number): void {
    if (said.type === "sign_out") return this.#signOut();
    const stream = this.#streams.get(said.path) ?? this.#begin(said.path);
    if (!stream.tabs.has(tab)) welcome(stream, tab, said.seq, now);
    stream.tabs.set(tab, now);
    for (const [other, heard] of stream.tabs) if (now - heard > SILENT_MAX_MS) stream.tabs.delete(other);
  }

  #begin(path: string): Stream {
    const stream: Stream = {
      reading: this.open(path, (told) => this.#tell(path, told)),
      kept: [],
      dropped: -1,
      tabs: new Map(),
    };
    this.#streams.set(path, stream);
    void stream.reading.run();
    return stream;
  }

  #tell(path: string, told: Told): void {
    const stream = this.#streams.get(path);
    if (!stream) return;
    if (told.input.type === "event") {
      stream.kept.push(told);
      const old = stream.kept.length > KEPT_MAX ? stream.kept.shift() : undefined;
      if (old?.input.type === "event") stream.dropped = old.input.seq;
    }
    if (told.input.type === "too_old") [stream.kept, stream.dropped] = [[], -1];
    for (const tab of stream.tabs.keys()) tab(told);
    // Whoever signs in again begins a new one.
    if (told.input.type === "refused") this.#streams.delete(path);
  }

  #signOut(): void {
    for (const [path, stream] of this.#streams) {
      this.#streams.delete(path);
      stream.reading.stop();
      for (const tab of stream.tabs.keys()) tab({ input: { type: "refused" } });
    }
  }
}

/** Tells a tab how the stream is, and what it has missed. */
function welcome(stream: Stream, tab: Tab, seq: number | undefined, now: number): void {
  const { phase, heardAt } = stream.reading.live;
  if (seq !== undefined && seq < stream.dropped) tab({ input: { type: "too_old", at: now } });
  else if (seq !== undefined) {
    for (const told of stream.kept) if (told.input.type === "event" && told.input.seq > seq) tab(told);
  }
  if (phase === "live") tab({ input: { type: "opened", at: heardAt } });
  if (phase === "stale") tab({ input: { type: "closed", at: heardAt } });
}
