//! Codes and messages of the credit-code check; the rules are in the parent module.

use super::{CreditCodeFault, CreditCodeKind, CreditCodeWarning};

impl CreditCodeKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Enterprise,
        Self::IndividualBusiness,
        Self::FarmersCooperative,
        Self::StateOrgan,
        Self::PublicInstitution,
        Self::MassOrganisation,
        Self::SocialOrganisation,
        Self::PrivateNonEnterprise,
        Self::Foundation,
        Self::TradeUnion,
        Self::Other,
    ];

    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Enterprise => "ENTERPRISE",
            Self::IndividualBusiness => "INDIVIDUAL_BUSINESS",
            Self::FarmersCooperative => "FARMERS_COOPERATIVE",
            Self::StateOrgan => "STATE_ORGAN",
            Self::PublicInstitution => "PUBLIC_INSTITUTION",
            Self::MassOrganisation => "MASS_ORGANISATION",
            Self::SocialOrganisation => "SOCIAL_ORGANISATION",
            Self::PrivateNonEnterprise => "PRIVATE_NON_ENTERPRISE",
            Self::Foundation => "FOUNDATION",
            Self::TradeUnion => "TRADE_UNION",
            Self::Other => "OTHER",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl CreditCodeFault {
    /// Every fault.
    pub const ALL: [Self; 4] = [Self::Length, Self::Characters, Self::CheckCharacter, Self::Legacy15];

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Length => (
                "CREDIT_CODE_LENGTH",
                "统一社会信用代码应为18位，请核对是否漏录、多录",
                "a unified social credit code has 18 characters; check for missing or extra characters",
            ),
            Self::Characters => (
                "CREDIT_CODE_CHARACTERS",
                "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z，请核对是否把1、0、5、2误录为字母",
                "a unified social credit code never contains I, O, S, V or Z; check for letters typed as digits",
            ),
            Self::CheckCharacter => (
                "CREDIT_CODE_CHECK_CHARACTER",
                "统一社会信用代码校验码不符，请与营业执照等登记证照逐位核对",
                "the check character does not match; compare every character with the licence",
            ),
            Self::Legacy15 => (
                "CREDIT_CODE_LEGACY_15",
                "这是15位旧工商注册号，请改填18位统一社会信用代码",
                "this is a 15-digit business licence number; give the 18-character unified social credit code",
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

impl CreditCodeWarning {
    /// Every warning.
    pub const ALL: [Self; 3] = [Self::OrganisationCode, Self::Authority, Self::Region];

    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::OrganisationCode => (
                "CREDIT_CODE_ORGANISATION_CODE",
                "第9至17位组织机构代码的校验码不符，请与登记证照核对；如证照如此，无需修改",
                "the organisation code in positions 9 to 17 fails its own check; compare with the licence and keep it if it says so",
            ),
            Self::Authority => (
                "CREDIT_CODE_AUTHORITY",
                "第1位不是已知的登记管理部门代码，请与登记证照核对",
                "position 1 is no known registration authority; compare with the licence",
            ),
            Self::Region => (
                "CREDIT_CODE_REGION",
                "第3至8位登记机关行政区划码应为6位数字，请与登记证照核对",
                "positions 3 to 8 should be a six-digit region code; compare with the licence",
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
