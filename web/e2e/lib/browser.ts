// A browser that notices what a page must not do: ask elsewhere, break its policy, fail silently.

import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Pictures of each page are kept here, to be looked at. */
const SHOTS = resolve(import.meta.dirname, "../../../target/browser");

/** Levels A and AA of WCAG 2.2, and what axe calls good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts Debian's Chromium, with more flags if need be. */
export function launch(flags: string[] = []): Promise<Browser> {
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", ...flags],
  });
}

/** What a page did that it must not do. */
export type Sins = string[];

/** A page that keeps account of its sins. */
export async function openPage(
  context: BrowserContext,
  base: string,
): Promise<{ page: Page; sins: Sins }> {
  const page = await context.newPage();
  const sins: Sins = [];
  const { host } = new URL(base);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== host) {
      sins.push(`asked ${request.url()}`);
    }
  });
  page.on("pageerror", (error) => sins.push(`error ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) {
      sins.push(message.text());
    }
  });
  return { page, sins };
}

/** Signs in by the page itself. */
export async function signIn(page: Page, base: string, email: string, password: string): Promise<void> {
  await page.goto(`${base}/console`);
  await page.getByLabel("E-mail").fill(email);
  await page.locator('input[type="password"]').fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Console" }).waitFor({ state: "attached" });
}

/** Keeps a picture of the page. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** What axe finds, in a line each, once nothing moves or fades any more. */
export async function inaccessible(page: Page): Promise<string[]> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity),
  );
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.map(
    (rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
  );
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
