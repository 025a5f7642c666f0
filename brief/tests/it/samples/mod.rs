//! Made-up materials: a city with everything, and a county with one accident and one clerk.

mod figures;
mod lists;

use brief::content::*;
use chrono::{DateTime, NaiveDate, Utc};

use figures::{figure, figures, headlines, heat, point, region, tallies, trends};
use lists::{employers, hazards, leads, resolutions, returns};

pub fn coded(code: &str, label: &str) -> Coded {
    Coded { code: code.into(), label: label.into() }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
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
        tasks: Some(tasks()),
        leads: leads(),
        hazards: hazards(),
        hazards_note: Some("另有3项整改期限已过、尚未办结的隐患未列出。".into()),
        employers: employers(),
        employers_note: Some("共15家单位有走访理由，只列最严重的12家。".into()),
        resolutions: resolutions(),
        differences: vec![Difference {
            place: "I2 伤亡人数降幅，煤矿".into(),
            then: "16.2%（37人→31人）".into(),
            now: "13.5%（37人→32人）".into(),
        }],
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
    let mut figure = figure(
        ("I1", "安全生产事故起数降幅"),
        county.clone(),
        None,
        Formula::Reduction,
        (None, Some(1)),
    );
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
            target_id: None,
            reason_code: None,
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
        accident_types: vec![Tally {
            item: coded("VEHICLE", "车辆伤害"),
            count: None,
            last_year: Some(0),
        }],
        heat: Heat::default(),
        exposure: vec![],
        returns: vec![Return {
            department: coded("EMERGENCY", "应急管理局"),
            title: "2024年事故起数和伤亡人数".into(),
            due: day("2025-02-28"),
            state: ReturnState::Overdue,
            signed_at: None,
            provisional: false,
            carried: None,
            difference: None,
        }],
        tasks: None,
        leads: vec![],
        hazards: vec![],
        hazards_note: None,
        employers: vec![],
        employers_note: None,
        resolutions: vec![],
        differences: vec![],
        meeting: None,
    }
}

fn tasks() -> Vec<TaskLine> {
    let line = |department: (&str, &str), code: &str| TaskLine {
        text: "责任部门向同级人社部门提供2023年安全生产事故起数和伤亡人数".into(),
        source: "朔州市实施方案 附件2 2024年 任务1".into(),
        department: coded(department.0, department.1),
        due: Some(day("2024-02-29")),
        state: coded(code, ""),
        known: vec!["2023年事故起数和伤亡人数已于2024-02-20签报".into()],
        report: None,
        evidence: vec![],
        remark: None,
    };
    vec![
        TaskLine {
            report: Some("已按时签报。".into()),
            evidence: vec!["朔应急函〔2024〕9号".into()],
            remark: Some("与平台记录一致".into()),
            ..line(("EMERGENCY", "应急管理局"), "CONFIRMED")
        },
        line(("HOUSING", "住房和城乡建设局"), "OVERDUE"),
    ]
}
