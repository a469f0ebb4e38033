// Whose things the page shows, where the installation has several instances.

import { useQuery, type QueryKey, type UseQueryOptions, type UseQueryResult } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { api, type Schema } from "./client";
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

/** What `read` gives for the chosen instance; waits until it is known which one that is. */
export function useOfInstance<T>(
  key: QueryKey,
  read: (instance: number) => Promise<T>,
  options: Partial<Pick<UseQueryOptions<T>, "placeholderData" | "refetchInterval" | "enabled" | "retry">> = {},
): UseQueryResult<T> {
  const instance = useInstance();
  return useQuery<T>({
    ...options,
    queryKey: [...key, instance],
    enabled: instance !== undefined && (options.enabled ?? true),
    queryFn: () => read(instance as number),
  });
}

/** The voice agents of the instance, for choices and names. */
export function useAgents(): Schema<"VoiceAgentSummary">[] {
  const query = useOfInstance(["agents", "all"], (instance) =>
    ask(api.GET("/api/v1/voice-agents", { params: { query: { instance, limit: 200 } } })),
  );
  return query.data?.items ?? [];
}
