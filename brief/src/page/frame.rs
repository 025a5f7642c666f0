//! The frame around the sections: title, notices, contents, downloads, and the footer with the
//! digest.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{
    content::Brief,
    head,
    links::{Links, SignOut, on_site},
    page::section,
    section::Section,
    words,
};

/// The complete HTML document, with all sections and the style sheet inside.
pub(crate) fn document(brief: &Brief, links: &dyn Links, style: &PreEscaped<&str>) -> Markup {
    let (first, second) = head::title(&brief.head);
    let title = format!("{first}{second}");
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="same-origin";
                meta name="color-scheme" content="light";
                title { (title) }
                style { (style) }
            }
            body {
                a.skip href="#content" { "跳到正文" }
                header.top {
                    (tools(links))
                    h1 { span { (first) } span { (second) } }
                    p.sub { (words::label(&brief.head.plan)) }
                }
                (contents())
                main #content tabindex="-1" {
                    @for notice in head::notices(brief) {
                        p.notice { strong { "注意" } " " (notice) }
                    }
                    dl.facts {
                        @for (name, value) in head::facts(brief) {
                            div { dt { (name) } dd { (value) } }
                        }
                    }
                    @for one in Section::ALL {
                        (section::section(one, brief, links))
                    }
                }
                footer.end {
                    p { "联防 · 工伤预防数据共享平台生成。涉及单位的信息仅供联席会议使用。" }
                    @if let Some(digest) = &brief.head.digest {
                        p.digest { "材料摘要（SHA-256）：" code { (digest) } }
                    }
                }
            }
        }
    }
}

fn tools(links: &dyn Links) -> Markup {
    let downloads = [
        ("下载 Word 文档（.docx）", on_site(links.docx())),
        ("下载 Excel 工作簿（.xlsx）", on_site(links.xlsx())),
    ];
    let sign_out = links.sign_out();
    html! {
        @if sign_out.is_some() || downloads.iter().any(|(_, href)| href.is_some()) {
            nav.tools aria-label="下载与登录" {
                ul {
                    @for (label, href) in &downloads {
                        @if let Some(href) = href {
                            li { a href=(href) download { (label) } }
                        }
                    }
                }
                @if let Some(sign_out) = sign_out {
                    (form(&sign_out))
                }
            }
        }
    }
}

fn form(sign_out: &SignOut) -> Markup {
    html! {
        @if let Some(action) = on_site(Some(sign_out.action.clone())) {
            form method="post" action=(action) {
                @if let Some((name, value)) = &sign_out.token {
                    input type="hidden" name=(name) value=(value);
                }
                span.who { (sign_out.who) }
                button type="submit" { "退出登录" }
            }
        }
    }
}

fn contents() -> Markup {
    html! {
        nav.contents aria-label="目录" {
            ol {
                @for section in Section::ALL {
                    @let (number, title) = section.title();
                    li { a href={ "#" (section.id()) } { span.number { (number) "、" } (title) } }
                }
            }
        }
    }
}
