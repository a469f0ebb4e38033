// Lists that follow the live stream: asked for again when something happened, at most once a
// second.

import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect } from "react";

import { events, type LiveEvent } from "../live/stream";

/** Shortest time between two looks. */
const EVERY_MS = 1_000;

/** Keeps queries under `key` fresh while the page is seen. */
export function useFresh(key: QueryKey, wanted: (event: LiveEvent) => boolean = () => true): void {
  const client = useQueryClient();
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      due ??= setTimeout(() => {
        due = undefined;
        void client.invalidateQueries({ queryKey: key });
      }, EVERY_MS);
    };
    const stop = events.onEvent((event) => {
      if (wanted(event)) look();
    });
    const stopGap = events.onGap(look);
    return () => {
      stop();
      stopGap();
      clearTimeout(due);
    };
  }, [client, JSON.stringify(key)]);
}
