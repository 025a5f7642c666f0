//! What stops an import as a whole. One bad row never does; see [`crate::import::problem`].

use std::io;

/// Why a file cannot be imported with a profile.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read or written.
    #[error("the file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// The rejects file could not be written as CSV.
    #[error("the rejects file cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// There is no header row.
    #[error("the file has no header row")]
    HeaderMissing,
    /// The header row cannot be read in the encoding of the profile.
    #[error("the header row cannot be read; check the encoding stated in the profile")]
    HeaderUnreadable,
    /// Columns that the profile names are not in the file.
    #[error("the file lacks columns the profile names: {}", .columns.join(", "))]
    ColumnsMissing {
        /// Names of the missing columns, as the profile writes them.
        columns: Vec<String>,
    },
    /// A column that the profile names is there more than once.
    #[error(
        "column {column} is in the file more than once, or is also a derived column of the profile"
    )]
    ColumnAmbiguous {
        /// Name of the column that is ambiguous.
        column: String,
    },
    /// UTF-16, which spreadsheets write as "Unicode text".
    #[error("the file is UTF-16; save it as CSV in UTF-8 or GB18030")]
    Utf16,
    /// It cannot be told whether the file is UTF-8 or GB18030.
    #[error("it cannot be told whether the file is UTF-8 or GB18030; state its charset")]
    CharsetInDoubt,
    /// A workbook that cannot be used as a whole.
    #[error("{en}")]
    Workbook {
        /// Code of the fault in the file, such as `FILE_NOT_A_WORKBOOK`.
        code: &'static str,
        /// What is wrong and what to do, in Chinese.
        zh: String,
        /// The same in English.
        en: String,
    },
    /// The file is not the same as in the first pass.
    #[error("the file changed while it was read (line {line}); start again")]
    SourceChanged {
        /// Where the difference was noticed.
        line: u64,
    },
}

impl ImportError {
    /// Code of the error, `IMPORT_…`. Clients see [`ImportError::file_code`] instead.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "IMPORT_IO",
            Self::Csv(_) => "IMPORT_REJECTS_WRITE",
            Self::HeaderMissing => "IMPORT_HEADER_MISSING",
            Self::HeaderUnreadable => "IMPORT_HEADER_UNREADABLE",
            Self::ColumnsMissing { .. } => "IMPORT_COLUMNS_MISSING",
            Self::ColumnAmbiguous { .. } => "IMPORT_COLUMN_AMBIGUOUS",
            Self::Utf16 => "IMPORT_UTF16",
            Self::CharsetInDoubt => "IMPORT_CHARSET_IN_DOUBT",
            Self::Workbook { .. } => "IMPORT_WORKBOOK",
            Self::SourceChanged { .. } => "IMPORT_SOURCE_CHANGED",
        }
    }

    /// The code of a job that fails with this error: that of the same fault in a file without a
    /// profile, if there is one.
    #[must_use]
    pub const fn file_code(&self) -> &'static str {
        match self {
            Self::Io(_) | Self::Csv(_) | Self::SourceChanged { .. } => "FILE_SOURCE",
            Self::HeaderMissing => "FILE_HEADER_MISSING",
            Self::HeaderUnreadable => "FILE_HEADER_UNREADABLE",
            Self::ColumnsMissing { .. } => "FILE_COLUMNS_MISSING",
            Self::ColumnAmbiguous { .. } => "FILE_HEADING_TWICE",
            Self::Utf16 => "FILE_UTF16",
            Self::CharsetInDoubt => "FILE_CHARSET_IN_DOUBT",
            Self::Workbook { code, .. } => code,
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::Io(_) => "无法读取或写入文件，请检查路径和权限".into(),
            Self::Csv(_) => "无法写入退回文件，请检查路径和磁盘空间".into(),
            Self::HeaderMissing => "文件没有表头，请补上列名后重新导入".into(),
            Self::HeaderUnreadable => "表头无法按配置中的编码读取，请核对文件编码".into(),
            Self::ColumnsMissing { columns } => {
                format!(
                    "文件缺少导入配置所需的列：{}，请核对文件与配置是否对应",
                    columns.join("、")
                )
            }
            Self::ColumnAmbiguous { column } => format!("列{column}重复出现，请改名后重新导入"),
            Self::CharsetInDoubt => "无法确定文件是UTF-8还是GB18030，请注明编码（charset）".into(),
            Self::Utf16 => "文件编码为UTF-16，请另存为UTF-8或GB18030编码的CSV".into(),
            Self::Workbook { zh, .. } => zh.clone(),
            Self::SourceChanged { line } => {
                format!("读取过程中文件发生变化（第{line}行），请重新导入")
            }
        }
    }
}
