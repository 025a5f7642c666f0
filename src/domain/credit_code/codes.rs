//! Codes and messages of the credit-code check; the rules are in the parent module.

use super::{CreditCodeFault, CreditCodeWarning};

impl CreditCodeFault {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => (
                "统一社会信用代码应为18位，请核对是否漏录、多录",
                "a unified social credit code has 18 characters; check for missing or extra characters",
            ),
            Self::Characters => (
                "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z，请核对是否把1、0、5、2误录为字母",
                "a unified social credit code never contains I, O, S, V or Z; check for letters typed as digits",
            ),
            Self::CheckCharacter => (
                "统一社会信用代码校验码不符，请与营业执照等登记证照逐位核对",
                "the check character does not match; compare every character with the licence",
            ),
            Self::Legacy15 => (
                "这是15位旧工商注册号，请改填18位统一社会信用代码",
                "this is a 15-digit business licence number; give the 18-character unified social credit code",
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

impl CreditCodeWarning {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::OrganisationCode => (
                "第9至17位组织机构代码的校验码不符，请与登记证照核对；如证照如此，无需修改",
                "the organisation code in positions 9 to 17 fails its own check; compare with the licence and keep it if it says so",
            ),
            Self::Authority => (
                "第1位不是已知的登记管理部门代码，请与登记证照核对",
                "position 1 is no known registration authority; compare with the licence",
            ),
            Self::Region => (
                "第3至8位登记机关行政区划码应为6位数字，请与登记证照核对",
                "positions 3 to 8 should be a six-digit region code; compare with the licence",
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
