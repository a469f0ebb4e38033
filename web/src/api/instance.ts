// Whose things the page shows, where the installation has several instances.

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { api } from "./client";
import { ask } from "./problem";

const KEPT_AS = "switchboard-instance";

let chosen = Number(localStorage.getItem(KEPT_AS)) || undefined;
const watchers = new Set<() => void>();

/** Chooses an instance, also for the next visit. */
export function chooseInstance(id: number): void {
  chosen = id;
  localStorage.setItem(KEPT_AS, String(id));
  for (const watcher of watchers) watcher();
}

/** The instances that there are. */
export function useInstances() {
  return useQuery({
    queryKey: ["instances"],
    queryFn: () => ask(api.GET("/api/v1/instances", { params: { query: { limit: 200 } } })),
    staleTime: 60_000,
  });
}

/** The chosen instance, the first one if none was chosen; undefined until they are known. */
export function useInstance(): number | undefined {
  const kept = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => chosen,
  );
  const items = useInstances().data?.items;
  if (!items) return kept;
  return items.some((item) => item.id === kept) ? kept : items[0]?.id;
}
