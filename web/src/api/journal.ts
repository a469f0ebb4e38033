// What this tab asked the server lately. The API drawer shows it; nothing is sent anywhere.

import { useSyncExternalStore } from "react";

/** Requests that are kept; older ones go. */
const KEPT_MAX = 30;

/** Longest text kept of a body, in characters. */
const TEXT_MAX = 20_000;

/** One request with its answer. */
export interface Exchange {
  method: string;
  /** Path and query. */
  path: string;
  body: string;
  status: number;
  answer: string;
  requestId: string;
  tookMs: number;
  at: number;
}

let kept: readonly Exchange[] = [];
const watchers = new Set<() => void>();

/** Fields whose values are never shown again. */
const SECRET = /"(password|secret|secret_key|token|signing_secret|client_secret|csrf)"\s*:\s*"[^"]*"/g;

/** Those that are secret in what is sent: keys of services, and the password that was good so far. */
const SECRET_SENT = /"(key|present)"\s*:\s*"[^"]*"/g;

/** Hides passwords and keys in a text. */
export function masked(text: string): string {
  return text.replace(SECRET, '"$1":"••••"').slice(0, TEXT_MAX);
}

/** The same for what is sent. */
export function maskedSent(text: string): string {
  return masked(text.replace(SECRET_SENT, '"$1":"••••"'));
}

/** Keeps an exchange, newest first. */
export function note(exchange: Exchange): void {
  const hidden = { ...exchange, body: maskedSent(exchange.body), answer: masked(exchange.answer) };
  kept = [hidden, ...kept].slice(0, KEPT_MAX);
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The exchanges of this tab, newest first. */
export function useExchanges(): readonly Exchange[] {
  return useSyncExternalStore(watch, () => kept);
}
