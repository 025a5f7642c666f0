//! Why a row was refused: a stable code and a message in Chinese and English that names row, field
//! and rule. Values of cells never enter a message; they can be personal.

use crate::domain::{clock::TimeFault, code::Coded as _};

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowProblem {
    /// The number of cells differs from the number of columns.
    Ragged {
        /// Columns of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A quote is opened and never closed, or text follows a closing one.
    QuoteUnbalanced,
    /// A line above the limit.
    LineTooLong,
    /// Bytes that are not text in the encoding of the file.
    EncodingInvalid {
        /// Name of the encoding the file is read in, as profiles write it: `utf-8`, `gb18030`.
        encoding: &'static str,
    },
    /// NUL or U+FFFD in a cell: damage done before the export.
    TextDamaged {
        /// Heading of the damaged column.
        column: String,
    },
    /// A cell of a workbook without a usable value.
    CellUnread {
        /// Heading of the cell's column.
        column: String,
        /// What makes the cell unusable.
        why: Unread,
    },
    /// Columns whose least or greatest value is wanted are neither all days nor all numbers.
    NotComparable {
        /// Headings of the columns, joined with `/`.
        columns: String,
    },
    /// A column that belongs to the key is empty.
    KeyEmpty {
        /// Heading of the empty column.
        column: String,
    },
    /// The key was already used by another row.
    KeyDuplicate {
        /// Line of the row that used the key first.
        line: u64,
    },
    /// A required field has no value.
    ValueMissing {
        /// Headings of the columns the value comes from, joined with `/`.
        columns: String,
    },
    /// The value map of the profile does not know the value.
    ValueNotMapped {
        /// Heading of the column with the unknown value.
        column: String,
    },
    /// Not a number, or not a whole one where that is asked for.
    NumberInvalid {
        /// Heading of the column with the invalid number.
        column: String,
    },
    /// Not a date or time in the forms of the profile.
    Time {
        /// Heading of the column with the date or time.
        column: String,
        /// What is wrong.
        fault: TimeFault,
    },
    /// Refused by a `[[reject]]` rule of the profile.
    RefusedByRule {
        /// Name of the rule.
        rule: String,
        /// Its explanation in Chinese.
        zh: String,
        /// Its explanation in English.
        en: String,
    },
    /// No output of the profile applies to the row.
    NotMapped,
    /// Another row of the same record was refused, so a count over the record would be too low.
    GroupIncomplete {
        /// Line of the refused row.
        line: u64,
    },
}

/// Why a cell of a workbook is unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It shows an error such as `#N/A`.
    Error,
    /// It is a formula whose result is not kept in the file.
    NotComputed,
    /// It is a number of more than fifteen digits, of which Excel lost the last ones.
    AteDigits,
}

impl RowProblem {
    /// Code of the fault, such as `KEY_EMPTY`; clients see it in the faults of the row's verdict.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ragged { .. } => "ROW_RAGGED",
            Self::QuoteUnbalanced => "ROW_QUOTE_UNBALANCED",
            Self::LineTooLong => "ROW_TOO_LONG",
            Self::EncodingInvalid { .. } => "ENCODING_INVALID",
            Self::TextDamaged { .. } => "TEXT_DAMAGED",
            Self::CellUnread { why: Unread::Error, .. } => "EXCEL_ERROR_CELL",
            Self::CellUnread { why: Unread::NotComputed, .. } => "FORMULA_NOT_COMPUTED",
            Self::CellUnread { why: Unread::AteDigits, .. } => "EXCEL_ATE_DIGITS",
            Self::NotComparable { .. } => "VALUES_NOT_COMPARABLE",
            Self::KeyEmpty { .. } => "KEY_EMPTY",
            Self::KeyDuplicate { .. } => "KEY_DUPLICATE",
            Self::ValueMissing { .. } => "VALUE_MISSING",
            Self::ValueNotMapped { .. } => "VALUE_NOT_MAPPED",
            Self::NumberInvalid { .. } => "NUMBER_INVALID",
            Self::Time { fault, .. } => fault.code(),
            Self::RefusedByRule { .. } => "ROW_REFUSED_BY_RULE",
            Self::NotMapped => "ROW_NOT_MAPPED",
            Self::GroupIncomplete { .. } => "GROUP_INCOMPLETE",
        }
    }

    /// What is wrong and what to do, in Chinese, without a full stop.
    pub(crate) fn zh(&self) -> String {
        match self {
            Self::Ragged { expected, found } => {
                format!("应有{expected}列，实有{found}列，请核对分隔符和引号")
            }
            Self::QuoteUnbalanced => "引号没有配对或未成双，请补齐、成双或删除多余的引号".into(),
            Self::LineTooLong => "一行超过1MiB，超出部分已丢弃，请核对文件是否损坏".into(),
            Self::EncodingInvalid { encoding } => {
                format!("含有不符合{encoding}编码的字节，请从来源系统重新导出该行")
            }
            Self::TextDamaged { column } => {
                format!("列{column}含有空字符或乱码替换符，请从来源系统重新取得原文")
            }
            Self::CellUnread { column, why } => match why {
                Unread::Error => format!("列{column}的单元格是公式错误（如#N/A），请改为正确的值"),
                Unread::NotComputed => format!(
                    "列{column}的单元格是公式但没有计算结果，请用Excel或WPS打开并保存，或改填数值"
                ),
                Unread::AteDigits => {
                    format!("列{column}的长号码被当作数字，15位之后的数位已丢失，请按文本重新录入")
                }
            },
            Self::NotComparable { columns } => {
                format!("列{columns}既不都是日期也不都是数字，无法比较，请更正")
            }
            Self::KeyEmpty { column } => format!("组成编号的列{column}为空，请补填"),
            Self::KeyDuplicate { line } => format!("编号与第{line}行重复，请核对是否为同一记录"),
            Self::ValueMissing { columns } => {
                format!("必填，但由列{columns}得不到值，请补填来源列")
            }
            Self::ValueNotMapped { column } => {
                format!("列{column}的值不在导入配置的对照表中，请更正或补充对照表")
            }
            Self::NumberInvalid { column } => format!("列{column}不是所要求的数字，请更正"),
            Self::Time { column, fault } => format!("列{column}：{}", fault.message_zh()),
            Self::RefusedByRule { rule, zh, .. } => format!("被规则{rule}退回：{zh}"),
            Self::NotMapped => "导入配置没有任何输出接收该行，请检查配置的条件".into(),
            Self::GroupIncomplete { line } => {
                format!("与第{line}行属同一记录，该行被退回，为免少计一并退回")
            }
        }
    }

    /// The same in English.
    pub(crate) fn en(&self) -> String {
        match self {
            Self::Ragged { expected, found } => {
                format!("{expected} columns expected, {found} found; check delimiters and quotes")
            }
            Self::QuoteUnbalanced => {
                "quotes do not pair up or are not doubled inside a cell; mend or remove them".into()
            }
            Self::LineTooLong => {
                "the line is longer than 1 MiB and was cut; check the file for damage".into()
            }
            Self::EncodingInvalid { encoding } => {
                format!("bytes that are not {encoding}; export the row again")
            }
            Self::TextDamaged { column } => {
                format!(
                    "column {column} holds NUL or a replacement character; fetch the original text"
                )
            }
            Self::CellUnread { column, why } => match why {
                Unread::Error => format!(
                    "column {column} shows a formula error such as #N/A; enter the right value"
                ),
                Unread::NotComputed => {
                    format!(
                        "column {column} is a formula without a kept result; open and save the file in Excel or WPS"
                    )
                }
                Unread::AteDigits => {
                    format!(
                        "column {column} is a long number whose digits after the 15th are lost; enter it as text"
                    )
                }
            },
            Self::NotComparable { columns } => {
                format!("columns {columns} are neither all days nor all numbers; mend them")
            }
            Self::KeyEmpty { column } => {
                format!("column {column} is part of the key and empty; fill it in")
            }
            Self::KeyDuplicate { line } => {
                format!("same key as line {line}; check whether it is the same record")
            }
            Self::ValueMissing { columns } => {
                format!("required, but column {columns} gives no value; fill it in")
            }
            Self::ValueNotMapped { column } => {
                format!("the profile does not know the value of column {column}; mend one of them")
            }
            Self::NumberInvalid { column } => {
                format!("column {column} is not the number asked for; mend it")
            }
            Self::Time { column, fault } => format!("column {column}: {}", fault.message_en()),
            Self::RefusedByRule { rule, en, .. } => format!("refused by rule {rule}: {en}"),
            Self::NotMapped => {
                "no output of the profile takes the row; check its conditions".into()
            }
            Self::GroupIncomplete { line } => {
                format!("belongs to one record with line {line}, which was refused")
            }
        }
    }
}

/// One reason against one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the row.
    pub line: u64,
    /// Family whose record it concerns; none if the whole row.
    pub family: Option<String>,
    /// Field it concerns.
    pub field: Option<String>,
    /// Code of the fault, as [`RowProblem::code`] gives it.
    pub code: String,
    /// Message in Chinese.
    pub message_zh: String,
    /// Message in English.
    pub message_en: String,
}

impl Problem {
    /// A fault of a row, or of a field in it.
    #[must_use]
    pub fn new(line: u64, family: Option<&str>, field: Option<&str>, fault: &RowProblem) -> Self {
        let (place_zh, place_en) = match field {
            Some(field) => {
                (format!("第{line}行，字段{field}："), format!("line {line}, field {field}: "))
            }
            None => (format!("第{line}行："), format!("line {line}: ")),
        };
        Self {
            line,
            family: family.map(str::to_owned),
            field: field.map(str::to_owned),
            code: fault.code().to_owned(),
            message_zh: place_zh + &fault.zh(),
            message_en: place_en + &fault.en(),
        }
    }
}

/// A row that was refused, with all its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Line of the row.
    pub line: u64,
    /// At least one.
    pub problems: Vec<Problem>,
}
