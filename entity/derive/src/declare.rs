//! Reads a declaration: the arguments of `#[record]`, `#[link]` and `#[field]`.

use syn::{
    Attribute, Error, Expr, Field, Ident, ItemStruct, Lit, LitStr, Meta, Result, Token, Type,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
};

/// `key = value` and bare words between the parentheses of an attribute.
pub struct AttributeArguments(Vec<(Ident, Option<Expr>)>);

impl Parse for AttributeArguments {
    fn parse(input: ParseStream) -> Result<Self> {
        let list = Punctuated::<Argument, Token![,]>::parse_terminated(input)?;
        Ok(Self(list.into_iter().map(|argument| (argument.name, argument.value)).collect()))
    }
}

struct Argument {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Argument {
    fn parse(input: ParseStream) -> Result<Self> {
        let name: Ident = input.parse()?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { name, value })
    }
}

impl AttributeArguments {
    fn of(attribute: &Attribute) -> Result<Self> {
        match &attribute.meta {
            Meta::List(list) => list.parse_args(),
            other => Err(Error::new(other.span(), "expected a list of arguments in parentheses")),
        }
    }

    fn take_flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(key, value)| !(key == name && value.is_none()));
        self.0.len() != before
    }

    fn take(&mut self, name: &str) -> Option<Expr> {
        let index = self.0.iter().position(|(key, value)| key == name && value.is_some())?;
        self.0.remove(index).1
    }

    fn take_text(&mut self, name: &str) -> Result<Option<String>> {
        self.take(name).map(|value| text(&value)).transpose()
    }

    fn need_text(&mut self, name: &str, at: proc_macro2::Span) -> Result<String> {
        self.take_text(name)?.ok_or_else(|| Error::new(at, format!("`{name} = \"…\"` is missing")))
    }

    fn need_class(&mut self, at: proc_macro2::Span) -> Result<Ident> {
        let value = self.take("class").ok_or_else(|| {
            Error::new(at, "every field and link states its class: `class = P | I | N | S`")
        })?;
        let Expr::Path(path) = &value else {
            return Err(Error::new(value.span(), "class is one of P, I, N, S"));
        };
        let word = path.path.require_ident()?.to_string();
        let name = match word.as_str() {
            "P" => "Public",
            "I" => "Internal",
            "N" => "Personal",
            "S" => "Sensitive",
            _ => return Err(Error::new(value.span(), "class is one of P, I, N, S")),
        };
        Ok(Ident::new(name, value.span()))
    }

    fn finish(self) -> Result<()> {
        match self.0.into_iter().next() {
            Some((name, _)) => {
                Err(Error::new(name.span(), format!("`{name}` is not an argument here")))
            }
            None => Ok(()),
        }
    }
}

fn text(value: &Expr) -> Result<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Ok(text.value()),
            other => Err(Error::new(other.span(), "expected a text in quotes")),
        },
        other => Err(Error::new(other.span(), "expected a text in quotes")),
    }
}

/// Arguments of `#[record(…)]`.
pub struct FamilyArguments {
    pub family: LitStr,
    pub plural: String,
    pub table: String,
    pub source_key: String,
    pub region: String,
    pub industry: Option<String>,
    pub dated: Option<String>,
    pub until: Option<String>,
    pub guarded: Option<String>,
}

impl Parse for FamilyArguments {
    fn parse(input: ParseStream) -> Result<Self> {
        let span = input.span();
        let mut arguments: AttributeArguments = input.parse()?;
        let family = arguments.need_text("family", span)?;
        let read = Self {
            plural: arguments.need_text("plural", span)?,
            table: arguments.need_text("table", span)?,
            source_key: arguments.need_text("source_key", span)?,
            region: arguments.need_text("region", span)?,
            industry: arguments.take_text("industry")?,
            dated: arguments.take_text("dated")?,
            until: arguments.take_text("until")?,
            guarded: arguments.take_text("guarded")?,
            family: LitStr::new(&family, span),
        };
        arguments.finish()?;
        Ok(read)
    }
}

/// One `#[link(…)]`: a relation to another family.
pub struct LinkDeclaration {
    pub name: String,
    pub to: String,
    pub many: bool,
    pub local: String,
    pub foreign: String,
    pub class: Ident,
    pub zh: String,
    pub en: String,
}

impl LinkDeclaration {
    fn read(attribute: &Attribute) -> Result<Self> {
        let span = attribute.span();
        let mut arguments = AttributeArguments::of(attribute)?;
        let read = Self {
            name: arguments.need_text("name", span)?,
            to: arguments.need_text("to", span)?,
            many: arguments.take_flag("many"),
            local: arguments.need_text("local", span)?,
            foreign: arguments.need_text("foreign", span)?,
            class: arguments.need_class(span)?,
            zh: arguments.need_text("zh", span)?,
            en: arguments.need_text("en", span)?,
        };
        arguments.finish()?;
        Ok(read)
    }
}

/// What the Rust type of a field says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldShape {
    Text,
    Int,
    Bool,
    Date,
    DateTime,
    Money,
}

/// One field with its `#[field(…)]`.
pub struct FieldDeclaration {
    pub ident: Ident,
    pub name: String,
    pub kept: Option<String>,
    pub shape: FieldShape,
    pub optional: bool,
    pub label: String,
    pub zh: String,
    pub en: String,
    pub class: Ident,
    pub code: Option<String>,
    pub codes: Option<String>,
    pub filter: bool,
    pub contains: bool,
    pub order: bool,
    pub indexed: bool,
    pub group: bool,
    pub sum: bool,
    pub derived: bool,
    pub hidden: bool,
    pub sealed: bool,
    pub key: Option<String>,
    pub pinyin: bool,
    pub mask: Option<String>,
    pub unit: Option<String>,
    pub max: usize,
    pub attributes: Vec<Attribute>,
}

impl FieldDeclaration {
    fn read(field: &Field) -> Result<Self> {
        let span = field.span();
        let ident = field.ident.clone().ok_or_else(|| Error::new(span, "fields have names"))?;
        let attribute =
            field.attrs.iter().find(|attribute| attribute.path().is_ident("field")).ok_or_else(
                || {
                    Error::new(
                        span,
                        format!("`{ident}` has no class: add `#[field(class = P | I | N | S)]`"),
                    )
                },
            )?;
        let (label, zh, en) = description(&field.attrs, span)?;
        let (shape, optional) = shape(&field.ty)?;
        let mut arguments = AttributeArguments::of(attribute)?;
        let max = match arguments.take("max") {
            Some(Expr::Lit(literal)) => match literal.lit {
                Lit::Int(number) => number.base10_parse()?,
                other => return Err(Error::new(other.span(), "max is a number of characters")),
            },
            Some(other) => return Err(Error::new(other.span(), "max is a number of characters")),
            None => 200,
        };
        let read = Self {
            name: arguments.take_text("name")?.unwrap_or_else(|| camel(&ident.to_string())),
            kept: arguments.take_text("kept")?,
            class: arguments.need_class(span)?,
            code: arguments.take_text("code")?,
            codes: arguments.take_text("codes")?,
            filter: arguments.take_flag("filter"),
            contains: arguments.take_flag("contains"),
            order: arguments.take_flag("order"),
            indexed: arguments.take_flag("indexed"),
            group: arguments.take_flag("group"),
            sum: arguments.take_flag("sum"),
            derived: arguments.take_flag("derived"),
            hidden: arguments.take_flag("hidden"),
            sealed: arguments.take_flag("sealed"),
            key: arguments.take_text("key")?,
            pinyin: arguments.take_flag("pinyin"),
            mask: arguments.take_text("mask")?,
            unit: arguments.take_text("unit")?,
            max,
            shape,
            optional,
            label,
            zh,
            en,
            ident,
            attributes: field
                .attrs
                .iter()
                .filter(|attribute| !attribute.path().is_ident("field"))
                .cloned()
                .collect(),
        };
        arguments.finish()?;
        read.check(span)
    }

    fn check(self, span: proc_macro2::Span) -> Result<Self> {
        let fault = if self.sealed
            && (self.order || self.group || self.sum || self.contains || self.pinyin)
        {
            Some("a sealed field cannot be ordered, grouped, summed or searched")
        } else if self.sealed && self.filter && self.key.is_none() {
            Some("a sealed field is filtered by its keyed hash: add `key = \"…\"`")
        } else if self.sealed && !self.optional {
            Some(
                "a sealed field is an Option: whether it must be given is a rule of the submission",
            )
        } else if self.sum && !matches!(self.shape, FieldShape::Int | FieldShape::Money) {
            Some("only numbers and money are summed")
        } else if self.indexed && !self.order {
            Some("an index of the order is for a field with `order`")
        } else if self.hidden && (self.filter || self.order || self.group) {
            Some("a hidden field is for links only")
        } else if self.class == "Sensitive"
            && self.mask.is_none()
            && !self.sealed
            && self.shape == FieldShape::Text
            && self.code.is_none()
            && !self.hidden
        {
            Some("a sensitive text is `sealed`, a code, or `hidden`")
        } else {
            None
        };
        match fault {
            Some(fault) => Err(Error::new(span, fault)),
            None => Ok(self),
        }
    }
}

/// A whole declaration.
pub struct Declaration {
    pub arguments: FamilyArguments,
    pub item: ItemStruct,
    pub label: String,
    pub zh: String,
    pub en: String,
    pub links: Vec<LinkDeclaration>,
    pub fields: Vec<FieldDeclaration>,
}

impl Declaration {
    pub fn read(arguments: FamilyArguments, mut item: ItemStruct) -> Result<Self> {
        let (label, zh, en) = description(&item.attrs, item.span())?;
        let links = item
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("link"))
            .map(LinkDeclaration::read)
            .collect::<Result<Vec<_>>>()?;
        item.attrs.retain(|attribute| !attribute.path().is_ident("link"));
        let fields = item.fields.iter().map(FieldDeclaration::read).collect::<Result<Vec<_>>>()?;
        let declared = |name: &str| fields.iter().any(|field| field.ident == name);
        for name in [
            Some(&arguments.source_key),
            Some(&arguments.region),
            arguments.industry.as_ref(),
            arguments.dated.as_ref(),
            arguments.until.as_ref(),
            arguments.guarded.as_ref(),
        ]
        .into_iter()
        .flatten()
        {
            if !declared(name) {
                return Err(Error::new(
                    item.span(),
                    format!("`{name}` is named in #[record] but is no field"),
                ));
            }
        }
        Ok(Self { arguments, item, label, zh, en, links, fields })
    }
}

/// `中文。English.` from the doc comment: the label (the Chinese up to a bracket), the Chinese, the
/// English.
fn description(
    attributes: &[Attribute],
    span: proc_macro2::Span,
) -> Result<(String, String, String)> {
    let mut lines = Vec::new();
    for attribute in attributes {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
        {
            lines.push(text(&pair.value)?.trim().to_owned());
        }
    }
    let all = lines.join(" ");
    let Some((chinese, english)) = all.rsplit_once('。') else {
        return Err(Error::new(span, "the doc comment reads `中文。English.`"));
    };
    if chinese.trim().is_empty() || english.trim().is_empty() {
        return Err(Error::new(span, "the doc comment reads `中文。English.`, both parts present"));
    }
    let label = chinese.split(['（', '。', '，', '：']).next().unwrap_or(chinese).trim().to_owned();
    Ok((label, format!("{}。", chinese.trim()), english.trim().to_owned()))
}

fn shape(kind: &Type) -> Result<(FieldShape, bool)> {
    let (inner, optional) = match kind {
        Type::Path(path) => match path.path.segments.last() {
            Some(segment) if segment.ident == "Option" => match &segment.arguments {
                syn::PathArguments::AngleBracketed(generic) => match generic.args.first() {
                    Some(syn::GenericArgument::Type(inner)) => (inner.clone(), true),
                    _ => return Err(Error::new(kind.span(), "Option of what?")),
                },
                _ => return Err(Error::new(kind.span(), "Option of what?")),
            },
            _ => (kind.clone(), false),
        },
        _ => return Err(Error::new(kind.span(), "a field is a plain type")),
    };
    let Type::Path(path) = &inner else {
        return Err(Error::new(kind.span(), "a field is a plain type"));
    };
    let name =
        path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    let shape = match name.as_str() {
        "String" => FieldShape::Text,
        "i32" => FieldShape::Int,
        "bool" => FieldShape::Bool,
        "NaiveDate" => FieldShape::Date,
        "DateTimeUtc" => FieldShape::DateTime,
        "i64" => FieldShape::Money,
        _ => {
            return Err(Error::new(
                kind.span(),
                "a field is a String, i32, bool, NaiveDate, DateTimeUtc or i64 (money in fen), or an Option of one",
            ));
        }
    };
    Ok((shape, optional))
}

fn camel(snake: &str) -> String {
    let mut name = String::new();
    for (index, part) in snake.split('_').enumerate() {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if index > 0 => {
                name.extend(first.to_uppercase());
                name.push_str(letters.as_str());
            }
            Some(_) => name.push_str(part),
            None => {}
        }
    }
    name
}
