//! Writes the sea-orm entity and the catalogue entry of a declaration.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::declare::{Declaration, FieldDeclaration, FieldShape, LinkDeclaration};

pub fn expand(declaration: &Declaration) -> TokenStream {
    let Declaration { arguments, item, label, zh, en, links, fields } = declaration;
    let attributes = &item.attrs;
    let table = &arguments.table;
    let family = &arguments.family;
    let plural = &arguments.plural;
    let columns = fields.iter().map(columns);
    let entries = fields.iter().map(entry);
    let link_entries = links.iter().map(link);
    let names = fields.iter().map(name);
    let link_names = links.iter().map(link_name);
    let position =
        |name: &str| fields.iter().position(|field| field.ident == name).unwrap_or_default();
    let source_key = position(&arguments.source_key);
    let region = position(&arguments.region);
    let industry = option(arguments.industry.as_ref().map(|name| position(name)));
    let dated = option(arguments.dated.as_ref().map(|name| position(name)));
    let until = option(arguments.until.as_ref().map(|name| position(name)));
    let guarded = option(arguments.guarded.as_ref().map(|name| position(name)));
    quote! {
        use ::sea_orm::entity::prelude::*;

        #(#attributes)*
        #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = #table)]
        pub struct Model {
            /// 记录标识。Identifier of the record, ordered by time of creation.
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: ::uuid::Uuid,
            /// 自然键。Department, source system and source key, joined.
            #[sea_orm(column_name = "ref")]
            pub reference: String,
            /// 报送编号的自然键。The natural key without the mark that tells records of one number
            /// apart.
            pub number_ref: Option<String>,
            /// 提供部门。Department that provides the record.
            pub department: String,
            /// 来源系统。System of that department; empty where it has one only.
            pub source_system: String,
            /// 版本。Version, from 1.
            pub version: i32,
            /// 内容指纹。Digest of the submitted content.
            pub fingerprint: String,
            /// 质量提示。Findings of the last submission, as a JSON list.
            pub findings: Option<String>,
            /// 创建时间。When the hub first stored it.
            pub created_at: ::sea_orm::prelude::DateTimeUtc,
            /// 更新时间。When the hub last changed it.
            pub updated_at: ::sea_orm::prelude::DateTimeUtc,
            /// 撤回时间。When it was withdrawn.
            pub withdrawn_at: Option<::sea_orm::prelude::DateTimeUtc>,
            /// 记录键。Secret key of the record for the noise of statistics.
            pub record_key: Option<i32>,
            #(#columns)*
        }

        impl ::core::fmt::Debug for Model {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_struct(#family).field("id", &self.id).finish_non_exhaustive()
            }
        }

        /// Relations are part of the catalogue entry; sea-orm is given none.
        #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}

        impl crate::typed::Record for Entity {
            fn family() -> &'static crate::catalogue::Family {
                &FAMILY
            }
        }

        /// Names in the schema.
        pub mod names {
            /// Of the family.
            pub const FAMILY: &str = #family;
            #(#names)*
        }

        /// Names of the links in the schema.
        pub mod links {
            #(#link_names)*
        }

        /// Catalogue entry of this family.
        pub static FAMILY: crate::catalogue::Family = crate::catalogue::Family {
            name: #family,
            plural: #plural,
            table: #table,
            label: #label,
            zh: #zh,
            en: #en,
            source_key: #source_key,
            region: #region,
            industry: #industry,
            dated: #dated,
            until: #until,
            guarded: #guarded,
            fields: &[#(#entries),*],
            links: &[#(#link_entries),*],
        };
    }
}

/// The name of a field in the schema as a constant, called as its column is.
fn name(field: &FieldDeclaration) -> TokenStream {
    let FieldDeclaration { ident, name, label, .. } = field;
    let constant = format_ident!("{}", ident.to_string().to_uppercase());
    quote! { #[doc = #label] pub const #constant: &str = #name; }
}

/// The name of a link in the schema as a constant.
fn link_name(link: &LinkDeclaration) -> TokenStream {
    let LinkDeclaration { name, zh, .. } = link;
    let capital = |letter: char| {
        if letter.is_uppercase() { format!("_{letter}") } else { letter.to_uppercase().to_string() }
    };
    let constant = format_ident!("{}", name.chars().map(capital).collect::<String>());
    quote! { #[doc = #zh] pub const #constant: &str = #name; }
}

fn columns(field: &FieldDeclaration) -> TokenStream {
    let ident = &field.ident;
    let attributes = &field.attributes;
    let base = if field.sealed {
        quote!(Vec<u8>)
    } else {
        match field.shape {
            FieldShape::Text => quote!(String),
            FieldShape::Int => quote!(i32),
            FieldShape::Bool => quote!(bool),
            FieldShape::Date => quote!(::chrono::NaiveDate),
            FieldShape::DateTime => quote!(::sea_orm::prelude::DateTimeUtc),
            FieldShape::Money => quote!(i64),
        }
    };
    let kind = if field.optional { quote!(Option<#base>) } else { base };
    let key = field.key.as_ref().map(|name| {
        let name = format_ident!("{name}");
        quote! { #[doc = "Keyed hash of the field above."] pub #name: Option<String>, }
    });
    let sort = field.pinyin.then(|| {
        let name = format_ident!("{ident}_sort");
        quote! { #[doc = "Pinyin sort key of the field above."] pub #name: Option<String>, }
    });
    quote! { #(#attributes)* pub #ident: #kind, #key #sort }
}

fn entry(field: &FieldDeclaration) -> TokenStream {
    let FieldDeclaration {
        name,
        label,
        zh,
        en,
        class,
        optional,
        filter,
        contains,
        order,
        indexed,
        group,
        sum,
        ..
    } = field;
    let FieldDeclaration { derived, hidden, sealed, pinyin, max, .. } = field;
    let column = field.ident.to_string();
    let kept = field.kept.as_ref().unwrap_or(name);
    let kind = match (&field.code, &field.codes, field.shape) {
        (Some(table), ..) => quote!(Code(#table)),
        (_, Some(table), _) => quote!(Codes(#table)),
        (_, _, FieldShape::Text) => quote!(Text),
        (_, _, FieldShape::Int) => quote!(Int),
        (_, _, FieldShape::Bool) => quote!(Bool),
        (_, _, FieldShape::Date) => quote!(Date),
        (_, _, FieldShape::DateTime) => quote!(DateTime),
        (_, _, FieldShape::Money) => quote!(Money),
    };
    let key = option(field.key.as_ref());
    let unit = option(field.unit.as_ref());
    let mask = match field.mask.as_deref() {
        Some("name") => quote!(Name),
        Some("last_four") => quote!(LastFour),
        Some("county") => quote!(County),
        _ => quote!(Hide),
    };
    let sort = option(pinyin.then(|| format!("{column}_sort")));
    let required = !optional;
    quote! {
        crate::catalogue::Field {
            name: #name,
            kept: #kept,
            column: #column,
            label: #label,
            zh: #zh,
            en: #en,
            class: crate::catalogue::Class::#class,
            kind: crate::catalogue::Kind::#kind,
            required: #required,
            filter: #filter,
            contains: #contains,
            order: #order,
            indexed: #indexed,
            group: #group,
            sum: #sum,
            derived: #derived,
            hidden: #hidden,
            sealed: #sealed,
            key: #key,
            sort: #sort,
            mask: crate::catalogue::Mask::#mask,
            unit: #unit,
            max: #max,
        }
    }
}

fn link(link: &LinkDeclaration) -> TokenStream {
    let LinkDeclaration { name, to, many, local, foreign, class, zh, en } = link;
    quote! {
        crate::catalogue::Link {
            name: #name,
            to: #to,
            many: #many,
            local: #local,
            foreign: #foreign,
            class: crate::catalogue::Class::#class,
            zh: #zh,
            en: #en,
        }
    }
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
