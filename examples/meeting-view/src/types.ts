// 由 types.mjs 生成，勿手改。 Made by types.mjs: npm run types.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/**
 * 指标值的算法。
 *
 * How the value of a figure is computed from its two numbers.
 */
export type BriefFormula =
  /**
   * 只有分子。
   *
   * A count: the numerator alone.
   */
  | 'COUNT'
  /**
   * 分子÷分母，千分比。
   *
   * Numerator ÷ denominator, in per mille.
   */
  | 'PER_MILLE'
  /**
   * （基期−本期）÷基期；分子为本期数，分母为基期数。
   *
   * (base year − year) ÷ base year; the numerator is the count of the year, the denominator that of the base year.
   */
  | 'REDUCTION'
  /**
   * 分子÷分母，百分比。
   *
   * Numerator ÷ denominator, in percent.
   */
  | 'SHARE';

/**
 * 目标是否达到。
 *
 * Whether a target is met.
 */
export type BriefOutcome =
  /**
   * 只报数：“左右”目标，不判定是否达到。
   *
   * Target of “about”: reported, whatever the figure is, and never judged.
   */
  | 'ABOUT'
  /**
   * 达标。
   *
   * The target is met.
   */
  | 'MET'
  /**
   * 不判定，原因另述。
   *
   * Not judged; `reason` says why.
   */
  | 'NOT_JUDGED'
  /**
   * 未达标。
   *
   * The target is not met.
   */
  | 'NOT_MET';

/**
 * 报送状态。
 *
 * State of a return that is due.
 */
export type BriefReturnState =
  /**
   * 已报送，逾期。
   *
   * Signed after the last day.
   */
  | 'LATE'
  /**
   * 未到期。
   *
   * The last day has not passed yet.
   */
  | 'NOT_DUE'
  /**
   * 已按时报送。
   *
   * Signed in time.
   */
  | 'ON_TIME'
  /**
   * 逾期未报。
   *
   * The last day has passed and nothing was signed.
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


export type JointMeetingQuery = { jointMeeting: { meeting: { id: string, number: number, kind: MeetingKind, heldAt: string | null, members: Array<Department>, agenda: Array<string> } | null, materials: { number: number, digest: string | null, frozenAt: string, parts: Array<{ department: Department, signedAt: string | null, remark: string | null }> } | null, brief: { hazardsNote: string | null, employersNote: string | null, head: { year: number, baseYear: number | null, source: string, incompletePlan: boolean, takenAt: string, position: string, provisional: boolean, basis: Array<string>, protected: boolean, digest: string | null, region: CodedFragment, plan: CodedFragment }, headlines: Array<{ target: string, actual: string, outcome: BriefOutcome, reason: string, indicator: CodedFragment, industry: CodedFragment | null, department: CodedFragment | null }>, figures: Array<{ formula: BriefFormula, numerator: number | null, denominator: number | null, money: boolean, shown: string, target: string | null, lastYear: string, baseYear: string, outcome: BriefOutcome | null, reason: string, indicator: CodedFragment, region: CodedFragment, industry: CodedFragment | null }>, trends: Array<{ unit: string, measure: CodedFragment, industry: CodedFragment | null, points: Array<PointFragment>, stair: Array<PointFragment> }>, accidentTypes: Array<TallyFragment>, heat: { difference: string | null, industries: Array<CodedFragment>, regions: Array<{ counts: Array<number | null>, region: CodedFragment }> }, exposure: Array<TallyFragment>, returns: Array<{ title: string, due: string, state: BriefReturnState, signedAt: string | null, provisional: boolean, difference: string | null, department: CodedFragment }>, leads: Array<{ explanation: string, certain: number | null, candidates: number | null, closed: number | null, kind: CodedFragment, overlap: { here: string, there: string, matched: number | null, onlyHere: number | null, onlyThere: number | null, estimate: number | null, low: number | null, high: number | null, caveat: string } | null, lines: Array<{ number: string, employer: string, day: string | null, reason: string, region: CodedFragment, assigned: CodedFragment | null }> }>, hazards: Array<{ number: string, employer: string, description: string, deadline: string, daysOverdue: number, supervised: boolean | null, region: CodedFragment, level: CodedFragment, department: CodedFragment }>, employers: Array<{ name: string, uscc: string | null, reasons: Array<string>, region: CodedFragment, industry: CodedFragment | null }>, resolutions: Array<{ number: string, text: string, due: string | null, progress: string | null, owner: CodedFragment, state: CodedFragment }>, meeting: { title: string, heldAt: string | null, agenda: Array<string>, members: Array<CodedFragment>, parts: Array<{ signedAt: string | null, remark: string | null, department: CodedFragment }> } | null, differences: Array<{ place: string, then: string, now: string }> } | null } | null };

export type CodedFragment = { code: string, label: string };

export type TallyFragment = { count: number | null, lastYear: number | null, item: CodedFragment };

export type PointFragment = { year: number, numerator: number | null, denominator: number, provisional: boolean };
