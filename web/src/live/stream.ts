// A stream of a tab: reads numbered events, comes back with the last number after a cut, and says
// so when the screen may be wrong.

import { useSyncExternalStore } from "react";

import type { Schema } from "../api/client";
import { Splitter } from "./sse";
import { BEGUN, next, waitMs, type Input, type Live } from "./state";

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

/** A stream at one path of the API. */
export class LiveStream<Event extends Numbered> {
  #live: Live = BEGUN;
  #running: AbortController | undefined;
  #watchers = new Set<() => void>();
  #listeners = new Set<(event: Event) => void>();
  #gapListeners = new Set<() => void>();

  /** `path` may hold a query. */
  constructor(private readonly path: string) {}

  /** Starts to read, once a tab. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    setInterval(() => this.#take({ type: "tick", at: Date.now() }), TICK_MS);
    // After standby the browser may not notice for minutes that the connection is gone.
    addEventListener("online", () => this.#running?.abort());
    void this.#loop();
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

  #take(input: Input): void {
    const before = this.#live;
    this.#live = next(before, input);
    if (this.#live !== before) for (const watcher of this.#watchers) watcher();
    if (this.#live.gaps !== before.gaps) for (const listener of this.#gapListeners) listener();
  }

  async #loop(): Promise<void> {
    for (;;) {
      this.#running = new AbortController();
      const silence = setInterval(() => {
        if (this.#live.phase === "stale") this.#running?.abort();
      }, TICK_MS);
      await this.#read(this.#running.signal).catch(() => undefined);
      clearInterval(silence);
      if (this.#live.phase === "signed_out") return;
      this.#take({ type: "closed", at: Date.now() });
      await new Promise((later) => setTimeout(later, waitMs(this.#live.failures)));
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { seq } = this.#live;
    const joint = this.path.includes("?") ? "&" : "?";
    const response = await fetch(seq === undefined ? this.path : `${this.path}${joint}after=${seq}`, {
      headers: { Accept: "text/event-stream" },
      signal,
    });
    if (response.status === 401) return this.#take({ type: "refused" });
    if (response.status === 410) return this.#take({ type: "too_old", at: Date.now() });
    if (!response.ok || !response.body) return;
    this.#take({ type: "opened", at: Date.now() });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const splitter = new Splitter();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#take({ type: "sign", at: Date.now() });
      for (const message of splitter.push(value)) this.#tell(message.event, message.id, message.data);
    }
  }

  #tell(topic: string, id: string, data: string): void {
    const event = JSON.parse(data) as Event;
    const seq = Number(id || event.seq);
    const isNew = this.#live.seq === undefined || seq > this.#live.seq;
    this.#take({ type: "event", at: Date.now(), seq });
    if (isNew) for (const listener of this.#listeners) listener({ ...event, seq, topic });
  }
}

/** Events of calls and of whatever else the centre tells of. */
export const events = new LiveStream<LiveEvent>("/api/v1/events");

/** What this tab knows of a stream. */
export function useLive(stream: Pick<LiveStream<Numbered>, "watch" | "state"> = events): Live {
  return useSyncExternalStore(stream.watch, stream.state);
}
