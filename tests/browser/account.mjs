// Somebody with an account: the first password, a password of one's own, signing in and out, all by
// keyboard and without script.
import assert from "node:assert/strict";
import { ORIGIN, TOKEN, fits, opened, picture, start, told } from "./chromium.mjs";

const PAGE = `${ORIGIN}/meeting/140600/2024`;
const OWN = "Blue-Harbour-2031";
const [LOGIN, FIRST] = TOKEN.split(" ");
const browser = await start();
const { context, page, complaints } = await opened(browser, { javaScriptEnabled: false });
/** Fills the fields of the form one after the other, as Tab reaches them, and sends it. */
const fill = async (...texts) => {
  await page.locator("#login").focus();
  for (const [place, text] of texts.entries()) {
    if (place > 0) await page.keyboard.press("Tab");
    await page.keyboard.insertText(text);
  }
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
};
const quiet = (status) => complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !complaint.includes(status)));

assert.equal((await page.goto(PAGE)).status(), 401);
quiet("401");
await fill(LOGIN, "Wrong-Harbour-2031");
assert.equal(await page.getByRole("alert").count(), 1, "what is wrong is told");
assert.equal(await page.locator("#login").inputValue(), "", "and nothing that was entered");
quiet("401");
await fill(LOGIN, FIRST);
assert.match(await page.locator("h1").textContent(), /修改口令/, "a first password is for changing it");
quiet("403");
await told(page);
for (const width of [320, 360, 768]) await fits(page, width);
await picture(page, "password");
await page.setViewportSize({ width: 1280, height: 900 });
await fill(LOGIN, FIRST, "", "short", "short");
assert.match(await page.getByRole("alert").textContent(), /口令/);
quiet("400");
await fill(LOGIN, FIRST, "", OWN, OWN);
assert.equal(page.url(), `${ORIGIN}/sign-in?changed=1`);
assert.equal(await page.getByRole("status").count(), 1, "that it went well is told");
await page.goto(PAGE);
quiet("401");
await fill(LOGIN, OWN);
assert.equal(page.url(), PAGE);
const [cookie, ...others] = await context.cookies(PAGE);
assert.deepEqual(
  [cookie.name, cookie.httpOnly, cookie.sameSite, cookie.path, others.length],
  ["lianfang_account", true, "Strict", "/meeting", 0],
);
assert.deepEqual(await context.cookies(`${ORIGIN}/graphql`), [], "GraphQL never sees it");
await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: /退出/ }).first().press("Enter")]);
assert.equal(page.url(), `${ORIGIN}/sign-in`);
assert.deepEqual(await context.cookies(PAGE), []);
// Whoever has kept the cookie has nothing.
await context.addCookies([cookie]);
assert.equal((await page.goto(PAGE)).status(), 401);
quiet("401");
assert.deepEqual(complaints, [], "nothing is complained about");
await browser.close();
console.log(JSON.stringify({ signedIn: 1 }));
