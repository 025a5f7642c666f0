//! Corrections (数据校核): whoever may see a record says what is wrong with it; the department that
//! holds it verifies, corrects and feeds back within ten working days. Whoever drew the wrong version
//! gets the right one by the feed, as every new version.
//!
//! Source: 政务数据共享条例（国务院令第809号） 第二十六条.

use chrono::NaiveDate;
use entity::catalogue::{Class, Family};
use uuid::Uuid;

use super::texts::checked;
use crate::{
    audit::{audited::audited, collector::Noted},
    authz::{
        actor::Actor,
        corrections::{ClaimPermit, CorrectionPermit, CorrectionSight, shows_words, unknown_field},
    },
    context::OpCtx,
    domain::{
        calendar::Calendar,
        clock::shanghai_date,
        correction::{CLOCK, CorrectionState, CorrectionStep},
        deadline::{ClockError, ClockRun, Clocks, DueState},
        lead::LONGEST_ANSWER,
        region::RegionCode,
        text::free_text,
    },
    error::HubError,
    services::Services,
    store::{
        records::{global_id, past, row::Selection},
        sharing::corrections::{CorrectionClaim, CorrectionQuery, StoredCorrection},
    },
};

/// Name under which identifiers of corrections are ciphered.
pub const IDENTIFIER: &str = "Correction";
/// Most characters of what shows that a record is wrong.
const LONGEST_BASIS: usize = 200;
/// Most requests of an organisation that wait for an answer at the same time.
const MOST_WAITING: i64 = 500;

/// Somebody who works on corrections, and what deadlines go by.
#[derive(Clone, Copy)]
pub struct CorrectionContext<'a> {
    /// The hub.
    pub services: &'a Services,
    /// Rules of deadlines.
    pub clocks: &'a Clocks,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The request.
    pub ctx: &'a OpCtx,
    /// Who acts.
    pub actor: &'a Actor,
}

/// A request as it is handed in.
#[derive(Clone, Debug, Default)]
pub struct CorrectionDraft {
    /// Global identifier of the record.
    pub record: String,
    /// Name of the field; `None` for the record as a whole.
    pub field: Option<String>,
    /// What is wrong, and what it should be.
    pub claim: String,
    /// What shows it.
    pub basis: String,
    /// Global identifier of a record that shows it.
    pub basis_record: Option<String>,
    /// SHA-256 of a file that shows it.
    pub basis_digest: Option<String>,
}

/// Until when a request has to be answered, and how that stands.
#[derive(Clone, Debug)]
pub struct CorrectionDue {
    /// Last day for the answer.
    pub day: NaiveDate,
    /// Year whose holidays are not known, so that the last day may still move.
    pub unknown_year: Option<i32>,
    /// How it stands today.
    pub state: DueState,
    /// Law and article.
    pub source: String,
}

impl CorrectionContext<'_> {
    fn today(&self) -> NaiveDate {
        shanghai_date(self.ctx.now())
    }

    /// Requests that the actor sees, the latest first.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads records; what the database says.
    pub async fn list(&self, asked: &CorrectionQuery) -> Result<Vec<StoredCorrection>, HubError> {
        let sight = CorrectionSight::of(&self.services.policy, self.actor)?;
        self.services.database.corrections(&sight, asked).await
    }

    /// One of them. A missing right is told before anything about the identifier.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for one that is not there or not seen; as [`Self::list`].
    pub async fn named(&self, id: Result<Uuid, HubError>) -> Result<StoredCorrection, HubError> {
        CorrectionSight::of(&self.services.policy, self.actor)?;
        self.one(id?).await
    }

    async fn one(&self, id: Uuid) -> Result<StoredCorrection, HubError> {
        let asked = CorrectionQuery { id: Some(id), most: 1, ..CorrectionQuery::default() };
        self.list(&asked).await?.pop().ok_or(HubError::NotFound)
    }

    /// Until when a request has to be answered.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when the code tables have no clock for it.
    pub fn due(&self, own: &StoredCorrection) -> Result<CorrectionDue, HubError> {
        let start = shanghai_date(own.claimed_at);
        let rule = self.clocks.rule(CLOCK, Some(&own.holder.region), start);
        let rule = rule.ok_or_else(|| HubError::internal("no clock for corrections"))?;
        let (day, unknown_year) = match rule.due(self.calendar, &ClockRun::from(start)) {
            Ok(day) => (day, None),
            Err(ClockError::YearUnknown(year, _)) => {
                (Calendar::add_weekdays(start, rule.amount), Some(year.0))
            }
            Err(ClockError::Impossible) => {
                return Err(HubError::internal("the clock for corrections counts no days"));
            }
        };
        let done = own.settled_at().map(shanghai_date);
        let state = match rule.state(day, done, false, self.today()) {
            DueState::Overdue | DueState::DoneLate if unknown_year.is_some() => DueState::Undecided,
            state => state,
        };
        Ok(CorrectionDue { day, unknown_year, state, source: rule.source.clone() })
    }

    /// Whether the words of a request are shown to the actor.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when no role of the actor reads records.
    pub fn shows_words(&self, own: &StoredCorrection) -> Result<bool, HubError> {
        let Some(family) = self.services.catalogue.find(&own.claim.family) else {
            return Ok(false);
        };
        let scope = self.services.scope(self.actor, family)?;
        let field = own.claim.field.as_deref().and_then(|name| family.field(name));
        Ok(shows_words(self.actor, &scope, (&own.holder, &own.claimant), field))
    }

    /// Raises a request. The same one sent twice is one.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for a record that the actor does not see; [`HubError::Forbidden`] for
    /// one of its own department; [`HubError::Invalid`] naming what is wrong;
    /// [`HubError::Conflict`] where another request about the same waits.
    pub async fn claim(&self, draft: &CorrectionDraft) -> Result<StoredCorrection, HubError> {
        let found = global_id::parse(&self.services.seal, &self.services.catalogue, &draft.record);
        let about = found.as_ref().map_or_else(
            |_| "no record".to_owned(),
            |(family, id)| format!("{} {id}", family.name),
        );
        let work = async {
            CorrectionSight::of(&self.services.policy, self.actor)?;
            self.claimed(found?, draft).await
        };
        audited(&self.services.audit, self.ctx, self.actor, ("claim correction", &about), work)
            .await
    }

    async fn claimed(
        &self,
        (family, record): (&'static Family, Uuid),
        draft: &CorrectionDraft,
    ) -> Result<StoredCorrection, HubError> {
        let scope = self.services.scope(self.actor, family)?;
        let (reader, nothing) = (self.services.reader(), Selection::default());
        let found = reader.get(&scope, record, &nothing, &[]).await?;
        let (row, _) = found.ok_or(HubError::NotFound)?;
        let named = draft.field.as_deref().map(str::trim).filter(|name| !name.is_empty());
        // People write 死亡人数, programs `deaths`.
        let of_name =
            |name: &str| family.inputs().find(|own| own.name == name || own.label == name);
        let field =
            named.map(|name| of_name(name).ok_or_else(|| unknown_field(name))).transpose()?;
        let place = (row.region.as_str(), row.department.as_str(), row.industry.as_deref());
        let by = (&*self.services.policy, self.actor);
        let permit = ClaimPermit::of(by, &scope, place, field.zip(named))?;
        let claim = CorrectionClaim {
            family: family.name.to_owned(),
            record,
            field: field.map(|own| own.name.to_owned()),
            claim: self.text(("校核意见", "claim"), &draft.claim, LONGEST_ANSWER)?,
            basis: self.text(("依据", "basis"), &draft.basis, LONGEST_BASIS)?,
            basis_record: self.basis_record(draft.basis_record.as_deref())?,
            basis_digest: digest(draft.basis_digest.as_deref())?,
        };
        let raised = self.services.database.corrections_raised(&permit, &claim).await?;
        if let Some(same) = raised.same {
            return self.same(same, &claim).await;
        }
        let waiting = raised.waiting;
        if waiting >= MOST_WAITING {
            return Err(HubError::invalid(
                format!(
                    "本单位待答复的校核已有 {waiting} 件，最多 {MOST_WAITING} 件。请待答复后再提出；成批的差异请联系报送部门整体更正。"
                ),
                format!(
                    "{waiting} requests of your organisation wait for an answer, and no more than {MOST_WAITING} may. Ask the department to hand in the whole anew."
                ),
            ));
        }
        let (database, id) = (&self.services.database, self.ctx.new_id());
        if database.correction_claim(&permit, (id, raised.settled), &claim, self.ctx.now()).await? {
            return self.one(id).await;
        }
        // Somebody of the same organisation was faster.
        let raised = database.corrections_raised(&permit, &claim).await?;
        self.same(raised.same.ok_or_else(stale)?, &claim).await
    }

    /// The request that waits about the same, if it says the same.
    async fn same(
        &self,
        same: Uuid,
        claim: &CorrectionClaim,
    ) -> Result<StoredCorrection, HubError> {
        let known = self.one(same).await?;
        if known.claim == *claim && known.state() == CorrectionState::Open {
            return Ok(known);
        }
        Err(HubError::conflict(
            "本单位对该记录的同一内容已提出校核，尚未办结。请在数据校核列表中查看；内容有误的可先撤回再提出。",
            "Your organisation has raised the same and waits for the answer. See the list of corrections; take it back before you raise it anew.",
        ))
    }

    /// Takes a step with a request, from the version that was seen.
    ///
    /// # Errors
    ///
    /// [`HubError::NotFound`] for a request that the actor does not see; [`HubError::Forbidden`] for
    /// a step that is not its own; [`HubError::Invalid`] where words are missing, or nothing has been
    /// corrected; [`HubError::Conflict`] when somebody was faster or the step is out of turn.
    pub async fn take(
        &self,
        id: Result<Uuid, HubError>,
        version: i32,
        step: CorrectionStep,
        words: Option<&str>,
    ) -> Result<StoredCorrection, HubError> {
        let about = id.as_ref().map_or_else(|_| "no correction".to_owned(), Uuid::to_string);
        let work = self.taken(id, version, step, words);
        audited(&self.services.audit, self.ctx, self.actor, (step.operation(), &about), work).await
    }

    async fn taken(
        &self,
        id: Result<Uuid, HubError>,
        version: i32,
        step: CorrectionStep,
        words: Option<&str>,
    ) -> Result<StoredCorrection, HubError> {
        let known = self.named(id).await?;
        let id = known.id;
        let permit = match step {
            CorrectionStep::Withdraw => {
                CorrectionPermit::withdraw((&self.services.policy, self.actor), &known.claimant)?
            }
            CorrectionStep::Accept | CorrectionStep::Correct | CorrectionStep::Reject => {
                CorrectionPermit::answer(self.actor, &known.holder)?
            }
        };
        let words = words.filter(|words| !free_text(words).is_empty());
        let words =
            words.map(|own| self.text(("说明", "words"), own, LONGEST_ANSWER)).transpose()?;
        let state = known.state().after(step).ok_or_else(|| {
            HubError::conflict(
                format!("该校核的状态是“{}”，不能再办理这一步。", known.state().name_zh()),
                format!("The correction is “{}”: this step is not open.", known.state().name_en()),
            )
        })?;
        if step.needs_words() && words.is_none() {
            return Err(HubError::invalid(
                "核实无误的，须写明核实情况和理由，1 至 1000 字。",
                "Say what was verified and why the record stays as it is, in 1 to 1,000 characters.",
            ));
        }
        if step == CorrectionStep::Correct && !self.was_corrected(&known).await? {
            return Err(HubError::invalid(
                "提出校核以后，该记录（或所指字段）没有更正过。请先报送更正后的记录或撤回该记录，再办结。",
                "Since the request was raised, the record, or the field it names, was not changed. Hand in the corrected record first, or withdraw it.",
            ));
        }
        if known.version() != version {
            return Err(stale());
        }
        let (database, now) = (&self.services.database, self.ctx.now());
        let told = (state, words.as_deref());
        if !database.correction_step(&permit, (id, version), told, now).await? {
            return Err(stale());
        }
        self.one(id).await
    }

    /// Whether the record has a later version in which the field in question has another value, was
    /// withdrawn since, or has moved to where the holder does not see it any more.
    async fn was_corrected(&self, own: &StoredCorrection) -> Result<bool, HubError> {
        let family = self.services.catalogue.find(&own.claim.family).ok_or(HubError::NotFound)?;
        let scope = self.services.scope(self.actor, family)?;
        let (reader, record) = (self.services.reader(), own.claim.record);
        let seen = reader.find_including_withdrawn(&scope, record).await?.is_some();
        let past = past::history(&self.services.database, &scope, record).await?;
        if !seen {
            let region = RegionCode::parse(&past.site.region).map_err(HubError::internal)?;
            let away = !self.actor.region().contains(&region);
            return if away { Ok(true) } else { Err(HubError::NotFound) };
        }
        let past = past.versions;
        let later: Vec<_> = past.iter().take_while(|own_at| own_at.at > own.claimed_at).collect();
        let Some(now) = later.first() else { return Ok(false) };
        let field = own.claim.field.as_deref().and_then(|name| family.field(name));
        let Some(field) = field.filter(|_| now.action != "WITHDRAWN") else { return Ok(true) };
        let touches = |changed: &str| {
            let changed: Vec<String> = serde_json::from_str(changed).unwrap_or_default();
            changed.iter().any(|name| name == field.kept)
        };
        // What was changed and changed back stands as it was; sealed values differ in any case.
        let before =
            past.get(later.len()).and_then(|version| version.content.values.get(field.kept));
        Ok(later.iter().any(|version| touches(&version.changed))
            && (field.sealed || before != now.content.values.get(field.kept)))
    }

    fn text(&self, name: (&str, &str), text: &str, most: usize) -> Result<String, HubError> {
        checked(name, text, (most, self.today()))
    }

    /// The record that shows it, as it is kept: any that an identifier names, as whoever reads it
    /// opens it under their own rights.
    fn basis_record(&self, record: Option<&str>) -> Result<Option<String>, HubError> {
        let record = record.map(str::trim).filter(|record| !record.is_empty());
        let Some(record) = record else { return Ok(None) };
        global_id::parse(&self.services.seal, &self.services.catalogue, record)
            .map(|_| Some(record.to_owned()))
            .map_err(|_| {
                HubError::invalid(
                    "作为依据的记录标识无效。请填写该记录的 id，或留空。",
                    "The record that shows it is none. Give its `id`, or leave it out.",
                )
            })
    }
}

/// What somebody who is shown a request is shown of its record: words about a person perhaps.
#[must_use]
pub fn noted(own: &StoredCorrection) -> Noted<'_> {
    Noted {
        id: own.claim.record,
        department: &own.holder.department,
        region: own.holder.region.as_str(),
        classes: std::iter::once(Class::Personal).collect(),
    }
}

fn stale() -> HubError {
    HubError::conflict(
        "刚被他人办理。请重新读取后再办理。",
        "It was just changed by somebody else. Read it again first.",
    )
}

/// A digest as it is kept.
fn digest(given: Option<&str>) -> Result<Option<String>, HubError> {
    let given = given.map(|digest| digest.trim().to_ascii_lowercase());
    let given = given.filter(|digest| !digest.is_empty());
    let fits =
        |digest: &String| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if given.as_ref().is_none_or(fits) {
        return Ok(given);
    }
    Err(HubError::invalid(
        "依据的文件摘要应为 64 位十六进制数字（SHA-256）。",
        "The digest of the file takes 64 hexadecimal digits (SHA-256).",
    ))
}
