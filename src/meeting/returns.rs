//! Returns (报送): a department freezes the totals of its records for a year and signs them; the
//! members of the meeting see what was signed beside what the records say today.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    audit::audited::audited,
    authz::{actor::Actor, chair::SignPermit, meeting::Seat},
    context::OpCtx,
    domain::{
        accident::CasualtyBasis,
        clock::shanghai_date,
        code::Coded as _,
        department::Department,
        plan::{Finality, ObligationKind, TargetMeasure},
        report::{Lack, ReportDocument, lacks},
        returns::{DeviatingFigure, FigureToSign, ReturnCount, of_records, settle},
    },
    error::HubError,
    meeting::{plans::PlanDuty, rulebook::Rulebook},
    services::Services,
    store::meeting::returns::{ReturnKey, Signature, SignedReturn},
};

pub mod board;
mod sums;

/// Greatest length of a remark or an explanation, in characters.
const MOST_CHARACTERS: usize = 1_000;

/// Denominators of the pneumoconiosis ratio. Source: domain reference §6.2.
pub const DENOMINATORS: [&str; 2] = ["PNEUMOCONIOSIS_NEW", "ALL_OCCUPATIONAL_DISEASE_NEW"];

/// Kinds of return that are a report or a document and not figures alone.
const REPORTS: [ObligationKind; 2] = [ObligationKind::PlanReport, ObligationKind::PlanFiling];

/// The frozen content of a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrozenReturn {
    /// Region code that the return covers, such as `140600`.
    pub region_code: String,
    /// Code of the department that signs.
    pub department: String,
    /// Code of the kind, one of [`ObligationKind`].
    pub kind: String,
    /// Calendar year of the figures.
    pub year: i32,
    /// `PROVISIONAL` or `FINAL`.
    pub finality: String,
    /// Identifier of the plan that asks for it, or else by which the region is judged.
    pub plan: Option<String>,
    /// Code of the basis of casualties; only for accidents.
    pub casualty_basis: Option<String>,
    /// Basis of the pneumoconiosis ratio, one of [`DENOMINATORS`]; only for diseases.
    pub denominator_basis: Option<String>,
    /// The figures, with both recorded and signed values.
    pub figures: Vec<FigureToSign>,
    /// A report in words, if one is required or was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The document that is reported or filed; `None` for returns of figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<ReportDocument>,
    /// Position in the change feed: everything before it is included in the totals.
    pub position: String,
    /// Time at which the totals were computed.
    pub taken_at: DateTime<Utc>,
}

/// A request of a department to sign a return.
#[derive(Clone, Debug)]
pub struct SignRequest {
    /// The kind of return; `None` for the one that the department owes.
    pub kind: Option<ObligationKind>,
    /// Calendar year of the figures.
    pub year: i32,
    /// Provisional or final.
    pub finality: Finality,
    /// Number of the version that it replaces; `None` for the first version.
    pub replaces: Option<i32>,
    /// Which harmed persons count as casualties, for accidents alone; `None` for the usual ones.
    pub casualty_basis: Option<CasualtyBasis>,
    /// Basis of the pneumoconiosis ratio, one of [`DENOMINATORS`], for diseases alone; `None` for
    /// the first of them.
    pub denominator_basis: Option<String>,
    /// Figures that differ from the records.
    pub given: Vec<DeviatingFigure>,
    /// Remark of the department; the report itself, where one is required.
    pub remark: Option<String>,
    /// The document that is reported or filed, if any.
    pub document: Option<ReportDocument>,
}

/// A member of the meeting, with the context of the request.
#[derive(Clone, Copy)]
pub struct MeetingContext<'a> {
    /// The services of the hub, for reading and signing.
    pub services: &'a Services,
    /// Plans, regions, working days and clocks.
    pub rules: &'a Rulebook,
    /// Time and identifier of the request.
    pub ctx: &'a OpCtx,
    /// The actor who asks, with roles and purpose.
    pub actor: &'a Actor,
    /// Seat of the actor at the meeting of a region.
    pub seat: &'a Seat,
}

impl MeetingContext<'_> {
    /// Today in China.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        shanghai_date(self.ctx.now())
    }

    /// What plans ask for in the seat's region, up to the figures of this year.
    pub(in crate::meeting) fn owed(&self) -> Vec<PlanDuty<'_>> {
        self.rules.plans.obligations(self.seat.region(), self.today().year())
    }

    /// Freezes the figures as of now and signs them.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] except for the office or steward of a department that owes such a
    /// return; [`HubError::Invalid`] naming the wrong field; [`HubError::Conflict`] if it is signed
    /// already and the last version is not named.
    pub async fn sign(
        &self,
        order: &SignRequest,
    ) -> Result<(SignedReturn, FrozenReturn), HubError> {
        let pen = SignPermit::of(self.seat)?;
        let kind = self.kind(order)?;
        self.check(order)?;
        suits(kind, order)?;
        let about = format!(
            "{} {} {} {} {}",
            pen.region(),
            pen.department().as_str(),
            kind.code(),
            order.year,
            order.finality.code()
        );
        audited(
            &self.services.audit,
            self.ctx,
            self.actor,
            ("sign return", &about),
            self.signed(&pen, kind, order),
        )
        .await
    }

    async fn signed(
        &self,
        pen: &SignPermit,
        kind: ObligationKind,
        order: &SignRequest,
    ) -> Result<(SignedReturn, FrozenReturn), HubError> {
        // Taken before the totals: later changes may be included in them, earlier ones certainly
        // are.
        let position = self.services.database.feed_place().await?;
        let sums = sums::of(self, kind, pen.department().as_str(), order.year).await?;
        if !sums.closed.is_empty() {
            return Err(HubError::forbidden(
                "您无权汇总本部门的记录，无法签报。",
                "You may not sum up the records of your department, so there is nothing to sign.",
            ));
        }
        let casualties = order.casualty_basis.unwrap_or_default();
        let figures = settle(of_records(&sums.counted, casualties), &order.given, casualties)
            .map_err(|fault| {
                HubError::invalid(
                    format!("{}。", fault.message_zh()),
                    format!("{}.", fault.message_en()),
                )
            })?;
        let content = FrozenReturn {
            region_code: pen.region().as_str().to_owned(),
            department: pen.department().as_str().to_owned(),
            kind: kind.code().to_owned(),
            year: order.year,
            finality: order.finality.code().to_owned(),
            plan: self.plan(kind, order.year),
            casualty_basis: (kind == ObligationKind::AccidentReturn)
                .then(|| casualties.code().to_owned()),
            denominator_basis: (kind == ObligationKind::DiseaseReturn)
                .then(|| order.denominator_basis.as_deref().unwrap_or(DENOMINATORS[0]).to_owned()),
            figures,
            words: order.remark.clone().filter(|_| REPORTS.contains(&kind)),
            document: order.document.clone(),
            position,
            taken_at: self.ctx.now(),
        };
        self.complete(kind, &content)?;
        let text = serde_json::to_string(&content).map_err(HubError::internal)?;
        let digest = format!("{:x}", Sha256::digest(text.as_bytes()));
        let which = ReturnKey {
            kind: content.kind.clone(),
            year: content.year,
            finality: content.finality.clone(),
        };
        let signature = Signature {
            id: self.ctx.new_id(),
            which: &which,
            replaces: order.replaces.unwrap_or_default(),
            content: &text,
            digest: &digest,
            remark: order.remark.as_deref(),
        };
        match self.services.database.return_sign(pen, &signature, self.ctx.now()).await? {
            Some(signed) => Ok((signed, content)),
            None => Err(self.twice(&which, order.replaces).await?),
        }
    }

    /// Refuses a report without content, naming everything that is missing.
    fn complete(&self, kind: ObligationKind, content: &FrozenReturn) -> Result<(), HubError> {
        let missing = content.lacks(kind, self.rate(content.plan.as_deref()));
        if missing.is_empty() {
            return Ok(());
        }
        let list = |say: fn(Lack) -> String, gap: &str| {
            missing.iter().map(|lack| say(*lack)).collect::<Vec<_>>().join(gap)
        };
        Err(HubError::invalid(
            format!("报告内容不全，不能签报。缺少：{}。", list(Lack::zh, "；")),
            format!(
                "The report is not complete and was not signed. Missing: {}.",
                list(Lack::en, "; ")
            ),
        ))
    }

    /// Whether a plan sets a target for the injury rate.
    pub(in crate::meeting) fn rate(&self, plan: Option<&str>) -> bool {
        let plan = plan.and_then(|id| self.rules.plans.get(id));
        plan.is_some_and(|plan| {
            plan.targets.iter().any(|target| target.measure == TargetMeasure::InjuryRate)
        })
    }

    /// The plan that asks for figures of that year, else the one by which the region is judged.
    fn plan(&self, kind: ObligationKind, year: i32) -> Option<String> {
        let plans = &self.rules.plans;
        let asking = self
            .owed()
            .into_iter()
            .find(|one| one.owed.kind == kind && one.owed.data_year == year)
            .map(|one| one.plan);
        asking.or_else(|| plans.nearest(self.seat.region(), year)).map(|plan| plan.id.clone())
    }

    /// Why a version cannot be signed: it does not replace the last version.
    async fn twice(&self, which: &ReturnKey, named: Option<i32>) -> Result<HubError, HubError> {
        let known = self.services.database.returns(self.seat, Some(which.year)).await?;
        let last = known
            .iter()
            .find(|one| one.which == *which && one.department == self.seat.department().as_str());
        Ok(match (last.map(|one| one.version), named) {
            (Some(version), None) => HubError::conflict(
                format!(
                    "该报送已签报（第{version}版）。如需更正，请在 replaces 中写明所替换的版本 {version}。"
                ),
                format!(
                    "This return is signed already (version {version}). To correct it, name the version it replaces: replaces: {version}."
                ),
            ),
            (Some(version), Some(named)) => HubError::conflict(
                format!(
                    "最新的是第{version}版，不是第{named}版。请核对后以 replaces: {version} 重新签报。"
                ),
                format!(
                    "The last version is {version}, not {named}. Look at it and sign again with replaces: {version}."
                ),
            ),
            (None, _) => HubError::conflict(
                "该报送尚未签报，没有可替换的版本。请去掉 replaces。",
                "This return was never signed, so there is no version to replace. Leave out replaces.",
            ),
        })
    }

    /// The kind of return that the seat's department signs.
    fn kind(&self, order: &SignRequest) -> Result<ObligationKind, HubError> {
        let department = self.seat.department().as_str();
        let own: &[ObligationKind] = if Department::HEALTH == *department {
            &[ObligationKind::DiseaseReturn]
        } else if Department::HRSS == *department {
            &[ObligationKind::PlanReport, ObligationKind::PlanFiling]
        } else if sums::industries(self, department, order.year).is_empty() {
            &[]
        } else {
            &[ObligationKind::AccidentReturn]
        };
        let kind = order.kind.or_else(|| own.first().copied());
        kind.filter(|kind| own.contains(kind)).ok_or_else(|| {
            HubError::forbidden(
                "本部门没有该项报送。请核对 kind。",
                "Your department owes no such return. Check `kind`.",
            )
        })
    }

    fn check(&self, order: &SignRequest) -> Result<(), HubError> {
        let this_year = self.today().year();
        if order.year > this_year || order.year < 2000 {
            return Err(HubError::invalid(
                format!("year 应在 2000 至 {this_year} 之间。"),
                format!("year must lie between 2000 and {this_year}."),
            ));
        }
        if order.year == this_year && order.finality == Finality::Final {
            return Err(HubError::invalid(
                "年度尚未结束，只能签报快报（PROVISIONAL）。",
                "The year is not over yet: sign provisional figures (PROVISIONAL).",
            ));
        }
        if order.denominator_basis.as_deref().is_some_and(|basis| !DENOMINATORS.contains(&basis)) {
            let known = DENOMINATORS.join(", ");
            return Err(HubError::invalid(
                format!("denominatorBasis 应为以下之一：{known}。"),
                format!("denominatorBasis must be one of {known}."),
            ));
        }
        let long =
            |text: Option<&String>| text.is_some_and(|text| text.chars().count() > MOST_CHARACTERS);
        if long(order.remark.as_ref())
            || order.given.iter().any(|given| long(given.explanation.as_ref()))
        {
            return Err(HubError::invalid(
                format!("remark 和 explanation 各不超过 {MOST_CHARACTERS} 字。"),
                format!("remark and explanation have at most {MOST_CHARACTERS} characters each."),
            ));
        }
        Ok(())
    }
}

/// Refuses what would not be signed, because it goes with other kinds of return.
fn suits(kind: ObligationKind, order: &SignRequest) -> Result<(), HubError> {
    let bound: [(bool, &str, &[ObligationKind]); 3] = [
        (order.casualty_basis.is_some(), "casualtyBasis", &[ObligationKind::AccidentReturn]),
        (order.denominator_basis.is_some(), "denominatorBasis", &[ObligationKind::DiseaseReturn]),
        (order.document.is_some(), "document", &REPORTS),
    ];
    let Some((_, name, kinds)) =
        bound.into_iter().find(|(given, _, kinds)| *given && !kinds.contains(&kind))
    else {
        return Ok(());
    };
    let own = kind.code();
    let list = |gap: &str| kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(gap);
    Err(HubError::invalid(
        format!("{name} 只用于 {}，本次签报的是 {own}。请去掉 {name}。", list("、")),
        format!("`{name}` goes with {}; this is {own}. Leave it out.", list(" and ")),
    ))
}

impl FrozenReturn {
    /// The frozen content of a signed version.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the frozen text cannot be read.
    pub fn of(signed: &SignedReturn) -> Result<Self, HubError> {
        serde_json::from_str(&signed.content).map_err(HubError::internal)
    }

    /// What a report of that kind lacks.
    #[must_use]
    pub fn lacks(&self, kind: ObligationKind, rate: bool) -> Vec<Lack> {
        lacks(kind, (self.words.as_deref(), self.document.as_ref()), &self.figures, rate)
    }

    /// The figure for this count and industry; `None` as industry for the region as a whole.
    #[must_use]
    pub fn figure(&self, count: ReturnCount, industry: Option<&str>) -> Option<&FigureToSign> {
        self.figures
            .iter()
            .find(|figure| figure.count == count && figure.industry.as_deref() == industry)
    }
}
