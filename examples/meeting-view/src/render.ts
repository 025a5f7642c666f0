// 材料怎样显示。 How the materials are shown.
import type { Brief, Meeting } from "./ask";
import { element, section } from "./dom";
import type { BriefOutcome } from "./types";
import { NONE, OUTCOMES, STATES, count, moment } from "./words";

const outcome = (of: BriefOutcome | null) => (of ? element("span", { class: `outcome ${of.toLowerCase()}` }, OUTCOMES[of]) : NONE);

export function render(meeting: Meeting): HTMLElement[] {
  const { brief } = meeting;
  if (!brief) return [element("p", { class: "empty", role: "status" }, "该地区该年度没有材料。")];
  return [head(brief), ...tables(brief), foot(brief)];
}

function head({ head, headlines, meeting }: Brief): HTMLElement {
  const tally = (of: BriefOutcome) => headlines.filter((one) => one.outcome === of).length;
  const sums = (["MET", "NOT_MET", "ABOUT", "NOT_JUDGED"] as const).map((of) =>
    element("div", { class: of.toLowerCase() }, element("dt", {}, OUTCOMES[of]), element("dd", {}, String(tally(of)))),
  );
  const notes = [
    head.provisional ? "数据未定稿，结论只供参考。" : null,
    head.incompletePlan ? "规划目标不全，缺的不判定。" : null,
    head.protected ? "小数目已隐去。" : null,
  ].filter((note) => note !== null);
  return element(
    "header",
    { class: "title" },
    element("h1", {}, `${head.region.label}${head.year}年度工伤预防联席会议材料`),
    element("p", { class: "sub" }, [head.plan.label, meeting?.title, `取数 ${moment(head.takenAt)}`].filter(Boolean).join(" · ")),
    element("dl", { class: "sums", id: "sums" }, ...sums),
    ...notes.map((note) => element("p", { class: "note" }, note)),
  );
}

function tables(brief: Brief): HTMLElement[] {
  return [
    section("headlines", "目标完成情况", "规划没有列出目标。", brief.headlines, [
      { title: "指标", value: (one) => one.indicator.label },
      { title: "行业", value: (one) => one.industry?.label ?? "合计" },
      { title: "目标", value: (one) => one.target },
      { title: "实际", value: (one) => one.actual },
      { title: "结论", value: (one) => outcome(one.outcome) },
      { title: "原因", value: (one) => one.reason || NONE },
    ]),
    section("figures", "指标", "没有指标。", brief.figures, [
      { title: "指标", value: (one) => one.indicator.label },
      { title: "地区", value: (one) => one.region.label },
      { title: "行业", value: (one) => one.industry?.label ?? "合计" },
      { title: "分子", number: true, value: (one) => count(one.numerator) },
      { title: "分母", number: true, value: (one) => count(one.denominator) },
      { title: "数值", number: true, value: (one) => one.shown },
      { title: "上年", number: true, value: (one) => one.lastYear || NONE },
      { title: "目标", number: true, value: (one) => one.target ?? NONE },
      { title: "结论", value: (one) => outcome(one.outcome) },
    ]),
    section("returns", "报送情况", "没有应报送的事项。", brief.returns, [
      { title: "部门", value: (one) => one.department.label },
      { title: "事项", value: (one) => one.title },
      { title: "期限", value: (one) => one.due },
      { title: "状态", value: (one) => element("span", { class: `state ${one.state.toLowerCase()}` }, STATES[one.state]) },
      { title: "报送时间", value: (one) => moment(one.signedAt) },
      { title: "与记录的差异", value: (one) => one.difference ?? NONE },
    ]),
    section("leads", "部门间数据线索", "没有线索。", brief.leads, [
      { title: "种类", value: (one) => one.kind.label },
      { title: "确定", number: true, value: (one) => count(one.certain) },
      { title: "疑似", number: true, value: (one) => count(one.candidates) },
      { title: "已关闭", number: true, value: (one) => count(one.closed) },
      { title: "说明", value: (one) => one.explanation },
    ]),
    section("lead-lines", "线索明细", "没有线索。", brief.leads.flatMap(({ lines }) => lines), [
      { title: "编号", value: (one) => one.number },
      { title: "地区", value: (one) => one.region.label },
      { title: "单位", value: (one) => one.employer },
      { title: "日期", value: (one) => one.day ?? NONE },
      { title: "依据", value: (one) => one.reason },
      { title: "承办", value: (one) => one.assigned?.label ?? NONE },
    ]),
    section("hazards", "逾期未整改隐患", "没有逾期未整改的隐患。", brief.hazards, [
      { title: "编号", value: (one) => one.number },
      { title: "单位", value: (one) => one.employer },
      { title: "地区", value: (one) => one.region.label },
      { title: "级别", value: (one) => one.level.label },
      { title: "期限", value: (one) => one.deadline },
      { title: "逾期天数", number: true, value: (one) => count(one.daysOverdue) },
      { title: "部门", value: (one) => one.department.label },
    ], brief.hazardsNote),
    section("employers", "建议走访的单位", "没有建议走访的单位。", brief.employers, [
      { title: "单位", value: (one) => one.name },
      { title: "地区", value: (one) => one.region.label },
      { title: "行业", value: (one) => one.industry?.label ?? NONE },
      { title: "理由", value: (one) => one.reasons.join("；") },
    ], brief.employersNote),
    section("resolutions", "决议", "没有未办结的决议。", brief.resolutions, [
      { title: "编号", value: (one) => one.number },
      { title: "内容", value: (one) => one.text },
      { title: "承办", value: (one) => one.owner.label },
      { title: "期限", value: (one) => one.due ?? NONE },
      { title: "状态", value: (one) => one.state.label },
      { title: "进展", value: (one) => one.progress ?? NONE },
    ]),
    section("differences", "与今日数据的差异", "没有差异，或材料尚未冻结。", brief.differences, [
      { title: "位置", value: (one) => one.place },
      { title: "材料", value: (one) => one.then },
      { title: "今日", value: (one) => one.now },
    ]),
  ];
}

function foot({ head }: Brief): HTMLElement {
  return element(
    "footer",
    {},
    element("ul", {}, ...head.basis.map((line) => element("li", {}, line))),
    head.digest ? element("p", { class: "digest" }, `材料摘要（SHA-256）：${head.digest}`) : null,
  );
}
