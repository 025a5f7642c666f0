//! Figures of a made-up city, consistent with each other.

use brief::content::*;

use super::coded;

const KEY: [(&str, &str); 6] = [
    ("COAL_MINE", "煤矿"),
    ("NON_COAL_MINE", "非煤矿山"),
    ("HAZARDOUS_CHEMICALS", "危险化学品"),
    ("CONSTRUCTION", "建筑施工"),
    ("TRANSPORT", "交通运输"),
    ("MACHINERY", "机械制造"),
];
/// Accidents of each industry in 2019 and 2021 to 2024.
const ACCIDENTS: [[i64; 5]; 6] = [
    [24, 22, 21, 21, 19],
    [8, 8, 7, 7, 6],
    [0, 0, 1, 0, 0],
    [15, 14, 14, 15, 14],
    [31, 30, 28, 27, 25],
    [5, 4, 5, 4, 4],
];
const CASUALTIES: [[i64; 5]; 6] = [
    [37, 33, 30, 29, 31],
    [10, 9, 9, 8, 7],
    [0, 0, 2, 0, 0],
    [22, 21, 19, 18, 17],
    [58, 55, 52, 47, 46],
    [6, 5, 5, 5, 4],
];
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
        (
            format!("0{unit}→0{unit}"),
            Outcome::Met,
            "2019年为零，本年仍为零，按“保持为零”判定。".to_owned(),
        )
    } else if met {
        (
            format!("下降{}（{base}{unit}→{now}{unit}）", percent(base - now, base)),
            Outcome::Met,
            "降幅不低于15%。".to_owned(),
        )
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
        target_id: None,
        reason_code: None,
    }
}

pub fn headlines() -> Vec<Headline> {
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
        target_id: None,
        reason_code: None,
    });
    lines.push(Headline {
        indicator: coded("I4", "重点岗位人员安全生产培训覆盖率"),
        industry: None,
        department: Some(coded("EMERGENCY", "应急管理局")),
        target: "达到95%".into(),
        actual: "94.96%以一位小数计为95.0%（4712人/4962人）".into(),
        outcome: Outcome::NotMet,
        reason: "按精确数判定，尚差2人。".into(),
        target_id: None,
        reason_code: None,
    });
    lines.push(Headline {
        indicator: coded("I5", "重点岗位人员职业卫生培训覆盖率"),
        industry: None,
        department: health,
        target: "达到95%".into(),
        actual: "—".into(),
        outcome: Outcome::NotJudged,
        reason: "卫生健康部门2024年度培训数据未报送，不判定。".into(),
        target_id: None,
        reason_code: None,
    });
    lines.push(Headline {
        indicator: coded("I6", "工伤事故发生率"),
        industry: None,
        department: Some(coded("HRSS", "人力资源和社会保障局")),
        target: "较2020年下降20%左右".into(),
        actual: "下降18.7%（2.41‰→1.96‰）".into(),
        outcome: Outcome::About,
        reason: "“左右”指标只报数，不按一位小数判定。".into(),
        target_id: None,
        reason_code: None,
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
        (Formula::PerMille, (Some(part), Some(whole))) => {
            percent(part * 10, whole).replace('%', "‰")
        }
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
    let rows =
        std::iter::once((None, all)).chain((0..6).map(|at| (Some(industry(at)), counts[at])));
    for (industry, counts) in rows {
        let (base, now) = (counts[0], counts[4]);
        let mut figure =
            figure(id, region(), industry, Formula::Reduction, (Some(now), Some(base)));
        figure.last_year = percent(base - counts[3], base);
        figure.base_year = if base == 0 { "—".into() } else { "0.0%".into() };
        figure.target = Some("≥15.0%".into());
        figure.outcome =
            Some(if (base - now) * 100 >= 15 * base { Outcome::Met } else { Outcome::NotMet });
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

pub fn counties() -> [Coded; 7] {
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

pub fn figures() -> Vec<Figure> {
    let mut figures = reductions(("I1", "安全生产事故起数降幅"), ACCIDENTS);
    figures.extend(reductions(("I2", "伤亡人数降幅"), CASUALTIES));
    let mut ratio =
        figure(("I3", "尘肺病报告比例"), region(), None, Formula::Share, (Some(6), Some(39)));
    ratio.last_year = "17.1%".into();
    ratio.base_year = "24.5%".into();
    ratio.target = Some("低于上年".into());
    ratio.outcome = Some(Outcome::Met);
    figures.push(ratio);
    let mut training = figure(
        ("I4", "重点岗位人员安全生产培训覆盖率"),
        region(),
        None,
        Formula::Share,
        (Some(4712), Some(4962)),
    );
    training.target = Some("≥95%".into());
    training.outcome = Some(Outcome::NotMet);
    training.reason = "精确值低于95%".into();
    figures.push(training);
    let mut missing = figure(
        ("I5", "重点岗位人员职业卫生培训覆盖率"),
        region(),
        None,
        Formula::Share,
        (None, Some(3107)),
    );
    missing.target = Some("≥95%".into());
    missing.outcome = Some(Outcome::NotJudged);
    missing.reason = "卫生健康部门未报送2024年度数据".into();
    figures.push(missing);
    figures.push(figure(
        ("I6", "工伤事故发生率"),
        region(),
        None,
        Formula::PerMille,
        (Some(612), Some(312_408)),
    ));
    let mut money = figure(
        ("I7", "工伤保险基金支缴率"),
        region(),
        None,
        Formula::Share,
        (Some(18_230_467_512), Some(20_114_900_000)),
    );
    money.money = true;
    money.last_year = "88.2%".into();
    figures.push(money);
    figures.push(figure(
        ("I9", "隐患按期整改率"),
        region(),
        None,
        Formula::Share,
        (Some(1180), Some(1207)),
    ));
    figures.push(figure(("I14", "培训人次"), region(), None, Formula::Count, (Some(12_604), None)));
    for (at, county) in counties().into_iter().enumerate() {
        let at = i64::try_from(at).expect("few");
        let mut figure = figure(
            ("I1", "安全生产事故起数降幅"),
            county,
            None,
            Formula::Reduction,
            (Some(12 - at), Some(13 - at / 2)),
        );
        figure.target = Some("≥15.0%".into());
        figure.outcome = Some(if at > 2 { Outcome::Met } else { Outcome::NotMet });
        figures.push(figure);
    }
    figures
}

pub fn point(year: i32, numerator: Option<i64>, denominator: i64) -> Point {
    Point { year, numerator, denominator, provisional: false, instead: None }
}

pub fn trends() -> Vec<Trend> {
    let mut trends = Vec::new();
    for (code, label, unit, table) in
        [("ACCIDENTS", "事故起数", "起", ACCIDENTS), ("CASUALTIES", "伤亡人数", "人", CASUALTIES)]
    {
        for (at, counts) in table.iter().enumerate() {
            let mut points: Vec<Point> = YEARS
                .iter()
                .zip(counts)
                .map(|(year, count)| point(*year, Some(*count), 1))
                .collect();
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
        stair: vec![
            point(2021, Some(13), 53),
            point(2022, Some(11), 51),
            point(2023, Some(9), 47),
            point(2024, Some(7), 41),
        ],
    });
    for (code, label, points) in [
        ("SAFETY_TRAINING", "安全生产培训覆盖率", [Some(3606), Some(4020), Some(4530), Some(4712)]),
        ("HEALTH_TRAINING", "职业卫生培训覆盖率", [Some(3700), None, Some(4475), None]),
    ] {
        trends.push(Trend {
            measure: coded(code, label),
            industry: None,
            unit: "%".into(),
            points: [2021, 2022, 2023, 2024]
                .into_iter()
                .zip(points)
                .map(|(year, count)| point(year, count, 4962))
                .collect(),
            stair: [(2021, 70), (2022, 80), (2023, 90), (2024, 95), (2025, 100)]
                .map(|(y, due)| point(y, Some(due), 100))
                .to_vec(),
        });
    }
    trends
}

pub fn tallies(list: &[(&str, &str, i64, i64)]) -> Vec<Tally> {
    let tally = |(code, label, count, last_year): &(&str, &str, i64, i64)| Tally {
        item: coded(code, label),
        count: Some(*count),
        last_year: Some(*last_year),
    };
    list.iter().map(tally).collect()
}

pub fn heat() -> Heat {
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
        difference: Some(
            "各县区合计67起，市级核定68起：市属煤业集团跨县区作业面事故1起由市级统计。".into(),
        ),
    }
}
