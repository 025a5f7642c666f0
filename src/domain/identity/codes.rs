//! Codes and messages of the identity check; the rules are in the parent module.

use super::{IdentityFault, IdentityWarning};

impl IdentityFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "身份证件号码应为18位（旧号码15位），请核对是否漏录、多录",
                "an identity number has 18 characters (15 in the old form); check for missing or extra characters",
            ),
            Self::Characters => (
                "身份证件号码前17位应为数字，末位为数字或X，请核对是否误录字母",
                "the first 17 characters must be digits and the last a digit or X; check for letters typed as digits",
            ),
            Self::Date => (
                "身份证件号码中的出生日期不存在、早于1900年或晚于今天，请核对第7至14位",
                "the birth date inside the number is impossible, before 1900 or in the future; check characters 7 to 14",
            ),
            Self::CheckDigit => (
                "身份证件号码校验码不符，请与证件原件逐位核对",
                "the check character does not match; compare every character with the document",
            ),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}

impl IdentityWarning {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::AbolishedAddress => (
                "号码前6位是已撤销的行政区划代码，持证人可继续使用，无需修改",
                "the first six digits are an abolished region code; holders keep it, nothing to correct",
            ),
            Self::UnknownAddress => (
                "号码前6位不在现行及历史行政区划代码表中，请与证件原件核对",
                "the first six digits are in no current or past region table; compare with the document",
            ),
            Self::Legacy15Upgraded => (
                "15位旧号码已按GB 11643升为18位，请在来源系统中改用18位号码",
                "the 15-digit number was upgraded to 18 characters; use the 18-character number in the source system",
            ),
        }
    }

    /// What was noticed and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().0
    }

    /// What was noticed and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().1
    }
}
