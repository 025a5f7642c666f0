//! How a task is shown: what became of it at each department, and the forms of whoever may take a
//! step.

use maud::{Markup, html};

use super::TaskForm;
use crate::{
    authz::{chair::ReportPermit, meeting::Seat},
    domain::plan::{TaskState, TaskStep},
    error::Language,
    http::{
        meeting::{
            forms::FormNote,
            place::{MeetingRoute, TasksPlace},
            shell::say,
        },
        state::AppState,
    },
    meeting::tasks::{RegionTask, TaskPart},
    store::{
        meeting::tasks::{StoredTaskReport, TaskEvidence},
        sql::cell::shown,
    },
};

/// How the tasks are shown to a visitor.
pub(super) struct TaskView<'a> {
    pub(super) edge: &'a AppState,
    pub(super) seat: &'a Seat,
    pub(super) place: &'a TasksPlace,
    pub(super) language: Language,
    pub(super) begun: bool,
    pub(super) note: &'a FormNote<'a, TaskForm>,
}

impl TaskView<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.language, zh, en)
    }

    pub(super) fn task(&self, number: usize, task: &RegionTask<'_>) -> Markup {
        let name = match self.language {
            Language::Chinese => &task.task.name_zh,
            Language::English => &task.task.name_en,
        };
        html! {
            section.task aria-labelledby={ "task-" (number) } {
                h2 id={ "task-" (number) } { (number) ". " (name) }
                p.note {
                    (task.task.source)
                    @if let Some(day) = task.due() { " · " (self.say("期限 ", "due ")) (day) }
                }
                @for (place, part) in (1..).zip(&task.parts) {
                    (self.part((number, place), task, part))
                }
            }
        }
    }

    fn part(&self, number: (usize, usize), task: &RegionTask<'_>, part: &TaskPart) -> Markup {
        let reference = &self.edge.services.reference;
        let department =
            reference.label("department", &part.department).unwrap_or(&part.department);
        let state = match self.language {
            Language::Chinese => part.state().name_zh(),
            Language::English => part.state().name_en(),
        };
        let (content, evidence) = match &part.report {
            Some(report) => {
                (Some(&report.last.draft.content), report.last.draft.evidence.as_slice())
            }
            None => (None, [].as_slice()),
        };
        let remark = part.report.as_ref().and_then(|report| report.last.remark.as_ref());
        html! {
            h3 {
                (department) "：" span.state { (state) }
                @if part.overdue { " " strong { (self.say("逾期", "overdue")) } }
            }
            @for event in &part.known {
                p.note { (self.say("平台记录：", "Known to the hub: ")) (event.text) }
            }
            @if let Some(content) = content { p.report { (content) } }
            @if !evidence.is_empty() {
                p { (self.say("佐证：", "Evidence:")) }
                ul {
                    @for one in evidence {
                        li {
                            (one.title)
                            @if one.record.is_some() { (self.say("（平台记录）", " (a record of the hub)")) }
                            @if let Some(digest) = &one.digest { " " code { (digest) } }
                        }
                    }
                }
            }
            @if let Some(remark) = remark {
                p {
                    @if part.state() == TaskState::Returned { (self.say("退回理由：", "Sent back because: ")) }
                    @else { (self.say("确认说明：", "Remark: ")) }
                    (remark)
                }
            }
            @if let Some(report) = &part.report { (self.steps(report)) }
            @if self.reports(task, part) { (self.report_form(number, task, part)) }
            @if self.seat.reviews(&part.department) && part.state().after(TaskStep::Return).is_some() {
                (self.review_form(number, task, part))
            }
        }
    }

    /// Who took which step when.
    fn steps(&self, report: &StoredTaskReport) -> Markup {
        let reference = &self.edge.services.reference;
        let name =
            |table: &str, code: &str| reference.label(table, code).unwrap_or(code).to_owned();
        html! {
            details {
                summary { (self.say("经过", "Course")) }
                ol {
                    @for step in report.steps() {
                        li {
                            (shown(step.at).chars().take(16).collect::<String>().replace('T', " ")) " "
                            (reference.region_name(&step.by.1).unwrap_or(&step.by.1)) " "
                            (name("department", &step.by.0)) "："
                            (match self.language {
                                Language::Chinese => step.state.name_zh(),
                                Language::English => step.state.name_en(),
                            })
                            @if step.state == TaskState::Reported { p.report { (step.draft.content) } }
                            @if let Some(remark) = &step.remark { p { (remark) } }
                        }
                    }
                }
            }
        }
    }

    /// Whether the visitor may report now.
    fn reports(&self, task: &RegionTask<'_>, part: &TaskPart) -> bool {
        self.begun
            && *self.seat.department() == *part.department
            && part.state().after(TaskStep::Report).is_some()
            && ReportPermit::of(self.seat, &task.task.departments).is_ok()
    }

    /// What was entered last, where it was about this part and is shown again.
    fn kept(&self, task: &RegionTask<'_>, part: &TaskPart) -> Option<&TaskForm> {
        match self.note {
            FormNote::Wrong(_, form)
                if form.task == task.task.id
                    && (form.step == "report" || form.department == part.department) =>
            {
                Some(form)
            }
            _ => None,
        }
    }

    fn hidden(&self, task: &RegionTask<'_>, part: &TaskPart) -> Markup {
        html! {
            input type="hidden" name="task" value=(task.task.id);
            input type="hidden" name="department" value=(part.department);
            input type="hidden" name="version" value=(part.version());
        }
    }

    fn report_form(
        &self,
        (number, place): (usize, usize),
        task: &RegionTask<'_>,
        part: &TaskPart,
    ) -> Markup {
        let kept = self.kept(task, part).filter(|form| form.step == "report");
        let known = part.report.as_ref().map(|report| &report.last.draft);
        let content = kept.map(|form| form.content.as_str());
        let content = content.or(known.map(|draft| draft.content.as_str())).unwrap_or_default();
        let evidence = kept.map(|form| form.evidence.clone());
        let evidence = evidence.or(known.map(|draft| entered(&draft.evidence))).unwrap_or_default();
        html! {
            details open[kept.is_some()] {
                summary { (self.say("报告落实情况", "Report what was done")) }
                form method="post" action=(MeetingRoute::Tasks(self.place.clone())) {
                    (self.hidden(task, part))
                    label for={ "content-" (number) "-" (place) } {
                        (self.say("做了什么、结果如何（1000 字以内）", "What was done, with what result (at most 1,000 characters)"))
                    }
                    textarea id={ "content-" (number) "-" (place) } name="content" rows="4" required { (content) }
                    label for={ "evidence-" (number) "-" (place) } {
                        (self.say("佐证（每行一件：名称或文号，可在后面加空格和文件的 SHA-256）", "Evidence (one a line: title or number, and behind it the SHA-256 of a file)"))
                    }
                    textarea id={ "evidence-" (number) "-" (place) } name="evidence" rows="2" { (evidence) }
                    button type="submit" name="step" value="report" aria-label={ (self.say("提交报告：", "Send the report: ")) (number) } { (self.say("提交报告", "Send the report")) }
                }
            }
        }
    }

    fn review_form(
        &self,
        (number, place): (usize, usize),
        task: &RegionTask<'_>,
        part: &TaskPart,
    ) -> Markup {
        let kept = self.kept(task, part).filter(|form| form.step != "report");
        let remark = kept.map(|form| form.remark.as_str()).unwrap_or_default();
        let confirms = part.state().after(TaskStep::Confirm).is_some();
        html! {
            details open[kept.is_some()] {
                summary {
                    @if confirms { (self.say("确认或退回", "Confirm or send back")) }
                    @else { (self.say("退回", "Send back")) }
                }
                form method="post" action=(MeetingRoute::Tasks(self.place.clone())) {
                    (self.hidden(task, part))
                    label for={ "remark-" (number) "-" (place) } {
                        (self.say("说明（退回须写理由；与平台记录不符而确认的也须写明）", "Remark (the reason where it is sent back, or confirmed against what the hub knows)"))
                    }
                    textarea id={ "remark-" (number) "-" (place) } name="remark" rows="2" { (remark) }
                    @if confirms {
                        button type="submit" name="step" value="confirm" aria-label={ (self.say("确认：", "Confirm: ")) (number) "." (place) } { (self.say("确认", "Confirm")) }
                        " "
                    }
                    button.quiet type="submit" name="step" value="return" aria-label={ (self.say("退回：", "Send back: ")) (number) "." (place) } { (self.say("退回", "Send back")) }
                }
            }
        }
    }
}

/// Evidence as it was entered. That of records was not entered here, and stays where it is.
fn entered(evidence: &[TaskEvidence]) -> String {
    let line = |one: &TaskEvidence| match &one.digest {
        Some(digest) => format!("{} {digest}", one.title),
        None => one.title.clone(),
    };
    evidence.iter().map(line).collect::<Vec<_>>().join("\n")
}
