//! How corrections are shown: what is said to be wrong, until when it is answered, its course, and
//! the forms of whoever may take a step.

use maud::{Markup, html};

use super::{CorrectionForm, SETTLED, WAITING};
use crate::{
    authz::corrections::{CorrectionParty, CorrectionPermit},
    domain::{code::Coded as _, correction::CorrectionStep, deadline::DueState},
    error::{HubError, Language},
    http::{
        meeting::{forms::FormNote, place::MeetingRoute, session::Visitor, shell::say},
        state::AppState,
    },
    sharing::corrections::{CorrectionContext, IDENTIFIER},
    store::{
        records::global_id::of_name, sharing::corrections::StoredCorrection, sql::cell::shown,
    },
};

/// How corrections are shown to a visitor.
pub(super) struct CorrectionView<'a> {
    pub(super) edge: &'a AppState,
    pub(super) language: Language,
    pub(super) work: CorrectionContext<'a>,
    pub(super) visitor: &'a Visitor,
    pub(super) note: &'a FormNote<'a, CorrectionForm>,
}

impl CorrectionView<'_> {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.language, zh, en)
    }

    fn party(&self, own: &CorrectionParty) -> String {
        let reference = &self.edge.services.reference;
        let region = own.region.as_str();
        format!(
            "{} {}",
            reference.region_name(region).unwrap_or(region),
            reference.label("department", &own.department).unwrap_or(&own.department)
        )
    }

    pub(super) fn list(
        &self,
        (title, name): (&str, &str),
        all: &[StoredCorrection],
    ) -> Result<Markup, HubError> {
        let each = (1..).zip(all).map(|(number, own)| self.one((name, number), own));
        let each = each.collect::<Result<Vec<_>, _>>()?;
        Ok(html! {
            section.task aria-labelledby=(name) {
                h2 id=(name) { (title) }
                @if each.is_empty() { p.note { (self.say("没有。", "None.")) } }
                @for own in &each { (own) }
                @if all.len() as u64 >= SETTLED {
                    p.note {
                        @match self.language {
                            Language::Chinese => { "待办的从最早的起列 " (WAITING) " 件，已办结的列最近 " (SETTLED) " 件；办结后其余的依次列出。" }
                            Language::English => { "The oldest " (WAITING) " that wait and the latest " (SETTLED) " that are settled." }
                        }
                    }
                }
            }
        })
    }

    fn one(&self, place: (&str, usize), own: &StoredCorrection) -> Result<Markup, HubError> {
        let services = &self.edge.services;
        let (due, state) = (self.work.due(own)?, own.state());
        let words = self.work.shows_words(own)?;
        let family = services.catalogue.find(&own.claim.family);
        let label = family.map_or(own.claim.family.as_str(), |family| family.label);
        let field = own.claim.field.as_deref().map(|name| {
            family.and_then(|family| family.field(name)).map_or(name, |field| field.label)
        });
        Ok(html! {
            h3 {
                (label)
                @if let Some(field) = field { " · " (field) }
                "：" span.state { (match self.language {
                    Language::Chinese => state.name_zh(),
                    Language::English => state.name_en(),
                }) }
                @if due.state == DueState::Overdue { " " strong { (self.say("逾期", "overdue")) } }
            }
            @if words { p.report { (own.claim.claim) } }
            @else { p.note { (self.say("内容涉及个人信息，本级在办案用途之外不能查看。", "The words are about a person and not shown to your level outside of a case.")) } }
            p.note {
                @if words { (self.say("依据：", "Shown by: ")) (own.claim.basis) " · " }
                (self.say("提出：", "raised by ")) (self.party(&own.claimant))
                " · " (self.say("报送：", "handed in by ")) (self.party(&own.holder))
                @if !state.is_settled() {
                    " · " (self.say("答复期限 ", "to be answered by ")) (due.day)
                    @if due.unknown_year.is_some() { (self.say("（节假日安排公布后可能变动）", " (may move with the holidays)")) }
                }
            }
            p.note { (self.say("记录标识：", "Record: ")) code { (of_name(&services.seal, &own.claim.family, own.claim.record)) } }
            details {
                summary { (self.say("经过", "Course")) }
                ol {
                    @for step in &own.steps {
                        li {
                            (shown(step.at).chars().take(16).collect::<String>().replace('T', " ")) " "
                            (self.party(&step.by)) "："
                            (match self.language {
                                Language::Chinese => step.state.name_zh(),
                                Language::English => step.state.name_en(),
                            })
                            @if let Some(words) = step.words.as_ref().filter(|_| words) { p.report { (words) } }
                        }
                    }
                }
            }
            (self.step_form(place, own))
        })
    }

    /// The steps that are open to the visitor.
    fn steps(&self, own: &StoredCorrection) -> Vec<CorrectionStep> {
        let (actor, policy) = (&*self.visitor.actor, &*self.edge.services.policy);
        let mut steps = Vec::new();
        if CorrectionPermit::answer(actor, &own.holder).is_ok() {
            steps.extend([CorrectionStep::Accept, CorrectionStep::Correct, CorrectionStep::Reject]);
        }
        if CorrectionPermit::withdraw((policy, actor), &own.claimant).is_ok() {
            steps.push(CorrectionStep::Withdraw);
        }
        steps.retain(|step| own.state().after(*step).is_some());
        steps
    }

    fn step_form(&self, (list, number): (&str, usize), own: &StoredCorrection) -> Markup {
        let steps = self.steps(own);
        let id = of_name(&self.edge.services.seal, IDENTIFIER, own.id);
        let entered = match self.note {
            FormNote::Wrong(_, form) if form.id == id => Some(form.words.as_str()),
            _ => None,
        };
        let words = format!("words-{list}-{number}");
        html! {
            @if !steps.is_empty() {
                form method="post" action=(MeetingRoute::Corrections) {
                    input type="hidden" name="id" value=(id);
                    input type="hidden" name="version" value=(own.version());
                    label for=(words) { (self.say("说明（认定无误的须写理由）", "Words (the reason where the record is right)")) }
                    textarea id=(words) name="words" rows="2" { (entered.unwrap_or_default()) }
                    @for step in steps {
                        @let name = self.button(step);
                        button.quiet[step != CorrectionStep::Correct] type="submit" name="step" value=(step.code())
                            aria-label={ (name) (self.say("：", ": ")) (number) } { (name) }
                        " "
                    }
                }
            }
        }
    }

    fn button(&self, step: CorrectionStep) -> &'static str {
        match step {
            CorrectionStep::Accept => self.say("核实有误，将更正", "It is wrong; to be corrected"),
            CorrectionStep::Correct => self.say("已更正", "It has been corrected"),
            CorrectionStep::Reject => self.say("核实无误", "It is right"),
            CorrectionStep::Withdraw => self.say("撤回", "Take back"),
        }
    }

    /// The form that raises a correction.
    pub(super) fn claim_form(&self) -> Markup {
        let entered = match self.note {
            FormNote::Wrong(_, form) if form.step == "CLAIM" => Some(*form),
            _ => None,
        };
        let text =
            |of: fn(&CorrectionForm) -> &String| entered.map(of).cloned().unwrap_or_default();
        html! {
            section.task aria-labelledby="claim-title" {
                h2 id="claim-title" { (self.say("提出校核", "Say what is wrong with a record")) }
                p.note { (self.say(
                    "针对您能查看的其他部门记录；报送部门须在 10 个工作日内核实、更正并反馈（政务数据共享条例第二十六条）。勿写证件号码。",
                    "About a record of another department that you may see; it is verified, corrected and answered within ten working days (条例 art. 26). Write no identity numbers."
                )) }
                form method="post" action=(MeetingRoute::Corrections) {
                    label for="record" { (self.say("记录的全局标识（导出表“全局标识”列）", "Identifier of the record (the column 全局标识 of exports)")) }
                    input #record name="record" required autocomplete="off" value=(text(|form| &form.record));
                    label for="field" { (self.say("字段（如 死亡人数；整条记录有误的不填）", "Field, such as deaths; empty for the record as a whole")) }
                    input #field name="field" autocomplete="off" value=(text(|form| &form.field));
                    label for="claim" { (self.say("哪里有误、应为何值（1000 字以内）", "What is wrong and what it should be (at most 1,000 characters)")) }
                    textarea #claim name="claim" rows="3" required { (text(|form| &form.claim)) }
                    label for="basis" { (self.say("依据：文号或材料名称（200 字以内）", "What shows it: number or title of a document (at most 200 characters)")) }
                    input #basis name="basis" required value=(text(|form| &form.basis));
                    button type="submit" name="step" value="CLAIM" { (self.say("提出", "Raise it")) }
                }
            }
        }
    }
}
