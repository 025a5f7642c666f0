//! Lists of a made-up city: returns, leads, hazards, employers, resolutions.

use brief::content::*;

use super::{at, coded, day};

pub fn returns() -> Vec<Return> {
    let owed =
        |department: (&str, &str), title: &str, due: &str, state, signed: Option<&str>| Return {
            department: coded(department.0, department.1),
            title: title.into(),
            due: day(due),
            state,
            signed_at: signed.map(at),
            provisional: false,
            carried: None,
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
        owed(
            ("HEALTH", "卫生健康委员会"),
            "2024年职业卫生培训情况",
            "2025-02-28",
            ReturnState::Overdue,
            None,
        ),
        owed(
            ("EMERGENCY", "应急管理局"),
            "2025年事故起数和伤亡人数",
            "2025-12-31",
            ReturnState::NotDue,
            None,
        ),
    ];
    returns[1].difference =
        Some("签认15起，记录汇总14起：1起正在复核事故等级，部门说明待复核后更正。".into());
    returns[2].provisional = true;
    returns
}

pub fn leads() -> Vec<LeadGroup> {
    vec![
        LeadGroup {
            kind: coded("DEATH_WITHOUT_RECOGNITION", "事故死亡未见工伤认定"),
            explanation:
                "应急部门记录了死亡，人社部门在申请期限内未见认定申请；可能未参保、可能由他地受理。"
                    .into(),
            certain: Some(4),
            candidates: Some(3),
            closed: Some(11),
            reason: None,
            overlap: Some(Overlap {
                here: "应急".into(),
                there: "人社".into(),
                matched: Some(38),
                only_here: Some(7),
                only_there: Some(5),
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
            certain: Some(2),
            candidates: Some(0),
            closed: Some(6),
            reason: None,
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
            explanation:
                "事故发生30日内（道路交通、火灾7日内）伤亡变化应及时补报，记录显示补报在期限之后。"
                    .into(),
            certain: Some(1),
            candidates: Some(0),
            closed: Some(0),
            reason: None,
            overlap: None,
            lines: vec![],
        },
    ]
}

pub fn hazards() -> Vec<Hazard> {
    let hazard = |number: &str,
                  employer: &str,
                  region: (&str, &str),
                  description: &str,
                  deadline: &str,
                  days_overdue,
                  supervised: Option<bool>| Hazard {
        number: number.into(),
        employer: employer.into(),
        region: coded(region.0, region.1),
        level: if supervised == Some(true) {
            coded("MAJOR", "重大")
        } else {
            coded("GENERAL", "一般")
        },
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
            Some(true),
        ),
        hazard(
            "YH-2024-0278",
            "山阴某某洗煤厂",
            ("140621", "山阴县"),
            "破碎车间除尘器滤袋破损，粉尘外逸",
            "2024-12-15",
            75,
            Some(false),
        ),
        hazard(
            "YH-2025-0009",
            "怀仁某某陶瓷有限公司",
            ("140681", "怀仁市"),
            "压机光电保护装置失效",
            "2025-02-10",
            18,
            None,
        ),
    ]
}

pub fn employers() -> Vec<Employer> {
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

pub fn resolutions() -> Vec<Resolution> {
    let resolution = |number: &str,
                      text: &str,
                      owner: (&str, &str),
                      due: Option<&str>,
                      state: (&str, &str),
                      progress: Option<&str>| {
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
