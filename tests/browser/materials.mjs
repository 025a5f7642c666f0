// The page of a meeting, as somebody without a mouse and without script goes through it.
import assert from "node:assert/strict";
import { ORIGIN, TOKEN, fits, opened, picture, start, told } from "./chromium.mjs";

const PAGE = `${ORIGIN}/meeting/140600/2024`;
const browser = await start();
const { context, page, complaints } = await opened(browser, { javaScriptEnabled: false });
const focused = () =>
  page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    return {
      tag: at.tagName,
      text: (at.textContent ?? "").trim(),
      href: at.getAttribute("href"),
      seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
  });
/** Goes on with Tab until something is reached. */
const until = async (reached, what) => {
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press("Tab");
    const at = await focused();
    if (reached(at)) return at;
  }
  assert.fail(`${what} is not reached by keyboard`);
};
const enter = async (key = "Enter") => {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
};

// Signing in: the page asks for it, and leads back.
assert.equal((await page.goto(PAGE)).status(), 401);
// The browser itself notes the status of what it shows.
assert.deepEqual(complaints.splice(0).filter((complaint) => !complaint.includes("401")), []);
await told(page);
await fits(page, 360);
await picture(page, "sign-in");
await page.setViewportSize({ width: 1280, height: 900 });
const paste = async (token) => {
  await until((at) => at.tag === "SUMMARY", "the way to sign in with a token");
  await page.keyboard.press("Enter");
  await until((at) => at.tag === "INPUT", "the field for the token");
  await page.keyboard.insertText(token);
  await enter();
};
await paste("a.b.c");
assert.equal(await page.getByRole("alert").count(), 1, "a wrong token is told");
complaints.splice(0);
await picture(page, "sign-in-refused");
await paste(TOKEN);
assert.equal(page.url(), PAGE);
const [cookie] = await context.cookies(PAGE);
assert.deepEqual(
  [cookie.name, cookie.httpOnly, cookie.sameSite, cookie.path, cookie.secure],
  ["lianfang_session", true, "Strict", "/meeting", false],
);
assert.deepEqual(await context.cookies(`${ORIGIN}/graphql`), [], "GraphQL never sees it");

// What is told of it.
const tree = await told(page);
assert.match(await page.title(), /^朔州市2024年度工伤预防联席会议材料/);
assert.ok(tree.of("banner").length === 1 && tree.of("contentinfo").length === 1 && tree.of("navigation").length >= 2, "its parts are marked");
for (const part of ["目标", "指标", "报送", "线索", "隐患", "决议"]) {
  assert.ok(tree.headings.some((heading) => heading.includes(part)), `${part}: ${tree.headings}`);
}
const pictures = await page.locator("svg:not([aria-hidden='true'])").count();
assert.equal(pictures, tree.of("image", "img", "graphics-document").length, "every chart is a picture with a name");

// By keyboard, from the top to the end.
await page.goto(PAGE);
const stops = [];
for (let step = 0; step < 2000; step += 1) {
  await page.keyboard.press("Tab");
  const at = await focused();
  if (at.tag === "BODY") break;
  assert.ok(at.seen, `where one is can be seen: ${JSON.stringify(at)}`);
  stops.push(at);
}
assert.equal(stops[0].href, "#content", "first of all the way past the contents");
const links = stops.map((stop) => stop.href).filter(Boolean);
for (const href of ["/meeting/140600/2024/brief.docx", "/meeting/140600/2024/brief.xlsx"]) assert.ok(links.includes(href), href);
const sections = await page.locator("nav a[href^='#']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
assert.ok(sections.length >= 8 && sections.every((href) => links.includes(href)), `contents: ${sections}`);
for (const href of sections) assert.equal(await page.locator(href).count(), 1, href);
await page.goto(PAGE);
await page.keyboard.press("Tab");
await page.keyboard.press("Enter");
assert.equal(new URL(page.url()).hash, "#content");
assert.equal(await page.evaluate(() => document.activeElement?.id), "content", "the way past the contents leads there");

// Downloads.
for (const [ending, magic] of [["docx", "PK"], ["xlsx", "PK"]]) {
  await page.goto(PAGE);
  await until((at) => at.href?.endsWith(ending), ending);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), `朔州市2024年度工伤预防联席会议材料.${ending}`);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).subarray(0, 2).toString(), magic);
}

// Screen, telephone, paper.
await page.goto(PAGE);
await picture(page, "materials");
for (const width of [320, 360, 768, 1280]) await fits(page, width);
await page.setViewportSize({ width: 360, height: 740 });
await picture(page, "materials-phone");
await page.emulateMedia({ media: "print" });
await fits(page, 718, 1040);
await page.emulateMedia({ media: null });
const paper = await page.pdf({ format: "A4", preferCSSPageSize: true, tagged: true, path: `${process.env.SCREENSHOTS}/materials.pdf` });
const pdf = paper.toString("latin1");
const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
assert.ok(pages >= 2 && pages <= 60, `${pages} sheets`);
for (const [, width, height] of pdf.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)) {
  assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `a sheet of ${width} × ${height} points`);
}
assert.ok(pdf.includes("/ToUnicode") && !/\/Subtype\s*\/Image/.test(pdf), "letters are letters and no pictures of them");
assert.ok(pdf.includes("/StructTreeRoot") && pdf.includes("/Lang"), "a sheet can be read aloud");

// Where one chooses, and out.
await page.setViewportSize({ width: 1280, height: 900 });
await page.goto(`${ORIGIN}/meeting`);
await told(page);
await picture(page, "choice");
await until((at) => at.tag === "BUTTON" && at.text.includes("打开"), "the button that opens");
await enter();
assert.match(page.url(), /\/meeting\/140600\/\d{4}$/);
complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !complaint.includes("404")));
assert.equal((await page.goto(`${ORIGIN}/meeting/140200/2024`)).status(), 403, "the table of another city");
await told(page);
await picture(page, "refused");
complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !complaint.includes("403")));
await page.goto(PAGE);
await until((at) => at.tag === "BUTTON" && at.text.includes("退出"), "the button that signs out");
await enter();
assert.equal(page.url(), `${ORIGIN}/sign-in`);
assert.deepEqual(await context.cookies(PAGE), []);
assert.deepEqual(complaints, [], "nothing is complained about");
await browser.close();
console.log(JSON.stringify({ stops: stops.length, sections: sections.length, pictures, sheets: pages }));
