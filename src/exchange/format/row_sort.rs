//! What the texts of a row say of its sort: totals, notes, sections, rows that number the columns.

use std::sync::LazyLock;

use crate::domain::text::squeezed;

/// What a cell contains, as far as it reveals the sort of its row.
#[derive(Clone, Copy, Debug)]
pub enum CellKind<'a> {
    Text(&'a str),
    Number(f64),
    Other,
}

/// The sort of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSort {
    /// A record, or something meant to be one.
    Record,
    /// A total (合计, 小计, 总计) over other rows, which is no record.
    Total,
    /// A note, a title, a signature, or the head repeated.
    Note,
    /// Another head: a second table begins.
    OtherHead,
}

const TOTALS: [&str; 9] =
    ["平均", "合计", "小计", "总计", "共计", "累计", "总合计", "本页合计", "本页小计"];
/// Words for rows that compare, or sum up all of a region.
const COMPARED: [&str; 18] = [
    "上年同期",
    "去年同期",
    "同期",
    "本期",
    "同比",
    "环比",
    "增减",
    "增减率",
    "同比增减",
    "占比",
    "上年",
    "上年数",
    "去年",
    "全市",
    "全县",
    "全区",
    "全省",
    "全国",
];

pub(super) fn is_total(text: &str) -> bool {
    let text = squeezed(text);
    TOTALS.contains(&text.trim_end_matches([':', '：']))
}

/// Whether a row that begins with this compares, or is that of a whole region.
pub(super) fn compares(text: &str) -> bool {
    COMPARED.contains(&squeezed(text).trim_end_matches([':', '：']))
}

/// 合计：3 起, 合计（人）; but not a longer word that merely begins with it.
pub(super) fn begins_total(text: &str) -> bool {
    let text = squeezed(text);
    // 煤矿小计, 朔城区合计.
    let of_part = ["合计", "小计", "总计"].iter().any(|total| {
        text.strip_suffix(total).is_some_and(|before| {
            !before.is_empty() && before.chars().count() <= 8 && !before.is_ascii()
        })
    });
    if of_part {
        return true;
    }
    let behind = TOTALS.iter().find_map(|total| text.strip_prefix(total));
    let ends = TOTALS.iter().any(|total| {
        text.strip_suffix(total).is_some_and(|before| {
            ["全市", "全县", "全区", "全省", "本月", "本年", "本季"].contains(&before)
        })
    });
    ends || behind.is_some_and(|rest| {
        rest.starts_with([':', '(', '：']) || rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Words before the colon in notes and signatures.
static NOTES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    "注 附注 备注 说明 填表说明 填报说明 填表人 填报人 制表 制表人 经办人 审核 审核人 复核人 负责人 单位负责人 主要负责人 分管领导 统计负责人 联系人 \
     联系电话 填表日期 填报日期 填报时间 报送日期 报送时间 报出日期 制表日期 填报单位 报送单位 制表单位 填表单位 单位盖章 单位(盖章) 填报单位(盖章) 单位 金额单位"
        .split_whitespace()
        .collect()
});

pub(super) fn is_note(text: &str) -> bool {
    let text = squeezed(text);
    if NOTES.contains(&text.as_str()) {
        return true;
    }
    text.split_once(':').is_some_and(|(before, _)| {
        let before = before.trim_start_matches(['(', '[', '【', '*', '※']);
        let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
        // 单位负责人（签字）：
        let bare = before.split('(').next().unwrap_or(before);
        let bare = ["签字", "签名", "签章", "盖章"]
            .iter()
            .find_map(|word| bare.strip_suffix(word))
            .unwrap_or(bare);
        NOTES.contains(&before) || NOTES.contains(&bare)
    })
}

/// Whether all cells are words with a colon behind them: 科长：, 局长：
pub(super) fn is_signed<'t>(mut texts: impl Iterator<Item = &'t str>) -> bool {
    let mut any = false;
    let colon = |text: &str| squeezed(text).ends_with(':');
    texts.all(|text| {
        any = true;
        colon(text)
    }) && any
}

/// A text alone in its row: the name of a county above its records, 1月份, 制表人 某某, an unmarked note.
/// The number of a document, which can be the key of a record (朔应急〔2026〕1号), does not match.
pub(super) fn is_remark(text: &str) -> bool {
    let text = squeezed(text);
    let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    chinese && !text.ends_with('号') && !text.contains(['〔', '['])
}

/// 一、煤矿 or （二）非煤矿山, alone in its row.
pub(super) fn is_section(text: &str) -> bool {
    let text = squeezed(text);
    let numeral =
        |text: &str| !text.is_empty() && text.chars().all(|c| "一二三四五六七八九十".contains(c));
    text.split_once('、').is_some_and(|(number, _)| numeral(number))
        || text
            .strip_prefix('(')
            .and_then(|text| text.split_once(')'))
            .is_some_and(|(number, _)| numeral(number))
}

/// Whether the cells only number their columns: 1, 2, 3 … or 甲, 乙, 1, 2 ….
pub(super) fn numbers_columns(cells: &[(usize, CellKind<'_>)]) -> bool {
    let number = |shown: &CellKind<'_>| match shown {
        CellKind::Number(number) => Some(*number),
        CellKind::Text(text) => {
            squeezed(text).trim_matches(['(', ')']).parse::<u8>().ok().map(f64::from)
        }
        CellKind::Other => None,
    };
    let letter = |shown: &CellKind<'_>| matches!(shown, CellKind::Text(text) if ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "A", "B", "C", "D", "E"].contains(&squeezed(text).as_str()));
    let counted: Vec<(usize, f64)> = cells
        .iter()
        .skip_while(|(_, shown)| letter(shown))
        .filter_map(|(place, shown)| Some((*place, number(shown)?)))
        .collect();
    let letters = cells.iter().take_while(|(_, shown)| letter(shown)).count();
    let steps = counted
        .windows(2)
        .all(|pair| matches!(pair, [(place, one), (next, two)] if *next == place + 1 && (*two - *one - 1.0).abs() < f64::EPSILON));
    let from = counted.first().is_some_and(|(_, first)| (0.0..=4.0).contains(first));
    counted.len() >= 3 && counted.len() + letters == cells.len() && steps && from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_notes_and_numbers_of_columns_are_told_from_records() {
        for (text, total) in [
            ("合计", true),
            ("合 计", true),
            ("合计：", true),
            ("小计", true),
            ("合计煤业", false),
            ("总计划", false),
        ] {
            assert_eq!(is_total(text), total, "{text}");
        }
        assert!(compares("上年同期") && compares("全 市：") && !compares("全市煤矿"));
        for (text, total) in [
            ("合计：3起", true),
            ("全市合计", true),
            ("合计3", true),
            ("总计划-1", false),
            ("合计煤业", false),
        ] {
            assert_eq!(begins_total(text), total, "{text}");
        }
        for (text, note) in [
            ("填表人：某某", true),
            ("注：本表", true),
            ("备注1：x", true),
            ("（单位：万元）", true),
            ("单位负责人（签字）：", true),
            ("填报人签名：某某", true),
            ("单位负责：", false),
            ("A-1", false),
            ("地点：井下", false),
        ] {
            assert_eq!(is_note(text), note, "{text}");
        }
        let cells = |texts: &[&'static str]| {
            texts.iter().copied().map(CellKind::Text).enumerate().collect::<Vec<_>>()
        };
        assert!(numbers_columns(&cells(&["甲", "乙", "1", "2", "3"])));
        assert!(numbers_columns(&cells(&["1", "2", "3", "4"])));
        assert!(!numbers_columns(&cells(&["1", "2024", "3", "4"])));
        assert!(is_section("（二）非煤矿山") && is_section("一、煤矿") && !is_section("煤矿"));
    }
}
