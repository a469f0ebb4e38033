// Where the console's pages are. State that a link should carry is in the address.

import { useQueryClient } from "@tanstack/react-query";
import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";

import { Account } from "../account/Account";
import { CALL_TABS, CallPage } from "../call/CallPage";
import { CAMPAIGN_TABS, CampaignPage, CONTACT_STATES } from "../campaigns/CampaignPage";
import { CAMPAIGN_STATES, Campaigns } from "../campaigns/Campaigns";
import { NewCampaign } from "../campaigns/NewCampaign";
import { events, useLive } from "../live/stream";
import { Shell } from "../ui/Shell";
import { SignedIn } from "../ui/start";
import { AgentPage } from "./AgentPage";
import { Agents } from "./Agents";
import { Audit } from "./Audit";
import { Calls, type CallsSearch } from "./Calls";
import { ChatSettings } from "./ChatSettings";
import { DialoguePage, Dialogues } from "./Dialogues";
import { Groups } from "./Groups";
import { Keys } from "./Keys";
import { LiveCalls } from "./LiveCalls";
import { Models } from "./Models";
import { NotFound } from "./NotFound";
import { Overview } from "./Overview";
import { Phones } from "./Phones";
import { PushesPage } from "./PushesPage";
import { Settings } from "./Settings";
import { SpeechServices } from "./SpeechServices";
import { StaffPage } from "./StaffPage";
import { Trunks } from "./Trunks";
import { VersionsPage } from "./VersionsPage";

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
  const client = useQueryClient();
  const { phase } = useLive();
  useEffect(() => events.start(), []);
  useEffect(() => {
    // Signed out in another tab, or too long ago: this one shows the sign-in page as well.
    if (phase === "signed_out") void client.invalidateQueries({ queryKey: ["session"] });
  }, [client, phase]);
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

const campaigns = createRoute({
  getParentRoute: () => root,
  path: "/console/campaigns",
  component: Campaigns,
  validateSearch: (
    search: Record<string, unknown>,
  ): OffsetSearch & { state?: (typeof CAMPAIGN_STATES)[number] | undefined } => ({
    state: CAMPAIGN_STATES.find((state) => state === search["state"]),
    ...offset(search),
  }),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: "/console/campaigns/$id",
  component: CampaignPage,
  validateSearch: (
    search: Record<string, unknown>,
  ): OffsetSearch & {
    tab?: (typeof CAMPAIGN_TABS)[number] | undefined;
    state?: (typeof CONTACT_STATES)[number] | undefined;
  } => ({
    tab: CAMPAIGN_TABS.find((tab) => tab === search["tab"]),
    state: CONTACT_STATES.find((state) => state === search["state"]),
    ...offset(search),
  }),
});

const dialogues = createRoute({
  getParentRoute: () => root,
  path: "/console/dialogues",
  component: Dialogues,
  validateSearch: (
    search: Record<string, unknown>,
  ): OffsetSearch & { name?: string | undefined; open?: boolean | undefined } => ({
    name: text(search["name"]),
    open: search["open"] === true ? true : undefined,
    ...offset(search),
  }),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/console/settings",
  component: Settings,
  validateSearch: offset,
});

const versions = createRoute({
  getParentRoute: () => root,
  path: "/console/agents/$id/versions",
  component: VersionsPage,
  validateSearch: (search: Record<string, unknown>): OffsetSearch & { version?: number | undefined } => ({
    version: positive(search["version"]),
    ...offset(search),
  }),
});

export const router = createRouter({
  routeTree: root.addChildren([
    page("/console", Overview),
    page("/console/live", LiveCalls),
    calls,
    call,
    campaigns,
    page("/console/campaigns/new", NewCampaign),
    campaign,
    dialogues,
    page("/console/dialogues/$id", DialoguePage),
    page("/console/agents", Agents),
    page("/console/agents/$id", AgentPage),
    versions,
    page("/console/models", Models),
    page("/console/speech", SpeechServices),
    page("/console/trunks", Trunks),
    pushes,
    staff,
    page("/console/phones", Phones),
    page("/console/groups", Groups),
    page("/console/chat", ChatSettings),
    settings,
    page("/console/keys", Keys),
    audit,
    page("/console/account", Account),
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
