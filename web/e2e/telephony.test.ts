// What people set of telephony in the console: trunks, numbers, telephones, groups and their queues,
// and what they do in a call that runs.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot, signIn } from "./lib/browser";
import { Server } from "./lib/server";

const NUMBER = "+12025550177";

let server: Server;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let sins: string[];
let trunk: number;

beforeAll(async () => {
  server = await Server.start("--dev");
  const made = await server.ask<{ id: number }>("POST", "/api/v1/trunks", {
    name: "carrier",
    host: "127.0.0.1",
    port: 9,
    user: "us",
    password: "kept secret",
  });
  trunk = made.id;
  const [instance] = (await server.ask<{ items: { id: number }[] }>("GET", "/api/v1/instances")).items;
  await server.ask("POST", "/api/v1/numbers", { number: NUMBER, trunk, instance: instance?.id });
  await server.ask("POST", "/api/v1/skill-groups", { name: "Sales", kind: "phone" });
  await server.ask("POST", "/api/v1/extensions", { number: "1001", name: "Front desk" });
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  ({ page, sins } = await openPage(context, server.url));
  await signIn(page, server.url, "dev", "dev");
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The dialog that is open: what it holds is seen by everybody, wide and narrow. */
async function looked(name: string) {
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await shoot(page, `${name}-1280`);
  expect(await inaccessible(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 900 });
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, `${name}-320-dark`);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await inaccessible(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  return dialog;
}

describe("a skill group", () => {
  it("says how callers wait, and shows who does", async () => {
    await page.goto(`${server.url}/console/groups`);
    await page.getByRole("row", { name: /Sales/ }).getByRole("button", { name: "Edit" }).click();
    const form = await looked("group-form");
    await form.getByLabel("Longest wait, seconds").fill("45");
    await form.getByRole("combobox", { name: "If nobody of the group works" }).click();
    await page.getByRole("option").nth(1).click();
    await form.getByRole("switch", { name: "Ring everybody who is free at once" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "hidden" });
    const { items } = await server.ask<{ items: Record<string, unknown>[] }>("GET", "/api/v1/skill-groups");
    const sales = items.find((one) => one["name"] === "Sales");
    expect(sales).toMatchObject({
      ring_all: true,
      queue: { wait_max_second: 45, nobody_there: "voice_agent:1", late: "hang_up" },
    });
    // And back again.
    await page.getByRole("row", { name: /Sales/ }).getByRole("button", { name: "Edit" }).click();
    const again = page.getByRole("dialog");
    await again.getByRole("combobox", { name: "If nobody of the group works" }).click();
    await page.getByRole("option", { name: "The call ends" }).click();
    await again.getByRole("button", { name: "Save" }).click();
    await again.waitFor({ state: "hidden" });
    const queues = page.getByRole("region", { name: "Queues now" });
    await queues.getByRole("row", { name: /Sales/ }).waitFor();
    await shoot(page, "groups-queues-1280");
    expect(await inaccessible(page)).toEqual([]);
  });
});

describe("a number", () => {
  it("leads to people", async () => {
    await page.goto(`${server.url}/console/trunks`);
    const line = page.getByRole("listitem").filter({ hasText: NUMBER });
    await line.getByText("is answered by nobody").waitFor();
    await line.getByRole("button", { name: "Edit" }).click();
    const form = await looked("number-form");
    await form.getByRole("combobox", { name: "Who answers calls to it" }).click();
    await page.getByRole("option", { name: "Sales" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "hidden" });
    await line.getByText("is answered by people of Sales").waitFor();
    const number = await server.ask<Record<string, unknown>>("GET", `/api/v1/numbers/${NUMBER}`);
    expect(number).toMatchObject({ inbound_agent: null, outbound: true, enabled: true });
    expect(number["inbound_group"]).toBeGreaterThan(0);
  });
});

describe("a trunk", () => {
  it("is changed in every setting, and its secrets are never shown", async () => {
    await page.goto(`${server.url}/console/trunks`);
    const card = page.locator("section").filter({ has: page.getByRole("heading", { name: "carrier" }) });
    await card.getByRole("button", { name: "Edit" }).first().click();
    const form = await looked("trunk-form");
    expect(await form.locator('input[type="password"]').inputValue()).toBe("");
    await form.getByText("One is stored; left empty it stays").waitFor();
    await form.getByLabel("Calls at once").fill("7");
    await form.getByRole("combobox", { name: "How keys are sent" }).click();
    await page.getByRole("option", { name: "by SIP INFO" }).click();
    await form.getByLabel("Silence that ends a call, seconds").fill("0");
    await form.getByRole("switch", { name: "Its peer may transfer calls" }).click();
    await form.getByRole("button", { name: "Add a rewriting" }).click();
    await form.getByLabel("Callees that begin with").fill("1");
    await form.getByLabel("Put in front").fill("011");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "hidden" });
    expect(await server.ask("GET", `/api/v1/trunks/${trunk}`)).toMatchObject({
      has_password: true,
      channels_max: 7,
      key_presses: "info",
      media_timeout_second: 0,
      accepts_transfers: true,
      prefix_rules: [{ prefix: "1", strip: 0, prepend: "011" }],
    });
  });
});

describe("a telephone", () => {
  it("has codecs, keys and forwarding", async () => {
    await page.goto(`${server.url}/console/phones`);
    await page.getByRole("row", { name: /1001/ }).getByRole("button", { name: "Edit" }).click();
    const form = await looked("phone-form");
    await form.getByLabel("While busy, calls go to").fill("1002");
    await form.getByLabel("Rings before that, seconds").fill("15");
    await form.getByLabel("Silence that ends a call, seconds").fill("90");
    await form.getByRole("combobox", { name: "Encrypted sound" }).click();
    await page.getByRole("option", { name: "always, or there is no call" }).click();
    await form.getByRole("switch", { name: "May call numbers outside" }).click();
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "hidden" });
    expect(await server.ask("GET", "/api/v1/extensions/1001")).toMatchObject({
      forward_busy: "1002",
      forward_after_second: 15,
      media_timeout_second: 90,
      encryption: "mandatory",
      calls_outside: false,
      codecs: ["pcma", "pcmu", "g722", "opus"],
    });
  });
});

describe("a call that runs", () => {
  it("is handed over, joined and listened to by what one may do", async () => {
    const { id } = await server.ask<{ id: string }>("POST", "/api/v1/calls", {
      voice_agent: 1,
      callee: "+12025550102",
      variables: { name: "Ms Lin" },
    });
    await page.goto(`${server.url}/console/calls/${id}`);
    await page.getByText("talking", { exact: true }).first().waitFor({ timeout: 20_000 });
    await page.getByRole("heading", { name: "People in the call" }).waitFor();
    await shoot(page, "call-control-1280");
    await page.getByRole("button", { name: "Add a party" }).click();
    const form = page.getByRole("dialog");
    await form.getByRole("combobox", { name: "Skill group or telephone" }).click();
    await page.getByRole("option", { name: /1001/ }).click();
    expect(await form.getByLabel(/^Whom/).inputValue()).toBe("extension:1001");
    expect(await inaccessible(page)).toEqual([]);
    await form.getByRole("button", { name: "Add a party" }).click();
    await form.waitFor({ state: "hidden" });
    // Its phone is not there: what was wanted stands in the record all the same.
    await expect
      .poll(async () => (await server.ask<{ parties: unknown[] }>("GET", `/api/v1/calls/${id}`)).parties.length)
      .toBe(1);

    await page.getByRole("button", { name: "Listen in" }).click();
    const listen = page.getByRole("dialog");
    await listen.getByRole("combobox", { name: "Telephone that rings" }).click();
    await page.getByRole("option", { name: /1001/ }).click();
    await listen.getByRole("combobox", { name: "Who hears the supervisor" }).click();
    await page.getByRole("option", { name: "whispers" }).click();
    await listen.getByRole("button", { name: "Listen in" }).click();
    await listen.waitFor({ state: "hidden" });
    await expect
      .poll(async () => {
        const { parties } = await server.ask<{ parties: { role: string }[] }>("GET", `/api/v1/calls/${id}`);
        return parties.map((party) => party.role);
      })
      .toEqual(["participant", "whisper"]);
    await page.getByRole("button", { name: "Hang up" }).click();
    await page.getByRole("heading", { name: "People in the call" }).waitFor({ state: "hidden", timeout: 20_000 });
    expect(await inaccessible(page)).toEqual([]);
    expect(sins).toEqual([]);
  });
});
