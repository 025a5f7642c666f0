//! Years of insured units: rate, sums, band of the benefit ratio. Source: 人社部发〔2015〕71号;
//! domain reference §4.

use chrono::Datelike;
use entity::insured_unit_year::Column;

use crate::{
    domain::{
        code::Coded as _,
        premium::{Band, FloatStep, floated_rate, is_another_premium},
    },
    store::sql::cell::Cell,
    submit::{draft::View, rules::RuleContext},
};

/// 工伤保险条例 came into force on 2004-01-01.
const FIRST_YEAR: i64 = 2004;

/// Benefits that the fund pays; what the employer pays and the prevention fee are none of them.
const BENEFITS: [Column; 4] = [
    Column::BenefitMedicalFen,
    Column::BenefitDisabilityFen,
    Column::BenefitDeathFen,
    Column::BenefitOtherFen,
];

/// Computes rate, sum and band, and notes what does not fit together.
pub(super) fn apply(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    year(row, around);
    rate(row);
    benefits(row);
    injuries(row);
}

fn year(row: &mut View<'_, Column>, around: &RuleContext<'_>) {
    let Some(year) = row.get(Column::Year).as_int() else { return };
    if !(FIRST_YEAR..=around.today.year().into()).contains(&year) {
        row.fault(
            Column::Year,
            "YEAR_OUT_OF_RANGE",
            format!("年度须在 {FIRST_YEAR} 年至今年之间。请核对。"),
            format!("The year lies between {FIRST_YEAR} and this year. Check it."),
        );
    }
    if row.day(Column::InsuredSince).is_some_and(|since| i64::from(since.year()) > year) {
        row.finding(
            Column::InsuredSince,
            "INSURED_AFTER_YEAR",
            "首次参保晚于该年度。请核对。",
            "The unit was insured only after this year. Check it.",
        );
    }
}

fn rate(row: &mut View<'_, Column>) {
    let Some(class) = row.get(Column::RiskClass).as_int() else { return };
    if !(1..=8).contains(&class) {
        row.fault(
            Column::RiskClass,
            "RISK_CLASS_UNKNOWN",
            "行业风险类别为一至八类。请核对。",
            "Risk classes are 1 to 8. Check the class.",
        );
    }
    let (Some(step), Some(base)) = (
        row.text(Column::FloatStep).and_then(FloatStep::from_code),
        row.get(Column::BaseRatePer100000).as_int(),
    ) else {
        return;
    };
    if !step.is_open_to(class) {
        row.fault(
            Column::FloatStep,
            "CLASS_ONE_NEVER_DOWN",
            "一类行业费率不下浮（人社部发〔2015〕71号）。请核对风险类别和浮动档次。",
            "The rate of risk class 1 never floats down. Check class and step.",
        );
    }
    let Some(rate) = floated_rate(base, step) else {
        return row.finding(
            Column::BaseRatePer100000,
            "RATE_NOT_EXACT",
            "基准费率乘以浮动档次不是十万分之一的整数倍，未得出浮动后费率。请核对基准费率。",
            "Base rate times step is no whole number of 1/100000; there is no floated rate. Check the base rate.",
        );
    };
    row.set(Column::FloatedRatePer100000, Cell::Int(rate));
    if let (Some(due), Some(wages)) =
        (row.get(Column::PremiumDueFen).as_int(), row.get(Column::WageBillFen).as_int())
        && is_another_premium(due, wages, rate)
    {
        row.finding(
            Column::PremiumDueFen,
            "PREMIUM_NOT_WAGES_TIMES_RATE",
            "应缴保险费不等于缴费工资总额乘以浮动后费率。请核对，或说明阶段性降费等原因。",
            "The premium due is not wage bill times floated rate. Check them, or say why, such as a temporary cut.",
        );
    }
}

fn benefits(row: &mut View<'_, Column>) {
    let given: Vec<i64> =
        BENEFITS.into_iter().filter_map(|column| row.get(column).as_int()).collect();
    if given.is_empty() {
        return;
    }
    let Some(sum) = given.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part)) else {
        return row.fault(
            Column::BenefitMedicalFen,
            "MONEY_TOO_LARGE",
            "各项待遇之和过大。请核对单位是否为元。",
            "The sum of the benefits is too large. Check that the unit is yuan.",
        );
    };
    row.set(Column::BenefitsFen, Cell::Int(sum));
    let Some(paid) = row.get(Column::PremiumPaidFen).as_int() else { return };
    let band = Band::of(sum, paid);
    row.set(Column::BurdenBand, Cell::Text(band.code().to_owned()));
    if band == Band::NotComputable {
        row.finding(
            Column::PremiumPaidFen,
            "BURDEN_NOT_COMPUTABLE",
            "没有实缴保险费，支缴率无法计算，按基准费率执行。请核对。",
            "No premium was paid, so there is no benefit ratio and the base rate holds. Check it.",
        );
    }
}

fn injuries(row: &mut View<'_, Column>) {
    let Some(all) = row.get(Column::NewInjuries).as_int() else { return };
    for column in [Column::NewDeaths, Column::NewSerious, Column::NewDiseaseCases] {
        if row.number(column) > all {
            row.finding(
                column,
                "PART_EXCEEDS_WHOLE",
                "其中数大于新增工伤人数。请核对。",
                "A part is larger than the new injuries. Check them.",
            );
        }
    }
}
