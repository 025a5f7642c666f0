//! The tasks of plans at a region: what each department that carries one out has reported, what the
//! hub knows of it by itself, and who has confirmed it.

mod events;

use chrono::{Datelike as _, NaiveDate};

pub use self::events::KnownEvent;

use crate::{
    audit::audited::audited,
    authz::chair::{ReportPermit, ReviewPermit},
    domain::{
        lead::holds_identity_number,
        plan::{Plan, Task, TaskState, TaskStep},
        text::free_text,
    },
    error::HubError,
    meeting::{
        meetings::{stale, text},
        returns::MeetingContext,
    },
    store::{
        meeting::tasks::{StoredTaskReport, TaskEvidence, TaskKey, TaskReportDraft},
        records::global_id,
    },
};

/// Most pieces of evidence of a report.
const MOST_EVIDENCE: usize = 20;
/// Most characters of what a piece of evidence is.
const MOST_TITLE: usize = 200;

/// A task of a region in a year.
#[derive(Clone, Debug)]
pub struct RegionTask<'a> {
    /// The plan that asks for it.
    pub plan: &'a Plan,
    /// The task or term.
    pub task: &'a Task,
    /// One part for each department that carries it out, in the order of the plan.
    pub parts: Vec<TaskPart>,
}

/// What became of a task at one department.
#[derive(Clone, Debug)]
pub struct TaskPart {
    /// Code of the department.
    pub department: String,
    /// What it reported; `None` where it has not.
    pub report: Option<StoredTaskReport>,
    /// What the hub knows by itself.
    pub known: Vec<KnownEvent>,
    /// Whether nothing, or only something that was sent back, was reported by the last day.
    pub overdue: bool,
}

impl RegionTask<'_> {
    /// Last day for the task; `None` where the plan names none.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        self.task.due.iter().max().copied()
    }
}

impl TaskPart {
    /// How far it is.
    #[must_use]
    pub fn state(&self) -> TaskState {
        self.report.as_ref().map_or(TaskState::Open, |report| report.last.state)
    }

    /// Version that the next step has to name; 0 where nothing was reported.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.report.as_ref().map_or(0, |report| report.last.version)
    }
}

impl MeetingContext<'_> {
    /// The tasks of the seat's region in a year, with what became of them.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn tasks(&self, year: i32) -> Result<Vec<RegionTask<'_>>, HubError> {
        let asked = self.rules.plans.tasks(self.seat.region(), year);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let reports = self.services.database.task_reports(self.seat, year).await?;
        let events = self.events(year).await?;
        let part = |task: &Task, department: &String| {
            let own = |report: &&StoredTaskReport| {
                report.key.task == task.id && report.department == *department
            };
            let mut part = TaskPart {
                department: department.clone(),
                report: reports.iter().find(own).cloned(),
                known: task
                    .known_by
                    .iter()
                    .filter_map(|event| events.told(event, department))
                    .collect(),
                overdue: false,
            };
            let late = match task.due.iter().max() {
                Some(day) => *day < self.today(),
                None => year < self.today().year(),
            };
            part.overdue = late && matches!(part.state(), TaskState::Open | TaskState::Returned);
            part
        };
        let of = |(plan, task)| {
            let task: &Task = task;
            let parts = task.departments.iter().map(|department| part(task, department)).collect();
            RegionTask { plan, task, parts }
        };
        Ok(asked.into_iter().map(of).collect())
    }

    /// Reports what the seat's department has done of a task. The same report sent twice is one.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for a department that does not carry it out or without the role;
    /// [`HubError::Invalid`] naming what is wrong; [`HubError::Conflict`] when somebody was faster,
    /// or when it is confirmed already.
    pub async fn report_task(
        &self,
        key: &TaskKey,
        version: i32,
        draft: &TaskReportDraft,
    ) -> Result<StoredTaskReport, HubError> {
        let task = self.task(key)?;
        let about = self.about(key);
        let permit = ReportPermit::of(self.seat, &task.departments);
        let permit = self.told(("report task", &about), permit).await?;
        if key.year > self.today().year() {
            return Err(HubError::invalid(
                format!("{}年尚未开始，不能报告该年度的任务。", key.year),
                format!("The year {} has not begun; its tasks cannot be reported.", key.year),
            ));
        }
        let draft = self.checked_report(draft)?;
        let known = self.known_report(key, permit.seat().department().as_str()).await?;
        if let Some(known) = known.as_ref().filter(|known| {
            known.last.version == version + 1
                && known.last.state == TaskState::Reported
                && known.last.draft == draft
        }) {
            return Ok(known.clone());
        }
        in_turn(known.as_ref(), version, TaskStep::Report)?;
        let work = async {
            let now = self.ctx.now();
            if !self.services.database.task_report(&permit, (key, version), &draft, now).await? {
                return Err(stale());
            }
            let stored = self.known_report(key, permit.seat().department().as_str()).await?;
            stored.ok_or(HubError::NotFound)
        };
        audited(&self.services.audit, self.ctx, self.actor, ("report task", &about), work).await
    }

    /// Confirms what a department reported of a task, or sends it back.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] for everybody but 人社 of that level or above, and for whoever
    /// reported; [`HubError::Invalid`] without the words that are needed; [`HubError::Conflict`]
    /// when somebody was faster or the step is out of turn.
    pub async fn review_task(
        &self,
        (key, department): (&TaskKey, &str),
        version: i32,
        step: TaskStep,
        remark: Option<&str>,
    ) -> Result<StoredTaskReport, HubError> {
        let task = self.task(key)?;
        let operation = if step == TaskStep::Confirm { "confirm task" } else { "return task" };
        let about = self.about(key);
        let permit = ReviewPermit::of(self.seat, department);
        let permit = self.told((operation, &about), permit).await?;
        if !task.departments.iter().any(|own| own == department) {
            return Err(HubError::invalid(
                format!("{department} 不承担这项任务。请核对部门代码。"),
                format!("{department} does not carry out that task. Check the department."),
            ));
        }
        let known = self.known_report(key, department).await?;
        let state = in_turn(known.as_ref(), version, step)?;
        let known = known.ok_or(HubError::NotFound)?;
        let remark = remark
            .filter(|remark| !free_text(remark).is_empty())
            .map(|own| text("说明", "remark", own));
        let remark = remark.transpose()?;
        self.without_numbers(remark.iter().map(String::as_str))?;
        if remark.is_none() {
            self.needs_no_words((key, task, department), step).await?;
        }
        let work = async {
            let (now, told) = (self.ctx.now(), (state, remark.as_deref()));
            if !self.services.database.task_review(&permit, &known, told, now).await? {
                return Err(stale());
            }
            self.known_report(key, department).await?.ok_or(HubError::NotFound)
        };
        let about = format!("{about} {department}");
        audited(&self.services.audit, self.ctx, self.actor, (operation, &about), work).await
    }

    /// The right to a step; a refused one is put on record.
    async fn told<T>(
        &self,
        (operation, about): (&str, &str),
        permit: Result<T, HubError>,
    ) -> Result<T, HubError> {
        match permit {
            Err(refused) => {
                let refused = async { Err(refused) };
                audited(&self.services.audit, self.ctx, self.actor, (operation, about), refused)
                    .await
            }
            permit => permit,
        }
    }

    /// Refuses a step without words where it needs some: what is sent back needs its reason, and so
    /// does what is confirmed although the hub knows that it did not happen.
    async fn needs_no_words(
        &self,
        (key, task, department): (&TaskKey, &Task, &str),
        step: TaskStep,
    ) -> Result<(), HubError> {
        if step == TaskStep::Return {
            return Err(HubError::invalid(
                "退回须写明理由，1 至 1000 字。",
                "Say why it is sent back, in 1 to 1,000 characters.",
            ));
        }
        let events = self.events(key.year).await?;
        let missing = task
            .known_by
            .iter()
            .filter_map(|event| events.told(event, department))
            .find(|event| event.happened == Some(false));
        match missing {
            Some(event) => Err(HubError::invalid(
                format!("与平台记录不符：{}。确认须写明理由，或先退回。", event.text),
                format!(
                    "The hub knows otherwise: {}. Give the reason for confirming it, or send it back.",
                    event.text
                ),
            )),
            None => Ok(()),
        }
    }

    /// The task, as the plans ask for it at the seat's region in that year.
    fn task(&self, key: &TaskKey) -> Result<&Task, HubError> {
        let asked = self.rules.plans.tasks(self.seat.region(), key.year);
        asked.into_iter().map(|(_, task)| task).find(|task| task.id == key.task).ok_or_else(|| {
            HubError::invalid(
                format!(
                    "{} {}年没有这项任务。请核对任务标识；本地区的任务见任务页面或 planTasks。",
                    self.seat.region(),
                    key.year
                ),
                format!(
                    "{} has no such task in {}. `planTasks` lists those of your region.",
                    self.seat.region(),
                    key.year
                ),
            )
        })
    }

    async fn known_report(
        &self,
        key: &TaskKey,
        department: &str,
    ) -> Result<Option<StoredTaskReport>, HubError> {
        let reports = self.services.database.task_reports(self.seat, key.year).await?;
        Ok(reports.into_iter().find(|report| report.key == *key && report.department == department))
    }

    fn about(&self, key: &TaskKey) -> String {
        format!("{} {} {}", self.seat.region(), key.year, key.task)
    }

    /// A report as it is stored.
    fn checked_report(&self, draft: &TaskReportDraft) -> Result<TaskReportDraft, HubError> {
        if draft.evidence.len() > MOST_EVIDENCE {
            return Err(HubError::invalid(
                format!("佐证不超过 {MOST_EVIDENCE} 件。"),
                format!("At most {MOST_EVIDENCE} pieces of evidence."),
            ));
        }
        let evidence = draft.evidence.iter().enumerate();
        let evidence = evidence.map(|(place, one)| self.checked_evidence(place + 1, one));
        let draft = TaskReportDraft {
            content: text("报告内容", "content", &draft.content)?,
            evidence: evidence.collect::<Result<_, _>>()?,
        };
        let titles = draft.evidence.iter().map(|one| one.title.as_str());
        self.without_numbers(titles.chain([draft.content.as_str()]))?;
        Ok(draft)
    }

    /// Refuses texts with an identity number: reports stand in materials that many read.
    fn without_numbers<'t>(
        &self,
        mut texts: impl Iterator<Item = &'t str>,
    ) -> Result<(), HubError> {
        if texts.any(|text| holds_identity_number(text, self.today())) {
            return Err(HubError::invalid(
                "内容含有证件号码，不予保存。请删去证件号码，只写人数或文号。",
                "The text holds an identity number and is not kept. Leave it out; write how many, or the number of the document.",
            ));
        }
        Ok(())
    }

    fn checked_evidence(
        &self,
        number: usize,
        one: &TaskEvidence,
    ) -> Result<TaskEvidence, HubError> {
        let title = text("佐证名称", "title", &one.title)?;
        if title.chars().count() > MOST_TITLE || title.contains('\n') {
            return Err(HubError::invalid(
                format!("第 {number} 件佐证的名称应为一行，不超过 {MOST_TITLE} 字。"),
                format!(
                    "The title of evidence {number} takes one line of at most {MOST_TITLE} characters."
                ),
            ));
        }
        let digest = one.digest.as_deref().map(|digest| digest.trim().to_ascii_lowercase());
        let fits = |digest: &String| {
            digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if digest.as_ref().is_some_and(|digest| !fits(digest)) {
            return Err(HubError::invalid(
                format!("第 {number} 件佐证的文件摘要应为 64 位十六进制数字（SHA-256）。"),
                format!("The digest of evidence {number} takes 64 hexadecimal digits (SHA-256)."),
            ));
        }
        if let Some(record) = &one.record {
            global_id::parse(&self.services.seal, &self.services.catalogue, record).map_err(
                |_| {
                    HubError::invalid(
                        format!("第 {number} 件佐证的记录标识无效。请填写该记录的 id。"),
                        format!("Evidence {number} names no record. Give the `id` of the record."),
                    )
                },
            )?;
        }
        Ok(TaskEvidence { title, record: one.record.clone(), digest })
    }
}

/// The state after a step, if it is in turn and names the current version.
fn in_turn(
    known: Option<&StoredTaskReport>,
    version: i32,
    step: TaskStep,
) -> Result<TaskState, HubError> {
    let state = known.map_or(TaskState::Open, |known| known.last.state);
    let Some(after) = state.after(step) else {
        let open = |name: fn(TaskStep) -> &'static str, gap: &str| {
            state.steps().map(name).collect::<Vec<_>>().join(gap)
        };
        return Err(HubError::conflict(
            format!(
                "该任务报告的状态是“{}”，不能{}；现在可以：{}。",
                state.name_zh(),
                step.name_zh(),
                open(TaskStep::name_zh, "、")
            ),
            format!(
                "The report is “{}”; it cannot be the step “{}” now. Open steps: {}.",
                state.name_en(),
                step.name_en(),
                open(TaskStep::name_en, ", ")
            ),
        ));
    };
    if known.map_or(0, |known| known.last.version) == version { Ok(after) } else { Err(stale()) }
}
