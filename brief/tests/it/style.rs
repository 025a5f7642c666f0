//! Everyone can tell the colours apart, and the page prints on A4.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../src/page/style.css");

/// The colours declared in the style sheet as `--name: #rrggbb;`, by name.
fn colours() -> BTreeMap<&'static str, [u8; 3]> {
    let mut colours = BTreeMap::new();
    for line in STYLE.lines() {
        let Some((name, value)) =
            line.trim().strip_prefix("--").and_then(|line| line.split_once(": #"))
        else {
            continue;
        };
        let number = u32::from_str_radix(value.trim_end_matches(';'), 16).expect("a colour");
        let [_, red, green, blue] = number.to_be_bytes();
        colours.insert(name, [red, green, blue]);
    }
    assert!(colours.len() > 10);
    colours
}

/// Relative luminance by WCAG 2.
fn luminance(colour: [u8; 3]) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2])
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_is_readable_on_its_ground() {
    let colours = colours();
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
    for (ink, ground) in [
        ("ink", "paper"),
        ("ink", "wash"),
        ("quiet", "paper"),
        ("quiet", "wash"),
        ("link", "paper"),
        ("link", "wash"),
        ("good", "paper"),
        ("bad", "paper"),
        ("about", "paper"),
        ("open", "paper"),
        ("red", "paper"),
        ("ink", "heat-1"),
        ("ink", "heat-2"),
        ("ink", "heat-3"),
        ("paper", "heat-4"),
        ("paper", "heat-5"),
    ] {
        let ratio = contrast(colours[ink], colours[ground]);
        assert!(ratio >= 4.5, "{ink} on {ground}: {ratio:.2}");
    }
    // Lines and marks of the pictures, and their labels.
    for (colour, least) in [
        ([0x14, 0x40, 0x6b], 4.5),
        ([0xa4, 0x16, 0x1a], 4.5),
        ([0x26, 0x2b, 0x30], 4.5),
        ([0x6b, 0x72, 0x78], 4.5),
    ] {
        assert!(
            contrast(colour, [255; 3]) >= least,
            "{colour:?}: {:.2}",
            contrast(colour, [255; 3])
        );
    }
}

#[test]
fn heat_is_a_scale_that_grey_paper_keeps() {
    let colours = colours();
    let steps: Vec<f64> =
        (1..=5).map(|step| luminance(colours[format!("heat-{step}").as_str()])).collect();
    assert!(steps.windows(2).all(|pair| pair[1] < pair[0] - 0.02), "{steps:?}");
}

#[test]
fn the_page_prints_on_a4_with_numbers_and_repeated_headings() {
    let print = STYLE.split_once("@media print").expect("a style for paper").1;
    for rule in [
        "thead { display: table-header-group;",
        "break-inside: avoid",
        "details::details-content",
        "text-decoration: none",
    ] {
        assert!(print.contains(rule), "{rule}");
    }
    let page = STYLE.split_once("@page").expect("a page").1;
    assert!(page.contains("size: A4") && page.contains("counter(page)"));
    assert!(STYLE.contains(":focus-visible"));
}
