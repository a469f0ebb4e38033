// From the one-time link to a call that one sees, hears and reads; with two tabs, and with a
// server that crashes in between.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot } from "./lib/browser";
import { Server } from "./lib/server";

const EMAIL = "mei@example.com";
const PASSWORD = "correct horse battery";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  server = await Server.start();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("the first hour", () => {
  let page: Page;
  let sins: string[];

  beforeAll(async () => {
    ({ page, sins } = await openPage(await browser.newContext(), server.url));
  });

  it("begins with the link and leads step by step to an administrator, a first call, and keys shown once", async () => {
    await page.goto(server.setupLink());
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await inaccessible(page)).toEqual([]);
    await shoot(page, "setup-1280");
    await page.getByLabel("Your name").fill("Mei");
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.locator('input[type="password"]').fill(PASSWORD);
    await page.getByRole("button", { name: "Become the administrator" }).click();
    await page.getByRole("heading", { name: "Colleagues" }).waitFor();
    expect(page.url()).not.toContain("#");
    await page.getByRole("button", { name: "Add a person" }).click();
    await page.getByRole("dialog").getByLabel(/^Name/).first().fill("Lin");
    await page.getByRole("dialog").getByLabel("E-mail").fill("lin@example.com");
    await page.getByRole("dialog").locator('input[type="password"]').fill("a sentence to sign in");
    await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
    await page.getByText("lin@example.com").waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await shoot(page, "setup-colleagues-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    await shoot(page, "setup-lines-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Go on with simulated people" }).click();
    await shoot(page, "setup-agent-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Clinic reminder" }).click();
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.getByText(/this is Harbor Clinic/).waitFor({ timeout: 30_000 });
    await shoot(page, "setup-call-1280");
    expect(await inaccessible(page)).toEqual([]);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("SecretKey").first().waitFor();
    await shoot(page, "setup-done-1280");
    expect(await inaccessible(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole("link", { name: "Open the console" }).click();
  });

  it("lets nobody in by a link that was used", async () => {
    const { page: other } = await openPage(await browser.newContext(), server.url);
    await other.goto(server.setupLink());
    await other.getByLabel("Your name").fill("Mallory");
    await other.getByLabel("E-mail").fill("mallory@example.com");
    await other.locator('input[type="password"]').fill("open sesame now");
    await other.getByRole("button", { name: "Become the administrator" }).click();
    await other.getByRole("alert").waitFor();
    await other.close();
  });

  it("refuses a wrong password in words", async () => {
    const { page: other } = await openPage(await browser.newContext(), server.url);
    await other.goto(`${server.url}/console`);
    await other.getByLabel("E-mail").fill(EMAIL);
    await other.locator('input[type="password"]').fill("wrong");
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByRole("alert").waitFor();
    expect(await inaccessible(other)).toEqual([]);
    await shoot(other, "sign-in-1280");
    await other.close();
  });

  it("places a call to a simulated person and sees it grow", async () => {
    await enter(page);
    await page.getByRole("button", { name: "Place a call" }).first().click();
    await page.getByLabel("Name").fill("Ms Lin");
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.waitForURL(/\/console\/calls\/[0-9a-f-]{36}/);
    await page.getByText("talking", { exact: true }).first().waitFor({ timeout: 20_000 });
    await page.getByText(/this is Harbor Clinic/).waitFor({ timeout: 30_000 });
    await shoot(page, "call-running-1280");
  });

  it("hears and reads it when it has ended", async () => {
    const play = page.getByRole("button", { name: "Play", exact: true });
    await expect.poll(() => play.isEnabled(), { timeout: 90_000 }).toBe(true);
    await page.locator('canvas[data-source="sound"]').waitFor();
    expect(await page.getByRole("img", { name: /thinker/ }).count()).toBeGreaterThan(0);
    await play.click();
    const line = page.getByRole("slider", { name: "Time line of the call" });
    await expect
      .poll(async () => Number(await line.getAttribute("aria-valuenow")), { timeout: 10_000 })
      .toBeGreaterThanOrEqual(1);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: /^Play from/ }).nth(1).click();
    await page.waitForURL(/[?&]t=/);
    const heard = page.url();
    await page.reload();
    await page.getByRole("heading", { name: "Transcript" }).waitFor();
    expect(page.url()).toBe(heard);
    expect(sins).toEqual([]);
  });

  it("is live in more tabs than a browser has connections", async () => {
    const context = page.context();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => openPage(context, server.url)));
    await Promise.all(
      tabs.map(async ({ page: tab }) => {
        await tab.goto(`${server.url}/console/live`);
        await tab.getByText("live", { exact: true }).waitFor({ timeout: 15_000 });
        await tab.getByText(/^\d+ calls?$/).waitFor();
      }),
    );
    for (const { page: tab, sins: own } of tabs) {
      expect(own).toEqual([]);
      await tab.close();
    }
  });

  it("tells in two tabs that the server is gone, and goes on by itself when it is back", async () => {
    const tabs = [page, (await openPage(page.context(), server.url)).page];
    for (const tab of tabs) {
      await tab.goto(`${server.url}/console/live`);
      await tab.getByText("live", { exact: true }).waitFor();
    }
    await server.kill();
    for (const tab of tabs) await tab.getByText(/^stale since/).waitFor({ timeout: 10_000 });
    await shoot(page, "live-stale-1280");
    await server.restart();
    for (const tab of tabs) await tab.getByText("live", { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Place a call" }).first().click();
    await page.getByRole("button", { name: "Call", exact: true }).click();
    await page.waitForURL(/\/console\/calls\/[0-9a-f-]{36}/);
    await tabs[1]?.getByRole("link", { name: /→/ }).first().waitFor({ timeout: 20_000 });
  });
});

async function enter(page: Page): Promise<void> {
  await page.goto(`${server.url}/console`);
  const email = page.getByLabel("E-mail");
  const navigation = page.getByRole("navigation", { name: "Console" });
  await email.or(navigation).first().waitFor();
  if (!(await email.isVisible())) return;
  await email.fill(EMAIL);
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await navigation.waitFor();
}
