//! Departments that a law names for a matter, wherever the hub runs.
//!
//! Which departments there are and what each may see is data: the code table `department` and
//! `policy/`. Which one answers for the accidents of an industry is data too, as plans differ in it
//! (`key_industry`). But who recognises a work injury and who keeps the register of occupational
//! diseases is the same everywhere, and the rules that follow from it are written in code: what
//! they name stands here, once, each with its source, and is looked for in the code table when the
//! hub starts.

use std::fmt;

/// A department that rules name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Department(&'static str);

impl Department {
    /// 人社: insures, recognises and pays work injuries, keeps the roll of the insured, leads the
    /// joint meeting. Source: 工伤保险条例 art. 5; 人社部发〔2020〕90号.
    pub const HRSS: Self = Self("HRSS");
    /// 应急: work safety, wherever no other department is named. Source: 安全生产法 art. 10.
    pub const EMERGENCY: Self = Self("EMERGENCY");
    /// 卫健: occupational health, its register of diseases and its measurements. Source:
    /// 职业病防治法 art. 9.
    pub const HEALTH: Self = Self("HEALTH");
    /// 总工会: supervises for the workers and hands in nothing about them. Source: 职业病防治法
    /// art. 4.
    pub const UNION: Self = Self("UNION");

    /// All that rules name.
    pub const NAMED: [Self; 4] = [Self::HRSS, Self::EMERGENCY, Self::HEALTH, Self::UNION];

    /// Its code, as in the code table.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Department {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl PartialEq<str> for Department {
    fn eq(&self, code: &str) -> bool {
        self.0 == code
    }
}
