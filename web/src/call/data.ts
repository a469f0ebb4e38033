// What the call page asks the server, and how a running call grows by the live stream.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "../api/client";
import { ask, Failure } from "../api/problem";
import { events } from "../live/stream";
import { joined, type CallEvent } from "./story";

/** Events that the server gives at once. */
const EVENTS_AT_ONCE = 200;

/** Events of a call that are read at most. */
const EVENTS_MAX = 20_000;

/** A running call's outline is asked for again this often. */
const OUTLINE_EVERY_MS = 3_000;

/** The call as its record shows it. */
export function useCall(id: string) {
  return useQuery({
    queryKey: ["call", id],
    queryFn: () => ask(api.GET("/api/v1/calls/{id}", { params: { path: { id } } })),
  });
}

/** Every event of the call; grows while it runs. */
export function useCallEvents(id: string) {
  const client = useQueryClient();
  useEffect(() => {
    const stop = events.onEvent((event) => {
      if (event.call !== id) return;
      client.setQueryData<CallEvent[]>(["call", id, "events"], (known) => known && joined(known, [event]));
      void client.invalidateQueries({ queryKey: ["call", id], exact: true });
      if (event.type === "ended" || event.type.startsWith("recording_")) {
        void client.invalidateQueries({ queryKey: ["call", id, "outline"] });
        void client.invalidateQueries({ queryKey: ["deliveries"] });
      }
    });
    const stopGap = events.onGap(() => void client.invalidateQueries({ queryKey: ["call", id] }));
    return () => {
      stop();
      stopGap();
    };
  }, [client, id]);
  return useQuery({ queryKey: ["call", id, "events"], queryFn: () => allEvents(id) });
}

async function allEvents(id: string): Promise<CallEvent[]> {
  let found: CallEvent[] = [];
  while (found.length < EVENTS_MAX) {
    const after = found.at(-1)?.n ?? 0;
    const page = await ask(
      api.GET("/api/v1/calls/{id}/events", {
        params: { path: { id }, query: { after, limit: EVENTS_AT_ONCE } },
      }),
    );
    found = joined(found, page.items);
    if (page.items.length < EVENTS_AT_ONCE) break;
  }
  return found;
}

/** The outlines of both voices; null of a call that was not recorded. */
export function useOutline(id: string, running: boolean) {
  return useQuery({
    queryKey: ["call", id, "outline"],
    queryFn: async () => {
      try {
        return await ask(
          api.GET("/api/v1/calls/{id}/outline", {
            params: { path: { id }, query: { levels_per_second: 50 } },
          }),
        );
      } catch (error) {
        if (error instanceof Failure && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: running ? OUTLINE_EVERY_MS : false,
  });
}
