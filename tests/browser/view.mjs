// The view of examples/meeting-view: what it shows is what the hub answers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ORIGIN, TOKEN, fits, opened, picture, start, told } from "./chromium.mjs";

const variables = { region: "140600", year: 2024 };
const asked = await fetch(`${ORIGIN}/graphql`, {
  method: "POST",
  headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
  body: JSON.stringify({ query: readFileSync(process.env.OPERATION, "utf8"), variables }),
});
const { data, errors } = await asked.json();
assert.equal(errors, undefined);
const { brief } = data.jointMeeting;

const browser = await start();
const { page, complaints } = await opened(browser);
await page.goto(`${ORIGIN}/view/`);
const show = async (token) => {
  await page.getByLabel("令牌").fill(token);
  await page.getByLabel("区划代码").fill(variables.region);
  await page.getByLabel("年度").fill(String(variables.year));
  await page.getByRole("button", { name: "取材料" }).click();
};
await show("a.b.c");
await page.getByRole("alert").waitFor();
assert.match(await page.getByRole("alert").innerText(), /令牌无效/);
complaints.splice(0, complaints.length, ...complaints.filter((complaint) => !complaint.includes("401")));
await show(TOKEN);
await page.getByRole("heading", { level: 1 }).waitFor();
assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), `${brief.head.region.label}2024年度工伤预防联席会议材料`);

const OUTCOMES = { MET: "达标", NOT_MET: "未达标", NOT_JUDGED: "不判定", ABOUT: "只报数" };
const STATES = { ON_TIME: "已按时报送", LATE: "逾期报送", OVERDUE: "逾期未报", NOT_DUE: "未到期" };
const none = "—";
const count = (number) => (number === null ? "缺" : String(number));
const moment = (at) => (at === null ? none : new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " "));
const outcome = (of) => (of === null ? none : OUTCOMES[of]);
const total = (industry) => industry?.label ?? "合计";
const expected = {
  headlines: brief.headlines.map((one) => [one.indicator.label, total(one.industry), one.target, one.actual, outcome(one.outcome), one.reason || none]),
  figures: brief.figures.map((one) => [
    one.indicator.label,
    one.region.label,
    total(one.industry),
    count(one.numerator),
    count(one.denominator),
    one.shown,
    one.lastYear || none,
    one.target ?? none,
    outcome(one.outcome),
  ]),
  returns: brief.returns.map((one) => [one.department.label, one.title, one.due, STATES[one.state], moment(one.signedAt), one.difference ?? none]),
  leads: brief.leads.map((one) => [one.kind.label, count(one.certain), count(one.candidates), count(one.closed), one.explanation]),
  "lead-lines": brief.leads.flatMap(({ lines }) =>
    lines.map((one) => [one.number, one.region.label, one.employer, one.day ?? none, one.reason, one.assigned?.label ?? none]),
  ),
  hazards: brief.hazards.map((one) => [
    one.number, one.employer, one.region.label, one.level.label, one.deadline, count(one.daysOverdue), one.department.label,
  ]),
  employers: brief.employers.map((one) => [one.name, one.region.label, one.industry?.label ?? none, one.reasons.join("；")]),
  resolutions: brief.resolutions.map((one) => [one.number, one.text, one.owner.label, one.due ?? none, one.state.label, one.progress ?? none]),
  differences: brief.differences.map((one) => [one.place, one.then, one.now]),
};
const shown = await page.locator("section").evaluateAll((sections) =>
  Object.fromEntries(
    sections.map((section) => [
      section.id,
      [...section.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent)),
    ]),
  ),
);
assert.deepEqual(shown, expected, "every cell is what the hub answers");
const sums = await page.locator("#sums dd").allInnerTexts();
const tally = ["MET", "NOT_MET", "ABOUT", "NOT_JUDGED"].map((of) => String(brief.headlines.filter((one) => one.outcome === of).length));
assert.deepEqual(sums, tally);
await told(page);
await picture(page, "view");
for (const width of [360, 1280]) await fits(page, width);
assert.deepEqual(complaints, []);
await browser.close();
console.log(JSON.stringify(Object.fromEntries(Object.entries(expected).map(([part, rows]) => [part, rows.length]))));
