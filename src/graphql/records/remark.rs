//! A remark on a row or a field, as it is shown.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{error::Language, submit::verdict};

/// 对一行或一个字段的说明：被拒绝的原因，或需要核对之处。 Why a row was rejected, or what should be
/// looked at.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// 稳定代码。 Stable code.
    code: String,
    /// 字段名。 Name of the field.
    field: Option<String>,
    /// 给人看的说明，含下一步。 A sentence for people, with what to do next.
    message: String,
}

impl Remark {
    /// The remark in a language.
    #[must_use]
    pub fn new(own: verdict::RowRemark, language: Language) -> Self {
        Self {
            code: own.code,
            field: own.field,
            message: if language == Language::English { own.en } else { own.zh },
        }
    }
}
