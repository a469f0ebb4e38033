// Where the console's pages are. State that a link should carry is in the address.

import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";

import { CALL_TABS, CallPage } from "../call/CallPage";
import { events } from "../live/stream";
import { Shell } from "../ui/Shell";
import { SignedIn } from "../ui/start";
import { AgentPage } from "./AgentPage";
import { Agents } from "./Agents";
import { Audit } from "./Audit";
import { Calls, type CallsSearch } from "./Calls";
import { Groups } from "./Groups";
import { Keys } from "./Keys";
import { LiveCalls } from "./LiveCalls";
import { NotFound } from "./NotFound";
import { Overview } from "./Overview";
import { PushesPage } from "./PushesPage";
import { StaffPage } from "./StaffPage";
import { Trunks } from "./Trunks";

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

function Frame() {
  return (
    <SignedIn>
      {(session) => (
        <Shell session={session}>
          <Stream />
          <Outlet />
        </Shell>
      )}
    </SignedIn>
  );
}

function Stream() {
  useEffect(() => events.start(), []);
  return null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
}

function positive(value: unknown): number | undefined {
  const n = Number(value);
  return Number.isFinite(n) && n > 0 ? n : undefined;
}

/** A list's place in the address. */
export interface OffsetSearch {
  offset?: number | undefined;
}

const offset = (search: Record<string, unknown>): OffsetSearch => ({ offset: positive(search["offset"]) });

const page = <Path extends string>(path: Path, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component });

const calls = createRoute({
  getParentRoute: () => root,
  path: "/console/calls",
  component: Calls,
  validateSearch: (search: Record<string, unknown>): CallsSearch => ({
    number: text(search["number"]),
    from: text(search["from"]),
    to: text(search["to"]),
    ...offset(search),
  }),
});

const call = createRoute({
  getParentRoute: () => root,
  path: "/console/calls/$id",
  component: CallPage,
  validateSearch: (
    search: Record<string, unknown>,
  ): { t?: number | undefined; tab?: (typeof CALL_TABS)[number] | undefined } => ({
    t: positive(search["t"]),
    tab: CALL_TABS.find((tab) => tab === search["tab"]),
  }),
});

const pushes = createRoute({
  getParentRoute: () => root,
  path: "/console/pushes",
  component: PushesPage,
  validateSearch: (
    search: Record<string, unknown>,
  ): OffsetSearch & { state?: "due" | "delivered" | "exhausted" | undefined; id?: number | undefined } => ({
    state: (["due", "delivered", "exhausted"] as const).find((state) => state === search["state"]),
    id: positive(search["id"]),
    ...offset(search),
  }),
});

const staff = createRoute({
  getParentRoute: () => root,
  path: "/console/staff",
  component: StaffPage,
  validateSearch: offset,
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/console/audit",
  component: Audit,
  validateSearch: offset,
});

export const router = createRouter({
  routeTree: root.addChildren([
    page("/console", Overview),
    page("/console/live", LiveCalls),
    calls,
    call,
    page("/console/agents", Agents),
    page("/console/agents/$id", AgentPage),
    page("/console/trunks", Trunks),
    pushes,
    staff,
    page("/console/groups", Groups),
    page("/console/keys", Keys),
    audit,
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
