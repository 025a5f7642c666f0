// The browser of the tests, and what every page has to stand.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Where the hub answers, and where pictures go that are worth looking at. */
export const { LIANFANG_URL: ORIGIN, LIANFANG_TOKEN: TOKEN, SCREENSHOTS = "screenshots" } = process.env;

/** Starts it. Nothing of it asks the network by itself. */
export const start = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    chromiumSandbox: false,
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** A page that notes what it complains about and what it asks for. */
export async function opened(browser, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", timezoneId: "Asia/Shanghai", acceptDownloads: true, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${ORIGIN}/`) && !url.startsWith("data:")) complaints.push(`asked elsewhere: ${url}`);
  });
  return { context, page, complaints };
}

/** A picture of the whole page, to be looked at. */
export async function picture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Whoever cannot see the page is told of everything on it: names for what needs one, headings without gaps. */
export async function told(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const parts = nodes
    .filter((node) => !node.ignored)
    .map((node) => ({
      role: node.role?.value,
      name: (node.name?.value ?? "").trim(),
      level: node.properties?.find((property) => property.name === "level")?.value?.value,
    }));
  const of = (...roles) => parts.filter((part) => roles.includes(part.role));
  const named = ["table", "image", "img", "graphics-document", "link", "button", "textbox", "combobox", "spinbutton", "navigation", "region"];
  for (const part of of(...named)) assert.notEqual(part.name, "", `a ${part.role} has no name`);
  const levels = of("heading").map((heading) => heading.level);
  assert.equal(levels.filter((level) => level === 1).length, 1, `one heading of the page: ${levels}`);
  assert.equal(levels[0], 1, "which comes first");
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `headings leave no level out: ${levels}`);
    return level;
  });
  for (const heading of of("heading")) assert.notEqual(heading.name, "", "a heading says something");
  assert.equal(of("main").length, 1, "one main part");
  return { of, headings: of("heading").map((heading) => heading.name) };
}

/** Nothing stands out over the edge of a narrow screen or a sheet. */
export async function fits(page, width, height = 740) {
  await page.setViewportSize({ width, height });
  const [inner, wanted] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(wanted <= inner, `at ${width} px the page is ${wanted} px wide`);
}
