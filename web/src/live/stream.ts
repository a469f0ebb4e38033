// The one stream of a tab: reads events, comes back with the last number after a cut, and says so
// when the screen may be wrong.

import { useSyncExternalStore } from "react";

import type { Schema } from "../api/client";
import { Splitter } from "./sse";
import { BEGUN, next, waitMs, type Input, type Live } from "./state";

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

let live: Live = BEGUN;
let running: AbortController | undefined;
const watchers = new Set<() => void>();
const listeners = new Set<(event: LiveEvent) => void>();
const gapListeners = new Set<() => void>();

function take(input: Input): void {
  const before = live;
  live = next(live, input);
  if (live !== before) for (const watcher of watchers) watcher();
  if (live.gaps !== before.gaps) for (const listener of gapListeners) listener();
}

/** Starts the stream, once a tab. */
export function startStream(): void {
  if (running) return;
  running = new AbortController();
  setInterval(() => take({ type: "tick", at: Date.now() }), TICK_MS);
  // After standby the browser may not notice for minutes that the connection is gone.
  addEventListener("online", () => running?.abort());
  void loop();
}

async function loop(): Promise<void> {
  while (!isRefused()) {
    running = new AbortController();
    const silence = setInterval(() => {
      if (live.phase === "stale") running?.abort();
    }, TICK_MS);
    await read(running.signal).catch(() => undefined);
    clearInterval(silence);
    if (isRefused()) return;
    take({ type: "closed", at: Date.now() });
    await new Promise((resolve) => setTimeout(resolve, waitMs(live.failures)));
  }
}

function isRefused(): boolean {
  return live.phase === "signed_out";
}

async function read(signal: AbortSignal): Promise<void> {
  const after = live.seq === undefined ? "" : `?after=${live.seq}`;
  const response = await fetch(`/api/v1/events${after}`, {
    headers: { Accept: "text/event-stream" },
    signal,
  });
  if (response.status === 401) return take({ type: "refused" });
  if (response.status === 410) return take({ type: "too_old", at: Date.now() });
  if (!response.ok || !response.body) return;
  take({ type: "opened", at: Date.now() });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const splitter = new Splitter();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    take({ type: "sign", at: Date.now() });
    for (const message of splitter.push(value)) {
      const event = JSON.parse(message.data) as LiveEvent;
      const seq = Number(message.id || event.seq);
      const isNew = live.seq === undefined || seq > live.seq;
      take({ type: "event", at: Date.now(), seq });
      if (isNew) for (const listener of listeners) listener({ ...event, seq, topic: message.event });
    }
  }
}

/** Calls `listener` with each new event until the returned function is called. */
export function onEvent(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls `listener` whenever events are lost for good. */
export function onGap(listener: () => void): () => void {
  gapListeners.add(listener);
  return () => gapListeners.delete(listener);
}

/** What this tab knows of its stream. */
export function useLive(): Live {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => live,
  );
}
