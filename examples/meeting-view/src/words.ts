// 代码和时间怎样写。 How codes and times are written.
import type { BriefOutcome, BriefReturnState } from "./types";

export const OUTCOMES: Record<BriefOutcome, string> = { MET: "达标", NOT_MET: "未达标", NOT_JUDGED: "不判定", ABOUT: "只报数" };

export const STATES: Record<BriefReturnState, string> = { ON_TIME: "已按时报送", LATE: "逾期报送", OVERDUE: "逾期未报", NOT_DUE: "未到期" };

export const NONE = "—";

/** 北京时间，不随浏览器所在时区变化。 The wall clock of the meeting, wherever the browser is. */
export function moment(at: string | null): string {
  if (at === null) return NONE;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
  return format.format(new Date(at));
}

export const count = (number: number | null): string => (number === null ? "缺" : String(number));
