import { describe, expect, it } from "vitest";

import { Hub, KEPT_MAX, SILENT_MAX_MS, type Reading, type Tab } from "./hub";
import type { Told } from "./reader";
import { BEGUN, next, type Input, type Live } from "./state";

describe("the tabs of a browser", () => {
  it("share one connection for each stream", () => {
    const world = new World();
    const tabs = [world.tab(), world.tab(), world.tab()];
    for (const tab of tabs) tab.here("/a");
    tabs[0]?.here("/b");
    expect(world.opened).toEqual(["/a", "/b"]);
    world.happens("/a", { type: "event", at: 5, seq: 1 });
    expect(tabs.map((tab) => tab.seqs())).toEqual([[1], [1], [1]]);
  });

  it("know at once whether the stream is live when they come later", () => {
    const world = new World();
    world.tab().here("/a");
    world.happens("/a", { type: "opened", at: 1 });
    const late = world.tab();
    late.here("/a");
    expect(late.state().phase).toBe("live");
    world.happens("/a", { type: "closed", at: 2 });
    const later = world.tab();
    later.here("/a");
    expect(later.state().phase).toBe("stale");
  });

  it("get what they slept through, each event once", () => {
    const world = new World();
    const tab = world.tab();
    tab.here("/a");
    world.happens("/a", { type: "event", at: 1, seq: 1 });
    world.tab().here("/a", SILENT_MAX_MS + 1);
    for (const seq of [2, 3]) world.happens("/a", { type: "event", at: 2, seq });
    expect(tab.seqs()).toEqual([1]);
    tab.here("/a", SILENT_MAX_MS + 2);
    world.happens("/a", { type: "event", at: 3, seq: 4 });
    expect(tab.seqs()).toEqual([1, 2, 3, 4]);
  });

  it("are told when they slept for too long to be told everything", () => {
    const world = new World();
    const tab = world.tab();
    tab.here("/a");
    world.happens("/a", { type: "event", at: 1, seq: 1 });
    world.tab().here("/a", SILENT_MAX_MS + 1);
    for (let seq = 2; seq < KEPT_MAX + 4; seq += 1) world.happens("/a", { type: "event", at: 2, seq });
    tab.here("/a", SILENT_MAX_MS + 2);
    expect(tab.state().gaps).toBe(1);
  });

  it("hear nothing of the next person before that person is there", () => {
    const world = new World();
    const [one, other] = [world.tab(), world.tab()];
    one.here("/a");
    other.here("/a");
    one.says({ type: "sign_out" });
    expect(world.stopped).toEqual(["/a"]);
    expect(other.state().phase).toBe("signed_out");
    other.here("/a");
    expect(world.opened).toEqual(["/a", "/a"]);
  });
});

class World {
  opened: string[] = [];
  stopped: string[] = [];
  #tell = new Map<string, (told: Told) => void>();
  hub = new Hub((path, tell) => {
    this.opened.push(path);
    const reading: Reading = {
      live: BEGUN,
      run: () => Promise.resolve(),
      stop: () => this.stopped.push(path),
    };
    this.#tell.set(path, (told) => {
      reading.live = next(reading.live, told.input);
      tell(told);
    });
    return reading;
  });

  happens(path: string, input: Input): void {
    this.#tell.get(path)?.({ input, topic: "call", data: "{}" });
  }

  tab() {
    const told: Told[] = [];
    const tab: Tab = (one) => told.push(one);
    const state = () => told.map((one) => one.input).reduce<Live>(next, BEGUN);
    return {
      state,
      seqs: () => told.flatMap(({ input }) => (input.type === "event" ? [input.seq] : [])),
      says: (said: Parameters<Hub["take"]>[1]) => this.hub.take(tab, said, 0),
      here: (path: string, now = 0) => this.hub.take(tab, { type: "here", path, seq: state().seq }, now),
    };
  }
}
