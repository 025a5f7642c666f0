//! A page parsed into its elements.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

/// An HTML element with its text and its place in the page.
#[derive(Clone, Debug)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// Names of the enclosing elements, outermost first.
    pub path: Vec<String>,
    /// All text inside, including that of inner elements.
    pub text: String,
}

/// Elements without an end tag.
const VOID: [&str; 4] = ["meta", "input", "br", "link"];

/// The elements in the order of their start tags. Fails on unmatched tags or malformed markup.
pub fn read(html: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let name = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    for Ok(token) in Tokenizer::new(html) {
        match &token {
            Token::StartTag(tag) => {
                let attributes =
                    tag.attributes.iter().map(|(key, value)| (name(key), name(value))).collect();
                let path = open.iter().map(|at| elements[*at].name.clone()).collect();
                elements.push(Element {
                    name: name(&tag.name),
                    attributes,
                    path,
                    text: String::new(),
                });
                if !VOID.contains(&name(&tag.name).as_str()) {
                    // A slash at the end closes an element of SVG only.
                    if !(tag.self_closing && open.iter().any(|at| elements[*at].name == "svg")) {
                        open.push(elements.len() - 1);
                    }
                }
            }
            Token::EndTag(tag) => {
                let at = open.pop().expect("an element is open");
                assert_eq!(elements[at].name, name(&tag.name), "tags match");
            }
            Token::String(text) => {
                for at in &open {
                    elements[*at].text.push_str(&name(text));
                }
            }
            Token::Doctype(_) => {}
            Token::Comment(_) | Token::Error(_) => {
                assert!(html.is_empty(), "a comment, or markup in error: {token:?}")
            }
        }
    }
    assert!(open.is_empty(), "elements are closed");
    elements
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub fn within(&self, name: &str) -> bool {
        self.path.iter().any(|outer| outer == name)
    }
}

/// The text of the element with an id.
pub fn text_of<'a>(elements: &'a [Element], id: &str) -> &'a str {
    &elements.iter().find(|element| element.attribute("id") == Some(id)).expect(id).text
}
