//! Made-up materials: a city with everything, and a county with one accident and one clerk.

use brief::content::*;
use chrono::{DateTime, NaiveDate, Utc};

pub fn coded(code: &str, label: &str) -> Coded {
    Coded { code: code.into(), label: label.into() }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

const KEY: [(&str, &str); 6] = [
    ("COAL_MINE", "煤矿"),
    ("NON_COAL_MINE", "非煤矿山"),
    ("HAZARDOUS_CHEMICALS", "危险化学品"),
    ("CONSTRUCTION", "建筑施工"),
    ("TRANSPORT", "交通运输"),
    ("MACHINERY", "机械制造"),
];
/// Accidents of each industry in 2019 and 2021 to 2024.
const ACCIDENTS: [[i64; 5]; 6] =
    [[24, 22, 21, 21, 19], [8, 8, 7, 7, 6], [0, 0, 1, 0, 0], [15, 14, 14, 15, 14], [31, 30, 28, 27, 25], [5, 4, 5, 4, 4]];
const CASUALTIES: [[i64; 5]; 6] =
    [[37, 33, 30, 29, 31], [10, 9, 9, 8, 7], [0, 0, 2, 0, 0], [22, 21, 19, 18, 17], [58, 55, 52, 47, 46], [6, 5, 5, 5, 4]];
const YEARS: [i32; 5] = [2019, 2021, 2022, 2023, 2024];
const DUE: [i64; 5] = [0, 0, 5, 10, 15];

fn percent(numerator: i64, denominator: i64) -> String {
    if denominator == 0 {
        return "—".into();
    }
    let tenths = (numerator * 2000 + denominator).div_euclid(denominator * 2);
    format!("{}{}.{}%", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

fn industry(at: usize) -> Coded {
    coded(KEY[at].0, KEY[at].1)
}

fn department(at: usize) -> Coded {
    match KEY[at].0 {
        "CONSTRUCTION" => coded("HOUSING", "住房和城乡建设局"),
        "TRANSPORT" => coded("TRANSPORT", "交通运输局"),
        _ => coded("EMERGENCY", "应急管理局"),
    }
}

fn headline(id: (&str, &str), at: usize, counts: [i64; 5], unit: &str) -> Headline {
    let (base, now) = (counts[0], counts[4]);
    let met = (base - now) * 100 >= 15 * base;
    let (actual, outcome, reason) = if base == 0 && now == 0 {
        (format!("0{unit}→0{unit}"), Outcome::Met, "2019年为零，本年仍为零，按“保持为零”判定。".to_owned())
    } else if met {
        (format!("下降{}（{base}{unit}→{now}{unit}）", percent(base - now, base)), Outcome::Met, "降幅不低于15%。".to_owned())
    } else {
        let most = base * 85 / 100;
        (
            format!("下降{}（{base}{unit}→{now}{unit}）", percent(base - now, base)),
            Outcome::NotMet,
            format!("按15%的降幅不应多于{most}{unit}，多出{}{unit}。", now - most),
        )
    };
    Headline {
        indicator: coded(id.0, id.1),
        industry: Some(industry(at)),
        department: Some(department(at)),
        target: "较2019年下降15%".into(),
        actual,
        outcome,
        reason,
    }
}

fn headlines() -> Vec<Headline> {
    let mut lines = Vec::new();
    for at in 0..6 {
        lines.push(headline(("I1", "安全生产事故起数降幅"), at, ACCIDENTS[at], "起"));
        lines.push(headline(("I2", "伤亡人数降幅"), at, CASUALTIES[at], "人"));
    }
    let health = Some(coded("HEALTH", "卫生健康委员会"));
    lines.push(Headline {
        indicator: coded("I3", "尘肺病报告比例"),
        industry: None,
        department: health.clone(),
        target: "持续下降".into(),
        actual: "15.4%（39例中6例），上年17.1%".into(),
        outcome: Outcome::Met,
        reason: "接尘工龄不足5年的比例低于上年。".into(),
    });
    lines.push(Headline {
        indicator: coded("I4", "重点岗位人员安全生产培训覆盖率"),
        industry: None,
        department: Some(coded("EMERGENCY", "应急管理局")),
        target: "达到95%".into(),
        actual: "94.96%以一位小数计为95.0%（4712人/4962人）".into(),
        outcome: Outcome::NotMet,
        reason: "按精确数判定，尚差2人。".into(),
    });
    lines.push(Headline {
        indicator: coded("I5", "重点岗位人员职业卫生培训覆盖率"),
        industry: None,
        department: health,
        target: "达到95%".into(),
        actual: "—".into(),
        outcome: Outcome::NotJudged,
        reason: "卫生健康部门2024年度培训数据未报送，不判定。".into(),
    });
    lines.push(Headline {
        indicator: coded("I6", "工伤事故发生率"),
        industry: None,
        department: Some(coded("HRSS", "人力资源和社会保障局")),
        target: "较2020年下降20%左右".into(),
        actual: "下降18.7%（2.41‰→1.96‰）".into(),
        outcome: Outcome::About,
        reason: "“左右”指标只报数，不按一位小数判定。".into(),
    });
    lines
}

pub fn figure(
    id: (&str, &str),
    region: Coded,
    industry: Option<Coded>,
    formula: Formula,
    parts: (Option<i64>, Option<i64>),
) -> Figure {
    let shown = match (formula, parts) {
        (Formula::Reduction, (Some(now), Some(base))) => percent(base - now, base),
        (Formula::Share, (Some(part), Some(whole))) => percent(part, whole),
        (Formula::PerMille, (Some(part), Some(whole))) => percent(part * 10, whole).replace('%', "‰"),
        (Formula::Count, (Some(count), _)) => count.to_string(),
        _ => "—".into(),
    };
    Figure {
        indicator: coded(id.0, id.1),
        region,
        industry,
        formula,
        numerator: parts.0,
        denominator: parts.1,
        money: false,
        shown,
        last_year: "—".into(),
        base_year: "—".into(),
        target: None,
        outcome: None,
        reason: String::new(),
    }
}

fn reductions(id: (&str, &str), counts: [[i64; 5]; 6]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let total = |year: usize| counts.iter().map(|row| row[year]).sum::<i64>();
    let all = [0, 1, 2, 3, 4].map(total);
    let rows = std::iter::once((None, all)).chain((0..6).map(|at| (Some(industry(at)), counts[at])));
    for (industry, counts) in rows {
        let (base, now) = (counts[0], counts[4]);
        let mut figure = figure(id, region(), industry, Formula::Reduction, (Some(now), Some(base)));
        figure.last_year = percent(base - counts[3], base);
        figure.base_year = if base == 0 { "—".into() } else { "0.0%".into() };
        figure.target = Some("≥15.0%".into());
        figure.outcome = Some(if (base - now) * 100 >= 15 * base { Outcome::Met } else { Outcome::NotMet });
        if base == 0 {
            figure.reason = "基数为零，按保持为零判定".into();
        }
        figures.push(figure);
    }
    figures
}

pub fn region() -> Coded {
    coded("140600", "朔州市")
}

fn counties() -> [Coded; 7] {
    [
        coded("140602", "朔城区"),
        coded("140603", "平鲁区"),
        coded("140621", "山阴县"),
        coded("140622", "应县"),
        coded("140623", "右玉县"),
        coded("140671", "朔州经济开发区"),
        coded("140681", "怀仁市"),
    ]
}

fn figures() -> Vec<Figure> {
    let mut figures = reductions(("I1", "安全生产事故起数降幅"), ACCIDENTS);
    figures.extend(reductions(("I2", "伤亡人数降幅"), CASUALTIES));
    let mut ratio = figure(("I3", "尘肺病报告比例"), region(), None, Formula::Share, (Some(6), Some(39)));
    ratio.last_year = "17.1%".into();
    ratio.base_year = "24.5%".into();
    ratio.target = Some("低于上年".into());
    ratio.outcome = Some(Outcome::Met);
    figures.push(ratio);
    let mut training = figure(("I4", "重点岗位人员安全生产培训覆盖率"), region(), None, Formula::Share, (Some(4712), Some(4962)));
    training.target = Some("≥95%".into());
    training.outcome = Some(Outcome::NotMet);
    training.reason = "精确值低于95%".into();
    figures.push(training);
    let mut missing = figure(("I5", "重点岗位人员职业卫生培训覆盖率"), region(), None, Formula::Share, (None, Some(3107)));
    missing.target = Some("≥95%".into());
    missing.outcome = Some(Outcome::NotJudged);
    missing.reason = "卫生健康部门未报送2024年度数据".into();
    figures.push(missing);
    figures.push(figure(("I6", "工伤事故发生率"), region(), None, Formula::PerMille, (Some(612), Some(312_408))));
    let mut money =
        figure(("I7", "工伤保险基金支缴率"), region(), None, Formula::Share, (Some(18_230_467_512), Some(20_114_900_000)));
    money.money = true;
    money.last_year = "88.2%".into();
    figures.push(money);
    figures.push(figure(("I9", "隐患按期整改率"), region(), None, Formula::Share, (Some(1180), Some(1207))));
    figures.push(figure(("I14", "培训人次"), region(), None, Formula::Count, (Some(12_604), None)));
    for (at, county) in counties().into_iter().enumerate() {
        let at = i64::try_from(at).expect("few");
        let mut figure =
            figure(("I1", "安全生产事故起数降幅"), county, None, Formula::Reduction, (Some(12 - at), Some(13 - at / 2)));
        figure.target = Some("≥15.0%".into());
        figure.outcome = Some(if at > 2 { Outcome::Met } else { Outcome::NotMet });
        figures.push(figure);
    }
    figures
}

fn point(year: i32, numerator: Option<i64>, denominator: i64) -> Point {
    Point { year, numerator, denominator, provisional: false }
}

fn trends() -> Vec<Trend> {
    let mut trends = Vec::new();
    for (code, label, unit, table) in [("ACCIDENTS", "事故起数", "起", ACCIDENTS), ("CASUALTIES", "伤亡人数", "人", CASUALTIES)]
    {
        for (at, counts) in table.iter().enumerate() {
            let mut points: Vec<Point> = YEARS.iter().zip(counts).map(|(year, count)| point(*year, Some(*count), 1)).collect();
            points[4].provisional = true;
            trends.push(Trend {
                measure: coded(code, label),
                industry: Some(industry(at)),
                unit: unit.into(),
                points,
                stair: YEARS
                    .iter()
                    .zip(DUE)
                    .skip(1)
                    .chain([(&2025, 20)])
                    .map(|(y, due)| point(*y, Some(counts[0] * (100 - due)), 100))
                    .collect(),
            });
        }
    }
    trends.push(Trend {
        measure: coded("PNEUMOCONIOSIS_RATIO", "尘肺病报告比例"),
        industry: None,
        unit: "%".into(),
        points: vec![
            point(2019, Some(13), 53),
            point(2021, Some(11), 51),
            point(2022, Some(9), 47),
            point(2023, Some(7), 41),
            Point { provisional: true, ..point(2024, Some(6), 39) },
        ],
        stair: vec![point(2021, Some(13), 53), point(2022, Some(11), 51), point(2023, Some(9), 47), point(2024, Some(7), 41)],
    });
    for (code, label, points) in [
        ("SAFETY_TRAINING", "安全生产培训覆盖率", [Some(3606), Some(4020), Some(4530), Some(4712)]),
        ("HEALTH_TRAINING", "职业卫生培训覆盖率", [Some(3700), None, Some(4475), None]),
    ] {
        trends.push(Trend {
            measure: coded(code, label),
            industry: None,
            unit: "%".into(),
            points: [2021, 2022, 2023, 2024].into_iter().zip(points).map(|(year, count)| point(year, count, 4962)).collect(),
            stair: [(2021, 70), (2022, 80), (2023, 90), (2024, 95), (2025, 100)].map(|(y, due)| point(y, Some(due), 100)).to_vec(),
        });
    }
    trends
}

fn tallies(list: &[(&str, &str, i64, i64)]) -> Vec<Tally> {
    let tally = |(code, label, count, last_year): &(&str, &str, i64, i64)| Tally {
        item: coded(code, label),
        count: Some(*count),
        last_year: Some(*last_year),
    };
    list.iter().map(tally).collect()
}

fn heat() -> Heat {
    let counts = [
        [3, 1, 0, 5, 7, 2],
        [6, 1, 0, 2, 4, 0],
        [5, 2, 0, 2, 5, 1],
        [0, 1, 0, 2, 3, 1],
        [2, 0, 0, 1, 2, 0],
        [0, 0, 0, 1, 1, 0],
        [2, 1, 0, 1, 3, 0],
    ];
    Heat {
        industries: KEY.iter().map(|(code, label)| coded(code, label)).collect(),
        regions: counties()
            .into_iter()
            .zip(counts)
            .map(|(region, row)| HeatRow { region, counts: row.map(Some).to_vec() })
            .collect(),
        difference: Some("各县区合计67起，市级核定68起：市属煤业集团跨县区作业面事故1起由市级统计。".into()),
    }
}

fn returns() -> Vec<Return> {
    let owed = |department: (&str, &str), title: &str, due: &str, state, signed: Option<&str>| Return {
        department: coded(department.0, department.1),
        title: title.into(),
        due: day(due),
        state,
        signed_at: signed.map(at),
        provisional: false,
        difference: None,
    };
    let mut returns = vec![
        owed(
            ("EMERGENCY", "应急管理局"),
            "2024年事故起数和伤亡人数（煤矿、非煤矿山、危险化学品、机械制造）",
            "2025-02-28",
            ReturnState::OnTime,
            Some("2025-02-20T02:14:00Z"),
        ),
        owed(
            ("HOUSING", "住房和城乡建设局"),
            "2024年建筑施工事故起数和伤亡人数",
            "2025-02-28",
            ReturnState::OnTime,
            Some("2025-02-26T08:40:00Z"),
        ),
        owed(
            ("TRANSPORT", "交通运输局"),
            "2024年交通运输事故起数和伤亡人数",
            "2025-02-28",
            ReturnState::Late,
            Some("2025-03-03T01:05:00Z"),
        ),
        owed(
            ("HEALTH", "卫生健康委员会"),
            "2024年新报告职业性尘肺病例",
            "2025-02-28",
            ReturnState::OnTime,
            Some("2025-02-28T09:30:00Z"),
        ),
        owed(("HEALTH", "卫生健康委员会"), "2024年职业卫生培训情况", "2025-02-28", ReturnState::Overdue, None),
        owed(("EMERGENCY", "应急管理局"), "2025年事故起数和伤亡人数", "2025-12-31", ReturnState::NotDue, None),
    ];
    returns[1].difference = Some("签认15起，记录汇总14起：1起正在复核事故等级，部门说明待复核后更正。".into());
    returns[2].provisional = true;
    returns
}

fn leads() -> Vec<LeadGroup> {
    vec![
        LeadGroup {
            kind: coded("DEATH_WITHOUT_RECOGNITION", "事故死亡未见工伤认定"),
            explanation: "应急部门记录了死亡，人社部门在申请期限内未见认定申请；可能未参保、可能由他地受理。".into(),
            certain: 4,
            candidates: 3,
            closed: 11,
            overlap: Some(Overlap {
                here: "应急".into(),
                there: "人社".into(),
                matched: 38,
                only_here: 7,
                only_there: 5,
                estimate: Some(51),
                low: Some(50),
                high: Some(53),
                caveat: "要求两份名单互相独立、没有误配；实际上并不完全满足，只作参考。".into(),
            }),
            lines: vec![
                LeadLine {
                    number: "L-2024-0017".into(),
                    region: coded("140603", "平鲁区"),
                    employer: "平鲁某某煤业有限公司".into(),
                    day: Some(day("2024-03-05")),
                    reason: "事故死亡1人，至今359日，未见工伤认定申请。".into(),
                    assigned: Some(coded("HRSS", "人力资源和社会保障局")),
                },
                LeadLine {
                    number: "L-2024-0023".into(),
                    region: coded("140602", "朔城区"),
                    employer: "朔城某某建筑工程有限公司".into(),
                    day: Some(day("2024-05-19")),
                    reason: "同一事故伤亡名单中1人无认定记录。".into(),
                    assigned: None,
                },
            ],
        },
        LeadGroup {
            kind: coded("DISEASE_WITHOUT_APPLICATION", "确诊职业病未申请认定"),
            explanation: "卫健部门报告确诊，30日内未见认定申请；距一年时效不足60日的优先。".into(),
            certain: 2,
            candidates: 0,
            closed: 6,
            overlap: None,
            lines: vec![LeadLine {
                number: "L-2024-0031".into(),
                region: coded("140621", "山阴县"),
                employer: "山阴某某洗煤厂".into(),
                day: Some(day("2024-04-11")),
                reason: "确诊至今322日，距一年时效43日。".into(),
                assigned: Some(coded("HEALTH", "卫生健康委员会")),
            }],
        },
        LeadGroup {
            kind: coded("TOLL_CHANGED_LATE", "伤亡人数变化补报逾期"),
            explanation: "事故发生30日内（道路交通、火灾7日内）伤亡变化应及时补报，记录显示补报在期限之后。".into(),
            certain: 1,
            candidates: 0,
            closed: 0,
            overlap: None,
            lines: vec![],
        },
    ]
}

fn hazards() -> Vec<Hazard> {
    let hazard =
        |number: &str, employer: &str, region: (&str, &str), description: &str, deadline: &str, days_overdue, supervised| Hazard {
            number: number.into(),
            employer: employer.into(),
            region: coded(region.0, region.1),
            level: if supervised { coded("MAJOR", "重大") } else { coded("GENERAL", "一般") },
            description: description.into(),
            deadline: day(deadline),
            days_overdue,
            supervised,
            department: coded("EMERGENCY", "应急管理局"),
        };
    vec![
        hazard(
            "YH-2024-0113",
            "平鲁某某煤业有限公司",
            ("140603", "平鲁区"),
            "4号煤层回风巷支护强度不足，未按方案补打锚索",
            "2024-09-30",
            151,
            true,
        ),
        hazard("YH-2024-0278", "山阴某某洗煤厂", ("140621", "山阴县"), "破碎车间除尘器滤袋破损，粉尘外逸", "2024-12-15", 75, false),
        hazard("YH-2025-0009", "怀仁某某陶瓷有限公司", ("140681", "怀仁市"), "压机光电保护装置失效", "2025-02-10", 18, false),
    ]
}

fn employers() -> Vec<Employer> {
    vec![
        Employer {
            name: "平鲁某某煤业有限公司".into(),
            uscc: Some("91140603MA00000000".into()),
            region: coded("140603", "平鲁区"),
            industry: Some(coded("COAL_MINE", "煤矿")),
            reasons: vec![
                "2024年2起事故，亡1人".into(),
                "重大隐患逾期151日，挂牌督办".into(),
                "呼吸性粉尘超标3个点，同期新报告尘肺病2例".into(),
            ],
        },
        Employer {
            name: "朔城某某建筑工程有限公司".into(),
            uscc: None,
            region: coded("140602", "朔城区"),
            industry: Some(coded("CONSTRUCTION", "建筑施工")),
            reasons: vec!["2024年3起高处坠落".into()],
        },
    ]
}

fn resolutions() -> Vec<Resolution> {
    let resolution =
        |number: &str, text: &str, owner: (&str, &str), due: Option<&str>, state: (&str, &str), progress: Option<&str>| {
            Resolution {
                number: number.into(),
                text: text.into(),
                owner: coded(owner.0, owner.1),
                due: due.map(day),
                state: coded(state.0, state.1),
                progress: progress.map(Into::into),
            }
        };
    vec![
        resolution(
            "2023-1-1",
            "对2023年发生死亡事故的煤矿逐一开展工伤预防“面对面”培训",
            ("EMERGENCY", "应急管理局"),
            Some("2024-06-30"),
            ("DONE", "已办结"),
            Some("9家已全部完成，培训1126人次"),
        ),
        resolution(
            "2023-1-2",
            "建立职业病确诊与工伤认定信息按月比对机制",
            ("HEALTH", "卫生健康委员会"),
            Some("2024-09-30"),
            ("OVERDUE", "逾期"),
            Some("已完成三个县区"),
        ),
        resolution(
            "2023-1-3",
            "建成一处煤矿工伤预防警示教育基地",
            ("HRSS", "人力资源和社会保障局"),
            None,
            ("CARRIED", "转入下次会议"),
            None,
        ),
        resolution(
            "2024-1-1",
            "研究浮动费率与培训覆盖率挂钩办法",
            ("FINANCE", "财政局"),
            Some("2025-06-30"),
            ("OPEN", "在办"),
            None,
        ),
    ]
}

/// 朔州 2024, with everything.
pub fn shuozhou() -> Brief {
    Brief {
        head: Head {
            region: region(),
            year: 2024,
            plan: coded("SHUOZHOU-2021", "朔州市工伤预防五年行动计划（2021—2025年）实施方案"),
            base_year: Some(2019),
            source: "朔人社发〔2021〕某号".into(),
            incomplete_plan: false,
            taken_at: at("2025-02-28T08:30:00Z"),
            position: "1204587".into(),
            provisional: true,
            basis: vec![
                "事故按发生时间计入年度，伤亡人数为死亡、失踪与重伤人数之和（口径 DEATHS_MISSING_SERIOUS）。".into(),
                "尘肺病报告比例的分母为当年首次报告的全部尘肺病例（口径 PNEUMOCONIOSIS_NEW）。".into(),
                "行业按 GB/T 4754—2017 归入重点行业，归类表为 2021 年版。".into(),
                "只计已核定记录；作废与待审记录不计。".into(),
            ],
            protected: false,
            digest: Some("9f2c4be15d0c1a7f3b8a6e90c4d7712f5e0b6a3d8c9147fe20b5a6c7d8e9f012".into()),
        },
        headlines: headlines(),
        figures: figures(),
        trends: trends(),
        accident_types: tallies(&[
            ("VEHICLE", "车辆伤害", 21, 23),
            ("FALL_FROM_HEIGHT", "高处坠落", 14, 12),
            ("ROOF_FALL", "冒顶片帮", 9, 11),
            ("MACHINERY", "机械伤害", 8, 9),
            ("OBJECT_STRIKE", "物体打击", 6, 8),
            ("COLLAPSE", "坍塌", 4, 3),
            ("ELECTRIC_SHOCK", "触电", 3, 4),
            ("POISONING_ASPHYXIA", "中毒和窒息", 2, 1),
            ("GAS_EXPLOSION", "瓦斯爆炸", 1, 0),
            ("FIRE", "火灾", 0, 3),
        ]),
        heat: heat(),
        exposure: tallies(&[
            ("LT5", "不足5年", 6, 7),
            ("5-10", "5—10年", 8, 9),
            ("10-15", "10—15年", 11, 10),
            ("15-20", "15—20年", 7, 8),
            ("20-30", "20—30年", 5, 6),
            ("GE30", "30年以上", 2, 1),
        ]),
        returns: returns(),
        leads: leads(),
        hazards: hazards(),
        employers: employers(),
        resolutions: resolutions(),
        meeting: Some(Meeting {
            title: "2024年度第1次联席会议（例会）".into(),
            held_at: Some(at("2025-03-14T01:00:00Z")),
            members: [
                ("HRSS", "人力资源和社会保障局"),
                ("INDUSTRY", "工业和信息化局"),
                ("FINANCE", "财政局"),
                ("HOUSING", "住房和城乡建设局"),
                ("TRANSPORT", "交通运输局"),
                ("HEALTH", "卫生健康委员会"),
                ("EMERGENCY", "应急管理局"),
                ("UNION", "总工会"),
            ]
            .map(|(code, label)| coded(code, label))
            .to_vec(),
            agenda: vec![
                "通报2024年度目标完成情况".into(),
                "审议部门间数据差异线索的核实结果".into(),
                "研究2025年收官之年重点任务".into(),
            ],
            parts: vec![
                Part {
                    department: coded("EMERGENCY", "应急管理局"), signed_at: Some(at("2025-03-05T07:20:00Z")), remark: None
                },
                Part { department: coded("HEALTH", "卫生健康委员会"), signed_at: None, remark: None },
                Part {
                    department: coded("HOUSING", "住房和城乡建设局"),
                    signed_at: Some(at("2025-03-06T02:00:00Z")),
                    remark: Some("1起事故等级复核中".into()),
                },
            ],
        }),
    }
}

/// A county with one accident: nearly all is empty or missing, and small counts are withheld.
pub fn county() -> Brief {
    let county = coded("140623", "右玉县");
    let mut figure = figure(("I1", "安全生产事故起数降幅"), county.clone(), None, Formula::Reduction, (None, Some(1)));
    figure.reason = "应急部门未报送2024年度数据".into();
    figure.outcome = Some(Outcome::NotJudged);
    figure.target = Some("≥15.0%".into());
    Brief {
        head: Head {
            region: county.clone(),
            year: 2024,
            plan: coded("SHANXI-2021", "山西省工伤预防五年行动计划（2021—2025年）实施方案"),
            base_year: Some(2019),
            source: String::new(),
            incomplete_plan: true,
            taken_at: at("2025-02-28T08:30:00Z"),
            position: String::new(),
            provisional: true,
            basis: vec![],
            protected: true,
            digest: None,
        },
        headlines: vec![Headline {
            indicator: coded("I1", "安全生产事故起数降幅"),
            industry: None,
            department: None,
            target: "较2019年下降15%".into(),
            actual: "—".into(),
            outcome: Outcome::NotJudged,
            reason: "应急部门未报送2024年度数据，不判定。".into(),
        }],
        figures: vec![figure],
        trends: vec![Trend {
            measure: coded("ACCIDENTS", "事故起数"),
            industry: None,
            unit: "起".into(),
            points: vec![
                point(2019, Some(1), 1),
                point(2021, Some(0), 1),
                point(2022, None, 1),
                point(2023, Some(1), 1),
                point(2024, None, 1),
            ],
            stair: vec![],
        }],
        accident_types: vec![Tally { item: coded("VEHICLE", "车辆伤害"), count: None, last_year: Some(0) }],
        heat: Heat::default(),
        exposure: vec![],
        returns: vec![Return {
            department: coded("EMERGENCY", "应急管理局"),
            title: "2024年事故起数和伤亡人数".into(),
            due: day("2025-02-28"),
            state: ReturnState::Overdue,
            signed_at: None,
            provisional: false,
            difference: None,
        }],
        leads: vec![],
        hazards: vec![],
        employers: vec![],
        resolutions: vec![],
        meeting: None,
    }
}
