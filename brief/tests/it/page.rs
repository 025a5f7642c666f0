//! What the page says and how it is built.

use std::collections::BTreeSet;

use brief::{
    content::{Brief, Figure, Outcome},
    links::{Links, NoLinks, SignOut},
    page,
};

use crate::{
    markup::{read, text_of},
    samples,
};

const SECTIONS: [&str; 15] = [
    "targets",
    "figures",
    "trends",
    "accident-types",
    "heat",
    "exposure",
    "returns",
    "tasks",
    "leads",
    "hazards",
    "employers",
    "resolutions",
    "meeting",
    "differences",
    "basis",
];

#[test]
fn the_page_is_built_as_a_screen_reader_expects() {
    for brief in [samples::shuozhou(), samples::county()] {
        let html = page::html(&brief, &NoLinks);
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">"));
        let elements = read(&html);
        let named =
            |name: &str| elements.iter().filter(|element| element.name == name).collect::<Vec<_>>();
        assert_eq!(named("h1").len(), 1);
        assert_eq!(named("main").len(), 1);
        let title = named("title").into_iter().find(|title| title.within("head")).expect("a title");
        assert_eq!(title.text, named("h1")[0].text);
        let ids: Vec<&str> =
            elements.iter().filter_map(|element| element.attribute("id")).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "ids are unique");
        for element in &elements {
            for name in ["aria-labelledby", "aria-describedby"] {
                for id in element.attribute(name).into_iter().flat_map(str::split_whitespace) {
                    assert!(known.contains(id), "{name} names {id}, which is not there");
                }
            }
            if let Some(id) = element.attribute("href").and_then(|href| href.strip_prefix('#')) {
                assert!(known.contains(id), "a link leads to {id}, which is not there");
            }
        }
        // The way past the navigation is the first thing in the body, and every section is in the
        // contents.
        let body = elements.iter().position(|element| element.name == "body").expect("a body");
        assert_eq!(elements[body + 1].attribute("href"), Some("#content"));
        let sections: Vec<&str> =
            named("section").iter().filter_map(|section| section.attribute("id")).collect();
        assert_eq!(sections, SECTIONS);
        for section in SECTIONS {
            let href = format!("#{section}");
            assert!(
                elements.iter().any(|element| element.attribute("href") == Some(&href)),
                "{section} is in the contents"
            );
        }
        for table in named("table") {
            let id = table.attribute("id").expect("a table has an id");
            assert!(known.contains(format!("{id}-caption").as_str()), "{id} has a caption");
        }
        assert_eq!(named("caption").len(), named("table").len());
        for head in named("th") {
            assert!(
                ["col", "row", "rowgroup"].contains(&head.attribute("scope").unwrap_or_default()),
                "{head:?}"
            );
        }
        for picture in named("svg") {
            if picture.attribute("aria-hidden") != Some("true") {
                assert_eq!(picture.attribute("role"), Some("img"));
                let ids = picture.attribute("aria-labelledby").expect("a picture is named");
                assert!(ids.split(' ').all(|id| !text_of(&elements, id).is_empty()));
            }
        }
        let levels: Vec<u32> = elements
            .iter()
            .filter_map(|element| {
                element.name.strip_prefix('h').and_then(|level| level.parse().ok())
            })
            .collect();
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "no level of headings is left out: {levels:?}"
        );
    }
}

#[test]
fn the_page_needs_no_script_and_nothing_from_elsewhere() {
    let html = page::html(&samples::shuozhou(), &NoLinks);
    for element in read(&html) {
        assert!(
            ![
                "script",
                "link",
                "img",
                "iframe",
                "object",
                "embed",
                "base",
                "foreignobject",
                "use",
                "image"
            ]
            .contains(&element.name.to_lowercase().as_str())
        );
        for name in element.attributes.keys() {
            assert!(
                !name.starts_with("on")
                    && !["style", "src", "srcset", "xlink:href"].contains(&name.as_str()),
                "{name}"
            );
        }
    }
    let style = html
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .expect("a style")
        .0;
    assert!(!style.contains("url(") && !style.contains("@import"));
    use base64::Engine as _;
    use sha2::Digest as _;
    let digest =
        base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style.as_bytes()));
    assert_eq!(page::style_hash(), format!("'sha256-{digest}'"));
}

#[test]
fn the_same_content_gives_the_same_page() {
    let brief = samples::shuozhou();
    assert_eq!(page::html(&brief, &NoLinks), page::html(&brief, &NoLinks));
    let json = serde_json::to_string(&brief).expect("JSON");
    let again: Brief = serde_json::from_str(&json).expect("the same");
    assert_eq!(page::html(&brief, &NoLinks), page::html(&again, &NoLinks));
}

#[test]
fn every_target_is_said_to_be_met_or_not_in_words_and_with_a_reason() {
    let brief = samples::shuozhou();
    let elements = read(&page::html(&brief, &NoLinks));
    let text = text_of(&elements, "targets");
    assert!(text.contains("共16项目标：达标12项，未达标2项，只报数1项，不判定1项。"), "{text}");
    assert!(
        text.contains("未达标：建筑施工 · 安全生产事故起数降幅；重点岗位人员安全生产培训覆盖率。")
    );
    let items: Vec<_> = elements
        .iter()
        .filter(|element| element.name == "li" && element.path.ends_with(&["ol".into()]))
        .collect();
    let items: Vec<_> = items.into_iter().filter(|item| item.text.contains("目标 ")).collect();
    assert_eq!(items.len(), brief.headlines.len());
    for (item, line) in items.iter().zip(&brief.headlines) {
        let word = match line.outcome {
            Outcome::Met => "达标",
            Outcome::NotMet => "未达标",
            Outcome::About => "只报数",
            Outcome::NotJudged => "不判定",
        };
        assert!(item.text.starts_with(word), "{}", item.text);
        for part in [&line.target, &line.actual, &line.reason] {
            assert!(item.text.contains(part.as_str()), "{} lacks {part}", item.text);
        }
    }
}

#[test]
fn what_is_missing_is_said_to_be_missing_and_is_never_zero() {
    let elements = read(&page::html(&samples::shuozhou(), &NoLinks));
    let row = |id: &str, start: &str| {
        let table = elements
            .iter()
            .position(|element| element.attribute("id") == Some(id))
            .expect("a table");
        let rows = elements[table..].iter().filter(|element| element.name == "tr");
        rows.map(|row| row.text.clone())
            .find(|text| text.starts_with(start))
            .unwrap_or_else(|| panic!("no row {start}"))
    };
    let figures = text_of(&elements, "figures-own");
    assert!(
        figures.contains("I5 重点岗位人员职业卫生培训覆盖率（分子 ÷ 分母，%）合计缺3107—"),
        "{figures}"
    );
    assert!(text_of(&elements, "trend-14-text").contains("2022年缺，目标不低于80%"));
    assert!(row("returns-table", "卫生健康委员会2024年职业卫生").contains("逾期未报未报送"));
    assert!(
        row("returns-table", "应急管理局2025年").contains("未到期—"),
        "what is not due is not missing"
    );
    assert!(row("meeting-parts", "卫生健康委员会").contains("未签认，按缺列示"));

    let county = read(&page::html(&samples::county(), &NoLinks));
    assert!(text_of(&county, "figures-own").contains("缺或不公布1—"));
    assert!(text_of(&county, "accident-types-table").contains("车辆伤害不公布0—"));
    assert!(text_of(&county, "accident-types-chart-text").contains("2024年不公布，2023年0起"));
}

#[test]
fn a_section_with_nothing_to_show_says_so() {
    let mut brief = samples::county();
    (brief.headlines, brief.figures, brief.trends, brief.accident_types) = Default::default();
    brief.returns = vec![];
    let elements = read(&page::html(&brief, &NoLinks));
    for section in SECTIONS {
        let text = text_of(&elements, section);
        let said = text.split_once('、').expect("a number").1;
        assert!(said.chars().count() >= 10 && said.ends_with('。'), "{section}: {text}");
    }
    assert!(text_of(&elements, "returns").contains("本年度没有应报送事项。"));
    assert!(text_of(&elements, "meeting").contains("会议尚未召集。"));
}

#[test]
fn leads_are_called_leads_before_any_is_shown() {
    let elements = read(&page::html(&samples::shuozhou(), &NoLinks));
    let text = text_of(&elements, "leads");
    let (warning, first) =
        (text.find("线索，不是结论").expect("the warning"), text.find("平鲁某某").expect("a lead"));
    assert!(warning < first);
    assert!(
        text.contains("50–53") && text.contains("要求两份名单互相独立"),
        "the estimate has its interval and its caveat"
    );
}

#[test]
fn provisional_incomplete_and_protected_materials_say_so_at_the_top() {
    let text = |brief: &Brief| {
        read(&page::html(brief, &NoLinks))
            .iter()
            .find(|e| e.name == "main")
            .expect("main")
            .text
            .clone()
    };
    let county = text(&samples::county());
    for notice in ["数据未定稿", "规划目标不全", "小计数已作保护", "未冻结"] {
        assert!(county.contains(notice), "{notice}");
    }
    let mut calm = samples::shuozhou();
    calm.head.provisional = false;
    assert!(text(&calm).contains("冻结后数据有变化"));
    calm.differences.clear();
    let calm = text(&calm);
    for notice in
        ["数据未定稿", "规划目标不全", "小计数已作保护", "数据随记录变化", "冻结后数据有变化"]
    {
        assert!(!calm.contains(notice), "{notice}");
    }
}

#[test]
fn the_digest_stands_at_the_end() {
    let brief = samples::shuozhou();
    let html = page::html(&brief, &NoLinks);
    let end = html.split_once("<footer").expect("an end").1;
    assert!(end.contains(brief.head.digest.as_deref().expect("a digest")));
}

struct Some_;

impl Links for Some_ {
    fn docx(&self) -> Option<String> {
        Some("/meeting/140600/2024.docx".into())
    }

    fn xlsx(&self) -> Option<String> {
        Some("https://elsewhere.example/x.xlsx".into())
    }

    fn sign_out(&self) -> Option<SignOut> {
        Some(SignOut {
            action: "/meeting/sign-out".into(),
            who: "<某>".into(),
            token: Some(("csrf".into(), "a\"b".into())),
        })
    }

    fn figure(&self, figure: &Figure) -> Option<String> {
        Some(format!("/records?indicator={}&x=1", figure.indicator.code))
    }
}

#[test]
fn links_lead_to_the_same_site_only_and_sign_out_is_a_form() {
    let elements = read(&page::html(&samples::shuozhou(), &Some_));
    let hrefs: Vec<&str> =
        elements.iter().filter_map(|element| element.attribute("href")).collect();
    assert!(hrefs.contains(&"/meeting/140600/2024.docx"));
    assert!(
        hrefs.iter().all(|href| href.starts_with(['/', '#']) && !href.starts_with("//")),
        "{hrefs:?}"
    );
    assert!(hrefs.contains(&"/records?indicator=I1&x=1"));
    let form = elements.iter().find(|element| element.name == "form").expect("a form");
    assert_eq!(
        (form.attribute("method"), form.attribute("action")),
        (Some("post"), Some("/meeting/sign-out"))
    );
    assert!(form.text.contains("<某>"));
    let field = elements.iter().find(|element| element.name == "input").expect("a field");
    assert_eq!((field.attribute("name"), field.attribute("value")), (Some("csrf"), Some("a\"b")));
}

#[test]
fn a_line_breaks_where_a_year_is_missing_and_is_hollow_where_it_is_not_final() {
    let html = page::html(&samples::shuozhou(), &NoLinks);
    let picture = |id: &str| {
        let from = html.split_once(&format!("id=\"{id}-text\"")).expect("a picture").1;
        from.split_once("</svg>").expect("its end").0.to_owned()
    };
    // 2019, then 2021 to 2024: one line of four years, the base year alone; five marks, the last
    // one white inside.
    let coal = picture("trend-0");
    let solid = |picture: &str| {
        picture.matches("<polyline fill=\"none\" opacity=\"1\" stroke=\"#14406B\"").count()
    };
    assert_eq!(solid(&coal), 1, "{coal}");
    assert_eq!(coal.matches("<circle").count(), 10);
    assert_eq!(coal.matches("fill=\"#FFFFFF\"").count(), 1);
    // 2021 and 2023 without 2022: no line at all, and the gaps say so.
    let health = picture("trend-14");
    assert_eq!(solid(&health), 0);
    assert_eq!(health.matches("\n缺\n").count(), 2);
    assert!(health.contains("#A4161A"), "the stair is drawn");
}

#[test]
fn a_plan_with_many_years_a_single_year_or_absurd_numbers_is_drawn_all_the_same() {
    let mut brief = samples::county();
    let point = |year, numerator, denominator| brief::content::Point {
        year,
        numerator,
        denominator,
        provisional: false,
        instead: None,
    };
    for points in [
        vec![point(2024, Some(1), 1)],
        (1950..2050).map(|year| point(year, Some(i64::from(year)), 1)).collect(),
        vec![point(2023, Some(i64::MAX), 1), point(2024, Some(i64::MIN), 1)],
        vec![point(2023, Some(1), 0), point(2024, Some(1), -3)],
        vec![point(i32::MIN, Some(1), 1), point(i32::MAX, Some(1), 1)],
        vec![],
    ] {
        brief.trends[0].points = points.clone();
        brief.trends[0].stair = points;
        read(&page::html(&brief, &NoLinks));
    }
}
