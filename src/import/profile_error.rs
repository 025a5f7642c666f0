//! Why a profile cannot be used.

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, an unknown key or a value of the wrong kind; the message shows the place.
    #[error("导入配置语法错误 (the profile cannot be read): {0}")]
    Syntax(#[from] toml::de::Error),
    /// Well written but contradictory.
    #[error("导入配置{place}：{message_zh} ({place}: {message_en})")]
    Invalid {
        /// Where, such as `output Accident, field deaths`.
        place: String,
        /// What, in Chinese.
        message_zh: String,
        /// What, in English.
        message_en: String,
    },
}

impl ProfileError {
    /// Stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "PROFILE_SYNTAX",
            Self::Invalid { .. } => "PROFILE_INVALID",
        }
    }

    /// What is wrong, in Chinese and in English, with its line in the text that was read.
    #[must_use]
    pub fn said(&self, text: &str) -> (String, String) {
        match self {
            Self::Syntax(error) => {
                let before = error.span().and_then(|span| text.get(..span.start));
                let line = before.map_or(1, |before| before.matches('\n').count() + 1);
                (
                    format!(
                        "导入配置第{line}行不能读取。请核对该行的语法、键名和取值类型（TOML）。"
                    ),
                    format!("The profile cannot be read at line {line}: {}", error.message()),
                )
            }
            Self::Invalid { place, message_zh, message_en } => (
                format!("导入配置{place}：{message_zh}"),
                format!("The profile, {place}: {message_en}"),
            ),
        }
    }
}
