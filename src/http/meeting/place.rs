//! Addresses under `/meeting`. They are parsed and written only here, so that signing in can
//! redirect to one of them and nowhere else.

use std::fmt;

use crate::{
    domain::region::RegionCode,
    meeting::room::{ContentChoice, ContentRequest},
};

/// A file that can be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeetingDownload {
    /// The materials as a Word document.
    Docx,
    /// The figures as an Excel workbook.
    Xlsx,
}

impl MeetingDownload {
    pub(super) const ALL: [Self; 2] = [Self::Docx, Self::Xlsx];

    /// File name extension.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The page of the tasks of a region and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TasksPlace {
    /// Region whose tasks they are.
    pub(super) region: RegionCode,
    /// Calendar year of the tasks.
    pub(super) year: i32,
}

/// An address under `/meeting`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MeetingRoute {
    /// Where region and year are chosen.
    Choice,
    /// The page of a meeting.
    Page(ContentRequest),
    /// A file of a meeting.
    File(ContentRequest, MeetingDownload),
    /// The tasks of a year.
    Tasks(TasksPlace),
    /// Corrections of records.
    Corrections,
}

impl MeetingRoute {
    /// The address of a path; `None` when it is not one. `meeting=1` asks for the meeting of that
    /// number in the year, `today=1` for the content as of today.
    pub(super) fn of(path: &str, query: &str) -> Option<Self> {
        let asked = |name: &str| {
            let parts = query.split('&').filter_map(|part| part.split_once('='));
            parts.filter(|(own, _)| *own == name).map(|(_, value)| value).next()
        };
        let number = match asked("meeting") {
            Some(number) => {
                let number = number.parse::<u16>().ok().filter(|own| own.to_string() == number)?;
                Some(i32::from(number))
            }
            None => None,
        };
        let rest = path.strip_prefix("/meeting")?;
        if rest.is_empty() {
            return Some(Self::Choice);
        }
        if rest == "/corrections" {
            return Some(Self::Corrections);
        }
        let mut parts = rest.strip_prefix('/')?.split('/');
        let region = RegionCode::parse(parts.next()?).ok()?;
        let year = parts
            .next()
            .filter(|year| year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit()))?;
        let which =
            if asked("today") == Some("1") { ContentChoice::Today } else { ContentChoice::Shown };
        let wanted = ContentRequest { region, year: year.parse().ok()?, number, which };
        let place = match parts.next() {
            None => Self::Page(wanted),
            Some("tasks") => Self::Tasks(TasksPlace { region: wanted.region, year: wanted.year }),
            Some(name) => {
                let ending = name.strip_prefix("brief.")?;
                Self::File(
                    wanted,
                    MeetingDownload::ALL.into_iter().find(|file| file.ending() == ending)?,
                )
            }
        };
        parts.next().is_none().then_some(place)
    }

    /// The address a page asks to return to.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        Self::of(path, query).filter(|place| place.to_string() == text)
    }
}

impl fmt::Display for MeetingRoute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |out: &mut fmt::Formatter<'_>,
                  wanted: &ContentRequest,
                  file: Option<MeetingDownload>| {
            write!(out, "/meeting/{}/{}", wanted.region, wanted.year)?;
            if let Some(file) = file {
                write!(out, "/brief.{}", file.ending())?;
            }
            let number = wanted.number.map(|number| format!("meeting={number}"));
            let today = (wanted.which == ContentChoice::Today).then(|| "today=1".to_owned());
            let query: Vec<String> = number.into_iter().chain(today).collect();
            if query.is_empty() { Ok(()) } else { write!(out, "?{}", query.join("&")) }
        };
        match self {
            Self::Choice => out.write_str("/meeting"),
            Self::Corrections => out.write_str("/meeting/corrections"),
            Self::Page(wanted) => of(out, wanted, None),
            Self::File(wanted, file) => of(out, wanted, Some(*file)),
            Self::Tasks(place) => write!(out, "/meeting/{}/{}/tasks", place.region, place.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MeetingRoute;

    #[test]
    fn places_are_written_as_they_are_read() {
        for text in [
            "/meeting",
            "/meeting/140600/2024",
            "/meeting/140600/2024?today=1",
            "/meeting/140600/2024/tasks",
            "/meeting/corrections",
            "/meeting/140600/2024?meeting=1",
            "/meeting/140600/2024?meeting=2&today=1",
            "/meeting/3703Z1/2024/brief.docx",
            "/meeting/140600/2024/brief.xlsx?today=1",
        ] {
            assert_eq!(
                MeetingRoute::parse(text).map(|place| place.to_string()).as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn nothing_outside_is_a_place() {
        for text in [
            "",
            "/",
            "/graphql",
            "/meetings",
            "//evil.example/meeting",
            "https://evil.example/meeting",
            "/meeting//evil.example",
            "/meeting/../graphql",
            "/meeting/%2e%2e/graphql",
            "/meeting/140600",
            "/meeting/140600/2024/",
            "/meeting/140600/+024",
            "/meeting/140600/20245",
            "/meeting/999999/2024",
            "/meeting/140600/2024/brief.exe",
            "/meeting/140600/2024?today=2",
            "/meeting/140600/2024?meeting=-1",
            "/meeting/140600/2024?meeting=01",
            "/meeting/140600/2024?today=1&meeting=1",
            "/meeting/140600/2024?meeting=1&x=1",
            "/meeting/140600/2024/brief.docx/x",
            "/meeting/140600/2024/tasks/x",
            "/meeting/corrections/x",
            "/meeting/corrections?done=1",
            "/meeting/140600/2024/tasks?done=1",
            "/meeting\\evil.example",
            "/meeting?next=//evil.example",
            "\t/meeting",
        ] {
            assert_eq!(MeetingRoute::parse(text), None, "{text}");
        }
    }
}
