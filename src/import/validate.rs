//! The check of a profile when it is read: what TOML cannot express.

use std::collections::HashSet;

use chrono::FixedOffset;
use toml::Value;

use super::condition::ColumnCondition;
use super::field_spec::{FieldSpec, Take};
use super::profile_error::ProfileError;
use super::spec::{BLANK_ROW, Collision, Output, ProfileFile};
use super::transforms::parse_clock;

/// Checks everything and gives the offset of local times.
pub(super) fn check(file: &ProfileFile) -> Result<Option<FixedOffset>, ProfileError> {
    let head = &file.profile;
    if head.delimiter.len() != 1 || head.delimiter.contains(['"', '\n', '\r']) {
        return fail(
            "[profile] delimiter",
            "分隔符应为一个ASCII字符",
            "the delimiter is one ASCII character",
        );
    }
    if head.name.trim().is_empty() || head.source_system.trim().is_empty() {
        return fail(
            "[profile]",
            "name和source_system不能为空",
            "name and source_system must not be empty",
        );
    }
    if !(1..=3).contains(&head.head_lines) {
        return fail("[profile] head_lines", "表头应为1至3行", "headings take one to three lines");
    }
    let offset = match &head.timezone_offset {
        None => None,
        Some(text) => match text.parse::<FixedOffset>() {
            Ok(offset) => Some(offset),
            Err(_) => {
                return fail("[profile] timezone_offset", "应写作+08:00", "write it as +08:00");
            }
        },
    };
    check_rules(file)?;
    if file.outputs.is_empty() {
        return fail("[[output]]", "至少需要一个输出", "at least one output is needed");
    }
    let mut above = HashSet::new();
    for output in &file.outputs {
        check_output(output, &above, offset.is_some())?;
        if !above.insert(output.family.as_str()) {
            return fail(
                &format!("output {}", output.family),
                "同一类记录只能有一个输出",
                "one output for each family",
            );
        }
    }
    Ok(offset)
}

fn check_rules(file: &ProfileFile) -> Result<(), ProfileError> {
    let mut derived = HashSet::new();
    for (index, column) in file.derived.iter().enumerate() {
        let place = format!("derive {}", column.name);
        if column.name.is_empty() || !derived.insert(column.name.as_str()) {
            return fail(&place, "派生列名为空或重复", "the name is empty or used twice");
        }
        let later: HashSet<&str> =
            file.derived.iter().skip(index).map(|column| column.name.as_str()).collect();
        for case in &column.cases {
            check_condition(&place, &case.when)?;
            if case.sources() != 1 {
                return fail(
                    &place,
                    "每种情形应给出value、column、first_of、min、max之一",
                    "each case has one of value, column, first_of, min, max",
                );
            }
            if case.when.columns().chain(case.columns()).any(|name| later.contains(name)) {
                return fail(
                    &place,
                    "只能引用前面的派生列",
                    "a derived column only uses those above it",
                );
            }
        }
    }
    let mut rules = HashSet::from([BLANK_ROW]);
    let skips = file.skips.iter().map(|rule| ("skip", &rule.name, &rule.when));
    let refusals = file.refusals.iter().map(|rule| ("reject", &rule.name, &rule.when));
    for (kind, name, when) in skips.chain(refusals) {
        let place = format!("{kind} {name}");
        if name.is_empty() || !rules.insert(name.as_str()) {
            return fail(&place, "规则名为空或重复", "the name is empty or used twice");
        }
        if when.0.is_empty() {
            return fail(&place, "规则没有条件", "the rule has no condition");
        }
        check_condition(&place, when)?;
    }
    Ok(())
}

fn check_condition(place: &str, condition: &ColumnCondition) -> Result<(), ProfileError> {
    match condition.0.iter().find(|(_, test)| !test.is_stated()) {
        Some((column, _)) => {
            fail(&format!("{place}, column {column}"), "条件为空", "the condition says nothing")
        }
        None => Ok(()),
    }
}

fn check_output(output: &Output, above: &HashSet<&str>, zoned: bool) -> Result<(), ProfileError> {
    let place = format!("output {}, key", output.family);
    let key = &output.key;
    check_condition(&format!("output {}, when", output.family), &output.when)?;
    if key.compose.is_empty() && key.content.is_empty() && key.under.is_none() {
        return fail(&place, "编号没有来源列", "the key comes from no column");
    }
    if key.under.as_deref().is_some_and(|family| !above.contains(family)) {
        return fail(&place, "under只能引用前面的输出", "under names an output above");
    }
    let merged = key.on_collision == Collision::Merge;
    if (!key.same.is_empty() || key.merge_when.is_some()) && !merged {
        return fail(&place, "same和merge_when只用于merge", "same and merge_when go with merge");
    }
    if let Some(condition) = &key.merge_when {
        check_condition(&place, condition)?;
    }
    if output.fields.contains_key(&key.field) {
        return fail(&place, "编号字段不能另行赋值", "the key field is set by the key alone");
    }
    for (name, field) in &output.fields {
        let place = format!("output {}, field {name}", output.family);
        check_field(&place, field, above, merged, zoned)?;
    }
    Ok(())
}

fn check_field(
    place: &str,
    field: &FieldSpec,
    above: &HashSet<&str>,
    merged: bool,
    zoned: bool,
) -> Result<(), ProfileError> {
    let column = field.column.is_some();
    let sources =
        [column, field.constant.is_some(), field.key_of.is_some(), field.count_when.is_some()];
    if sources.into_iter().filter(|given| *given).count() != 1 {
        return fail(
            place,
            "应有且只有一个来源",
            "exactly one of column, constant, key_of, count_when",
        );
    }
    if field.key_of.as_deref().is_some_and(|family| !above.contains(family)) {
        return fail(place, "key_of只能引用前面的输出", "key_of names an output above");
    }
    let readings = [
        field.map.is_some(),
        field.number.is_some(),
        field.date.is_some(),
        field.instant.is_some(),
    ];
    let readings = readings.into_iter().filter(|given| *given).count();
    if readings > 1
        || (field.time.is_some() && field.date.is_none())
        || (field.otherwise.is_some() && field.map.is_none())
    {
        return fail(
            place,
            "转换方式互相矛盾",
            "map, number, date and instant exclude each other; time needs date",
        );
    }
    let shaped = readings > 0
        || field.when_empty.is_some()
        || !field.empty.is_empty()
        || field.pad_left.is_some()
        || field.required;
    if shaped && !column {
        return fail(place, "转换只用于column", "what is done to a value goes with column");
    }
    if (field.take != Take::First || field.count_when.is_some()) && !merged {
        return fail(place, "take和count_when只用于merge", "take and count_when go with merge");
    }
    if (field.take == Take::Latest) != field.by.is_some() {
        return fail(place, "latest与by应同时出现", "latest and by go together");
    }
    let numeric = matches!(field.take, Take::Sum | Take::Max | Take::Min);
    if numeric && field.number.as_ref().is_none_or(|number| number.decimals > 0) {
        return fail(place, "sum、max、min需要整数", "sum, max and min need a whole number");
    }
    if (field.instant.is_some() || field.time.is_some()) && !zoned {
        return fail(place, "需要[profile] timezone_offset", "[profile] timezone_offset is needed");
    }
    if field
        .number
        .as_ref()
        .is_some_and(|number| number.decimals > 6 || !(1..=1_000_000).contains(&number.times))
    {
        return fail(
            place,
            "decimals最多6，times为1至1000000",
            "decimals are at most 6, times is 1 to 1000000",
        );
    }
    let unknown = field.time.as_ref().and_then(|time| time.unknown.as_ref());
    if unknown
        .is_some_and(|unknown| unknown.name.is_empty() || parse_clock(&unknown.instead).is_err())
    {
        return fail(
            place,
            "unknown应有name和写作00:00的use",
            "unknown has a name and a use such as 00:00",
        );
    }
    if let Some(condition) = &field.count_when {
        check_condition(place, condition)?;
    }
    let values = field.constant.iter().chain(&field.otherwise).chain(&field.when_empty);
    let mut values = values.chain(field.map.iter().flat_map(|map| map.values()));
    if values
        .any(|value| !matches!(value, Value::String(_) | Value::Integer(_) | Value::Boolean(_)))
    {
        return fail(
            place,
            "常量应为文本、整数或是否",
            "a value is a text, a whole number or a truth value",
        );
    }
    Ok(())
}

fn fail<T>(place: &str, zh: &str, en: &str) -> Result<T, ProfileError> {
    Err(ProfileError::Invalid { place: place.into(), message_zh: zh.into(), message_en: en.into() })
}
