// Plays the two tracks of a call as one: the caller's leads, the agent's follows. The browser
// streams both by ranges; nothing is decoded for the drawing.

import { useEffect, useRef, useState } from "react";

/** Tracks further apart than this are brought together again. */
const DRIFT_MAX_S = 0.06;

/** Whose voice is heard. */
export type Heard = "both" | "user" | "agent";

/** Addresses of the tracks; signed, good for a day. */
export interface Tracks {
  user: string | undefined;
  agent: string | undefined;
}

/** What the page can do with the sound. */
export interface Player {
  ready: boolean;
  playing: boolean;
  atMs: number;
  rate: number;
  heard: Heard;
  toggle: () => void;
  seek: (ms: number) => void;
  setRate: (rate: number) => void;
  setHeard: (heard: Heard) => void;
}

/** The path of an address: the server may know itself by another name than the browser does. */
export function ownPath(url: string): string {
  const parsed = new URL(url, location.origin);
  return parsed.pathname + parsed.search;
}

export function usePlayer(tracks: Tracks): Player {
  const lead = useRef<HTMLAudioElement>(null);
  const follow = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [atMs, setAtMs] = useState(0);
  const [rate, setRate] = useState(1);
  const [heard, setHeard] = useState<Heard>("both");
  const user = tracks.user && ownPath(tracks.user);
  const agent = tracks.agent && ownPath(tracks.agent);

  useEffect(() => {
    if (!user || !agent) return;
    const [first, second] = [new Audio(user), new Audio(agent)];
    for (const audio of [first, second]) audio.preload = "metadata";
    lead.current = first;
    follow.current = second;
    const ended = () => {
      second.pause();
      setPlaying(false);
    };
    first.addEventListener("ended", ended);
    return () => {
      first.removeEventListener("ended", ended);
      for (const audio of [first, second]) {
        audio.pause();
        audio.removeAttribute("src");
      }
      lead.current = follow.current = null;
      setPlaying(false);
    };
  }, [user, agent]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const step = () => {
      const [first, second] = [lead.current, follow.current];
      if (first && second) {
        if (Math.abs(first.currentTime - second.currentTime) > DRIFT_MAX_S) {
          second.currentTime = first.currentTime;
        }
        setAtMs(first.currentTime * 1000);
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  useEffect(() => {
    if (lead.current) lead.current.muted = heard === "agent";
    if (follow.current) follow.current.muted = heard === "user";
  }, [heard, user, agent]);

  useEffect(() => {
    for (const audio of [lead.current, follow.current]) if (audio) audio.playbackRate = rate;
  }, [rate, user, agent]);

  const toggle = () => {
    const [first, second] = [lead.current, follow.current];
    if (!first || !second) return;
    if (playing) {
      first.pause();
      second.pause();
      setPlaying(false);
      return;
    }
    second.currentTime = first.currentTime;
    void Promise.all([first.play(), second.play()]).then(
      () => setPlaying(true),
      () => setPlaying(false),
    );
  };
  const seek = (ms: number) => {
    const seconds = Math.max(0, ms / 1000);
    for (const audio of [lead.current, follow.current]) if (audio) audio.currentTime = seconds;
    setAtMs(seconds * 1000);
  };
  return {
    ready: Boolean(user && agent),
    playing,
    atMs,
    rate,
    heard,
    toggle,
    seek,
    setRate,
    setHeard,
  };
}
