// Reads one stream of numbered events and comes back with the last number after a cut. It knows no
// page: it runs in a tab, or in the worker that tabs share.

import { Splitter } from "./sse";
import { BEGUN, next, waitMs, type Input, type Live } from "./state";

/** What a reader tells: what happened to the stream, with the event if it was one. */
export interface Told {
  input: Input;
  /** Name of the server-sent event. */
  topic?: string;
  /** Its data as the server wrote it. */
  data?: string;
}

/** How often silence is looked for. */
const TICK_MS = 1_000;

/** Reads the stream at one path of the API until it is stopped. */
export class Reader {
  #live: Live = BEGUN;
  #reading = new AbortController();
  #stopped = false;

  /** `path` may hold a query. */
  constructor(
    private readonly path: string,
    private readonly tell: (told: Told) => void,
  ) {}

  /** What is known of the stream. */
  get live(): Live {
    return this.#live;
  }

  /** Reads until it is stopped or nobody is signed in any more. */
  async run(): Promise<void> {
    // After standby the browser may not notice for minutes that the connection is gone.
    const online = () => this.#reading.abort();
    addEventListener("online", online);
    const silence = setInterval(() => {
      this.#live = next(this.#live, { type: "tick", at: Date.now() });
      if (this.#live.phase === "stale") this.#reading.abort();
    }, TICK_MS);
    while (!this.#stopped && this.#live.phase !== "signed_out") {
      this.#reading = new AbortController();
      await this.#read(this.#reading.signal).catch(() => undefined);
      if (this.#stopped || (this.#live.phase as Live["phase"]) === "signed_out") break;
      this.#take({ input: { type: "closed", at: Date.now() } });
      await new Promise((later) => setTimeout(later, waitMs(this.#live.failures)));
    }
    clearInterval(silence);
    removeEventListener("online", online);
  }

  /** Reads no longer. */
  stop(): void {
    this.#stopped = true;
    this.#reading.abort();
  }

  #take(told: Told): void {
    this.#live = next(this.#live, told.input);
    this.tell(told);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { seq } = this.#live;
    const joint = this.path.includes("?") ? "&" : "?";
    const response = await fetch(seq === undefined ? this.path : `${this.path}${joint}after=${seq}`, {
      headers: { Accept: "text/event-stream" },
      signal,
    });
    if (response.status === 401) return this.#take({ input: { type: "refused" } });
    if (response.status === 410) return this.#take({ input: { type: "too_old", at: Date.now() } });
    if (!response.ok || !response.body) return;
    this.#take({ input: { type: "opened", at: Date.now() } });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const splitter = new Splitter();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#take({ input: { type: "sign", at: Date.now() } });
      for (const { event: topic, id, data } of splitter.push(value)) {
        const seq = Number(id || (JSON.parse(data) as { seq: number }).seq);
        this.#take({ input: { type: "event", at: Date.now(), seq }, topic, data });
      }
    }
  }
}
