// The phone of the workspace: a browser registers somebody's extension, calls a voice agent, and is
// called by another browser.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot } from "./lib/browser";
import { Server } from "./lib/server";

const PASSWORD = "correct horse battery";

/** A microphone that beeps once a second, and nobody asks whether it may be used. */
const MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/** Longest wait for something of a call, ms: other tests use this machine. */
const CALL_MAX = { timeout: 30_000 };

let server: Server;
let browser: Browser;
let lin: Person;
let ann: Person;

interface Person {
  context: BrowserContext;
  page: Page;
  sins: string[];
}

beforeAll(async () => {
  server = await Server.start("--dev");
  browser = await launch(MEDIA);
  for (const [number, name] of [["1001", "Lin"], ["1002", "Ann"]] as const) {
    const email = `${name.toLowerCase()}@example.com`;
    await server.ask("POST", "/api/v1/staff", { email, name, roles: ["agent"], password: PASSWORD });
    await server.ask("POST", "/api/v1/extensions", { number, name, staff: email });
  }
  await server.ask("POST", "/api/v1/staff", {
    email: "nobody@example.com",
    name: "Nobody",
    roles: ["agent"],
    password: PASSWORD,
  });
  [lin, ann] = [await signedIn("lin"), await signedIn("ann")];
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function signedIn(name: string): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const { page, sins } = await openPage(context, server.url);
  await page.goto(`${server.url}/work`);
  await page.getByLabel("E-mail").fill(`${name}@example.com`);
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Chat workspace" }).waitFor();
  return { context, page, sins };
}

async function switchOn({ page }: Person) {
  await page.getByRole("switch", { name: "This browser is your phone" }).press("Space");
  await page.getByText("phone ready").waitFor(CALL_MAX);
}

interface Extension {
  phones: { transport: string; user_agent: string }[];
}

const phones = async (number: string) =>
  (await server.ask<Extension>("GET", `/api/v1/extensions/${number}`)).phones;

describe("the phone of the workspace", () => {
  it("says what is missing where nobody has an extension", async () => {
    const { page, context } = await signedIn("nobody");
    await page.getByRole("switch", { name: "This browser is your phone" }).press("Space");
    await page.getByText("No phone is yours yet").waitFor();
    await context.close();
  });

  it("registers the extension, and again after the page is loaded anew", async () => {
    await switchOn(lin);
    expect(await phones("1001")).toMatchObject([{ transport: "ws", user_agent: "Switchboard workspace" }]);
    await lin.page.reload();
    await lin.page.getByText("phone ready").waitFor(CALL_MAX);
    await shoot(lin.page, "work-phone-ready-1280");
    expect(await inaccessible(lin.page)).toEqual([]);
    await lin.page.setViewportSize({ width: 320, height: 800 });
    expect(await overflow(lin.page)).toBeLessThanOrEqual(0);
    await shoot(lin.page, "work-phone-ready-320");
    await lin.page.setViewportSize({ width: 1280, height: 800 });
  });

  it("is forgotten when it is switched off", async () => {
    await switchOn(ann);
    await ann.page.getByRole("switch", { name: "This browser is your phone" }).press("Space");
    await ann.page.getByText("phone off").waitFor();
    await expect.poll(() => phones("1002"), CALL_MAX).toEqual([]);
  });

  it("keeps to what a page may do", () => {
    expect([...lin.sins, ...ann.sins]).toEqual([]);
  });
});
