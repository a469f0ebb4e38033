// Every page: fit for everybody, at home on a wide and on a narrow screen, in both languages,
// without a request to elsewhere.

import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot, signIn } from "./lib/browser";
import { Server } from "./lib/server";

/** Places by name; `CALL` stands for the id of a call that has ended, `CAMPAIGN` for a campaign's. */
const PLACES: Record<string, string> = {
  overview: "/console",
  live: "/console/live",
  calls: "/console/calls",
  call: "/console/calls/CALL",
  "call-quality": "/console/calls/CALL?tab=quality",
  "call-review": "/console/calls/CALL?tab=review",
  "call-thoughts": "/console/calls/CALL?tab=thoughts",
  "call-events": "/console/calls/CALL?tab=events",
  "call-pushes": "/console/calls/CALL?tab=pushes",
  "call-details": "/console/calls/CALL?tab=facts",
  campaigns: "/console/campaigns",
  campaign: "/console/campaigns/CAMPAIGN",
  "campaign-attempts": "/console/campaigns/CAMPAIGN?tab=attempts",
  "campaign-new": "/console/campaigns/new",
  dialogues: "/console/dialogues",
  agents: "/console/agents",
  agent: "/console/agents/1",
  "agent-versions": "/console/agents/1/versions?version=1",
  models: "/console/models",
  speech: "/console/speech",
  trunks: "/console/trunks",
  pushes: "/console/pushes",
  staff: "/console/staff",
  phones: "/console/phones",
  groups: "/console/groups",
  chat: "/console/chat",
  settings: "/console/settings",
  keys: "/console/keys",
  audit: "/console/audit",
  account: "/console/account",
  nowhere: "/console/nowhere",
};

let server: Server;
let browser: Browser;
let context: BrowserContext;
let call: string;
let campaign: string;

beforeAll(async () => {
  server = await Server.start("--dev");
  browser = await launch();
  // Refuses at once, so that a page has a push that failed.
  await server.ask("POST", "/api/v1/webhook-endpoints", { url: "http://127.0.0.1:9/ccc" });
  const placed = await server.ask<{ id: string }>("POST", "/api/v1/calls", {
    voice_agent: 1,
    callee: "+12025550102",
    variables: { name: "Ms Lin" },
  });
  call = placed.id;
  campaign = await campaignOfTwo();
  await server.ask("POST", "/api/v1/extensions", { number: "1001", name: "Front desk" });
  await server.ask("POST", "/api/v1/language-models", { name: "main", url: "http://127.0.0.1:9/v1", model: "tiny" });
  await server.ask("POST", "/api/v1/speech-services", {
    name: "ears",
    type: "funasr",
    role: "recognizer",
    url: "ws://127.0.0.1:9",
  });
  await server.ask("POST", "/api/v1/trunks", { name: "carrier", host: "127.0.0.1", port: 9 });
  await server.ask("POST", "/api/v1/skill-groups", { name: "Sales", kind: "phone" });
  await nextVersion();
  await recorded(call);
  context = await browser.newContext();
  const { page } = await openPage(context, server.url);
  await signIn(page, server.url, "dev", "dev");
  await page.close();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Each page is opened in both languages, and seen wide and narrow, light and dark. */
const VIEWS = [
  { language: "en", views: [{ width: 1280, colors: "light" }, { width: 320, colors: "dark" }] },
  { language: "zh", views: [{ width: 1280, colors: "dark" }, { width: 320, colors: "light" }] },
] as const;

describe.each(Object.entries(PLACES))("the page %s", (name, place) => {
  it.each(VIEWS)("is accessible, keeps to itself and fits, in $language", async ({ language, views }) => {
    const { page, sins } = await openPage(context, server.url);
    await page.addInitScript((kept) => localStorage.setItem("switchboard-language", kept), language);
    for (const [idx, view] of views.entries()) {
      await page.setViewportSize({ width: view.width, height: 900 });
      await page.emulateMedia({ colorScheme: view.colors });
      if (idx === 0) await page.goto(server.url + place.replace("CALL", call).replace("CAMPAIGN", campaign));
      await settled(page);
      await shoot(page, `${name}-${view.width}-${view.colors}`);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await inaccessible(page)).toEqual([]);
    }
    expect(sins).toEqual([]);
    await page.close();
  });
});

describe("the languages", () => {
  it("change at once and stay changed", async () => {
    const { page, sins } = await openPage(context, server.url);
    await page.goto(`${server.url}/console/calls/${call}`);
    // The pages before were seen in both.
    await page.evaluate(() => localStorage.setItem("switchboard-language", "en"));
    await page.reload();
    await settled(page);
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByText("中文").click();
    await page.getByRole("heading", { name: "对话内容" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "对话内容" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh");
    await shoot(page, "call-zh-1280");
    expect(await inaccessible(page)).toEqual([]);
    expect(sins).toEqual([]);
    await page.evaluate(() => localStorage.setItem("switchboard-language", "en"));
    await page.close();
  });
});

/** Waits until the page has what it asked for. */
async function settled(page: import("playwright-core").Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector("[role=status] .mantine-Loader-root") === null);
  if (/calls\/[0-9a-f-]{36}/.test(page.url())) {
    await page.locator('canvas[data-source="sound"]').waitFor();
  }
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
}

/** A campaign that has reached one person, and found another one busy. */
async function campaignOfTwo(): Promise<string> {
  const { id } = await server.ask<{ id: string }>("POST", "/api/v1/campaigns", { name: "Autumn", voice_agent: 1 });
  await server.ask("POST", `/api/v1/campaigns/${id}/contacts`, {
    contacts: [{ numbers: ["+12025550101"], name: "Ms Lin" }, { numbers: ["+12025550104"], name: "Mr Wu" }],
  });
  return id;
}

/** Another version of the first voice agent. */
async function nextVersion(): Promise<void> {
  const path = "/api/v1/voice-agents/1";
  const { name, version, definition } = await server.ask<{ name: string; version: number; definition: object }>(
    "GET",
    path,
  );
  await server.ask("PUT", path, { name, version, definition: { ...definition, goodbye: "Good-bye, and thank you." } });
}

async function recorded(id: string): Promise<void> {
  for (;;) {
    const shown = await server.ask<{ recordings: unknown[] }>("GET", `/api/v1/calls/${id}`);
    if (shown.recordings.length === 2) return;
    await new Promise((later) => setTimeout(later, 500));
  }
}
