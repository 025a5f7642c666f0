//! Who am I and what may I see; the published catalogue; audit entries about my organisation's data.

use async_graphql::{
    Name, Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::catalogue::{Class, Family, Kind};
use uuid::Uuid;

use crate::{
    audit::view,
    authz::{actor::Actor, scope::Use},
    error::HubError,
    graphql::{
        fault::told,
        records::{object::plain_object, plan::first, session::Session},
        value::{object, session, text},
    },
    store::{audit::Kept, cell::shown, seal::Seal},
};

fn word(code: &str) -> Value {
    Value::Enum(Name::new(code))
}

fn viewer(session: &Session, actor: &Actor) -> Value {
    let rights = session.services.catalogue.families().map(|family| right(session, actor, family)).collect();
    object([
        ("subject", actor.subject().into()),
        ("department", word(actor.department())),
        ("regionCode", actor.region().as_str().into()),
        ("regionName", text(session.services.reference.region_name(actor.region().as_str()))),
        ("roles", Value::List(actor.roles().iter().map(|role| word(role)).collect())),
        ("purpose", word(actor.purpose())),
        ("ticket", text(actor.ticket())),
        ("rights", Value::List(rights)),
    ])
}

fn right(session: &Session, actor: &Actor, family: &'static Family) -> Value {
    let scope = session.scope(family).ok();
    let outcome = |class: Class| {
        let widest = scope.as_ref().map(|scope| scope.widest(class).word().to_uppercase());
        Value::String(widest.unwrap_or_else(|| "NONE".to_owned()))
    };
    object([
        ("family", family.name.into()),
        ("label", family.label.into()),
        ("lists", scope.as_ref().is_some_and(|scope| scope.allows(Use::List, &[])).into()),
        ("counts", scope.as_ref().is_some_and(|scope| scope.allows(Use::Aggregate, &[])).into()),
        ("submits", session.services.permit(actor, family).is_ok().into()),
        ("public", outcome(Class::Public)),
        ("internal", outcome(Class::Internal)),
        ("personal", outcome(Class::Personal)),
        ("sensitive", outcome(Class::Sensitive)),
    ])
}

fn family_entry(family: &Family) -> Value {
    let fields = family.all_fields().filter(|field| !field.hidden).map(|field| {
        let (kind, table) = match field.kind {
            Kind::Text => ("TEXT", None),
            Kind::Int => ("INT", None),
            Kind::Bool => ("BOOLEAN", None),
            Kind::Date => ("DATE", None),
            Kind::DateTime => ("DATE_TIME", None),
            Kind::Money => ("MONEY", None),
            Kind::Code(table) => ("CODE", Some(table)),
            Kind::Codes(table) => ("CODES", Some(table)),
        };
        object([
            ("name", field.name.into()),
            ("label", field.label.into()),
            ("description", field.zh.into()),
            ("descriptionEn", field.en.into()),
            ("class", word(field.class.code())),
            ("kind", kind.into()),
            ("codeTable", text(table)),
            ("unit", text(field.unit)),
            ("required", (field.required && !field.derived).into()),
            ("derived", field.derived.into()),
            ("sealed", field.sealed.into()),
            ("filterable", field.filter.into()),
            ("orderable", field.order.into()),
            ("groupable", field.group.into()),
        ])
    });
    let links = family.links.iter().map(|link| {
        object([
            ("name", link.name.into()),
            ("family", link.to.into()),
            ("many", link.many.into()),
            ("class", word(link.class.code())),
        ])
    });
    object([
        ("name", family.name.into()),
        ("plural", family.plural.into()),
        ("label", family.label.into()),
        ("description", family.zh.into()),
        ("descriptionEn", family.en.into()),
        ("fields", Value::List(fields.collect())),
        ("links", Value::List(links.collect())),
    ])
}

fn audit_entry(seal: &Seal, kept: &Kept) -> Value {
    let [subject, department, region, roles, purpose, ticket, operation, document, records, outcome, request] = &kept.parts.words;
    let records = outer(seal, records).and_then(|json| Value::from_json(json).ok()).unwrap_or_default();
    object([
        ("seq", kept.parts.seq.into()),
        ("at", shown(kept.parts.at).into()),
        ("subject", subject.as_str().into()),
        ("department", word(department)),
        ("regionCode", region.as_str().into()),
        ("roles", Value::List(roles.split('|').filter(|role| !role.is_empty()).map(word).collect())),
        ("purpose", word(purpose)),
        ("ticket", text(Some(ticket.as_str()).filter(|ticket| !ticket.is_empty()))),
        ("operation", operation.as_str().into()),
        ("documentHash", document.as_str().into()),
        ("records", records),
        ("outcome", outcome.as_str().into()),
        ("requestId", request.as_str().into()),
        ("hash", kept.hash.as_str().into()),
    ])
}

async fn audit(session: &Session, ctx: &ResolverContext<'_>) -> Result<Vec<Value>, HubError> {
    let actor = session.actor()?;
    let argument = |name: &str| ctx.args.get(name).map(|value| value.as_value().clone());
    let after = match argument("after") {
        Some(Value::Number(number)) => number.as_i64().unwrap_or_default(),
        _ => 0,
    };
    let first = first(argument("first").as_ref(), 50)?;
    let services = &session.services;
    let entries = view::entries(&services.database, &services.policy, actor, after, first).await?;
    Ok(entries.iter().map(|entry| audit_entry(&services.seal, entry)).collect())
}

/// The records of an entry with their identifiers as they are told elsewhere, in no order.
fn outer(seal: &Seal, records: &str) -> Option<serde_json::Value> {
    let mut families: serde_json::Map<String, serde_json::Value> = serde_json::from_str(records).ok()?;
    for ids in families.values_mut().filter_map(|family| family.get_mut("ids")) {
        let inner = BASE64_URL_SAFE_NO_PAD.decode(ids.as_str()?).ok()?;
        let mut told: Vec<[u8; 16]> = inner.as_chunks::<16>().0.iter().map(|id| seal.outer(Uuid::from_bytes(*id))).collect();
        told.sort_unstable();
        *ids = BASE64_URL_SAFE_NO_PAD.encode(told.concat()).into();
    }
    Some(families.into())
}

/// The root fields.
#[must_use]
pub fn fields() -> Vec<Field> {
    vec![
        Field::new("viewer", TypeRef::named("Viewer"), |ctx| {
            let session = session(&ctx);
            FieldFuture::Value(session.actor.as_ref().map(|actor| FieldValue::value(viewer(session, actor))))
        })
        .description("当前身份及可查看的范围；未登录为空。\n\nWho is signed in and what they may see; empty when nobody is."),
        Field::new("catalogue", TypeRef::named_nn("Catalogue"), |ctx| {
            let services = &session(&ctx).services;
            let tables = services.reference.tables().map(|table| {
                object([
                    ("name", table.name.clone().into()),
                    ("label", table.name_zh.clone().into()),
                    ("labelEn", table.name_en.clone().into()),
                    ("enumName", text(table.graphql_enum.clone())),
                    ("size", table.codes.len().into()),
                ])
            });
            let value = object([
                ("families", Value::List(services.catalogue.families().map(family_entry).collect())),
                ("codeTables", Value::List(tables.collect())),
            ]);
            FieldFuture::Value(Some(FieldValue::value(value)))
        })
        .description("数据目录：记录类别、字段、级别、代码表。\n\nThe catalogue: families, fields, classes, code tables."),
        Field::new("auditEntries", TypeRef::named_nn_list("AuditEntry"), |ctx| {
            FieldFuture::new(async move {
                let session = session(&ctx);
                let Some(entries) = told(&ctx, audit(session, &ctx).await) else { return Ok(None) };
                Ok(Some(FieldValue::list(entries.into_iter().map(FieldValue::value))))
            })
        })
        .argument(InputValue::new("after", TypeRef::named("Long")).description("从此序号之后。\n\nAfter this number."))
        .argument(InputValue::new("first", TypeRef::named(TypeRef::INT)).description("条数，1 至 200，默认 50。\n\n1 to 200, 50 by default."))
        .description("审计记录：本机构数据被谁查看、报送；审计人员可看全部。\n\nWho read or wrote your organisation's data; officers see all."),
    ]
}

/// The types behind the root fields.
#[must_use]
pub fn types() -> Vec<Object> {
    let s = || TypeRef::named_nn(TypeRef::STRING);
    let o = || TypeRef::named(TypeRef::STRING);
    let b = || TypeRef::named_nn(TypeRef::BOOLEAN);
    let n = TypeRef::named_nn;
    let l = TypeRef::named_nn_list_nn;
    vec![
        plain_object(
            "Viewer",
            "当前身份。\n\nWho is signed in.",
            &[
                ("subject", s(), "账号。\n\nAccount."),
                ("department", n("Department"), "部门。\n\nDepartment."),
                ("regionCode", s(), "所辖区划代码。\n\nRegion."),
                ("regionName", o(), "所辖区划名称。\n\nName of the region."),
                ("roles", l("Role"), "角色。\n\nRoles."),
                ("purpose", n("Purpose"), "用途。\n\nPurpose."),
                ("ticket", o(), "案件或任务编号。\n\nCase or task."),
                ("rights", l("FamilyRight"), "对各类记录的权限。\n\nRights by family."),
            ],
        ),
        plain_object(
            "FamilyRight",
            "对一类记录的权限：各级别最多能看到什么（FULL、MASKED、AGGREGATE、NONE）。\n\nThe most that is shown of each class.",
            &[
                ("family", s(), "记录类别。\n\nFamily."),
                ("label", s(), "中文名。\n\nChinese name."),
                ("lists", b(), "可查看明细。\n\nMay list records."),
                ("counts", b(), "可汇总。\n\nMay count."),
                ("submits", b(), "可报送。\n\nMay hand in."),
                ("public", s(), "公开级。\n\nClass P."),
                ("internal", s(), "内部级。\n\nClass I."),
                ("personal", s(), "个人信息级。\n\nClass N."),
                ("sensitive", s(), "敏感级。\n\nClass S."),
            ],
        ),
        plain_object(
            "Catalogue",
            "数据目录。\n\nThe catalogue.",
            &[
                ("families", l("CatalogueFamily"), "记录类别。\n\nFamilies."),
                ("codeTables", l("CatalogueTable"), "代码表。\n\nCode tables."),
            ],
        ),
        plain_object(
            "CatalogueFamily",
            "目录中的一类记录。\n\nA family in the catalogue.",
            &[
                ("name", s(), "类型名。\n\nType."),
                ("plural", s(), "复数名。\n\nPlural."),
                ("label", s(), "中文名。\n\nChinese name."),
                ("description", s(), "说明。\n\nDescription in Chinese."),
                ("descriptionEn", s(), "英文说明。\n\nDescription in English."),
                ("fields", l("CatalogueField"), "字段。\n\nFields."),
                ("links", l("CatalogueLink"), "关联。\n\nLinks."),
            ],
        ),
        plain_object(
            "CatalogueField",
            "目录中的一个字段。\n\nA field in the catalogue.",
            &[
                ("name", s(), "字段名。\n\nName."),
                ("label", s(), "中文名。\n\nChinese name."),
                ("description", s(), "说明。\n\nDescription in Chinese."),
                ("descriptionEn", s(), "英文说明。\n\nDescription in English."),
                ("class", n("FieldClass"), "级别。\n\nClass."),
                ("kind", s(), "类型。\n\nKind."),
                ("codeTable", o(), "代码表。\n\nCode table."),
                ("unit", o(), "单位。\n\nUnit."),
                ("required", b(), "报送必填。\n\nMust be handed in."),
                ("derived", b(), "由平台计算。\n\nComputed by the hub."),
                ("sealed", b(), "加密保存。\n\nEncrypted at rest."),
                ("filterable", b(), "可筛选。\n\nMay be filtered."),
                ("orderable", b(), "可排序。\n\nMay be ordered."),
                ("groupable", b(), "可分组。\n\nMay be grouped."),
            ],
        ),
        plain_object(
            "CatalogueLink",
            "目录中的一个关联。\n\nA link in the catalogue.",
            &[
                ("name", s(), "名称。\n\nName."),
                ("family", s(), "关联的记录类别。\n\nFamily behind it."),
                ("many", b(), "是否多条。\n\nMany or one."),
                ("class", n("FieldClass"), "沿此关联所需的级别。\n\nClass one must be able to read to follow it."),
            ],
        ),
        plain_object(
            "CatalogueTable",
            "目录中的一个代码表。\n\nA code table in the catalogue.",
            &[
                ("name", s(), "名称。\n\nName."),
                ("label", s(), "中文名。\n\nChinese name."),
                ("labelEn", s(), "英文名。\n\nEnglish name."),
                ("enumName", o(), "对应的枚举类型。\n\nIts enum type."),
                ("size", n(TypeRef::INT), "代码数。\n\nNumber of codes."),
            ],
        ),
        plain_object(
            "GroupKey",
            "分组维度的值。\n\nValue of a dimension.",
            &[
                ("dimension", s(), "维度。\n\nDimension."),
                ("value", o(), "值。\n\nValue."),
                ("label", o(), "中文名称。\n\nChinese name."),
            ],
        ),
        plain_object(
            "RecordVersion",
            "记录的一个版本。\n\nA version of a record.",
            &[
                ("version", n(TypeRef::INT), "版本号。\n\nNumber."),
                ("action", n("VersionAction"), "动作。\n\nWhat was done."),
                ("at", n("DateTime"), "时间。\n\nWhen."),
                ("department", n("Department"), "部门。\n\nDepartment."),
                ("regionCode", s(), "机构所辖区划。\n\nRegion of the organisation."),
                ("reason", o(), "撤回原因。\n\nWhy it was withdrawn."),
                ("changed", l(TypeRef::STRING), "变更的字段（仅您可查看的）。\n\nFields that changed, of those you may read."),
                ("content", n("Json"), "内容（仅您可查看的字段）。\n\nContent, of the fields you may read."),
            ],
        ),
        plain_object(
            "AuditEntry",
            "一条审计记录。\n\nAn audit entry.",
            &[
                ("seq", n("Long"), "序号。\n\nNumber."),
                ("at", n("DateTime"), "时间。\n\nWhen."),
                ("subject", s(), "账号。\n\nAccount."),
                ("department", n("Department"), "部门。\n\nDepartment."),
                ("regionCode", s(), "区划。\n\nRegion."),
                ("roles", l("Role"), "角色。\n\nRoles."),
                ("purpose", n("Purpose"), "用途。\n\nPurpose."),
                ("ticket", o(), "案件或任务编号。\n\nCase or task."),
                ("operation", s(), "操作。\n\nWhat was done."),
                ("documentHash", s(), "请求文档的 SHA-256。\n\nSHA-256 of the document."),
                ("records", n("Json"), "涉及的类别、级别、记录标识。\n\nFamilies, classes and records."),
                ("outcome", s(), "结果。\n\nOutcome."),
                ("requestId", s(), "请求编号。\n\nRequest."),
                ("hash", s(), "链接值。\n\nLink of the chain."),
            ],
        ),
    ]
}
