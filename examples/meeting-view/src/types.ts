// 由 types.mjs 生成，勿手改。 Made by types.mjs: npm run types.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/**
 * 指标值的算法。
 *
 * How a figure follows from its two numbers.
 */
export type BriefFormula =
  /**
   * 只有分子。
   *
   * The numerator alone.
   */
  | 'COUNT'
  /**
   * 分子÷分母，千分比。
   *
   * numerator ÷ denominator, in per mille.
   */
  | 'PER_MILLE'
  /**
   * （基期−本期）÷基期；分子为本期数，分母为基期数。
   *
   * (baseline − current) ÷ baseline; the numerator is the current count and the denominator the baseline.
   */
  | 'REDUCTION'
  /**
   * 分子÷分母，百分比。
   *
   * numerator ÷ denominator, in percent.
   */
  | 'SHARE';

/**
 * 目标是否达到。
 *
 * What became of a target.
 */
export type BriefOutcome =
  /**
   * 接近目标（“左右”指标，只报数，不按一位小数判定）。
   *
   * “About” target: reported, not judged by one decimal.
   */
  | 'ABOUT'
  /**
   * 达标。
   *
   * Met.
   */
  | 'MET'
  /**
   * 不判定，原因另述。
   *
   * Not judged; the reason says why.
   */
  | 'NOT_JUDGED'
  /**
   * 未达标。
   *
   * Not met.
   */
  | 'NOT_MET';

/**
 * 报送状态。
 *
 * State of a return.
 */
export type BriefReturnState =
  /**
   * 已报送，逾期。
   *
   * Handed in late.
   */
  | 'LATE'
  /**
   * 未到期。
   *
   * Not due yet.
   */
  | 'NOT_DUE'
  /**
   * 已按时报送。
   *
   * Handed in on time.
   */
  | 'ON_TIME'
  /**
   * 逾期未报。
   *
   * Overdue.
   */
  | 'OVERDUE';

/**
 * 部门
 *
 * Department
 */
export type Department =
  /**
   * 应急管理。
   *
   * Emergency management.
   */
  | 'EMERGENCY'
  /**
   * 财政。
   *
   * Finance.
   */
  | 'FINANCE'
  /**
   * 卫生健康。
   *
   * Health.
   */
  | 'HEALTH'
  /**
   * 住房和城乡建设。
   *
   * Housing and urban-rural development.
   */
  | 'HOUSING'
  /**
   * 人力资源和社会保障。
   *
   * Human resources and social security.
   */
  | 'HRSS'
  /**
   * 工业和信息化。
   *
   * Industry and information technology.
   */
  | 'INDUSTRY'
  /**
   * 市场监督管理。
   *
   * Market regulation.
   */
  | 'MARKET'
  /**
   * 交通运输。
   *
   * Transport.
   */
  | 'TRANSPORT'
  /**
   * 总工会。
   *
   * Federation of trade unions.
   */
  | 'UNION';

/**
 * 联席会议类型
 *
 * Kind of joint meeting
 */
export type MeetingKind =
  /**
   * 中期评估会议。
   *
   * Mid-term meeting.
   */
  | 'MID_TERM'
  /**
   * 例会。
   *
   * Routine meeting.
   */
  | 'ROUTINE'
  /**
   * 专题会议。
   *
   * Special meeting.
   */
  | 'SPECIAL';

export type JointMeetingQueryVariables = Exact<{
  region: string;
  year: number;
}>;


export type JointMeetingQuery = { jointMeeting: { meeting: { id: string, number: number, kind: MeetingKind, heldAt: string | null, members: Array<Department>, agenda: Array<string> } | null, materials: { number: number, digest: string, frozenAt: string, parts: Array<{ department: Department, signedAt: string | null, remark: string | null }> } | null, brief: { head: { year: number, baseYear: number | null, source: string, incompletePlan: boolean, takenAt: string, position: string, provisional: boolean, basis: Array<string>, protected: boolean, digest: string | null, region: CodedFragment, plan: CodedFragment }, headlines: Array<{ target: string, actual: string, outcome: BriefOutcome, reason: string, indicator: CodedFragment, industry: CodedFragment | null, department: CodedFragment | null }>, figures: Array<{ formula: BriefFormula, numerator: number | null, denominator: number | null, money: boolean, shown: string, target: string | null, lastYear: string, baseYear: string, outcome: BriefOutcome | null, reason: string, indicator: CodedFragment, region: CodedFragment, industry: CodedFragment | null }>, trends: Array<{ unit: string, measure: CodedFragment, industry: CodedFragment | null, points: Array<PointFragment>, stair: Array<PointFragment> }>, accidentTypes: Array<TallyFragment>, heat: { difference: string | null, industries: Array<CodedFragment>, regions: Array<{ counts: Array<number | null>, region: CodedFragment }> }, exposure: Array<TallyFragment>, returns: Array<{ title: string, due: string, state: BriefReturnState, signedAt: string | null, provisional: boolean, difference: string | null, department: CodedFragment }>, leads: Array<{ explanation: string, certain: number | null, candidates: number | null, closed: number | null, kind: CodedFragment, overlap: { here: string, there: string, matched: number | null, onlyHere: number | null, onlyThere: number | null, estimate: number | null, low: number | null, high: number | null, caveat: string } | null, lines: Array<{ number: string, employer: string, day: string | null, reason: string, region: CodedFragment, assigned: CodedFragment | null }> }>, hazards: Array<{ number: string, employer: string, description: string, deadline: string, daysOverdue: number, supervised: boolean, region: CodedFragment, level: CodedFragment, department: CodedFragment }>, employers: Array<{ name: string, uscc: string | null, reasons: Array<string>, region: CodedFragment, industry: CodedFragment | null }>, resolutions: Array<{ number: string, text: string, due: string | null, progress: string | null, owner: CodedFragment, state: CodedFragment }>, meeting: { title: string, heldAt: string | null, agenda: Array<string>, members: Array<CodedFragment>, parts: Array<{ signedAt: string | null, remark: string | null, department: CodedFragment }> } | null, differences: Array<{ place: string, then: string, now: string }> } | null } | null };

export type CodedFragment = { code: string, label: string };

export type TallyFragment = { count: number | null, lastYear: number | null, item: CodedFragment };

export type PointFragment = { year: number, numerator: number | null, denominator: number, provisional: boolean };
