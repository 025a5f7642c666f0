//! Made-up names of persons and companies.
//!
//! Surnames follow their real frequency (`surnames.csv`); given names are common characters drawn
//! at random, so a full name may exist but names nobody.

use std::sync::LazyLock;

use super::stream::SplitMix64;

struct Surnames {
    names: Vec<&'static str>,
    /// Sums of the weights up to and with each name.
    sums: Vec<u32>,
}

static SURNAMES: LazyLock<Surnames> = LazyLock::new(|| {
    let mut surnames = Surnames { names: Vec::new(), sums: Vec::new() };
    let mut sum = 0;
    for line in include_str!("surnames.csv").lines().filter(|line| !line.starts_with('#')).skip(1) {
        let Some((name, weight)) = line.split_once(',') else { continue };
        sum += weight.parse::<f64>().map_or(0, |weight| weight as u32);
        surnames.names.push(name);
        surnames.sums.push(sum);
    }
    surnames
});

const MALE: [&str; 60] = [
    "伟", "强", "军", "建", "国", "平", "志", "明", "永", "福", "贵", "海", "涛", "波", "勇", "斌",
    "峰", "刚", "文", "武", "俊", "杰", "宏", "旺", "生", "春", "林", "山", "东", "立", "新", "华",
    "兴", "安", "成", "德", "忠", "义", "孝", "云", "龙", "虎", "飞", "鹏", "亮", "振", "世", "学",
    "景", "治", "和", "全", "宝", "金", "玉", "正", "彦", "润", "庆", "利",
];

const FEMALE: [&str; 50] = [
    "秀", "英", "桂", "兰", "芳", "丽", "梅", "红", "霞", "玲", "娟", "燕", "敏", "静", "艳", "萍",
    "莉", "凤", "花", "香", "翠", "云", "慧", "琴", "淑", "珍", "爱", "巧", "春", "雪", "晓", "婷",
    "娜", "倩", "颖", "洁", "琳", "佳", "欣", "美", "莲", "菊", "彩", "改", "俊", "玉", "海", "瑞",
    "素", "文",
];

/// A name for a man or a woman.
pub(super) fn person(stream: &mut SplitMix64, male: bool) -> String {
    let surnames = &*SURNAMES;
    let drawn = stream.below(surnames.sums.last().copied().unwrap_or_default());
    let index = surnames.sums.partition_point(|sum| *sum <= drawn);
    let mut name = surnames.names.get(index).copied().unwrap_or("王").to_owned();
    let given: &[&'static str] = if male { &MALE } else { &FEMALE };
    name.push_str(stream.word(given));
    if stream.chance(760) {
        name.push_str(stream.word(given));
    }
    name
}

const BRAND_FIRST: [&str; 31] = [
    "恒", "鑫", "泰", "瑞", "宏", "盛", "永", "晋", "鲁", "昌", "荣", "祥", "金", "正", "华", "兴",
    "广", "嘉", "顺", "同", "安", "德", "隆", "丰", "裕", "启", "润", "腾", "博", "诚", "万",
];

const BRAND_SECOND: [&str; 29] = [
    "远", "源", "达", "丰", "和", "通", "利", "安", "兴", "泽", "川", "信", "发", "峰", "业", "旺",
    "岳", "海", "森", "成", "茂", "辉", "康", "平", "原", "进", "升", "佳", "瀚",
];

/// Two characters for the name of a company; different for different numbers below 899.
pub(super) fn brand(number: u32) -> [&'static str; 2] {
    // 31 and 29 have no common factor, so the pair names the number.
    let at = |words: &[&'static str]| {
        words.get(number as usize % words.len().max(1)).copied().unwrap_or_default()
    };
    [at(&BRAND_FIRST), at(&BRAND_SECOND)]
}

/// An address inside a county; the street and the number exist only here.
pub(super) fn address(stream: &mut SplitMix64, county: &str) -> String {
    let street = stream.word(&[
        "建设路",
        "振兴街",
        "开发路",
        "平安街",
        "工业大道",
        "民福街",
        "文化路",
        "人民路",
        "北关街",
        "迎宾大道",
    ]);
    format!("{county}{street}{}号", stream.between(1, 299))
}

/// A home address inside a county.
pub(super) fn home(stream: &mut SplitMix64, county: &str) -> String {
    let estate = stream.word(&[
        "安居小区",
        "阳光家园",
        "矿工新村",
        "幸福里",
        "和平小区",
        "北关村",
        "南河村",
        "东升苑",
        "杨家庄村",
        "柳林村",
    ]);
    format!(
        "{county}{estate}{}号楼{}单元{}0{}",
        stream.between(1, 40),
        stream.between(1, 4),
        stream.between(1, 6),
        stream.between(1, 4)
    )
}
