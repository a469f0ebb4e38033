// Who is signed in. The cookie is the server's affair: scripts cannot read it.

import { csrfHeader, useCsrf } from "./client";
import { leaveLines } from "../live/line";
import { failure } from "./problem";

/** Whoever is signed in. */
export interface Staff {
  id: number;
  email: string;
  name: string;
  /** Shown to customers; may be empty. */
  nick: string;
  roles: string[];
  instance: number;
  language: string;
}

/** A session, with the secret that changes must repeat. */
export interface Session {
  staff: Staff;
  /** What the person's roles give, such as `read_calls`. */
  permissions: string[];
  csrf: string;
}

const PATH = "/api/v1/session";

async function answered(response: Response): Promise<Session> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw failure(response, body);
  const session = body as Session;
  useCsrf(session.csrf);
  return session;
}

/** The present session; undefined when nobody is signed in. */
export async function presentSession(): Promise<Session | null> {
  const response = await fetch(PATH);
  if (response.status === 401) return null;
  return answered(response);
}

/** Signs in. */
export async function signIn(email: string, password: string): Promise<Session> {
  return answered(
    await fetch(PATH, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    }),
  );
}

/** Signs out, here and on the server. */
export async function signOut(): Promise<void> {
  leaveLines();
  await fetch(PATH, { method: "DELETE", headers: csrfHeader() });
}
