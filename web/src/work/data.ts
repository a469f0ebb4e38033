// What the workspace asks the server, and how it follows conversations live.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { api, type Schema } from "../api/client";
import { ask } from "../api/problem";
import { EMPTY, take, takeAll, type ChatEvent, type Thread } from "../chat/thread";
import { LiveStream } from "../live/stream";

/** A conversation as lists show it. */
export type Conversation = Schema<"ConversationView">;

/** An event of some conversation. */
type Told = ChatEvent & { seq: number; conversation: string };

/** The stream of all conversations. */
export const chats = new LiveStream<Told>("/api/v1/chat/events");

/** Lists of the inbox. */
export const FOLDERS = ["mine", "queued", "bot", "ended"] as const;

/** One of {@link FOLDERS}. */
export type Folder = (typeof FOLDERS)[number];

/** Shortest time between two looks at the lists. */
const LOOK_EVERY_MS = 500;

/** The folder's conversations. */
export function useInbox(folder: Folder, instance: number, staff: number) {
  return useQuery({
    queryKey: ["chats", folder, instance, staff],
    refetchInterval: 20_000,
    queryFn: () => {
      const query =
        folder === "mine"
          ? { instance, state: "open" as const, staff, limit: 100 }
          : { instance, state: folder, limit: 100 };
      return ask(api.GET("/api/v1/chat/conversations", { params: { query } }));
    },
  });
}

/** The conversation with its state. */
export function useConversation(id: string, instance: number) {
  return useQuery({
    queryKey: ["chat", id],
    queryFn: () =>
      ask(
        api.GET("/api/v1/chat/conversations/{id}", { params: { path: { id }, query: { instance } } }),
      ),
  });
}

/** Everything that was said, growing. */
export function useThread(id: string, instance: number) {
  return useQuery({
    queryKey: ["thread", id],
    staleTime: Infinity,
    queryFn: () => wholeThread(id, instance),
  });
}

async function wholeThread(id: string, instance: number): Promise<Thread> {
  let thread = EMPTY;
  for (;;) {
    const page = await ask(
      api.GET("/api/v1/chat/conversations/{id}/events", {
        params: { path: { id }, query: { instance, after: thread.n } },
      }),
    );
    if (page.events.length === 0) return thread;
    thread = takeAll(thread, page.events as ChatEvent[]);
  }
}

/** Keeps lists and open conversations as the stream tells. */
export function useFollowing(): void {
  const client = useQueryClient();
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      due ??= setTimeout(() => {
        due = undefined;
        void client.invalidateQueries({ queryKey: ["chats"] });
      }, LOOK_EVERY_MS);
    };
    const stop = chats.onEvent((event) => {
      const { conversation } = event;
      client.setQueryData<Thread>(["thread", conversation], (known) => known && followed(known, event));
      // Something before it was missed while the conversation was being fetched.
      const known = client.getQueryData<Thread>(["thread", conversation]);
      if (known && known.n < event.n) void client.invalidateQueries({ queryKey: ["thread", conversation] });
      if (event.type !== "chunk") {
        void client.invalidateQueries({ queryKey: ["chat", conversation] });
        void client.invalidateQueries({ queryKey: ["own status"] });
        look();
      }
    });
    const stopGap = chats.onGap(() => {
      void client.invalidateQueries({ queryKey: ["thread"] });
      void client.invalidateQueries({ queryKey: ["chat"] });
      look();
    });
    chats.start();
    return () => {
      stop();
      stopGap();
      clearTimeout(due);
    };
  }, [client]);
}

/** Staff see every event, so the next one has the next number; another one is fetched. */
function followed(thread: Thread, event: ChatEvent): Thread {
  return event.n === thread.n + 1 ? take(thread, event) : thread;
}

function chosenNow(): string {
  return new URLSearchParams(location.search).get("chat") ?? "";
}

/** The conversation that is looked at; it is in the address. */
export function useChosen(): [string, (id: string) => void] {
  const id = useSyncExternalStore((watcher) => {
    addEventListener("popstate", watcher);
    return () => removeEventListener("popstate", watcher);
  }, chosenNow);
  const choose = (next: string) => {
    history.pushState(null, "", next ? `/work?chat=${encodeURIComponent(next)}` : "/work");
    dispatchEvent(new PopStateEvent("popstate"));
  };
  return [id, choose];
}
