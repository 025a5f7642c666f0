//! `Accept` and similar headers, by quality, specificity and order. Source: RFC 9110 §12.4.2 and
//! §12.5.1.

use std::cmp::Reverse;

/// How specifically a range names a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specific {
    /// Any media type, `*/*`.
    Any,
    /// Any subtype of one type, such as `text/*`.
    Kind,
    /// The media type itself, such as `text/csv`.
    Name,
}

/// What a header says about one media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Quality in thousandths; 0 excludes the media type.
    pub weight: u32,
    /// How specifically it is named.
    pub specific: Specific,
    place: usize,
}

/// The ranges of a header, in their order.
#[derive(Debug)]
pub struct Accept(Vec<(String, u32)>);

impl Accept {
    /// The ranges of a header.
    #[must_use]
    pub fn of(header: &str) -> Self {
        Self(parts(header, ',').into_iter().filter_map(range).collect())
    }

    /// The ranges of a header of languages, each as its primary language: `en-GB` counts as `en`,
    /// with the highest quality of its variants.
    #[must_use]
    pub fn of_languages(header: &str) -> Self {
        let mut languages: Vec<(String, u32)> = Vec::new();
        for (range, weight) in Self::of(header).0 {
            let language = range.split('-').next().unwrap_or_default();
            match languages.iter_mut().find(|(known, _)| known == language) {
                Some((_, highest)) => *highest = weight.max(*highest),
                None => languages.push((language.to_owned(), weight)),
            }
        }
        Self(languages)
    }

    /// The rank of a media type: its most specific range decides, the first of several.
    #[must_use]
    pub fn rank(&self, media: &str) -> Option<Rank> {
        let own = |(place, (range, weight)): (usize, &(String, u32))| {
            let kind = || media.split_once('/').map(|(kind, _)| kind);
            let specific = match range.as_str() {
                name if name.eq_ignore_ascii_case(media) => Specific::Name,
                "*/*" | "*" => Specific::Any,
                name if name.strip_suffix("/*").is_some_and(|own| Some(own) == kind()) => {
                    Specific::Kind
                }
                _ => return None,
            };
            Some(Rank { weight: *weight, specific, place })
        };
        self.0
            .iter()
            .enumerate()
            .filter_map(own)
            .max_by_key(|rank| (rank.specific, Reverse(rank.place)))
    }

    /// The offer with the highest quality; among equals the one named most specifically, then the
    /// one named first, then the one offered first. `None` when all are excluded or none is named.
    pub fn best<T>(&self, offers: impl IntoIterator<Item = (T, &'static str)>) -> Option<T> {
        let ranked = offers.into_iter().enumerate().filter_map(|(index, (offer, media))| {
            let rank = self.rank(media).filter(|rank| rank.weight > 0)?;
            Some(((rank.weight, rank.specific, Reverse(rank.place), Reverse(index)), offer))
        });
        ranked.max_by_key(|(key, _)| *key).map(|(_, offer)| offer)
    }
}

/// A range and its quality. Parameters of the media type are ignored: every text here is UTF-8.
fn range(text: &str) -> Option<(String, u32)> {
    let mut parts = parts(text, ';').into_iter().map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| {
        part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
    });
    Some((name, quality.map_or(1_000, |(_, value)| thousandths(value.trim()))))
}

/// The parts between separators outside quoted strings.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if letter == separator && !quoted => {
                found.extend(text.get(start..at));
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    found.extend(text.get(start..));
    found
}

/// A quality in thousandths; an invalid one counts as 0.
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.parse().unwrap_or(0);
    whole.saturating_mul(1_000).saturating_add(digits.parse().unwrap_or(0)).min(1_000)
}

#[cfg(test)]
mod tests {
    use super::Accept;

    const OFFERS: [(char, &str); 3] = [
        ('j', "application/json"),
        ('g', "application/graphql-response+json"),
        ('e', "text/event-stream"),
    ];

    #[test]
    fn quality_comes_before_exactness_before_order() {
        for (header, best) in [
            ("*/*", Some('j')),
            ("application/*, text/event-stream", Some('e')),
            ("*/*, text/event-stream;q=0.9", Some('j')),
            ("text/event-stream, application/json", Some('e')),
            ("application/json, text/event-stream", Some('j')),
            ("application/json;q=0.8, text/event-stream;Q=0.9", Some('e')),
            ("application/json;profile=\"a,b;q=0\", text/event-stream", Some('j')),
            ("APPLICATION/JSON; q = 0.5 , */*;q=0.1", Some('j')),
            ("*/*, application/json;q=0", Some('g')),
            ("application/json;q=0, application/json", None),
            ("text/html", None),
            (",;,", None),
            ("text/event-stream;q=4294968, application/json", Some('e')),
        ] {
            assert_eq!(Accept::of(header).best(OFFERS), best, "{header}");
        }
    }

    #[test]
    fn of_the_kinds_of_a_language_the_one_that_is_liked_best_counts() {
        for (header, best) in [
            ("en-US;q=0.5, en;q=0.9, zh;q=0.7", Some("en")),
            ("zh-TW;q=0, zh", Some("zh")),
            ("en-GB", Some("en")),
            ("fr", None),
        ] {
            let offers = [("zh", "zh"), ("en", "en")];
            assert_eq!(Accept::of_languages(header).best(offers), best, "{header}");
        }
    }
}
