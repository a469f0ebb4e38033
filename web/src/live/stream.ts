// A stream as a tab sees it: numbered events, each once, and whether the screen may be wrong.

import { useSyncExternalStore } from "react";

import type { Schema } from "../api/client";
import { openLine, type Line } from "./line";
import type { Told } from "./reader";
import { BEGUN, next, type Live } from "./state";

/** What every event has. */
export interface Numbered {
  seq: number;
}

/** An event of some call, or of another subject (then `call` is absent). */
export type LiveEvent = Schema<"StampedView"> & {
  seq: number;
  instance: number;
  call?: string;
  /** Name of the server-sent event. */
  topic: string;
};

/** How often silence is looked for. */
const TICK_MS = 1_000;

/** How often a tab says that it is there. */
const HERE_MS = 20_000;

/** A stream at one path of the API. */
export class LiveStream<Event extends Numbered> {
  #live: Live = BEGUN;
  #line: Line | undefined;
  #watchers = new Set<() => void>();
  #listeners = new Set<(event: Event) => void>();
  #gapListeners = new Set<() => void>();

  /** `path` may hold a query. */
  constructor(private readonly path: string) {}

  /** Starts to hear, once a tab; again after somebody has signed in anew. */
  start(): void {
    if (this.#live.phase === "signed_out") this.#set({ ...BEGUN, gaps: this.#live.gaps });
    if (this.#line) return this.#line.here(this.#live.seq);
    this.#line = openLine(this.path, (told) => this.#take(told));
    this.#line.here(undefined);
    setInterval(() => this.#take({ input: { type: "tick", at: Date.now() } }), TICK_MS);
    const here = () => {
      if (this.#live.phase !== "signed_out") this.#line?.here(this.#live.seq);
    };
    setInterval(here, HERE_MS);
    // A tab that slept asks for what it missed as soon as it is looked at.
    document.addEventListener("visibilitychange", here);
  }

  /** Calls `listener` with each new event until the returned function is called. */
  onEvent(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` whenever events are lost for good: everything has to be asked for again. */
  onGap(listener: () => void): () => void {
    this.#gapListeners.add(listener);
    return () => this.#gapListeners.delete(listener);
  }

  /** Calls `watcher` whenever {@link state} changes. */
  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** What this tab knows of the stream. */
  state = (): Live => this.#live;

  #take({ input, topic, data }: Told): void {
    const before = this.#live;
    this.#set(next(before, input));
    if (this.#live.gaps !== before.gaps) for (const listener of this.#gapListeners) listener();
    const isNew = input.type === "event" && (before.seq === undefined || input.seq > before.seq);
    if (!isNew || data === undefined) return;
    const event = { ...(JSON.parse(data) as Event), seq: input.seq, topic: topic ?? "" };
    for (const listener of this.#listeners) listener(event);
  }

  #set(live: Live): void {
    if (live === this.#live) return;
    this.#live = live;
    for (const watcher of this.#watchers) watcher();
  }
}

/** Events of calls and of whatever else the centre tells of. */
export const events = new LiveStream<LiveEvent>("/api/v1/events");

/** What this tab knows of a stream. */
export function useLive(stream: Pick<LiveStream<Numbered>, "watch" | "state"> = events): Live {
  return useSyncExternalStore(stream.watch, stream.state);
}
