//! A remark on a row or a field, as it is shown.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{error::Language, submit::verdict};

/// 对一行或一个字段的说明：被拒绝的原因，或需要核对之处。 A fault that rejected a row, or a finding
/// that someone should check.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// 规则的稳定代码，如 CREDIT_CODE_LENGTH；程序应依此判断。 Stable code of the rule, such as
    /// `CREDIT_CODE_LENGTH`; rely on it, not on `message`.
    code: String,
    /// 所涉字段名；涉及整行的为空。 Name of the field concerned; null if it concerns the whole row.
    field: Option<String>,
    /// 给人看的说明，含下一步；语言按 Accept-Language。 What is wrong and what to do about it, for
    /// people, in the language of `Accept-Language`.
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
