// The worker that the tabs of a browser share: it holds their one connection.

import { Hub, type Said, type Tab } from "./hub";
import type { Post } from "./line";
import { Reader } from "./reader";

const hub = new Hub((path, tell) => new Reader(path, tell));

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  const tabs = new Map<string, Tab>();
  const tab = (path: string): Tab => {
    const known = tabs.get(path) ?? ((told) => port.postMessage({ path, told } satisfies Post));
    tabs.set(path, known);
    return known;
  };
  port.onmessage = ({ data }: MessageEvent<Said>) =>
    hub.take(tab(data.type === "here" ? data.path : ""), data, Date.now());
});
