//! Codes and messages of hazards; the rules are in the parent module.

use super::{DateFault, HazardState, Milestone};
use crate::domain::code::Coded as _;

impl HazardState {
    const fn zh(self) -> &'static str {
        match self {
            Self::Registered => "已登记",
            Self::Ordered => "已责令整改",
            Self::Rectifying => "整改中",
            Self::Submitted => "已提请复查",
            Self::Rechecked => "复查合格",
            Self::Closed => "已销号",
            Self::Rejected => "复查不合格",
            Self::Transferred => "已移送",
            Self::Supervised => "挂牌督办中",
            Self::SuspendedProduction => "停产整改中",
        }
    }

    /// Stable code of a transition that is not permitted.
    pub const STEP_CODE: &'static str = "HAZARD_STEP_NOT_ALLOWED";

    /// Why the transition is refused, and which ones are permitted, in Chinese.
    #[must_use]
    pub fn refusal_zh(self, to: Self) -> String {
        let own = format!(
            "隐患现为“{}”（{}），不能变为“{}”（{}）。",
            self.zh(),
            self.code(),
            to.zh(),
            to.code()
        );
        if self.next().is_empty() {
            return format!("{own}该状态不再变更；如系误报，请先撤回该记录再重新报送。");
        }
        let next: Vec<String> =
            self.next().iter().map(|state| format!("{}（{}）", state.zh(), state.code())).collect();
        format!("{own}可变为：{}。请按顺序报送。", next.join("、"))
    }

    /// Why the transition is refused, and which ones are permitted, in English.
    #[must_use]
    pub fn refusal_en(self, to: Self) -> String {
        let own = format!("The hazard is {} and cannot become {}.", self.code(), to.code());
        if self.next().is_empty() {
            return format!(
                "{own} It stays there; if that is a mistake, withdraw the record and hand it in anew."
            );
        }
        let next: Vec<&str> = self.next().iter().map(|state| state.code()).collect();
        format!("{own} It can become: {}. Hand the steps in one after the other.", next.join(", "))
    }
}

impl Milestone {
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Found => ("发现日期", "the day it was found"),
            Self::Ordered => ("责令整改日期", "the day of the order"),
            Self::Deadline => ("整改期限", "the deadline"),
            Self::Extended => ("延期后的整改期限", "the extended deadline"),
            Self::Submitted => ("提请复查日期", "the day it was submitted"),
            Self::Rechecked => ("复查日期", "the day it was looked at again"),
            Self::Closed => ("销号日期", "the day it was closed"),
            Self::Transferred => ("移送日期", "the day it was handed over"),
        }
    }
}

impl DateFault {
    /// Stable code of the fault, as it appears in the remarks of a row.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "HAZARD_DATE_MISSING",
            Self::Order(..) => "HAZARD_DATE_ORDER",
            Self::Future(_) => "DATE_IN_FUTURE",
            Self::Ahead(_) => "HAZARD_DATE_AHEAD",
        }
    }

    /// The milestone at fault; of a wrong order, the later one.
    #[must_use]
    pub const fn about(self) -> Milestone {
        match self {
            Self::Missing(milestone)
            | Self::Order(_, milestone)
            | Self::Future(milestone)
            | Self::Ahead(milestone) => milestone,
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(self) -> String {
        let own = self.about().texts().0;
        match self {
            Self::Missing(_) => format!("该治理状态须有{own}。请补填。"),
            Self::Order(first, _) => format!("{own}早于{}。请核对。", first.texts().0),
            Self::Future(_) => format!("{own}在将来。请核对。"),
            Self::Ahead(_) => format!("有{own}而治理状态与之不符。请核对状态或去掉该日期。"),
        }
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(self) -> String {
        let own = self.about().texts().1;
        match self {
            Self::Missing(_) => format!("This state needs {own}. Add it."),
            Self::Order(first, _) => {
                format!("Here {own} lies before {}. Check them.", first.texts().1)
            }
            Self::Future(_) => format!("Here {own} lies in the future. Check it."),
            Self::Ahead(_) => format!(
                "The state says otherwise than {own}. Check the state or leave the date out."
            ),
        }
    }
}
