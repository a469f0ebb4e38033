// How a tab hears of a stream: through the worker that all tabs share, or by itself where a browser
// has no shared workers.

import type { Said } from "./hub";
import { Reader, type Told } from "./reader";

/** A tab's end of a stream. */
export interface Line {
  /** The tab is there and has taken events up to this one. The first time, it begins. */
  here(seq: number | undefined): void;
}

/** What the worker sends to a tab. */
export interface Post {
  path: string;
  told: Told;
}

let port: MessagePort | undefined;
const tellers = new Map<string, (told: Told) => void>();

function shared(): MessagePort | undefined {
  if (port || typeof SharedWorker === "undefined") return port;
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "switchboard live" });
  worker.port.onmessage = ({ data }: MessageEvent<Post>) => tellers.get(data.path)?.(data.told);
  port = worker.port;
  return port;
}

/** A line to the stream at `path`; nothing is heard before it was said that the tab is here. */
export function openLine(path: string, tell: (told: Told) => void): Line {
  const worker = shared();
  if (!worker) return ownLine(path, tell);
  tellers.set(path, tell);
  return { here: (seq) => worker.postMessage({ type: "here", path, seq } satisfies Said) };
}

function ownLine(path: string, tell: (told: Told) => void): Line {
  let reader: Reader | undefined;
  const here = () => {
    if (reader) return;
    reader = new Reader(path, tell);
    void reader.run().then(() => (reader = undefined));
  };
  return { here };
}

/** Whoever was signed in is not any more: no tab hears anything until somebody is. */
export function leaveLines(): void {
  port?.postMessage({ type: "sign_out" } satisfies Said);
}
