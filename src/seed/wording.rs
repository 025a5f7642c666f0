//! Words for accidents: agents, causes and a short course. They name nobody.

use chrono::Datelike;

use super::accidents::Accident;

/// Words that fit one accident type.
pub(super) struct AccidentWords {
    pub agents: &'static [&'static str],
    pub causes: &'static [&'static str],
    pub parts: &'static [&'static str],
    pub injuries: &'static [&'static str],
    /// What happened, after a place and before a toll.
    pub event: &'static str,
}

/// Words for an accident type of GB/T 6441-1986.
pub(super) fn of(kind: &str) -> AccidentWords {
    let (agents, causes, event): (&[&str], &[&str], &str) = match kind {
        "ROOF_FALL" => (
            &["顶板", "煤壁", "支护材料"],
            &["支护不及时，空顶作业", "敲帮问顶不到位"],
            "发生冒顶片帮",
        ),
        "VEHICLE" => (
            &["机动车", "装载机", "叉车", "自卸货车"],
            &["车辆制动失效", "驾驶员观察不周", "人员违规进入车辆盲区"],
            "发生车辆伤害",
        ),
        "MACHINERY" => (
            &["带式输送机", "冲压机械", "搅拌机", "车床"],
            &["未停机断电进行清理作业", "防护罩缺失"],
            "人员被运转设备卷入",
        ),
        "LIFTING" => (
            &["桥式起重机", "塔式起重机", "吊索具"],
            &["吊索具断裂", "斜拉歪吊", "起重作业无人指挥"],
            "吊物坠落",
        ),
        "ELECTRIC_SHOCK" => {
            (&["低压线路", "配电箱", "电焊机"], &["未验电即作业", "漏电保护失效"], "人员触电")
        }
        "BURN_OR_SCALD" => (
            &["高温熔融物", "蒸汽", "酸碱介质"],
            &["管道法兰泄漏", "违规打开带压设备"],
            "高温介质喷出",
        ),
        "FIRE" => {
            (&["可燃物", "电气线路", "易燃液体"], &["违规动火作业", "电气线路短路"], "发生火灾")
        }
        "FALL_FROM_HEIGHT" => (
            &["脚手架", "临边洞口", "屋面", "爬梯"],
            &["未系挂安全带", "临边洞口防护缺失"],
            "人员从高处坠落",
        ),
        "COLLAPSE" => (
            &["土方", "模板支架", "料堆", "边坡"],
            &["未按方案放坡支护", "支架搭设不符合要求"],
            "发生坍塌",
        ),
        "WATER_INRUSH" => (&["老空水", "地下水"], &["探放水措施不落实"], "发生透水"),
        "BLASTING" | "EXPLOSIVES" => {
            (&["炸药", "雷管"], &["爆破警戒不到位", "违规处理盲炮"], "爆破作业中发生爆炸")
        }
        "GAS_EXPLOSION" => (&["瓦斯"], &["通风不良致瓦斯积聚，遇火花引爆"], "发生瓦斯爆炸"),
        "BOILER_EXPLOSION" | "VESSEL_EXPLOSION" | "OTHER_EXPLOSION" => {
            (&["反应釜", "储罐", "锅炉", "粉尘云"], &["超温超压运行", "安全联锁被摘除"], "发生爆炸")
        }
        "POISONING_ASPHYXIA" => (
            &["一氧化碳", "硫化氢", "氮气", "污水池"],
            &["有限空间作业未通风检测", "盲目施救"],
            "人员中毒窒息",
        ),
        "DROWNING" => (&["沉淀池", "水池"], &["水池临边无防护"], "人员落水"),
        "OBJECT_STRIKE" => {
            (&["坠落物", "飞出工件", "落石"], &["交叉作业无防护", "物料堆放不稳"], "物体坠落伤人")
        }
        _ => (&["其他"], &["原因复杂，详见调查报告"], "人员受到伤害"),
    };
    let (parts, injuries): (&[&str], &[&str]) = match kind {
        "POISONING_ASPHYXIA" | "DROWNING" => (&["呼吸系统", "全身"], &["中毒", "窒息"]),
        "BURN_OR_SCALD" | "FIRE" | "GAS_EXPLOSION" | "OTHER_EXPLOSION" | "VESSEL_EXPLOSION" => {
            (&["面部", "双手", "躯干", "全身多处"], &["烧伤", "冲击伤"])
        }
        "ELECTRIC_SHOCK" => (&["手部", "全身"], &["电击伤"]),
        "MACHINERY" => (&["手指", "前臂", "足部", "头部"], &["挤压伤", "切断伤", "骨折"]),
        _ => (
            &["头部", "胸部", "腰椎", "下肢", "上肢", "全身多处"],
            &["骨折", "颅脑损伤", "挤压伤", "多发伤"],
        ),
    };
    AccidentWords { agents, causes, parts, injuries, event }
}

/// A short course of the accident.
pub(super) fn course(accident: &Accident, place: &str, hour: u32) -> String {
    let (toll, day) = (accident.toll, accident.day);
    let mut text = format!(
        "{}年{}月{}日{hour}时许，{place}{}",
        day.year(),
        day.month(),
        day.day(),
        of(accident.kind).event
    );
    if toll.degrees().next().is_none() {
        text.push_str("，未造成人员伤亡");
    }
    for (count, degree) in [
        (toll.deaths, "死亡"),
        (toll.missing, "失踪"),
        (toll.serious, "重伤"),
        (toll.poisoned, "急性中毒"),
        (toll.minor, "轻伤"),
    ] {
        if count > 0 {
            text.push_str(&format!("，{count}人{degree}"));
        }
    }
    text.push('。');
    text
}
