//! No circle of imports among many files: whoever reads one file reads those it names, and comes to
//! an end.
//!
//! Read are `use` declarations that begin with `crate`, `super` or `self`; what a file only passes
//! on with `pub use` counts for whoever uses it.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, sources, words};

/// Most files of a circle: a parent with its children, a trait with those who make it.
const MOST: usize = 3;

/// A path by its words: `crate`, `domain`, `code`.
type Words = Vec<String>;

/// The paths of a `use`, with `a::{b, c::{d, e}}` written out.
fn paths(text: &str) -> Vec<Words> {
    let name = |text: &str| -> Words {
        let path = text.split(" as ").next().unwrap_or_default();
        path.split("::")
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let Some((before, list)) = text.split_once('{') else { return vec![name(text)] };
    let list = list.rsplit_once('}').map_or(list, |(list, _)| list);
    let mut depth = 0;
    let parts = list.split(|letter: char| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        letter == ',' && depth == 0
    });
    let inner = parts.filter(|part| !part.trim().is_empty()).flat_map(paths);
    inner
        .map(|path| {
            name(before).into_iter().chain(path.into_iter().filter(|word| word != "self")).collect()
        })
        .collect()
}

/// What a file uses, and what it passes on.
fn uses(code: &str) -> (Vec<Words>, Vec<Words>) {
    let (mut used, mut passed) = (Vec::new(), Vec::new());
    for (at, keyword) in code.match_indices("use ") {
        let (before, after) = (&code[..at], &code[at + keyword.len()..]);
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        let found = paths(after.split(';').next().unwrap_or_default());
        if line.starts_with("pub") {
            passed.extend(found);
        } else if line.is_empty() {
            used.extend(found);
        }
    }
    (used, passed)
}

/// A source as others see it.
struct File {
    module: Words,
    used: Vec<Words>,
    passed: Vec<Words>,
    /// Pairs of words, among them `struct Name`.
    pairs: BTreeSet<(String, String)>,
}

impl File {
    fn read(name: &str, text: &str) -> Self {
        let mut module: Words =
            name.trim_end_matches(".rs").split('/').map(ToOwned::to_owned).collect();
        module.retain(|word| !["mod", "lib", "main"].contains(&&**word));
        let code = code(text);
        let (used, passed) = uses(&code);
        let all: Vec<&str> = words(&code).collect();
        let pairs = all.windows(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
        Self { module, used, passed, pairs }
    }

    fn declares(&self, item: &str) -> bool {
        let kinds = ["struct", "enum", "trait", "fn", "const", "static", "type"];
        kinds.iter().any(|kind| self.pairs.contains(&((*kind).to_owned(), item.to_owned())))
    }

    /// A path from the root; one that begins with no such word is taken from here.
    fn whole(&self, path: &[String]) -> Words {
        let (mut base, mut rest) = (self.module.clone(), path);
        while let Some((first, more)) =
            rest.split_first().filter(|(first, _)| ["crate", "self", "super"].contains(&&***first))
        {
            match first.as_str() {
                "crate" => base.clear(),
                "super" => drop(base.pop()),
                _ => {}
            }
            rest = more;
        }
        [base.as_slice(), rest].concat()
    }
}

/// The file that declares what a path names, not the one that passes it on.
fn declaring<'a>(
    files: &'a BTreeMap<String, File>,
    path: &[String],
    deep: usize,
) -> Option<&'a str> {
    let (name, file) = files
        .iter()
        .filter(|(_, file)| path.starts_with(&file.module))
        .max_by_key(|(_, file)| file.module.len())?;
    let Some(item) =
        path.get(file.module.len()).filter(|item| deep < 5 && *item != "*" && !file.declares(item))
    else {
        return Some(name);
    };
    let passed = file.passed.iter().filter_map(|path| match path.split_last()? {
        (last, _) if last == item => declaring(files, &file.whole(path), deep + 1),
        (last, module) if last == "*" => {
            let path = [file.whole(module).as_slice(), std::slice::from_ref(item)].concat();
            declaring(files, &path, deep + 1).filter(|found| files[*found].declares(item))
        }
        _ => None,
    });
    passed.into_iter().find(|found| found != name).or(Some(name))
}

/// All that can be reached from a file.
fn reach<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        open.extend(graph[file].iter().filter(|next| seen.insert(**next)));
    }
    seen
}

/// The circles of these sources, each with all its files.
fn circles(sources: &BTreeMap<String, String>) -> BTreeSet<Vec<String>> {
    let files: BTreeMap<String, File> =
        sources.iter().map(|(name, text)| (name.clone(), File::read(name, text))).collect();
    let rooted = |path: &&Words| {
        path.first().is_some_and(|first| ["crate", "self", "super"].contains(&first.as_str()))
    };
    let graph: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|(name, file)| {
            let used = file
                .used
                .iter()
                .filter(rooted)
                .filter_map(|path| declaring(&files, &file.whole(path), 0));
            (name.as_str(), used.filter(|used| used != name).collect())
        })
        .collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (*file, reach(&graph, file))).collect();
    let circle = |file: &&str| -> Vec<String> {
        reached[*file]
            .iter()
            .filter(|other| reached[**other].contains(*file))
            .map(|one| (*one).to_owned())
            .collect()
    };
    graph.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn no_circle_of_imports_is_large() {
    let mut wrong = Vec::new();
    for circle in circles(&sources()) {
        if circle.len() > MOST {
            wrong.push(format!(
                "{} files import each other: move what they share below them: {}",
                circle.len(),
                circle.join(", ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn circles_are_found_through_what_is_passed_on() {
    let sources = |files: &[(&str, &str)]| {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let found = circles(&sources(&[
        ("a/mod.rs", "mod one;\nmod two;\npub use one::One;\n"),
        ("a/one.rs", "use super::two::{self, Two};\npub struct One;\n"),
        ("a/two.rs", "use crate::{\n    a::One,\n    b::B as Other,\n};\npub struct Two;\n"),
        ("b.rs", "use std::fmt;\npub struct B;\n#[cfg(test)]\nuse crate::a::two::Two;\n"),
    ]));
    assert_eq!(found, [vec!["a/one.rs".to_owned(), "a/two.rs".to_owned()]].into());
    assert_eq!(paths("a::{b, c::{self, d as e}}").concat().join(" "), "a b a c a c d");
}
