// The workspace of somebody who answers chats: taking over by keyboard, what is known of a customer,
// time for notes, a narrow screen; and the script that opens it from a page of one's own.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot } from "./lib/browser";
import { cloud } from "./lib/cloud";
import { Server } from "./lib/server";

const EMAIL = "lin@example.com";
const PASSWORD = "correct horse battery";

let server: Server;
let browser: Browser;
let instance: number;
let page: Page;
let sins: string[];

beforeAll(async () => {
  server = await Server.start("--dev");
  browser = await launch();
  const { items } = await server.ask<{ items: { id: number }[] }>("GET", "/api/v1/instances");
  instance = items[0]?.id ?? 0;
  await server.ask("PATCH", "/api/v1/chat/settings", {
    enabled: true,
    bot: null,
    origins: ["*"],
    wrap_up_second: 3_600,
  });
  await server.ask("POST", "/api/v1/staff", { email: EMAIL, name: "Lin", roles: ["agent"], password: PASSWORD });
  ({ page, sins } = await openPage(await browser.newContext({ viewport: { width: 1280, height: 800 } }), server.url));
  await page.goto(`${server.url}/work`);
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Chat workspace" }).waitFor();
  await page.getByRole("combobox", { name: "Your status" }).click();
  await page.getByRole("option", { name: "free" }).click();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("somebody who answers chats", () => {
  let ann: { token: string; customer: { id: string }; conversation: { id: string } };

  it("takes a conversation over and answers by keyboard alone, and not by habit", async () => {
    ann = await visitor("Ann", "Where is my parcel?");
    await page.getByText("Bot", { exact: true }).first().click();
    const inbox = page.getByRole("button", { name: /Ann/ });
    await inbox.focus();
    await page.keyboard.press("Enter");
    const title = page.getByRole("heading", { name: "Ann" }).first();
    await title.waitFor();
    await expect.poll(() => title.evaluate((one) => one === document.activeElement)).toBe(true);
    const reply = page.getByRole("textbox", { name: "Reply" });
    await reply.fill("I look for it, Ann.");
    await page.keyboard.press("Enter");
    const send = page.getByRole("button", { name: "Take over and send" });
    await expect.poll(() => send.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await reply.inputValue(), "nothing is sent by the first Enter").toBe("I look for it, Ann.");
    expect(await shown()).toEqual(["bot", ["Where is my parcel?"]]);
    await shoot(page, "work-take-over-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText("I look for it, Ann.").first().waitFor();
    await expect.poll(() => reply.inputValue()).toBe("");
    expect(await shown()).toEqual(["staffed", ["Where is my parcel?", "I look for it, Ann."]]);
    // Now it is one's own: Enter sends.
    await reply.fill("Here it is.");
    await page.keyboard.press("Enter");
    await expect.poll(shown).toEqual(["staffed", ["Where is my parcel?", "I look for it, Ann.", "Here it is."]]);
  });

  it("keeps what was begun, and comes back to the list by Escape", async () => {
    const reply = page.getByRole("textbox", { name: "Reply" });
    await reply.fill("One more thing");
    await page.keyboard.press("Escape");
    expect(await reply.inputValue(), "words are not thrown away").toBe("One more thing");
    await page.getByRole("heading", { name: "Ann" }).first().focus();
    await page.keyboard.press("Escape");
    const inbox = page.getByRole("button", { name: /Ann/ });
    await page.getByText("Mine", { exact: true }).click();
    await inbox.click();
    expect(await page.getByRole("textbox", { name: "Reply" }).inputValue()).toBe("One more thing");
    await page.getByRole("textbox", { name: "Reply" }).fill("");
  });

  it("keeps what is written while a message is on its way", async () => {
    const reply = page.getByRole("textbox", { name: "Reply" });
    const sent = `**/chat/conversations/${ann.conversation.id}/messages*`;
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route(sent, async (route) => {
      if (route.request().method() === "POST") await held;
      await route.continue();
    });
    await reply.fill("It comes today.");
    await page.keyboard.press("Enter");
    await reply.fill("By noon");
    const arrived = page.waitForResponse((one) => one.request().method() === "POST");
    go();
    await arrived;
    await page.locator("[data-who]").filter({ hasText: "It comes today." }).waitFor();
    await page.getByRole("button", { name: "Send" }).and(page.locator(":not([data-loading])")).waitFor();
    expect(await reply.inputValue()).toBe("By noon");
    await page.unroute(sent);
    await reply.fill("");
  });

  it("shows what the page asked, for one's own tools", async () => {
    await page.getByRole("button", { name: "This page by API" }).click();
    const drawer = page.getByRole("dialog", { name: "This page by API" });
    await drawer.getByText(`/api/v1/chat/conversations/${ann.conversation.id}`).first().waitFor();
    await shoot(page, "work-api-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "hidden" });
    await page.getByRole("textbox", { name: "Reply" }).waitFor();
  });

  it("sees the same in two tabs, which say so when they may be wrong", async () => {
    const second = await page.context().newPage();
    await second.goto(`${server.url}/work?chat=${ann.conversation.id}`);
    const tabs = [page, second];
    await said("In two tabs");
    for (const tab of tabs) await tab.locator("[data-who]").filter({ hasText: "In two tabs" }).waitFor();
    await server.kill();
    for (const tab of tabs) await tab.getByText(/^stale since/).waitFor({ timeout: 30_000 });
    await shoot(page, "work-stale-1280");
    await server.restart();
    await said("After the crash");
    for (const tab of tabs) {
      await tab.locator("[data-who]").filter({ hasText: "After the crash" }).waitFor({ timeout: 30_000 });
      await tab.getByText("live", { exact: true }).waitFor();
      for (const text of ["In two tabs", "After the crash"]) {
        expect(await tab.locator("[data-who]").filter({ hasText: text }).count()).toBe(1);
      }
    }
    await second.close();
  });

  it("sees a customer's chats and calls, numbers hidden", async () => {
    const id = encodeURIComponent(ann.customer.id);
    await server.ask("PUT", `/api/v1/customers/${id}?instance=${instance}`, { numbers: ["+12025550102"] });
    await server.ask("POST", "/api/v1/calls", {
      voice_agent: 1,
      callee: "+12025550102",
      customer: ann.customer.id,
      variables: { name: "Ann" },
    });
    await page.reload();
    const known = page.getByRole("complementary", { name: "Customer" });
    await known.getByText("Call to them").waitFor({ timeout: 30_000 });
    await known.getByText("Chat", { exact: true }).first().waitFor();
    await known.getByText("+120****0102").waitFor();
    expect(await page.getByText("+12025550102").count()).toBe(0);
    // Who may not see calls is not led to their pages.
    expect(await known.getByRole("link").count()).toBe(0);
    await shoot(page, "work-customer-1280");
    expect(await inaccessible(page)).toEqual([]);
  });

  it("finds the customer behind a button where there is no room beside the messages", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByRole("button", { name: "Customer", exact: true }).click();
    await page.getByText("Call to them").waitFor();
    await shoot(page, "work-customer-320");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to the messages" }).click();
    await page.getByRole("textbox", { name: "Reply" }).waitFor();
    const end = page.getByRole("log");
    await expect.poll(() => end.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight)).toBeLessThan(2);
    await shoot(page, "work-talk-320");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it("has time for notes after the last conversation, and ends it", async () => {
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
    await page.getByText("Time for notes.").waitFor({ timeout: 20_000 });
    await page.getByRole("timer").waitFor();
    await page.getByRole("textbox", { name: "Private note" }).or(page.getByText("The conversation has ended.")).first().waitFor();
    await shoot(page, "work-wrap-up-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await shoot(page, "work-wrap-up-320");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole("button", { name: "Back to work" }).click();
    await page.getByText("Time for notes.").waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("combobox", { name: "Your status" }).inputValue()).toBe("free");
    expect(sins).toEqual([]);
  });

  /** Ann writes something. */
  async function said(text: string): Promise<void> {
    await byWidget(`/conversations/${ann.conversation.id}/messages`, { text, client_id: text }, ann.token);
  }

  /** Where Ann's conversation is, and what was said in it. */
  async function shown(): Promise<[string, string[]]> {
    const path = `/api/v1/chat/conversations/${ann.conversation.id}`;
    const one = await server.ask<{ state: string }>("GET", `${path}?instance=${instance}`);
    const said = await server.ask<{ items: { text: string; from: { kind: string } }[] }>(
      "GET",
      `${path}/messages?instance=${instance}`,
    );
    return [one.state, said.items.filter((item) => item.from.kind !== "centre").map((item) => item.text)];
  }
});

describe("a page of one's own", () => {
  let own: HttpServer;
  let token: string;

  beforeAll(async () => {
    const made = await cloud<{ Token: string; SdkURL: string }>(server.url, "CreateSDKLoginToken", {
      SdkAppId: instance,
      SeatUserId: EMAIL,
      OnlyOnce: true,
    });
    token = made.Token;
    own = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><html lang="en"><title>CRM</title><main><h1>CRM</h1>
        <button onclick="window.told = tccc.UI.showWorkbench()">Workspace</button></main>
        <script src="${made.SdkURL}" data-token="${token}" crossorigin="anonymous"></script>
        <script>tccc.on("ready", () => { window.isReady = true; })</script></html>`);
    });
    await new Promise<void>((listening) => own.listen(0, "127.0.0.1", listening));
  });

  afterAll(() => own?.close());

  it("opens the workspace, signed in by a token that is good once", async () => {
    const context = await browser.newContext();
    const crm = await context.newPage();
    await crm.goto(`http://localhost:${(own.address() as AddressInfo).port}`);
    await crm.waitForFunction(() => (window as unknown as { isReady?: boolean }).isReady);
    const opening = context.waitForEvent("page");
    await crm.getByRole("button", { name: "Workspace" }).click();
    const work = await opening;
    await work.getByRole("heading", { name: "Chat workspace" }).waitFor();
    expect(await crm.evaluate(() => (window as unknown as { told: unknown }).told)).toEqual({ status: "success" });
    await work.getByRole("link", { name: "Account of Lin" }).waitFor();
    const stranger = await browser.newContext();
    const late = await stranger.newPage();
    const answer = await late.goto(`${server.url}/sign-in/${token}`);
    expect(answer?.status()).toBe(401);
    await context.close();
    await stranger.close();
  });
});

/** Somebody who chats by the widget's API. */
async function visitor<T>(name: string, text: string): Promise<T> {
  const started = (await byWidget("/start", { instance, name })) as { token: string; conversation: { id: string } };
  await byWidget(`/conversations/${started.conversation.id}/messages`, { text, client_id: "1" }, started.token);
  return started as T;
}

async function byWidget(path: string, body: unknown, token = ""): Promise<unknown> {
  const answer = await fetch(`${server.url}/chat/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
