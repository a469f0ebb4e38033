// What people do in the console beside looking: services for speech, versions of an agent, one's own
// account, a campaign in one request, a call that is looked at again, a trunk that does not answer.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot, signIn } from "./lib/browser";
import { Server } from "./lib/server";

let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let sins: string[];

beforeAll(async () => {
  server = await Server.start("--dev");
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  ({ page, sins } = await openPage(context, server.url));
  await signIn(page, server.url, "dev", "dev");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("a speech service", () => {
  it("is added, tried, changed and removed, and its key is never seen again", async () => {
    await page.goto(`${server.url}/console/speech`);
    await page.getByRole("heading", { name: "No speech service yet" }).waitFor();
    await page.getByRole("button", { name: "Add a service" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel(/^Name/).fill("ears");
    await form.getByRole("combobox", { name: /^Kind/ }).click();
    await page.getByRole("option", { name: "FunASR server" }).click();
    await form.getByLabel(/^Address/).fill("ws://127.0.0.1:9");
    await form.locator('input[type="password"]').fill("sk-not-to-be-seen");
    await shoot(page, "speech-form-1280");
    expect(await inaccessible(page)).toEqual([]);
    await form.getByRole("button", { name: "Create" }).click();
    await form.waitFor({ state: "hidden" });
    const row = page.getByRole("row", { name: /ears/ });
    await row.getByText("stored").waitFor();

    await row.getByRole("button", { name: "Try" }).click();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.getByText("It does not work").waitFor({ timeout: 30_000 });
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await shoot(page, "speech-try-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.press("Escape");

    await row.getByRole("button", { name: "Edit" }).click();
    expect(await page.getByRole("dialog").locator('input[type="password"]').inputValue()).toBe("");
    await page.getByRole("dialog").getByLabel(/^Name/).fill("hearing");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    const renamed = page.getByRole("row", { name: /hearing/ });
    await renamed.getByText("stored").waitFor();

    await page.getByRole("button", { name: "API", exact: true }).click();
    await page.getByRole("dialog", { name: "This page by API" }).waitFor();
    expect(await page.content()).not.toContain("sk-not-to-be-seen");
    await page.keyboard.press("Escape");

    await renamed.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { name: "No speech service yet" }).waitFor();
  });
});

describe("a voice agent", () => {
  it("is compared with what it was, and brought back", async () => {
    const path = "/api/v1/voice-agents/1";
    const agent = await server.ask<{ name: string; version: number; definition: { greeting?: unknown } }>("GET", path);
    const { name, version, definition } = agent;
    await server.ask("PUT", path, { name, version, definition: { ...definition, greeting: "Good evening, new words." } });
    await page.goto(`${server.url}/console/agents/1`);
    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByRole("heading", { name: /^Versions of/ }).waitFor();
    await shoot(page, "agent-versions-1280");
    await page.getByText("Good evening, new words.").waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Bring it back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Bring it back" }).click();
    await page.getByRole("button", { name: `version ${version + 2}`, exact: true }).waitFor();
    const now = await server.ask<typeof agent>("GET", path);
    expect([now.version, now.definition.greeting]).toEqual([version + 2, definition.greeting]);
  });
});

describe("one's own account", () => {
  it("has a name, a password that needs the old one, and browsers that can be signed out", async () => {
    const password = "correct horse battery";
    await server.ask("POST", "/api/v1/staff", { email: "mei@example.com", name: "Mei", password });
    const own = await browser.newContext();
    const { page: mine, sins } = await openPage(own, server.url);
    await signIn(mine, server.url, "mei@example.com", password);
    const other = await browser.newContext();
    const elsewhere = await other.newPage();
    await signIn(elsewhere, server.url, "mei@example.com", password);

    await mine.getByRole("button", { name: "Account of Mei" }).click();
    await mine.getByRole("menuitem", { name: "Your account" }).click();
    await mine.getByRole("heading", { name: "Your account" }).waitFor();
    await mine.getByLabel(/^Name/).fill("Mei Lin");
    await mine.getByRole("button", { name: "Save" }).click();
    await mine.getByRole("button", { name: "Account of Mei Lin" }).waitFor();

    await mine.getByText("this one").waitFor();
    await mine.getByRole("button", { name: "Sign out everywhere else" }).click();
    await mine.getByRole("dialog").getByRole("button", { name: "Sign out everywhere else" }).click();
    await mine.locator("#main").getByRole("button", { name: "Sign out everywhere else" }).waitFor({ state: "detached" });
    await elsewhere.reload();
    await elsewhere.getByRole("heading", { name: "Sign in" }).waitFor();

    const [present, next] = [mine.getByLabel("Present password"), mine.getByLabel("New password")];
    await present.fill("wrong horse battery");
    await next.fill("another horse battery");
    await mine.getByRole("button", { name: "Change the password" }).click();
    await mine.getByRole("alert").getByText(/present/).waitFor();
    await shoot(mine, "account-wrong-1280");
    expect(await inaccessible(mine)).toEqual([]);
    await present.fill(password);
    await mine.getByRole("button", { name: "Change the password" }).click();
    await mine.getByText("Changed. You are signed out everywhere else.").waitFor();
    // The tab goes on with the new sign-in.
    await mine.getByLabel(/^Nickname/).fill("M");
    await mine.getByRole("button", { name: "Save" }).click();
    await mine.getByText("Saved.").waitFor();
    await signIn(elsewhere, server.url, "mei@example.com", "another horse battery");
    expect(sins).toEqual([]);
    await own.close();
    await other.close();
  });
});

describe("a campaign", () => {
  it("is made with its people in one request", async () => {
    await page.goto(`${server.url}/console/campaigns/new`);
    await page.getByLabel(/^Name/).fill("Autumn");
    await page.getByRole("combobox", { name: "Voice agent" }).click();
    await page.getByRole("option").first().click();
    const people = Array.from({ length: 1_200 }, (_, n) => `+1202556${String(n).padStart(4, "0")}`);
    await page.getByLabel("List").fill(people.join("\n"));
    await page.getByText("1,200 people to call.").waitFor();
    await page.getByRole("switch", { name: "Start at once" }).press("Space");
    const posts: string[] = [];
    page.on("request", (asked) => {
      if (asked.method() === "POST") posts.push(new URL(asked.url()).pathname);
    });
    await page.getByRole("button", { name: "Create, do not start" }).click();
    await page.getByRole("heading", { name: "Autumn" }).waitFor();
    expect(posts).toEqual(["/api/v1/campaigns"]);
    const { items } = await server.ask<{ items: { state: string; progress: { waiting: number } }[] }>(
      "GET",
      "/api/v1/campaigns",
    );
    expect(items.map((one) => [one.state, one.progress.waiting])).toEqual([["paused", 1_200]]);
  });
});

describe("a call that has ended", () => {
  it("tells what it was about, and is looked at again", async () => {
    const placed = await server.ask<{ id: string }>("POST", "/api/v1/calls", {
      voice_agent: 1,
      callee: "+12025550102",
      variables: { name: "Ms Lin" },
    });
    await page.goto(`${server.url}/console/calls/${placed.id}?tab=review`);
    await page.getByText("A call is reviewed when it has ended.").waitFor();
    await page.getByRole("button", { name: "Review it again" }).waitFor({ timeout: 90_000 });
    await shoot(page, "call-review-found-1280");
    expect(await inaccessible(page)).toEqual([]);
    const before = await nReviews(placed.id);
    await page.getByRole("button", { name: "Review it again" }).click();
    await expect.poll(() => nReviews(placed.id), { timeout: 20_000 }).toBe(before + 1);
    // What was found comes by itself, and the button can be pressed again.
    await expect.poll(() => page.getByRole("button", { name: "Review it again" }).isEnabled()).toBe(true);
  });

  async function nReviews(id: string): Promise<number> {
    const { items } = await server.ask<{ items: { type: string }[] }>("GET", `/api/v1/calls/${id}/events?limit=200`);
    return items.filter((event) => event.type === "reviewed").length;
  }
});

describe("a trunk", () => {
  it("tells whether the carrier knows us and calls go through", async () => {
    await server.ask("POST", "/api/v1/trunks", {
      name: "carrier",
      host: "127.0.0.1",
      port: 9,
      user: "u",
      password: "p",
      register: true,
    });
    await page.goto(`${server.url}/console/trunks`);
    await page.getByText("none since the start").waitFor();
    await page.getByText("registrar does not answer").or(page.getByText("registering")).first().waitFor();
    await page.getByText("0 / ").first().waitFor();
    await shoot(page, "trunks-silent-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await shoot(page, "trunks-silent-320");
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(sins).toEqual([]);
  });
});
