// What went wrong, as people are told: problem documents (RFC 9457), and servers that do not answer.

import type { Schema } from "./client";

/** A request that was not carried out. */
export class Failure extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Last part of the problem's type, such as `version-mismatch`; `unreachable` without answer. */
    readonly kind: string,
    /** What is wrong, in the server's words. */
    readonly detail: string,
    /** The field that is wrong. */
    readonly field: string | undefined,
    /** The request's id, for whoever reads the log. */
    readonly requestId: string,
  ) {
    super(detail);
  }
}

/** Turns what the client gives into its data, or throws a {@link Failure}. */
export async function ask<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let answer;
  try {
    answer = await asked;
  } catch {
    throw new Failure(0, "unreachable", "", undefined, "");
  }
  if (answer.response.ok) return answer.data as T;
  throw failure(answer.response, answer.error);
}

/** The failure that a response tells. */
export function failure(response: Response, body: unknown): Failure {
  const id = response.headers.get("x-request-id") ?? "";
  if (!isProblem(body)) return new Failure(response.status, "", response.statusText, undefined, id);
  const kind = body.type.replace(/^urn:switchboard:problem:/, "");
  return new Failure(response.status, kind, body.detail, body.field ?? undefined, body.request_id);
}

function isProblem(body: unknown): body is Schema<"Problem"> {
  return typeof body === "object" && body !== null && "type" in body && "detail" in body;
}
