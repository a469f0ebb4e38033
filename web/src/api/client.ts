// The one way to the server: typed by its OpenAPI description, with the session's proof against
// forged requests, and with a note of each request for the API drawer.

import createClient, { type Middleware } from "openapi-fetch";

import { note } from "./journal";
import type { components, paths } from "./schema";

/** A shape of the native API. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Name of the header that repeats the session's secret on changes. */
const CSRF_HEADER = "X-CSRF-Token";

let csrf = "";

/** Keeps the secret that the session came with. */
export function useCsrf(secret: string): void {
  csrf = secret;
}

/** The header that a change must carry. */
export function csrfHeader(): Record<string, string> {
  return csrf ? { [CSRF_HEADER]: csrf } : {};
}

const begun = new WeakMap<Request, number>();

const noted: Middleware = {
  async onRequest({ request }) {
    if (csrf && request.method !== "GET") request.headers.set(CSRF_HEADER, csrf);
    begun.set(request, performance.now());
    return request;
  },
  async onResponse({ request, response }) {
    const took = performance.now() - (begun.get(request) ?? performance.now());
    const [sent, answer] = await Promise.all([
      request.method === "GET" ? "" : request.clone().text().catch(() => ""),
      response.clone().text().catch(() => ""),
    ]);
    note({
      method: request.method,
      path: new URL(request.url).pathname + new URL(request.url).search,
      body: sent,
      status: response.status,
      answer,
      requestId: response.headers.get("x-request-id") ?? "",
      tookMs: Math.round(took),
      at: Date.now(),
    });
    return response;
  },
};

/** The typed client. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  // The body of a request can be read once only; the middleware reads a copy made before.
  fetch: (request) => fetch(request.clone()),
});
api.use(noted);
