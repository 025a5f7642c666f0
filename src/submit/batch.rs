//! A chunk being judged: what each row becomes, and what has to be written for it.

use entity::{catalogue::Family, typed::Shared};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

use crate::{
    authz::permit::Permit,
    context::OpCtx,
    domain::{code::Coded as _, region::RegionCode},
    error::{HubError, Text},
    store::{
        records::{
            follow::MovedRow,
            global_id,
            known::{NumberHolder, StoredRecord},
            natural_key::{self, number_of},
            versions::{Author, NewVersion, RecordSite},
            write::PendingRow,
        },
        seal::Bond,
        sql::cell::Cell,
    },
    submit::{
        draft::Draft,
        pipeline::{Checked, SubmittedWork, Submitter},
        rules,
        verdict::{RowOutcome, RowRemark, RowVerdict},
    },
};

/// What a chunk becomes.
pub(super) struct Batch {
    family: &'static Family,
    known: HashMap<String, NumberHolder>,
    parents: HashMap<String, Vec<(String, RecordSite)>>,
    seen: HashSet<String>,
    pub(super) verdicts: Vec<RowVerdict>,
    pub(super) created: Vec<PendingRow>,
    pub(super) updated: Vec<PendingRow>,
    pub(super) versions: Vec<NewVersion>,
    pub(super) moved: Vec<MovedRow>,
    /// How many updated records lost the value of a field, by its name.
    pub(super) cleared: BTreeMap<&'static str, usize>,
    pub(super) voided: bool,
}

impl Batch {
    pub(super) fn new(
        family: &'static Family,
        known: HashMap<String, NumberHolder>,
        parents: HashMap<String, Vec<(String, RecordSite)>>,
    ) -> Self {
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
            cleared: BTreeMap::new(),
            voided: false,
        }
    }

    pub(super) fn judge(
        &mut self,
        submitter: &Submitter,
        work: &SubmittedWork<'_>,
        index: usize,
        row: &mut Checked,
    ) -> Result<(), HubError> {
        if let Some(remark) = self.elsewhere(submitter, work.permit, row) {
            let (outcome, faults) = (RowOutcome::Skipped, Vec::new());
            self.verdicts.push(RowVerdict {
                row: index,
                outcome,
                id: None,
                version: None,
                faults,
                findings: vec![remark],
            });
            return Ok(());
        }
        // What an attempt before this one found in the store no longer holds.
        row.draft.forget_faults_after(row.faults);
        self.inherit(&mut row.draft);
        self.permitted(work.permit, &mut row.draft, &row.reference);
        let known = self.meant(submitter, row);
        if let Some(from) = known
            .as_ref()
            .filter(|known| !known.withdrawn)
            .and_then(|known| known.guarded.as_deref())
        {
            rules::step(&mut row.draft, from);
        }
        let draft = &row.draft;
        if !draft.faults().is_empty() {
            let (faults, findings) = (draft.faults().to_vec(), draft.findings().to_vec());
            let outcome = RowOutcome::Rejected;
            self.verdicts.push(RowVerdict {
                row: index,
                outcome,
                id: None,
                version: None,
                faults,
                findings,
            });
            return Ok(());
        }
        self.seen.insert(row.reference.clone());
        let same = known.as_ref().is_some_and(|known| {
            known.fingerprint == row.fingerprint && !known.withdrawn && self.stays(known, draft)
        });
        row.stored = known.as_ref().map_or_else(|| self.free(row), |known| known.reference.clone());
        let (outcome, id, version) = match &known {
            None => (RowOutcome::Created, work.ctx.new_id(), 1),
            Some(known) if same => (RowOutcome::Unchanged, known.id, known.version),
            Some(known) => (RowOutcome::Updated, known.id, known.version + 1),
        };
        if outcome != RowOutcome::Unchanged {
            let was = known.map(|known| known.site);
            self.write(submitter, work, row, (outcome, id, version), was)?;
        }
        let findings = row.draft.findings().to_vec();
        self.verdicts.push(RowVerdict {
            row: index,
            outcome,
            id: Some(id),
            version: Some(version),
            faults: Vec::new(),
            findings,
        });
        Ok(())
    }

    /// Why a row that came back with an export is not taken: it is taken only as the record that it
    /// was, which the store holds under this department, system and key. Whatever else it says, it
    /// never becomes a new record.
    fn elsewhere(
        &self,
        submitter: &Submitter,
        permit: &Permit,
        row: &Checked,
    ) -> Option<RowRemark> {
        let origin = &row.draft.origin;
        let own = |name: &str| {
            let label = submitter.reference.label("department", permit.department().as_str());
            name.eq_ignore_ascii_case(permit.department().as_str())
                || label.is_some_and(|label| label == name)
        };
        let remark =
            |zh: &str, en: &str| RowRemark::new("RECORD_OF_OTHERS", None, Text::new(zh, en));
        if origin.department.as_deref().is_some_and(|department| !own(department)) {
            return Some(remark(
                "是其他部门提供的记录，已略过，不会变成本部门的记录。",
                "A record that another department holds; it was left out and does not become one of yours.",
            ));
        }
        let id = origin.id.as_deref()?;
        let held =
            self.known.get(&row.reference).map(|held| held.own.as_slice()).unwrap_or_default();
        if held.iter().any(|known| self.is(submitter, known, id)) {
            None
        } else {
            Some(remark(
                "“全局标识”不是本部门这一编号的记录，已略过。如确是新的记录，请清空该行的“全局标识”再报。",
                "The global identifier is not that of your record of this number; it was left out. If the record is new, empty the \
                 cell of the identifier and send it again.",
            ))
        }
    }

    /// The record of the organisation that a row means: the one whose identifier came with it, else
    /// by its number. A number that stands more than once among its records means the one in the
    /// row's region; what is not withdrawn comes first.
    fn meant(&self, submitter: &Submitter, row: &mut Checked) -> Option<StoredRecord> {
        let own = self.known.get(&row.reference)?.own.as_slice();
        if let Some(id) = row.draft.origin.id.as_deref() {
            return own.iter().find(|known| self.is(submitter, known, id)).cloned();
        }
        let region = row.draft.text(self.family.region_column());
        let standing: Vec<&StoredRecord> = own.iter().filter(|known| !known.withdrawn).collect();
        let all = if standing.is_empty() { own.iter().collect() } else { standing };
        let here: Vec<&StoredRecord> = all
            .iter()
            .copied()
            .filter(|known| Some(known.site.region.as_str()) == region)
            .collect();
        match (here.as_slice(), all.as_slice()) {
            ([one], _) | ([], [one]) => Some((*one).clone()),
            (_, []) => None,
            _ => {
                row.draft.fault(
                    self.family.key_field().map_or("", |field| field.column),
                    "KEY_IN_SEVERAL_REGIONS",
                    "本机构辖区内有多条记录使用该编号，无法确定是哪一条。请填写该记录所在的行政区划，或撤回多余的记录。",
                    "Several records of your regions have this number. Give the region of the one you mean, or withdraw what is too much.",
                );
                None
            }
        }
    }

    /// Whether that is its global identifier.
    fn is(&self, submitter: &Submitter, known: &StoredRecord, text: &str) -> bool {
        let parsed = global_id::parse(&submitter.seal, &submitter.catalogue, text);
        parsed.is_ok_and(|(family, id)| family.name == self.family.name && id == known.id)
    }

    /// The natural key of a new record.
    fn free(&self, row: &Checked) -> String {
        let taken =
            self.known.get(&row.reference).map(|held| held.taken.as_slice()).unwrap_or_default();
        natural_key::free(
            &row.reference,
            row.draft.text(self.family.region_column()).unwrap_or_default(),
            taken,
        )
    }

    /// Whether region and industry are as before (they may come from another row).
    fn stays(&self, known: &StoredRecord, draft: &Draft) -> bool {
        self.site(draft) == known.site
    }

    /// Where the row lies.
    fn site(&self, draft: &Draft) -> RecordSite {
        let text = |column: &str| draft.text(column).map(ToOwned::to_owned);
        RecordSite {
            region: text(self.family.region_column()).unwrap_or_default(),
            industry: self.family.industry_column().and_then(text),
        }
    }

    fn write(
        &mut self,
        submitter: &Submitter,
        work: &SubmittedWork<'_>,
        row: &mut Checked,
        (outcome, id, version): (RowOutcome, Uuid, i32),
        was: Option<RecordSite>,
    ) -> Result<(), HubError> {
        let draft = &mut row.draft;
        let site = self.site(draft);
        if let Some(was) = was.clone().filter(|was| *was != site) {
            self.moved.push(MovedRow { reference: row.stored.clone(), site: site.clone(), was });
        }
        // Before it is written: no page may look where it lies too late.
        submitter.unlisted.note(&site.region);
        let (department, region, industry) =
            (work.permit.department().as_str(), site.region.as_str(), site.industry.as_deref());
        let (cells, beside) =
            submitter.settle(draft, &Bond { record: id, department, region, industry })?;
        let content = submitter.content(draft, &cells)?;
        let findings = if draft.findings().is_empty() {
            None
        } else {
            Some(serde_json::to_string(draft.findings()).map_err(HubError::internal)?)
        };
        let change = PendingRow {
            id,
            reference: row.stored.clone(),
            source_system: work.submission.source_system.clone(),
            version,
            fingerprint: row.fingerprint.clone(),
            record_key: submitter.seal.record_key(self.family.table, &row.stored),
            findings,
            cells,
            beside,
        };
        let kept = submitter.database.prover().map(|prover| {
            let row = (change.fingerprint.as_str(), change.findings.as_deref());
            prover.beside_digest(self.family, row, &change.cells, &change.beside)
        });
        let (action, reference) = (outcome.code(), row.stored.clone());
        let changed = "[]".to_owned();
        self.versions.push(NewVersion {
            record: id,
            reference,
            kept,
            version,
            action,
            content,
            changed,
            reason: None,
            site,
            was,
        });
        if outcome == RowOutcome::Created {
            self.created.push(change)
        } else {
            self.updated.push(change)
        }
        Ok(())
    }

    /// Takes region and industry from the accident. One of another region of the department is as
    /// if it were not there.
    fn inherit(&self, draft: &mut Draft) {
        let Some(reference) =
            draft.shared_text(Shared::AccidentRef).map(|text| number_of(text).to_owned())
        else {
            return;
        };
        if !self.family.fields.get(self.family.region).is_some_and(|field| field.derived) {
            return;
        }
        match self.parents.get(&reference).map(Vec::as_slice).unwrap_or_default() {
            [(reference, site)] => {
                draft.shared().set(Shared::AccidentRef, Cell::Text(reference.clone()));
                draft.set(self.family.region_column(), Cell::Text(site.region.clone()));
                if let Some(column) = self.family.industry_column() {
                    draft.set(column, site.industry.clone().map_or(Cell::Null, Cell::Text));
                }
            }
            [] => draft.shared().fault(
                Shared::AccidentNo,
                "PARENT_MISSING",
                "没有这个编号的事故。请先报送事故，再报送伤亡人员。",
                "There is no accident of that number. Hand in the accident first.",
            ),
            _ => draft.shared().fault(
                Shared::AccidentNo,
                "KEY_IN_SEVERAL_REGIONS",
                "本机构辖区内有多起事故使用该编号，无法确定是哪一起。请由其中一个地区报送，或撤回多余的事故。",
                "Several accidents of your regions have this number. Let the region of the accident hand it in, or withdraw what is too much.",
            ),
        }
    }

    /// The row must lie in the organisation's region and industries, before and after, and be its
    /// own.
    fn permitted(&self, permit: &Permit, draft: &mut Draft, reference: &str) {
        let region_column = self.family.region_column();
        let industry = self
            .family
            .industry_column()
            .and_then(|column| draft.text(column))
            .map(ToOwned::to_owned);
        if draft.text(region_column).is_some_and(|region| !covers(permit, region)) {
            draft.fault(
                region_column,
                "REGION_NOT_YOURS",
                "不在本机构管辖的行政区域内，不能报送。请核对区划；如该行来自导出文件，请保留其中的标识、部门两列，平台会略过他人的记录。",
                "It lies outside the region of your organisation. Check the region; if the row comes from an export, keep its columns \
                 for identifier and department, and records of others are passed over.",
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
        let key = self.family.key_field().map_or("", |field| field.column);
        if self.seen.contains(reference) && draft.text(key).is_some() {
            draft.fault(
                key,
                "DUPLICATE_IN_SUBMISSION",
                "同一次报送中编号重复。请只保留一行。",
                "The number stands twice in this submission.",
            );
        }
    }

    /// Nothing is taken: rows that would have been are told so.
    pub(super) fn void(&mut self) {
        self.voided = true;
        self.created.clear();
        self.updated.clear();
        self.versions.clear();
        self.verdicts.iter_mut().for_each(RowVerdict::void);
    }
}

fn covers(permit: &Permit, region: &str) -> bool {
    RegionCode::parse(region).is_ok_and(|region| permit.covers_region(&region))
}

/// Who writes versions in this request.
pub(super) fn author<'a>(ctx: &'a OpCtx, permit: &'a Permit) -> Author<'a> {
    Author::new(permit, ctx.request(), ctx.now())
}
