// A chat from somebody's page to the bot, to a person, and back, with a page reload in the middle
// and a server that crashes while a message grows.

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot } from "./lib/browser";
import { Server } from "./lib/server";

/** Administrator of the Desk API that every instance knows. */
const BOT = "administrator";

/** A picture of one pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let server: Server;
let browser: Browser;
let shop: HttpServer;
let instance: number;
let sig: string;

beforeAll(async () => {
  server = await Server.start("--dev");
  browser = await launch();
  const { items } = await server.ask<{ items: { id: number }[] }>("GET", "/api/v1/instances");
  instance = items[0]?.id ?? 0;
  shop = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    // A strict policy of somebody else's page: the widget needs its origin and nothing inline.
    response.setHeader(
      "Content-Security-Policy",
      `default-src 'none'; script-src ${server.url}; connect-src ${server.url} ${server.url.replace("http", "ws")}; img-src blob:`,
    );
    response.end(`<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main>
      <script src="${server.url}/chat/widget.js" data-instance="${instance}" data-name="Ann" async></script></html>`);
  });
  await new Promise<void>((ready) => shop.listen(0, "127.0.0.1", ready));
  // The instance's own server answers: this test is it, through the Desk API.
  await server.ask("PATCH", "/api/v1/chat/settings", { enabled: true, bot: null, origins: [shopUrl()] });
  const signed = await server.ask<{ user_sig: string }>("POST", "/api/v1/chat/user-sigs", { identifier: BOT });
  sig = signed.user_sig;
});

afterAll(async () => {
  await browser?.close();
  shop?.close();
  await server?.stop();
});

describe("a chat", () => {
  let visitor: Page;
  let staff: Page;
  let sins: string[];
  let conversation: string;

  beforeAll(async () => {
    const context = await browser.newContext();
    visitor = await context.newPage();
    const work: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    ({ page: staff, sins } = await openPage(work, server.url));
    await staff.goto(`${server.url}/work`);
    await staff.getByLabel("E-mail").fill("dev");
    await staff.locator('input[type="password"]').fill("dev");
    await staff.getByRole("button", { name: "Sign in" }).click();
    await staff.getByRole("heading", { name: "Chat workspace" }).waitFor();
    await shoot(staff, "work-empty-1280");
  });

  it("opens on somebody else's page", async () => {
    await visitor.goto(shopUrl());
    await visitor.getByRole("button", { name: "Chat with us" }).click();
    await visitor.getByLabel("Write a message").fill("Where is my parcel?");
    await visitor.keyboard.press("Enter");
    await visitor.locator(".message.customer:not(.pending)").waitFor();
    const open = await server.ask<{ items: { id: string }[] }>("GET", "/api/v1/chat/conversations?state=bot");
    conversation = open.items[0]?.id ?? "";
    expect(conversation).not.toBe("");
    await shoot(visitor, "widget");
    expect(await inaccessible(visitor)).toEqual([]);
  });

  it("takes files within limits that it shows, and nothing else", async () => {
    await visitor.getByText("Pictures, PDF, text or zip, at most 10 MB").waitFor();
    const input = visitor.locator('input[type="file"]');
    await input.setInputFiles({ name: "parcel.png", mimeType: "image/png", buffer: PICTURE });
    await visitor.getByRole("img", { name: "parcel.png" }).waitFor();
    await input.setInputFiles({ name: "virus.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") });
    await visitor.getByText("That kind of file is not taken.").waitFor();
    await input.setInputFiles({ name: "film.png", mimeType: "image/png", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) });
    await visitor.getByText("That file is too large: at most 10 MB.").waitFor();
    await shoot(visitor, "widget-file");
    expect(await inaccessible(visitor)).toEqual([]);
  });

  it("is seen growing on both sides, through a reload and a crash of the server", async () => {
    await staff.getByText("Bot", { exact: true }).first().click();
    await staff.getByRole("button", { name: /Ann/ }).click();
    const key = await piece("Your parcel ");
    for (const page of [visitor, staff]) await page.getByText("Your parcel").first().waitFor();
    await piece("is in Harbor City, ", key);
    for (const page of [visitor, staff]) await page.getByText("Your parcel is in Harbor City,").first().waitFor();
    await shoot(staff, "work-streaming-1280");
    await visitor.reload();
    await visitor.getByText("Your parcel is in Harbor City,").first().waitFor();
    await server.kill();
    await server.restart();
    await piece("and comes on Friday.", key, 1);
    const whole = "Your parcel is in Harbor City, and comes on Friday.";
    for (const page of [visitor, staff]) {
      const shown = page.getByText(whole, { exact: true });
      // Once in the list; the widget's and the workspace's hidden voice may hold it too.
      await shown.first().waitFor({ timeout: 30_000 });
      expect(await page.locator(".message, [data-who]").filter({ hasText: whole }).count()).toBe(1);
    }
  });

  it("lets the visitor leave word when nobody is there", async () => {
    await visitor.getByRole("button", { name: "Talk to a person" }).click();
    await visitor.getByLabel("Your e-mail or telephone number").fill("ann@example.com");
    await visitor.getByLabel("Your message").fill("Please call me about the parcel.");
    await shoot(visitor, "widget-word");
    expect(await inaccessible(visitor)).toEqual([]);
    await visitor.getByRole("button", { name: "Leave the message" }).click();
    await visitor.getByText("Thank you. We get back to you.").waitFor();
    expect(await visitor.getByLabel("Your message").isVisible()).toBe(false);
    await staff.getByText("Please call me about the parcel.").first().waitFor();
    await staff.getByRole("link", { name: "parcel.png" }).waitFor();
    await visitor.getByRole("button", { name: "Talk to a person" }).waitFor();
  });

  it("goes to a person, and back to the bot", async () => {
    await visitor.getByRole("button", { name: "Talk to a person" }).click();
    await staff.getByRole("button", { name: "Take over", exact: true }).click();
    await staff.getByRole("button", { name: "Give back to the bot" }).waitFor();
    await staff.getByRole("textbox", { name: "Reply" }).fill("Hello Ann, I see it on my screen.");
    await staff.keyboard.press("Enter");
    await visitor.getByText("Hello Ann, I see it on my screen.").first().waitFor();
    await staff.getByText("Private note", { exact: true }).click();
    await staff.getByRole("textbox", { name: "Private note" }).fill("Very polite customer");
    await staff.keyboard.press("Enter");
    await staff.getByText("Very polite customer").waitFor();
    await shoot(staff, "work-1280");
    expect(await inaccessible(staff)).toEqual([]);
    await shoot(visitor, "widget-person");
    expect(await visitor.getByText("Very polite customer").count()).toBe(0);
    await staff.getByRole("button", { name: "Give back to the bot" }).click();
    await staff.getByRole("button", { name: "Take over", exact: true }).waitFor();
    await piece("I take over again.", undefined, 1);
    await visitor.getByText("I take over again.").first().waitFor();
  });

  it("ends with an opinion", async () => {
    await staff.getByRole("button", { name: "Close", exact: true }).click();
    await staff.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
    await visitor.getByRole("button", { name: "4 of 5" }).click();
    await visitor.getByText("Thank you for your opinion.").waitFor();
    await shoot(visitor, "widget-ended");
    await visitor.getByRole("button", { name: "Start a new chat" }).click();
    await visitor.getByRole("button", { name: "Talk to a person" }).waitFor();
    expect(sins).toEqual([]);
  });

  it("goes on by long polling where sockets do not get through, and by keyboard alone", async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.routeWebSocket(/\/socket/, (socket) => void socket.close());
    await other.goto(shopUrl());
    const launcher = other.getByRole("button", { name: "Chat with us" });
    await launcher.focus();
    await other.keyboard.press("Enter");
    const words = other.getByLabel("Write a message");
    await words.waitFor();
    await expect.poll(() => other.evaluate(focusedLabel)).toBe("Write a message");
    await other.keyboard.type("Are you there?");
    await other.keyboard.press("Enter");
    await other.locator(".message.customer:not(.pending)").waitFor({ timeout: 30_000 });
    await other.keyboard.press("Escape");
    expect(await words.isVisible()).toBe(false);
    await context.close();
  });

  it("fits a telephone", async () => {
    for (const page of [visitor, staff]) {
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    await shoot(visitor, "widget-320");
    await shoot(staff, "work-320");
    expect(await inaccessible(staff)).toEqual([]);
  });

  /** One piece of the bot's message; gives its key. */
  async function piece(chunk: string, key?: string, finish = 0): Promise<string> {
    const query = new URLSearchParams({
      sdkappid: String(instance),
      identifier: BOT,
      usersig: sig,
      random: String(Math.floor(Math.random() * 4e9)),
      contenttype: "json",
    });
    const body = { SessionId: conversation, Chunk: chunk, Finish: finish, ...(key ? { MsgKey: key } : {}) };
    const answer = await fetch(`${server.url}/v4/desk_http_svc/send_stream_msg?${query}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const told = (await answer.json()) as { ActionStatus: string; MsgKey: string };
    expect(told).toMatchObject({ ActionStatus: "OK" });
    return told.MsgKey;
  }
});

/** The name of what has the keyboard, also within the widget. */
function focusedLabel(): string {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused?.getAttribute("aria-label") ?? "";
}

function shopUrl(): string {
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
}
