//! The submission pipeline: one call, one transaction, one verdict a row, one receipt.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::catalogue::{Catalogue, Family};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    audit::{
        entry::{Collector, Entry},
        log::AuditLog,
    },
    authz::{actor::Actor, permit::Permit},
    context::OpCtx,
    domain::{clock, region::RegionCode, sort_key},
    error::{HubError, Text},
    store::{
        cell::{Cell, shown},
        database::{Database, Transaction},
        receipts::{self, Receipt},
        reference::Reference,
        seal::{Seal, place},
        versions::Version,
        write::{Change, Known, Moved},
    },
    submit::{
        draft::Draft,
        parse::{self, InputRow},
        rules::{self, Around},
        toll,
        verdict::{Answer, Mode, Outcome, Remark, Verdict},
    },
};

/// Most rows of one call.
pub const MOST_ROWS: usize = 1_000;
/// Attempts when another writer is faster.
const ATTEMPTS: usize = 4;

/// What an organisation hands in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Rows by field name.
    pub rows: Vec<InputRow>,
    /// What to do about rejected rows.
    pub mode: Mode,
    /// System of the department; empty where it has one only.
    pub source_system: String,
    /// Key under which the answer is kept.
    pub idempotency_key: String,
}

/// What handing in needs.
#[derive(Clone, Debug)]
pub struct Submitter {
    /// Connections.
    pub database: Database,
    /// Keys of sealed columns.
    pub seal: Seal,
    /// Code tables.
    pub reference: std::sync::Arc<Reference>,
    /// Families.
    pub catalogue: std::sync::Arc<Catalogue>,
    /// Audit log.
    pub audit: AuditLog,
}

/// A row that has passed the rules, or has not.
struct Checked {
    draft: Draft,
    reference: String,
    fingerprint: String,
}

impl Submitter {
    /// Hands in rows. The answer to a key is given again, byte for byte, when the same content comes with it again.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for too many rows or no key; [`HubError::Conflict`] for a key used with other content;
    /// [`HubError::Unavailable`] when nothing is known to be durable.
    pub async fn submit(&self, ctx: &OpCtx, actor: &Actor, permit: &Permit, submission: &Submission) -> Result<Answer, HubError> {
        check(submission)?;
        let digest = digest(permit.family(), submission)?;
        let operation = format!("submit {} {}", permit.family().name, submission.mode.code());
        let mut entry = Entry::of(actor, ctx.now(), ctx.request(), operation, digest.clone());
        if submission.mode != Mode::DryRun {
            entry.outcome = "BEGUN".to_owned();
            self.audit.append(entry.clone()).await?;
        }
        let result = self.settled(ctx, permit, submission, &digest).await;
        entry.outcome = result.as_ref().err().map_or("OK", HubError::code).to_owned();
        if let Ok(answer) = &result {
            let collector = Collector::default();
            let classes: Vec<_> = permit.family().fields.iter().map(|field| field.class).collect();
            for verdict in &answer.verdicts {
                if let Some(id) = verdict.id {
                    collector.note(permit.family().name, id, permit.department(), permit.region().as_str(), &classes);
                }
            }
            collector.drain_into(&mut entry);
        }
        self.audit.append(entry).await?;
        result
    }

    async fn settled(&self, ctx: &OpCtx, permit: &Permit, submission: &Submission, digest: &str) -> Result<Answer, HubError> {
        let rows = self.checked(ctx, permit, submission);
        let mut attempt = 0;
        loop {
            if submission.mode != Mode::DryRun
                && let Some(receipt) = receipts::find(&self.database, permit, &submission.idempotency_key).await?
            {
                return replay(&receipt, digest);
            }
            match self.attempt(ctx, permit, submission, digest, &rows).await {
                Err(HubError::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                other => return other,
            }
        }
    }

    fn checked(&self, ctx: &OpCtx, permit: &Permit, submission: &Submission) -> Vec<Checked> {
        let today = clock::shanghai_date(ctx.now());
        let around =
            Around { reference: &self.reference, department: permit.department(), source_system: &submission.source_system, today };
        let family = permit.family();
        submission
            .rows
            .iter()
            .map(|row| {
                let mut draft = parse::read(family, row, &self.reference, today);
                rules::apply(&mut draft, &around);
                let key = family.key_field().and_then(|field| draft.text(field.column)).unwrap_or_default();
                let reference = rules::reference_of(permit.department(), &submission.source_system, key);
                let fingerprint = self.fingerprint(&draft);
                Checked { draft, reference, fingerprint }
            })
            .collect()
    }

    /// Digest of what was handed in, keyed, so that it tells nothing of a value.
    fn fingerprint(&self, draft: &Draft) -> String {
        let mut text = String::new();
        for (field, cell) in draft.family().fields.iter().zip(draft.cells()) {
            if field.derived || field.hidden {
                continue;
            }
            if let Some(value) = cell.text(field.kind) {
                text.push_str(field.column);
                text.push('\u{1f}');
                text.push_str(&value);
                text.push('\u{1e}');
            }
        }
        self.seal.hash("fingerprint", &text)
    }

    async fn attempt(
        &self,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
        digest: &str,
        rows: &[Checked],
    ) -> Result<Answer, HubError> {
        let transaction = self.database.begin().await?;
        let mut references: Vec<String> = rows.iter().map(|row| row.reference.clone()).collect();
        references.sort();
        references.dedup();
        // Parents are locked before their children and new rows are written in the order of their keys, here and everywhere:
        // two submissions may wait for one another, but not in a circle.
        let parents = self.parents(&transaction, permit, rows).await?;
        let known = transaction.known(permit, &references).await?;
        let mut batch = Batch::new(permit.family(), known, parents);
        for (index, row) in rows.iter().enumerate() {
            batch.judge(self, ctx, permit, submission, index, row)?;
        }
        let rejected = batch.verdicts.iter().any(|verdict| verdict.outcome == Outcome::Rejected);
        let void = submission.mode == Mode::Atomic && rejected;
        if void {
            batch.void();
        }
        let mut answer = Answer {
            receipt: ctx.new_id(),
            mode: submission.mode,
            at: shown(ctx.now()),
            digest: digest.to_owned(),
            verdicts: std::mem::take(&mut batch.verdicts),
        };
        if submission.mode == Mode::DryRun {
            for verdict in answer.verdicts.iter_mut().filter(|verdict| verdict.outcome == Outcome::Created) {
                verdict.id = None;
            }
            return Ok(answer);
        }
        if !void {
            self.compare(&transaction, permit, &mut batch).await?;
            batch.created.sort_by(|one, other| one.reference.cmp(&other.reference));
            transaction.insert(permit, &batch.created, ctx.now()).await?;
            transaction.update(permit, &batch.updated, ctx.now()).await?;
            self.cascade(&transaction, ctx, permit, &mut batch).await?;
            transaction.append(permit, permit.family(), &batch.versions).await?;
            toll::warn(&transaction, permit, &accidents(permit, rows), &mut answer.verdicts).await?;
        }
        let text = serde_json::to_string(&answer).map_err(HubError::internal)?;
        let receipt = Receipt { body_digest: digest.to_owned(), answer: text };
        transaction.keep(permit, &submission.idempotency_key, &receipt, ctx.now()).await?;
        transaction.commit().await?;
        Ok(answer)
    }

    /// Region and industry of the accidents that victims name.
    async fn parents(
        &self,
        transaction: &Transaction,
        permit: &Permit,
        rows: &[Checked],
    ) -> Result<HashMap<String, (String, Option<String>)>, HubError> {
        let Some((column, family)) = inherits(permit.family(), &self.catalogue) else { return Ok(HashMap::new()) };
        let mut references: Vec<String> = rows.iter().filter_map(|row| row.draft.text(column).map(ToOwned::to_owned)).collect();
        references.sort();
        references.dedup();
        transaction.places(permit, family, &references).await
    }

    /// Names in each update what changed, against the content of the version before.
    async fn compare(&self, transaction: &Transaction, permit: &Permit, batch: &mut Batch) -> Result<(), HubError> {
        let before: Vec<(Uuid, i32)> = batch.updated.iter().map(|change| (change.id, change.version - 1)).collect();
        if before.is_empty() {
            return Ok(());
        }
        let contents: HashMap<Uuid, String> = transaction.contents(permit, &before).await?.into_iter().collect();
        for version in batch.versions.iter_mut().filter(|version| version.action == "UPDATED") {
            let old = contents.get(&version.record).map_or("{}", String::as_str);
            version.changed = self.changed(permit.family(), old, &version.content)?;
        }
        Ok(())
    }

    fn changed(&self, family: &Family, old: &str, new: &str) -> Result<String, HubError> {
        let read =
            |text: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).map_err(HubError::internal);
        let (old, new) = (read(old)?, read(new)?);
        let mut names = Vec::new();
        for field in family.fields.iter().filter(|field| !field.hidden) {
            let plain = |content: &serde_json::Map<String, serde_json::Value>| match content.get(field.name) {
                Some(serde_json::Value::String(text)) if field.sealed => {
                    unsealed(&self.seal, family, field.column, text).map(serde_json::Value::String)
                }
                other => Ok(other.cloned().unwrap_or_default()),
            };
            if plain(&old)? != plain(&new)? {
                names.push(field.name);
            }
        }
        serde_json::to_string(&names).map_err(HubError::internal)
    }

    /// Rows that take region and industry from a row that moved, move with it.
    async fn cascade(&self, transaction: &Transaction, ctx: &OpCtx, permit: &Permit, batch: &mut Batch) -> Result<(), HubError> {
        let moved = std::mem::take(&mut batch.moved);
        for child in self.catalogue.families() {
            let Some((column, parent)) = inherits(child, &self.catalogue) else { continue };
            if parent.name != permit.family().name {
                continue;
            }
            let mut places = HashMap::new();
            for row in &moved {
                for (id, version) in transaction.follow(permit, child, column, row, ctx.now()).await? {
                    places.insert(id, (version, row));
                }
            }
            let before: Vec<(Uuid, i32)> = places.iter().map(|(id, (version, _))| (*id, version - 1)).collect();
            let mut versions = Vec::with_capacity(before.len());
            for (id, old) in transaction.contents(permit, &before).await? {
                let Some((version, row)) = places.get(&id) else { continue };
                let content = relocated(child, &old, row)?;
                let mut entry = version_of(ctx, permit, id, *version, "UPDATED", content, ctx.now());
                entry.changed = self.changed(child, &old, &entry.content)?;
                versions.push(entry);
            }
            transaction.append(permit, child, &versions).await?;
        }
        Ok(())
    }

    fn content(&self, draft: &Draft, cells: &[Cell]) -> Result<String, HubError> {
        let mut content = serde_json::Map::new();
        for ((field, plain), kept) in draft.family().fields.iter().zip(draft.cells()).zip(cells) {
            if field.hidden || plain.is_null() {
                continue;
            }
            let value = match kept {
                Cell::Sealed(bytes) => base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes).into(),
                _ => plain.json(field.kind),
            };
            content.insert(field.name.to_owned(), value);
        }
        serde_json::to_string(&content).map_err(HubError::internal)
    }

    /// Seals what is sealed and computes what stands beside it.
    fn settle(&self, draft: &mut Draft) -> Result<(Vec<Cell>, Vec<Option<String>>), HubError> {
        let family = draft.family();
        let person_key =
            draft.text("id_number").map(|number| self.seal.person_key(draft.text("id_type").unwrap_or("RESIDENT_ID"), number));
        if let (Some(person), Some(accident)) = (&person_key, draft.text("accident_ref")) {
            let key = format!("{accident}#{person}");
            draft.set("injury_key", Cell::Text(key));
        }
        let mut cells = Vec::with_capacity(family.fields.len());
        let mut beside = Vec::with_capacity(family.fields.len());
        for (field, cell) in family.fields.iter().zip(draft.cells()) {
            let text = cell.text(field.kind);
            beside.push(match (field.key, field.sort) {
                (Some("person_key"), _) => person_key.clone(),
                (Some(usage), _) => text.as_deref().map(|text| self.seal.hash(usage, text)),
                (None, Some(_)) => text.as_deref().map(sort_key::pinyin_key),
                (None, None) => None,
            });
            cells.push(match text {
                Some(text) if field.sealed => Cell::Sealed(self.seal.seal(&place(family.table, field.column), &text)?),
                _ => cell.clone(),
            });
        }
        Ok((cells, beside))
    }
}

/// The accident that each row is or belongs to.
fn accidents(permit: &Permit, rows: &[Checked]) -> Vec<Option<String>> {
    let is_accident = permit.family().name == "Accident";
    let own = |row: &Checked| {
        if is_accident { Some(row.reference.clone()) } else { row.draft.text("accident_ref").map(ToOwned::to_owned) }
    };
    rows.iter().map(own).collect()
}

/// Opens a sealed value as versions keep it.
///
/// # Errors
///
/// [`HubError::Internal`] when it does not open.
pub fn unsealed(seal: &Seal, family: &Family, column: &str, text: &str) -> Result<String, HubError> {
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text).map_err(HubError::internal)?;
    seal.open(&place(family.table, column), &bytes)
}

/// The content of a version with the region and industry of the row it follows.
fn relocated(family: &Family, content: &str, moved: &Moved) -> Result<String, HubError> {
    let mut content: serde_json::Map<String, serde_json::Value> = serde_json::from_str(content).map_err(HubError::internal)?;
    let name = |index: usize| family.fields.get(index).map_or("", |field| field.name).to_owned();
    content.insert(name(family.region), moved.region.as_str().into());
    if let Some(index) = family.industry {
        match &moved.industry {
            Some(industry) => content.insert(name(index), industry.as_str().into()),
            None => content.remove(&name(index)),
        };
    }
    serde_json::to_string(&content).map_err(HubError::internal)
}

/// The hidden column through which a family takes its region from another, and that family: its region is derived.
#[must_use]
pub fn inherits(family: &'static Family, catalogue: &Catalogue) -> Option<(&'static str, &'static Family)> {
    if !family.fields.get(family.region)?.derived {
        return None;
    }
    let link = family.links.iter().find(|link| !link.many && link.foreign == "ref")?;
    Some((link.local, catalogue.find(link.to)?))
}

struct Batch {
    family: &'static Family,
    known: HashMap<String, Known>,
    parents: HashMap<String, (String, Option<String>)>,
    seen: HashSet<String>,
    verdicts: Vec<Verdict>,
    created: Vec<Change>,
    updated: Vec<Change>,
    versions: Vec<Version>,
    moved: Vec<Moved>,
}

impl Batch {
    fn new(family: &'static Family, known: HashMap<String, Known>, parents: HashMap<String, (String, Option<String>)>) -> Self {
        Self {
            family,
            known,
            parents,
            seen: HashSet::new(),
            verdicts: Vec::new(),
            created: Vec::new(),
            updated: Vec::new(),
            versions: Vec::new(),
            moved: Vec::new(),
        }
    }

    fn judge(
        &mut self,
        submitter: &Submitter,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
        index: usize,
        row: &Checked,
    ) -> Result<(), HubError> {
        let mut draft = row.draft.clone();
        self.inherit(&mut draft);
        self.permitted(permit, &mut draft, row);
        if !draft.faults().is_empty() {
            let (faults, findings) = draft.remarks();
            let outcome = Outcome::Rejected;
            self.verdicts.push(Verdict { row: index, outcome, id: None, version: None, faults, findings });
            return Ok(());
        }
        self.seen.insert(row.reference.clone());
        let known = self.known.get(&row.reference);
        let same = known.is_some_and(|known| known.fingerprint == row.fingerprint && !known.withdrawn && self.stays(known, &draft));
        let (outcome, id, version) = match known {
            None => (Outcome::Created, ctx.new_id(), 1),
            Some(known) if same => (Outcome::Unchanged, known.id, known.version),
            Some(known) => (Outcome::Updated, known.id, known.version + 1),
        };
        if outcome != Outcome::Unchanged {
            self.write(submitter, ctx, permit, submission, row, &mut draft, (outcome, id, version))?;
        }
        let findings = draft.remarks().1;
        self.verdicts.push(Verdict { row: index, outcome, id: Some(id), version: Some(version), faults: Vec::new(), findings });
        Ok(())
    }

    /// Whether region and industry are as before (they may come from another row).
    fn stays(&self, known: &Known, draft: &Draft) -> bool {
        let industry = self.family.industry_column().and_then(|column| draft.text(column));
        draft.text(self.family.region_column()) == Some(known.region.as_str()) && industry == known.industry.as_deref()
    }

    #[expect(clippy::too_many_arguments, reason = "one private step of one function")]
    fn write(
        &mut self,
        submitter: &Submitter,
        ctx: &OpCtx,
        permit: &Permit,
        submission: &Submission,
        row: &Checked,
        draft: &mut Draft,
        (outcome, id, version): (Outcome, Uuid, i32),
    ) -> Result<(), HubError> {
        if let Some(known) = self.known.get(&row.reference)
            && !self.stays(known, draft)
        {
            let region = draft.text(self.family.region_column()).unwrap_or_default().to_owned();
            let industry = self.family.industry_column().and_then(|column| draft.text(column)).map(ToOwned::to_owned);
            self.moved.push(Moved { reference: row.reference.clone(), region, industry });
        }
        let (cells, beside) = submitter.settle(draft)?;
        let content = submitter.content(draft, &cells)?;
        let findings = if draft.findings().is_empty() {
            None
        } else {
            Some(serde_json::to_string(draft.findings()).map_err(HubError::internal)?)
        };
        let change = Change {
            id,
            reference: row.reference.clone(),
            source_system: submission.source_system.clone(),
            version,
            fingerprint: row.fingerprint.clone(),
            findings,
            cells,
            beside,
        };
        self.versions.push(version_of(ctx, permit, id, version, outcome.code(), content, ctx.now()));
        if outcome == Outcome::Created {
            self.created.push(change)
        } else {
            self.updated.push(change)
        }
        Ok(())
    }

    fn inherit(&self, draft: &mut Draft) {
        let Some(reference) = draft.text("accident_ref").map(ToOwned::to_owned) else { return };
        if !self.family.fields.get(self.family.region).is_some_and(|field| field.derived) {
            return;
        }
        match self.parents.get(&reference) {
            Some((region, industry)) => {
                draft.set(self.family.region_column(), Cell::Text(region.clone()));
                if let Some(column) = self.family.industry_column() {
                    draft.set(column, industry.clone().map_or(Cell::Null, Cell::Text));
                }
            }
            None => draft.fault(
                "accident_no",
                "PARENT_MISSING",
                "没有这个编号的事故。请先报送事故，再报送伤亡人员。",
                "There is no accident of that number. Hand in the accident first.",
            ),
        }
    }

    /// The row must lie in the organisation's region and industries, before and after, and be its own.
    fn permitted(&self, permit: &Permit, draft: &mut Draft, row: &Checked) {
        let region_column = self.family.region_column();
        let industry = self.family.industry_column().and_then(|column| draft.text(column)).map(ToOwned::to_owned);
        let covers = |region: &str| RegionCode::parse(region).is_ok_and(|region| permit.covers_region(&region));
        if draft.text(region_column).is_some_and(|region| !covers(region)) {
            draft.fault(
                region_column,
                "REGION_NOT_YOURS",
                "不在本机构管辖的行政区域内，不能报送。",
                "It lies outside the region of your organisation.",
            );
        }
        if !permit.covers_industry(industry.as_deref()) {
            draft.fault(
                self.family.industry_column().unwrap_or(region_column),
                "INDUSTRY_NOT_YOURS",
                "不属于本部门主管的行业，不能报送。请核对行业。",
                "It belongs to an industry your department does not answer for. Check the industry.",
            );
        }
        let taken = self.known.get(&row.reference).is_some_and(|known| !covers(&known.region));
        let key = self.family.key_field().map_or("", |field| field.column);
        if taken {
            draft.fault(
                key,
                "KEY_TAKEN",
                "该编号已被本部门其他地区使用。请为本地系统填写 sourceSystem 以区分。",
                "Another region of your department uses this number. Give your system a name in sourceSystem.",
            );
        }
        if self.seen.contains(&row.reference) && draft.text(key).is_some() {
            draft.fault(
                key,
                "DUPLICATE_IN_SUBMISSION",
                "同一次报送中编号重复。请只保留一行。",
                "The number stands twice in this submission.",
            );
        }
    }

    /// Nothing is taken: rows that would have been are told so.
    fn void(&mut self) {
        self.created.clear();
        self.updated.clear();
        self.versions.clear();
        for verdict in self.verdicts.iter_mut().filter(|verdict| verdict.outcome != Outcome::Rejected) {
            let text = Text::new(
                "本行无误，但同批其他行被拒绝，整批未入库。",
                "This row holds, but others do not and the mode takes all or none.",
            );
            verdict.outcome = Outcome::Rejected;
            verdict.id = None;
            verdict.version = None;
            verdict.faults.push(Remark::new("NOT_APPLIED", None, text));
        }
    }
}

/// A version by the permit's organisation.
#[must_use]
pub fn version_of(
    ctx: &OpCtx,
    permit: &Permit,
    record: Uuid,
    version: i32,
    action: &str,
    content: String,
    at: DateTime<Utc>,
) -> Version {
    Version {
        record,
        version,
        action: action.to_owned(),
        content,
        changed: "[]".to_owned(),
        reason: None,
        subject: permit.subject().to_owned(),
        department: permit.department().to_owned(),
        region: permit.region().as_str().to_owned(),
        request: ctx.request().to_owned(),
        at,
    }
}

fn check(submission: &Submission) -> Result<(), HubError> {
    if submission.rows.is_empty() || submission.rows.len() > MOST_ROWS {
        return Err(HubError::invalid(
            format!("每次报送 1 至 {MOST_ROWS} 行。请分批。"),
            format!("A submission has 1 to {MOST_ROWS} rows. Split it."),
        ));
    }
    for (text, most, zh, en) in [
        (
            &submission.idempotency_key,
            200,
            "idempotencyKey 须为 1 至 200 个可见字符。",
            "idempotencyKey has 1 to 200 visible characters.",
        ),
        (
            &submission.source_system,
            60,
            "sourceSystem 最多 60 个字符，不含竖线和控制字符。",
            "sourceSystem has at most 60 characters, no bar, no control characters.",
        ),
    ] {
        let key = text == &submission.idempotency_key;
        let bad = text.chars().any(|letter| letter.is_control() || (!key && letter == '|'));
        if bad || text.chars().count() > most || (key && text.trim().is_empty()) {
            return Err(HubError::invalid(zh, en));
        }
    }
    Ok(())
}

fn digest(family: &Family, submission: &Submission) -> Result<String, HubError> {
    let mut hasher = Sha256::new();
    for part in [family.name, submission.mode.code(), submission.source_system.as_str()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    serde_json::to_writer(&mut hasher, &submission.rows).map_err(HubError::internal)?;
    Ok(format!("{:x}", hasher.finalize()))
}

fn replay(receipt: &Receipt, digest: &str) -> Result<Answer, HubError> {
    if receipt.body_digest != digest {
        return Err(HubError::Conflict(Text::new(
            "该幂等键已用于另一内容。请换用新的 idempotencyKey。",
            "This key was used for other content. Use a new idempotencyKey.",
        )));
    }
    serde_json::from_str(&receipt.answer).map_err(HubError::internal)
}
