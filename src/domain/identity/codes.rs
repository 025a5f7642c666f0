//! Codes and messages of the identity check; the rules are in the parent module.

use super::{IdentityFault, IdentityKind, IdentityWarning, Sex};

impl IdentityKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Citizen, Self::ForeignPermanentResident, Self::HongKongMacaoTaiwan, Self::Legacy15];

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Citizen => "CITIZEN",
            Self::ForeignPermanentResident => "FOREIGN_PERMANENT_RESIDENT",
            Self::HongKongMacaoTaiwan => "HONG_KONG_MACAO_TAIWAN",
            Self::Legacy15 => "LEGACY_15",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Sex {
    /// Both values.
    pub const ALL: [Self; 2] = [Self::Male, Self::Female];

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "MALE",
            Self::Female => "FEMALE",
        }
    }

    /// The value with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.code() == code)
    }
}

impl IdentityFault {
    /// Every fault.
    pub const ALL: [Self; 4] = [Self::Length, Self::Characters, Self::Date, Self::CheckDigit];

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Length => (
                "IDENTITY_LENGTH",
                "身份证件号码应为18位（旧号码15位），请核对是否漏录、多录",
                "an identity number has 18 characters (15 in the old form); check for missing or extra characters",
            ),
            Self::Characters => (
                "IDENTITY_CHARACTERS",
                "身份证件号码前17位应为数字，末位为数字或X，请核对是否误录字母",
                "the first 17 characters must be digits and the last a digit or X; check for letters typed as digits",
            ),
            Self::Date => (
                "IDENTITY_DATE",
                "身份证件号码中的出生日期不存在、早于1900年或晚于今天，请核对第7至14位",
                "the birth date inside the number is impossible, before 1900 or in the future; check characters 7 to 14",
            ),
            Self::CheckDigit => (
                "IDENTITY_CHECK_DIGIT",
                "身份证件号码校验码不符，请与证件原件逐位核对",
                "the check character does not match; compare every character with the document",
            ),
        }
    }

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().1
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().2
    }
}

impl IdentityWarning {
    /// Every warning.
    pub const ALL: [Self; 3] = [Self::AbolishedAddress, Self::UnknownAddress, Self::Legacy15Upgraded];

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AbolishedAddress => (
                "IDENTITY_ABOLISHED_ADDRESS",
                "号码前6位是已撤销的行政区划代码，持证人可继续使用，无需修改",
                "the first six digits are an abolished region code; holders keep it, nothing to correct",
            ),
            Self::UnknownAddress => (
                "IDENTITY_UNKNOWN_ADDRESS",
                "号码前6位不在现行及历史行政区划代码表中，请与证件原件核对",
                "the first six digits are in no current or past region table; compare with the document",
            ),
            Self::Legacy15Upgraded => (
                "IDENTITY_LEGACY_15_UPGRADED",
                "15位旧号码已按GB 11643升为18位，请在来源系统中改用18位号码",
                "the 15-digit number was upgraded to 18 characters; use the 18-character number in the source system",
            ),
        }
    }

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.texts().0
    }

    /// What was noticed and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> &'static str {
        self.texts().1
    }

    /// What was noticed and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> &'static str {
        self.texts().2
    }
}
