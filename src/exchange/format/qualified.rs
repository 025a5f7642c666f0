//! What brackets behind a heading make of its number: another one (上年), so many for each of
//! something (元/人), a unit that is none (千), or two at once (元/万元).

use entity::catalogue::{Field, Kind};

use super::heading::split;
use crate::domain::quantity;

/// Words that make another number of it: （上年）, （其中女）, （预算）.
const OTHERWISE: [&str; 16] = [
    "上年",
    "去年",
    "上期",
    "同期",
    "增减",
    "增长",
    "较上",
    "其中",
    "预算",
    "计划",
    "预计",
    "拟投入",
    "罚款",
    "间接损失",
    "目标",
    "外包",
];
/// Words that do so by themselves.
const OF_SOME: [&str; 6] = ["女", "男", "女性", "男性", "女职工", "农民工"];

fn inside(heading: &str) -> String {
    split(heading).1.unwrap_or_default()
}

/// Whether a heading, or what stands above it, is of another number than its name alone says. （含外包）
/// and （不含间接损失） say what belongs to it.
pub fn is_otherwise(field: &Field, heading: &str, above: Option<&str>) -> bool {
    let of = |text: &str| {
        let inside = inside(text);
        let says = !inside.starts_with('含') && !inside.starts_with("不含");
        says && (OF_SOME.contains(&inside.as_str())
            || OTHERWISE.iter().any(|word| inside.contains(word)))
    };
    matches!(field.kind, Kind::Int | Kind::Money) && (of(heading) || above.is_some_and(of))
}

/// Whether it says so many of one thing for each of another: （人次/场）, （元/人）, （每人）. So many
/// yuan for each accident or year are what a row is about.
pub fn is_rate(heading: &str) -> bool {
    let inside = inside(heading);
    let of = |words: &[&str]| words.iter().any(|word| inside.contains(word));
    let parts: Vec<&str> = inside.split('/').collect();
    let each = matches!(parts.as_slice(), [unit, each]
        if quantity::is_unit(unit)
            && quantity::is_unit(each)
            && !quantity::is_unit(&inside)
            && quantity::known(each, "元").is_none()
            && !["起", "年"].contains(each));
    each || inside.starts_with('每') || of(&["人均", "日均", "户均"])
}

/// Whether it names several units of a field that are not the same: （元/万元）.
pub fn is_ambiguous(heading: &str, own: &str) -> bool {
    let inside = inside(heading);
    let parts = inside.split(['、', ',', ';', '/', '或']);
    let mut factors = parts.filter_map(|unit| quantity::factor(unit, own));
    factors.next().is_some_and(|first| factors.any(|other| other != first))
}

/// Whether it is so many and says not of what: （千）.
pub fn is_bare_multiple(heading: &str) -> bool {
    let inside = inside(heading);
    !inside.is_empty() && inside.chars().all(|c| "十百千万亿".contains(c))
}
