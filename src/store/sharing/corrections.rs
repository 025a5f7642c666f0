//! Requests for correction of records, and the steps taken with them. Each step repeats what the
//! request says, and none is ever changed.

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::{
    authz::corrections::{ClaimPermit, CorrectionParty, CorrectionPermit, CorrectionSight},
    domain::{code::Coded as _, correction::CorrectionState, region::RegionCode},
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

/// What somebody says is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionClaim {
    /// Name of the record's family.
    pub family: String,
    /// Identifier of the record.
    pub record: Uuid,
    /// Name of the field; `None` for the record as a whole.
    pub field: Option<String>,
    /// What is wrong, and what it should be.
    pub claim: String,
    /// What shows it, such as the number of a document.
    pub basis: String,
    /// Global identifier of a record that shows it; `None` without one.
    pub basis_record: Option<String>,
    /// SHA-256 of a file that shows it, in hexadecimal digits; `None` without one.
    pub basis_digest: Option<String>,
}

/// A step that was taken with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenCorrectionStep {
    /// Version that the step made, from 1.
    pub version: i32,
    /// State after it.
    pub state: CorrectionState,
    /// Words of whoever took it; `None` without any.
    pub words: Option<String>,
    /// The organisation that took it.
    pub by: CorrectionParty,
    /// When it was taken.
    pub at: DateTime<Utc>,
}

/// A request for correction with all its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCorrection {
    /// Its identifier.
    pub id: Uuid,
    /// What it says.
    pub claim: CorrectionClaim,
    /// Department that holds the record, and the region of the record when it was raised.
    pub holder: CorrectionParty,
    /// The organisation that raised it.
    pub claimant: CorrectionParty,
    /// When it was raised.
    pub claimed_at: DateTime<Utc>,
    /// Its steps, oldest first; the first raised it.
    pub steps: Vec<TakenCorrectionStep>,
}

impl StoredCorrection {
    /// Its state.
    #[must_use]
    pub fn state(&self) -> CorrectionState {
        self.steps.last().map_or(CorrectionState::Open, |step| step.state)
    }

    /// Version that the next step has to name.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.steps.last().map_or(0, |step| step.version)
    }

    /// When it was settled; `None` while it is not.
    #[must_use]
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        self.steps.last().filter(|step| step.state.is_settled()).map(|step| step.at)
    }
}

/// Which requests are asked for.
#[derive(Clone, Debug, Default)]
pub struct CorrectionQuery {
    /// Only in these states; empty for all.
    pub states: Vec<CorrectionState>,
    /// Only those raised by the department (`true`), or about records that it holds (`false`).
    pub raised: Option<bool>,
    /// Only about records of this region and those below it.
    pub region: Option<RegionCode>,
    /// Only those behind this one in the order.
    pub from: Option<Uuid>,
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// Only this one.
    pub id: Option<Uuid>,
    /// How many at most.
    pub most: u64,
}

/// What an organisation has raised already.
#[derive(Clone, Copy, Debug)]
pub struct RaisedCorrections {
    /// How many of its requests wait for an answer.
    pub waiting: i64,
    /// The one among them about the same field of the same record.
    pub same: Option<Uuid>,
    /// How many about that field of that record are settled.
    pub settled: u32,
}

/// Requests whose steps are read by one statement.
const AT_ONCE: usize = 500;

/// What a request says, in the order in which it is read and copied.
const FACTS: &str = "family, record_id, field, claim, basis, basis_record, basis_digest, \
    holder_department, holder_region, claimant_department, claimant_region, claimed_at";

impl Database {
    /// Requests that somebody sees, the latest first unless the oldest are asked for.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn corrections(
        &self,
        sight: &CorrectionSight,
        asked: &CorrectionQuery,
    ) -> Result<Vec<StoredCorrection>, HubError> {
        let mut values: Vec<Value> = Vec::new();
        let party = sight.of_party();
        let own = |who: &str, values: &mut Vec<Value>| {
            values.push(party.department.as_str().into());
            let place = within(&format!("c.{who}_region"), &party.region, values);
            format!("(c.{who}_department = ? AND {place})")
        };
        let seen = match asked.raised {
            Some(true) => own("claimant", &mut values),
            Some(false) => own("holder", &mut values),
            None => format!("({} OR {})", own("claimant", &mut values), own("holder", &mut values)),
        };
        let mut sql = format!(
            "SELECT c.correction_id FROM correction_steps c WHERE {seen} AND NOT EXISTS \
             (SELECT 1 FROM correction_steps n WHERE n.correction_id = c.correction_id AND n.version > c.version)"
        );
        if let Some(region) = &asked.region {
            let place = within("c.holder_region", region, &mut values);
            sql += &format!(" AND {place}");
        }
        if !asked.states.is_empty() {
            let places = vec!["?"; asked.states.len()].join(", ");
            sql += &format!(" AND c.state IN ({places})");
            values.extend(asked.states.iter().map(|state| Value::from(state.code())));
        }
        let (behind, order) = if asked.oldest_first { (">", "ASC") } else { ("<", "DESC") };
        for (id, test) in [(asked.from, behind), (asked.id, "=")] {
            if let Some(id) = id {
                sql += &format!(" AND c.correction_id {test} ?");
                values.push(id.into());
            }
        }
        sql += &format!(" ORDER BY c.correction_id {order} LIMIT ?");
        values.push(i64::try_from(asked.most).unwrap_or(i64::MAX).into());
        let found = self.all(statement(self.backend(), &sql, values)).await?;
        let ids = found.iter().map(|row| row.try_get_by_index(0));
        let mut found = self.with_steps(ids.collect::<Result<Vec<Uuid>, _>>()?).await?;
        found.sort_by_key(|own| own.id);
        if !asked.oldest_first {
            found.reverse();
        }
        Ok(found)
    }

    /// These requests with their steps.
    async fn with_steps(&self, ids: Vec<Uuid>) -> Result<Vec<StoredCorrection>, HubError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            found.extend(self.some_with_steps(ids).await?);
        }
        Ok(found)
    }

    async fn some_with_steps(&self, ids: &[Uuid]) -> Result<Vec<StoredCorrection>, HubError> {
        let places = vec!["?"; ids.len()].join(", ");
        let sql = format!(
            "SELECT {FACTS}, correction_id, version, state, words, by_department, by_region, taken_at FROM correction_steps \
             WHERE correction_id IN ({places}) ORDER BY correction_id, version"
        );
        let values = ids.iter().map(|id| Value::from(*id)).collect();
        let mut found: Vec<StoredCorrection> = Vec::new();
        for row in self.all(statement(self.backend(), &sql, values)).await? {
            let one = read(&row)?;
            match found.last_mut().filter(|own| own.id == one.id) {
                Some(own) => own.steps.extend(one.steps),
                None => found.push(one),
            }
        }
        Ok(found)
    }

    /// Stores a request, before which so many about the same were settled. Returns whether nobody was faster.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn correction_claim(
        &self,
        permit: &ClaimPermit,
        (id, settled): (Uuid, u32),
        said: &CorrectionClaim,
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = format!(
            "INSERT INTO correction_steps ({FACTS}, correction_id, version, state, words, subject, by_department, by_region, taken_at, \
             claim_key) VALUES ({}) ON CONFLICT (claim_key) DO NOTHING RETURNING version",
            vec!["?"; 21].join(", ")
        );
        let (holder, claimant) = (permit.holder(), permit.claimant());
        let values: Vec<Value> = vec![
            said.family.as_str().into(),
            said.record.into(),
            said.field.clone().into(),
            said.claim.as_str().into(),
            said.basis.as_str().into(),
            said.basis_record.clone().into(),
            said.basis_digest.clone().into(),
            holder.department.as_str().into(),
            holder.region.as_str().into(),
            claimant.department.as_str().into(),
            claimant.region.as_str().into(),
            now.into(),
            id.into(),
            1.into(),
            CorrectionState::Open.code().into(),
            Value::String(None),
            permit.subject().into(),
            claimant.department.as_str().into(),
            claimant.region.as_str().into(),
            now.into(),
            format!(
                "{} {} {} {} {settled}",
                claimant.department,
                claimant.region,
                said.record,
                said.field.as_deref().unwrap_or_default()
            )
            .into(),
        ];
        Ok(!self.returning(&sql, values).await?.is_empty())
    }

    /// Stores a step. Returns whether the version it follows is the current one.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn correction_step(
        &self,
        permit: &CorrectionPermit,
        (id, follows): (Uuid, i32),
        (state, words): (CorrectionState, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<bool, HubError> {
        let sql = format!(
            "INSERT INTO correction_steps ({FACTS}, correction_id, version, state, words, subject, by_department, by_region, taken_at) \
             SELECT {FACTS}, correction_id, version + 1, ?, ?, ?, ?, ?, ? FROM correction_steps \
             WHERE correction_id = ? AND version = ? ON CONFLICT (correction_id, version) DO NOTHING RETURNING version"
        );
        let by = permit.by();
        let values: Vec<Value> = vec![
            state.code().into(),
            words.map(ToOwned::to_owned).into(),
            permit.subject().into(),
            by.department.as_str().into(),
            by.region.as_str().into(),
            now.into(),
            id.into(),
            follows.into(),
        ];
        Ok(!self.returning(&sql, values).await?.is_empty())
    }

    /// What an organisation has raised already.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn corrections_raised(
        &self,
        permit: &ClaimPermit,
        said: &CorrectionClaim,
    ) -> Result<RaisedCorrections, HubError> {
        let claimant = permit.claimant();
        let by = || -> [Value; 2] {
            [claimant.department.as_str().into(), claimant.region.as_str().into()]
        };
        let last = "NOT EXISTS (SELECT 1 FROM correction_steps n \
             WHERE n.correction_id = c.correction_id AND n.version > c.version)";
        // One statement, so that two who ask at once see the same number.
        let sql = format!(
            "SELECT c.correction_id, c.state FROM correction_steps c WHERE c.claimant_department = ? AND c.claimant_region = ? \
             AND c.record_id = ? AND COALESCE(c.field, '') = ? AND {last}"
        );
        let mut values: Vec<Value> = by().into();
        values.push(said.record.into());
        values.push(said.field.clone().unwrap_or_default().into());
        let mut raised = RaisedCorrections { waiting: 0, same: None, settled: 0 };
        for row in self.all(statement(self.backend(), &sql, values)).await? {
            let state: String = row.try_get_by_index(1)?;
            if CorrectionState::from_code(&state).is_some_and(CorrectionState::is_settled) {
                raised.settled += 1;
            } else {
                raised.same = Some(row.try_get_by_index(0)?);
            }
        }
        let sql = format!(
            "SELECT COUNT(*) FROM correction_steps c WHERE c.claimant_department = ? AND c.claimant_region = ? \
             AND c.state IN (?, ?) AND {last}"
        );
        let open = [CorrectionState::Open, CorrectionState::Accepted];
        let mut values: Vec<Value> = by().into();
        values.extend(open.map(|state| Value::from(state.code())));
        if let Some(row) = self.one(statement(self.backend(), &sql, values)).await? {
            raised.waiting = row.try_get_by_index(0)?;
        }
        Ok(raised)
    }
}

/// The condition that a column holds a region or one below it.
fn within(column: &str, region: &RegionCode, values: &mut Vec<Value>) -> String {
    let prefix = region.prefix();
    let last = prefix.chars().last().and_then(|last| char::from_u32(u32::from(last) + 1));
    match (prefix.len() < 6, last) {
        (true, Some(last)) => {
            let head: String = prefix.chars().take(prefix.chars().count() - 1).collect();
            values.push(prefix.into());
            values.push(format!("{head}{last}").into());
            format!("({column} >= ? AND {column} < ?)")
        }
        _ => {
            values.push(prefix.into());
            format!("{column} = ?")
        }
    }
}

/// A request with one step.
fn read(row: &QueryResult) -> Result<StoredCorrection, HubError> {
    let party = |from: usize| {
        let (department, region): (String, String) =
            (row.try_get_by_index(from)?, row.try_get_by_index(from + 1)?);
        let region = RegionCode::parse(&region)
            .map_err(|_| HubError::internal("a correction names no region of ours"))?;
        Ok::<_, HubError>(CorrectionParty { department, region })
    };
    let state: String = row.try_get_by_index(14)?;
    let step = TakenCorrectionStep {
        version: row.try_get_by_index(13)?,
        state: CorrectionState::from_code(&state)
            .ok_or_else(|| HubError::internal("a correction has no state of ours"))?,
        words: row.try_get_by_index(15)?,
        by: party(16)?,
        at: row.try_get_by_index(18)?,
    };
    Ok(StoredCorrection {
        id: row.try_get_by_index(12)?,
        claim: CorrectionClaim {
            family: row.try_get_by_index(0)?,
            record: row.try_get_by_index(1)?,
            field: row.try_get_by_index(2)?,
            claim: row.try_get_by_index(3)?,
            basis: row.try_get_by_index(4)?,
            basis_record: row.try_get_by_index(5)?,
            basis_digest: row.try_get_by_index(6)?,
        },
        holder: party(7)?,
        claimant: party(9)?,
        claimed_at: row.try_get_by_index(11)?,
        steps: vec![step],
    })
}
