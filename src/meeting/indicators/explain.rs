//! A judgement in words: its reason, who has still to hand something in, and what was signed beside
//! what is recorded.

use super::{
    gaps::FigureGap,
    owed::MissingInput,
    sheet::{SheetFigure, SignedFigure},
};
use crate::{
    domain::{
        fraction::Fraction,
        indicator::{FigureFormula, Indicator, Reason, YearCount},
        plan::Finality,
        region::RegionCode,
    },
    error::Language,
    store::reference::Reference,
};

impl SheetFigure {
    /// Why it is judged so, with what follows from it for whom.
    #[must_use]
    pub fn reason(&self, reference: &Reference, language: Language) -> String {
        let english = language == Language::English;
        let reason = self.judgement.reason;
        let mut told = vec![if english { reason.message_en() } else { reason.message_zh() }];
        let list = |all: &[MissingInput], finals: bool| {
            let one = |owed: &MissingInput| {
                if english { owed.in_english(finals) } else { owed.in_chinese(reference, finals) }
            };
            all.iter().map(one).collect::<Vec<_>>().join(if english { ", " } else { "、" })
        };
        if !self.missing.is_empty() {
            told.push(if english {
                format!("missing: {}", list(&self.missing, false))
            } else {
                format!("缺{}", list(&self.missing, false))
            });
        }
        if matches!(reason, Reason::Unsigned { .. }) {
            told.push(if english {
                format!("not signed: {}", list(&self.unsigned, true))
            } else {
                format!("待签报：{}", list(&self.unsigned, true))
            });
        }
        if let Some(unknown) = self.unknown.filter(|unknown| *unknown > 0) {
            told.push(if english {
                format!("exposure not known in {unknown} cases")
            } else {
                format!("接尘工龄不明{unknown}例")
            });
        }
        told.extend(self.gaps.iter().map(|gap| {
            let (year, count) = (gap.year, gap.count);
            if english {
                format!("{year}: {count} {}{}", gap.kind.name_en(), named(gap, reference))
            } else {
                format!("{year}年{}{count}{}", gap.kind.name_zh(), named(gap, reference))
            }
        }));
        told.extend(self.rate(english));
        told.extend(self.signed.iter().filter_map(|signed| self.beside(signed, english)));
        told.join(if english { "; " } else { "；" })
    }

    /// How a rate stands to that of the base year.
    fn rate(&self, english: bool) -> Option<String> {
        let (base, change) = (self.base_year.value?, self.reduction?);
        let (year, base) = (self.base_year.year, base.per_mille());
        let risen = change.numerator() < 0;
        let percent = change.percent();
        let percent = percent.trim_start_matches('-');
        Some(match (english, risen) {
            (true, false) => format!("{base} in {year}, reduced by {percent}"),
            (true, true) => format!("{base} in {year}, risen by {percent}"),
            (false, false) => format!("{year}年为{base}，下降{percent}"),
            (false, true) => format!("{year}年为{base}，上升{percent}"),
        })
    }

    /// What was signed beside what the records say; of earlier years only where the two differ. Of a
    /// share both its numbers are compared.
    fn beside(&self, signed: &SignedFigure, english: bool) -> Option<String> {
        let recorded = self.recorded(signed)?;
        let difference = signed.signed - recorded;
        let whole = signed.whole.zip(signed.region.map(|own| known(own.denominator)));
        let same = difference == 0 && whole.is_none_or(|(signed, recorded)| signed == recorded);
        if same && signed.year != self.now.year {
            return None;
        }
        let of = |number: i64, whole: Option<i64>| match whole {
            Some(whole) => format!("{number}/{whole}"),
            None => number.to_string(),
        };
        let number = of(signed.signed, whole.map(|(signed, _)| signed));
        let recorded = of(recorded, whole.map(|(_, recorded)| recorded));
        let year = signed.year;
        let explained = if signed.explanations.is_empty() || same {
            String::new()
        } else {
            let words = signed.explanations.join("；");
            if english { format!(" ({words})") } else { format!("（说明：{words}）") }
        };
        let provisional = signed.finality == Finality::Provisional;
        let kind = match (english, provisional) {
            (true, true) => "signed provisionally",
            (true, false) => "signed",
            (false, true) => "快报签报",
            (false, false) => "签报",
        };
        let kind = match (signed.region.is_some(), english) {
            (false, _) => kind.to_owned(),
            (true, true) => format!("all industries of the region, {kind}"),
            (true, false) => format!("全部行业{kind}"),
        };
        // Of two shares there is no one difference.
        let apart = match (whole, english) {
            (Some(_), _) => String::new(),
            (None, true) => format!(", difference {difference:+}"),
            (None, false) => format!("，差{difference:+}"),
        };
        Some(match (english, same) {
            (true, true) => format!("{kind} {number} as recorded"),
            (true, false) => {
                format!("{year}: {kind} {number}, recorded {recorded}{apart}{explained}")
            }
            (false, true) => format!("{kind}{number}，与记录一致"),
            (false, false) => format!("{year}年{kind}{number}，记录{recorded}{apart}{explained}"),
        })
    }

    /// What the records say now of the number that was signed.
    #[must_use]
    pub fn recorded(&self, signed: &SignedFigure) -> Option<i64> {
        let count = match (signed.region, signed.year == self.now.year) {
            (Some(region), _) => region.numerator,
            (None, true) => self.now.numerator,
            (None, false) if self.indicator.formula() == FigureFormula::Reduction => {
                self.now.denominator
            }
            (None, false) => self.last_year.numerator,
        };
        match count {
            YearCount::Missing | YearCount::Known(_) => Some(known(count)),
            _ => None,
        }
    }

    /// A value with one decimal; none where there is no value.
    #[must_use]
    pub fn printed(indicator: Indicator, value: Option<Fraction>) -> Option<String> {
        let value = value?;
        Some(if indicator.formula() == FigureFormula::PerMille {
            value.per_mille()
        } else {
            value.percent()
        })
    }
}

/// Which counties they are, as far as a line holds them; the rest is counted.
fn named(gap: &FigureGap, reference: &Reference) -> String {
    const MOST: usize = 8;
    if gap.regions.is_empty() {
        return String::new();
    }
    let name = |code: &RegionCode| {
        reference.label("region", code.as_str()).unwrap_or(code.as_str()).to_owned()
    };
    let names: Vec<String> = gap.regions.iter().take(MOST).map(name).collect();
    let rest = if gap.regions.len() > MOST { "等" } else { "" };
    format!("（{}{rest}）", names.join("、"))
}

/// A recorded number: what was signed and not recorded at all is recorded as nothing.
fn known(count: YearCount) -> i64 {
    count.number().unwrap_or_default()
}

impl MissingInput {
    fn in_chinese(&self, reference: &Reference, finals: bool) -> String {
        let short = |code: &String| {
            let row = reference.table("department").and_then(|table| table.editions(code).next());
            row.map_or(code.clone(), |row| {
                row.attributes.get("short_zh").unwrap_or(&row.name_zh).clone()
            })
        };
        let names: Vec<String> = self.departments.iter().map(short).collect();
        let (names, year) = (names.join("、"), self.year);
        if finals {
            format!("{names}{year}年定报")
        } else {
            format!("{names}{year}年{}", self.what.name_zh())
        }
    }

    fn in_english(&self, finals: bool) -> String {
        let (names, year) = (self.departments.join(", "), self.year);
        if finals {
            format!("final return of {year} by {names}")
        } else {
            format!("{} of {year} by {names}", self.what.name_en())
        }
    }
}
