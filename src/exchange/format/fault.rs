//! What can be wrong with a file as a whole. Messages never contain values of cells, which can be
//! personal; they do contain headings, because people have to find them.

use std::io;

pub use super::head_fault::{HeadFaults, SearchedPlace};
pub(super) use super::row_fault::RowFault;
use crate::{
    error::{HubError, Text},
    import::error::ImportError,
};

/// Why a file cannot be used.
#[derive(Debug)]
pub enum FileFault {
    /// Its source could not be read; no fault of the sender.
    Source(io::Error),
    /// An encoding the hub cannot read.
    Charset {
        /// Name of the encoding, as the client stated it.
        given: String,
    },
    /// UTF-16, which spreadsheets write as "Unicode text".
    Utf16,
    /// None of the first rows is a heading row.
    HeaderMissing {
        /// The first line that is not blank.
        looked: Option<SearchedPlace>,
    },
    /// The heading row is not text in the encoding, or its quotes are broken.
    HeaderUnreadable,
    /// Everything that is wrong with the head.
    Head(Box<HeadFaults>),
    /// Text whose encoding cannot be determined.
    CharsetInDoubt,
    /// More columns than the hub reads.
    TooManyColumns {
        /// Number of columns allowed.
        most: usize,
    },
    /// Not a workbook, or a damaged one.
    NotAWorkbook,
    /// The old binary format, or protected by a password: both are kept in the same container.
    OldOrProtected,
    /// A workbook larger than the hub reads.
    WorkbookTooLarge {
        /// Size allowed, in MiB.
        most: u64,
    },
    /// A workbook that grows excessively when unpacked.
    Inflated,
    /// No sheet has the headings of the family.
    SheetMissing {
        /// The sheets that were searched, each with its first row that is not blank.
        looked: Vec<SearchedPlace>,
    },
    /// A note below the table states a unit in which its amounts were not read.
    UnitBelow {
        /// Number of the row with the note.
        row: u64,
        /// The unit.
        unit: String,
    },
    /// Below the rows of the table stands another head.
    SecondHead {
        /// Number of its row.
        row: u64,
    },
    /// The sheet is damaged after some row.
    SheetDamaged {
        /// The last row that could be read.
        row: u64,
    },
}

impl FileFault {
    /// Code of the fault, such as `FILE_UTF16`; clients see it as the code of the error and of the
    /// job.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "FILE_SOURCE",
            Self::Charset { .. } => "FILE_CHARSET",
            Self::Utf16 => "FILE_UTF16",
            Self::HeaderMissing { .. } => "FILE_HEADER_MISSING",
            Self::HeaderUnreadable => "FILE_HEADER_UNREADABLE",
            Self::Head(faults) => faults.code(),
            Self::CharsetInDoubt => "FILE_CHARSET_IN_DOUBT",
            Self::TooManyColumns { .. } => "FILE_TOO_MANY_COLUMNS",
            Self::NotAWorkbook => "FILE_NOT_A_WORKBOOK",
            Self::OldOrProtected => "FILE_OLD_OR_PROTECTED",
            Self::WorkbookTooLarge { .. } => "FILE_TOO_LARGE",
            Self::Inflated => "FILE_INFLATED",
            Self::SheetMissing { .. } => "FILE_SHEET_MISSING",
            Self::UnitBelow { .. } => "FILE_UNIT_BELOW",
            Self::SecondHead { .. } => "FILE_SECOND_HEAD",
            Self::SheetDamaged { .. } => "FILE_SHEET_DAMAGED",
        }
    }

    /// What is wrong and what to do about it.
    #[must_use]
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Source(_) => ("文件内容暂时无法读取，请稍后重试。".into(), "The content cannot be read now. Try again.".into()),
            Self::Charset { given } => (
                format!("不支持编码“{given}”。NDJSON 请用 UTF-8，CSV 请用 UTF-8 或 GB18030（GBK）。"),
                format!("Encoding {given} is not read. Use UTF-8 for NDJSON, UTF-8 or GB18030 (GBK) for CSV."),
            ),
            Self::Utf16 => (
                "文件是 UTF-16（“Unicode 文本”）。请另存为“CSV UTF-8”或 xlsx 后重新上传。".into(),
                "The file is UTF-16 (“Unicode text”). Save it as “CSV UTF-8” or xlsx and send it again.".into(),
            ),
            Self::HeaderMissing { looked } => {
                let (zh, en) = looked.as_ref().map(SearchedPlace::texts).unwrap_or_default();
                (
                    format!("文件前 30 行中没有可识别的表头{zh}。请用字段名或模板中的列名；如列之间不是用逗号、分号或制表符分隔，请另存为 CSV 或 xlsx。"),
                    format!(
                        "None of the first 30 lines has headings that are known{en}. Use field names or the headings of the template; if \
                         the delimiter is no comma, semicolon or tab, save the file as CSV or xlsx."
                    ),
                )
            }
            Self::HeaderUnreadable => (
                "表头无法读取。请核对文件编码（UTF-8 或 GB18030）和引号。".into(),
                "The heading row cannot be read. Check the encoding (UTF-8 or GB18030) and the quotes.".into(),
            ),
            Self::Head(faults) => faults.texts(),
            Self::CharsetInDoubt => (
                "无法确定文件是 UTF-8 还是 GB18030（GBK）。请注明编码（charset=gb18030 或 charset=utf-8），或另存为“CSV UTF-8”、xlsx 后再报；本次未入库。"
                    .into(),
                "It cannot be told whether the file is UTF-8 or GB18030 (GBK). State it (charset=gb18030 or charset=utf-8), or save the file \
                 as “CSV UTF-8” or xlsx. Nothing was taken."
                    .into(),
            ),
            Self::TooManyColumns { most } => (
                format!("表头超过 {most} 列。请删除多余的列。"),
                format!("The heading row has more than {most} columns. Remove what does not belong there."),
            ),
            Self::NotAWorkbook => (
                "文件不是 Excel 工作簿（xlsx）或已损坏。请用 Excel 或 WPS 打开后另存为 xlsx。".into(),
                "The file is no Excel workbook (xlsx) or is damaged. Open it in Excel or WPS and save it as xlsx.".into(),
            ),
            Self::OldOrProtected => (
                "文件是旧版 xls，或设有密码。请取消密码并另存为 xlsx。".into(),
                "The file is an old xls or has a password. Take the password off and save it as xlsx.".into(),
            ),
            Self::WorkbookTooLarge { most } => (
                format!("工作簿超过 {most} MiB。请拆成几个文件，或改用 CSV。"),
                format!("The workbook is larger than {most} MiB. Split it, or send CSV."),
            ),
            Self::Inflated => (
                "工作簿解压后过大。请复制所需的行到新的模板中，或改用 CSV。".into(),
                "The workbook is too large when unpacked. Copy the rows into a fresh template, or send CSV.".into(),
            ),
            Self::SheetMissing { looked } => {
                let told: Vec<(String, String)> = looked.iter().map(SearchedPlace::texts).collect();
                let zh: String = told.iter().map(|(zh, _)| zh.as_str()).collect();
                let en: String = told.iter().map(|(_, en)| en.as_str()).collect();
                (
                    format!("工作簿各表的前 30 行中没有可识别的表头{zh}。请核对是否选对了数据类别，或使用模板的列名。"),
                    format!("No sheet has known headings in its first 30 rows{en}. Check the family, or use the headings of the template."),
                )
            }
            Self::UnitBelow { row, unit } => (
                format!("第 {row} 行写明单位是“{unit}”，与读取时所用的单位不一致。请核对各行数值实际用的单位，写进列名（如“（{unit}）”），单位不同的行分成两个文件；如此前的行已入库，按正确的单位重新报送即更正。"),
                format!(
                    "Row {row} says that the unit is {unit}, which is not the one in which numbers are read. Check the unit of each row, write it \
                     into the heading, and send rows of different units as files of their own; rows that were taken are mended by sending them again."
                ),
            ),
            Self::SecondHead { row } => (
                format!("第 {row} 行是另一个表头：同一工作表中有两张表，列次或单位可能不同。之前的行已读取；请把第 {row} 行起的内容另存为单独的文件后报送。"),
                format!(
                    "Row {row} is another head: the sheet holds two tables, whose columns or units may differ. The rows before it were read; \
                     send what stands from row {row} on as a file of its own."
                ),
            ),
            Self::SheetDamaged { row } => (
                format!("工作表在第 {row} 行之后损坏。请用 Excel 或 WPS 打开后另存为 xlsx。"),
                format!("The sheet is damaged behind row {row}. Open it in Excel or WPS and save it as xlsx."),
            ),
        };
        Text { zh, en }
    }
}

impl From<FileFault> for HubError {
    fn from(fault: FileFault) -> Self {
        let (code, text) = (fault.code(), fault.text());
        match fault {
            // A source that reads from the store passes on the store's error.
            FileFault::Source(error) => match error.downcast::<Self>() {
                Ok(own) => own,
                Err(other) => Self::internal(other),
            },
            _ => Self::File(code, text),
        }
    }
}

impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

impl From<ImportError> for FileFault {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Io(error) => Self::Source(error),
            ImportError::Utf16 => Self::Utf16,
            ImportError::HeaderMissing => Self::HeaderMissing { looked: None },
            ImportError::CharsetInDoubt => Self::CharsetInDoubt,
            ImportError::HeaderUnreadable => Self::HeaderUnreadable,
            other => Self::Source(io::Error::other(other)),
        }
    }
}
