// The phone of the workspace: a browser registers somebody's extension, calls a voice agent, and is
// called by another browser.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inaccessible, launch, openPage, overflow, shoot, signIn } from "./lib/browser";
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

declare global {
  interface Window {
    /** Every connection of media that the page has made. */
    connections: RTCPeerConnection[];
  }
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
  await page.addInitScript(() => {
    window.connections = [];
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(settings?: RTCConfiguration) {
        super(settings);
        window.connections.push(this);
      }
    };
  });
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

/** Energy of what was heard in the last connection of media, and packets of it. */
function heard({ page }: Person): Promise<{ energy: number; packets: number }> {
  return page.evaluate(async () => {
    const report = await window.connections.at(-1)?.getStats();
    const streams = [...(report?.values() ?? [])].filter((one) => one.type === "inbound-rtp");
    const sum = (name: string) => streams.reduce((all, one) => all + Number(one[name] ?? 0), 0);
    return { energy: sum("totalAudioEnergy"), packets: sum("packetsReceived") };
  });
}

/** Waits until more is heard than now. */
async function hears(person: Person) {
  const before = await heard(person);
  await expect.poll(async () => (await heard(person)).energy - before.energy, CALL_MAX).toBeGreaterThan(0.001);
}

const button = ({ page }: Person, name: string) => page.getByRole("button", { name, exact: true });

async function dial(person: Person, number: string) {
  await person.page.getByLabel("Number to call").fill(number);
  await button(person, "Call").click();
}

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

  it("calls a voice agent, and hears it", async () => {
    await dial(lin, "*1");
    await lin.page.getByText("Talking with").waitFor(CALL_MAX);
    await hears(lin);
    await shoot(lin.page, "work-phone-talks-1280");
    expect(await inaccessible(lin.page)).toEqual([]);
    const { items } = await server.ask<{ items: { id: string }[] }>("GET", "/api/v1/calls?limit=1");
    const call = `/api/v1/calls/${items[0]?.id}`;
    await button(lin, "Keys").click();
    await lin.page.getByRole("button", { name: "5", exact: true }).click();
    const events = async () => JSON.stringify(await server.ask("GET", `${call}/events`));
    await expect.poll(events, CALL_MAX).toContain('"digits":"5"');
    await lin.page.keyboard.press("Escape");
    await button(lin, "Hang up").click();
    await lin.page.getByLabel("Number to call").waitFor();
    const state = async () => (await server.ask<{ state: string }>("GET", call)).state;
    await expect.poll(state, CALL_MAX).toBe("ended");
  });

  it("is called by another browser; both hear, hold and hang up", async () => {
    await switchOn(ann);
    await dial(lin, "1002");
    await ann.page.getByText("Call from").waitFor(CALL_MAX);
    await shoot(ann.page, "work-phone-rings-1280");
    expect(await inaccessible(ann.page)).toEqual([]);
    await button(ann, "Answer").click();
    await lin.page.getByText("Talking with").waitFor(CALL_MAX);
    await Promise.all([hears(lin), hears(ann)]);
    await button(ann, "Hold").click();
    await ann.page.getByRole("button", { name: "Hold", pressed: true }).waitFor(CALL_MAX);
    await hears(lin); // music
    await button(ann, "Hold").click();
    await ann.page.getByRole("button", { name: "Hold", pressed: false }).waitFor(CALL_MAX);
    await Promise.all([hears(lin), hears(ann)]);
    await button(ann, "Hang up").click();
    await lin.page.getByLabel("Number to call").waitFor(CALL_MAX);
  });

  it("is put on hold from the console, and goes on", async () => {
    await dial(lin, "1002");
    await button(ann, "Answer").click(CALL_MAX);
    await lin.page.getByText("Talking with").waitFor(CALL_MAX);
    await Promise.all([hears(lin), hears(ann)]);
    const { page, sins } = await openPage(await browser.newContext(), server.url);
    await signIn(page, server.url, "dev", "dev");
    const [call] = (await server.ask<{ items: { id: string }[] }>("GET", "/api/v1/calls?limit=1")).items;
    await page.goto(`${server.url}/console/calls/${call?.id}`);
    await page.getByRole("button", { name: "Hold: The person" }).click();
    const goOn = page.getByRole("button", { name: "Let go on: The person" });
    await goOn.waitFor(CALL_MAX);
    await hears(lin); // music
    await shoot(page, "call-hold-1280");
    expect(await inaccessible(page)).toEqual([]);
    await goOn.click();
    await page.getByRole("button", { name: "Hold: The person" }).waitFor(CALL_MAX);
    await Promise.all([hears(lin), hears(ann)]);
    await button(ann, "Hang up").click();
    await lin.page.getByLabel("Number to call").waitFor(CALL_MAX);
    await page.getByRole("button", { name: "Hold: The person" }).waitFor({ state: "hidden" });
    expect(sins).toEqual([]);
    await page.context().close();
  });

  it("says why a call does not come about", async () => {
    await dial(lin, "1002");
    await ann.page.getByText("Call from").waitFor(CALL_MAX);
    await button(ann, "Decline").click();
    await lin.page.getByText("Declined.").waitFor(CALL_MAX);
    await dial(lin, "1999");
    await lin.page.getByText("There is no such number.").waitFor(CALL_MAX);
  });

  it("keeps to what a page may do", () => {
    expect([...lin.sins, ...ann.sins]).toEqual([]);
  });
});
