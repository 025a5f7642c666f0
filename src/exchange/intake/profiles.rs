//! Profiles that an organisation keeps with the hub, checked against the catalogue before they are
//! kept.

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::HubError,
    exchange::format::{encoding_of, media::Format},
    import::profile::Profile,
    services::Services,
    store::exchange::profiles::StoredProfile,
};

/// Most bytes of a profile.
pub const MOST_BYTES: usize = 256 * 1024;

/// Reads a profile and checks that the catalogue has what it makes.
///
/// # Errors
///
/// [`HubError::Invalid`] naming the place.
pub fn parse(services: &Services, text: &str) -> Result<Profile, HubError> {
    let profile = Profile::parse(text).map_err(|error| {
        let (zh, en) = error.said(text);
        HubError::invalid(zh, en)
    })?;
    for (name, fields) in profile.outputs() {
        let declared = services.catalogue.find(name).ok_or_else(|| {
            HubError::invalid(
                format!("模板中的类别 {name} 不存在。"),
                format!("The profile names family {name}, which does not exist."),
            )
        })?;
        for field in fields {
            if !declared.inputs().any(|own| own.name == field || own.kept == field) {
                return Err(HubError::invalid(
                    format!("模板中 {name} 的字段 {field} 不存在或不可报送。"),
                    format!(
                        "The profile names {name}.{field}, which does not exist or is not handed in."
                    ),
                ));
            }
        }
    }
    Ok(profile)
}

/// The profile for a file of which the sender may state the encoding; it means nothing for a
/// workbook.
///
/// # Errors
///
/// [`HubError::File`] for an encoding that is not read; [`HubError::Invalid`] when the profile
/// names another one.
pub fn for_file(
    profile: Profile,
    format: Format,
    charset: Option<&str>,
) -> Result<Profile, HubError> {
    let Some(charset) = charset.filter(|_| format == Format::Csv) else { return Ok(profile) };
    let stated = encoding_of(charset)?;
    profile.stating(stated).map_err(|own| {
        let (stated, own) = (stated.name(), own.name());
        HubError::invalid(
            format!("charset 为 {stated}，导入模板写的编码却是 {own}。请核对文件的编码，改正 charset 或模板；退回的问题行文件另存后再报送时，请不要带 charset。"),
            format!("`charset` says {stated} and the profile says {own}. See which the file has, and correct the other; send a file of rejects that was saved anew without `charset`."),
        )
    })
}

/// Whether a profile makes rows of a family.
#[must_use]
pub fn makes(profile: &Profile, family: &str) -> bool {
    profile.outputs().any(|(name, _)| name == family)
}

/// The profile of the actor's organisation of that name.
///
/// # Errors
///
/// [`HubError::NotFound`]; [`HubError::Forbidden`] when no role hands in records.
pub async fn find_profile(
    services: &Services,
    actor: &Actor,
    name: &str,
) -> Result<StoredProfile, HubError> {
    may(services, actor)?;
    services.database.profile(actor, name).await?.ok_or(HubError::NotFound)
}

/// All profiles of the actor's organisation.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role hands in records.
pub async fn all(services: &Services, actor: &Actor) -> Result<Vec<StoredProfile>, HubError> {
    may(services, actor)?;
    services.database.profiles(actor).await
}

/// Keeps a profile, in place of the one of that name. Jobs that have begun keep the text they began
/// with.
///
/// # Errors
///
/// [`HubError::Invalid`] for a bad name or profile; [`HubError::Forbidden`] for a family the actor
/// may not hand in.
pub async fn keep(
    services: &Services,
    ctx: &OpCtx,
    actor: &Actor,
    name: &str,
    text: &str,
) -> Result<(), HubError> {
    may(services, actor)?;
    let letters =
        |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_' || letter == '.';
    if name.is_empty() || name.chars().count() > 60 || !name.chars().all(letters) {
        return Err(HubError::invalid(
            "模板名称须为 1 至 60 个字母、数字、汉字、点、横线或下划线。",
            "A profile's name has 1 to 60 letters, digits, dots, hyphens or underscores.",
        ));
    }
    let profile = parse(services, text)?;
    for (family, _) in profile.outputs() {
        if let Some(family) = services.catalogue.find(family) {
            services.permit(actor, family)?;
        }
    }
    services.database.profile_keep(actor, name, text, ctx.now()).await
}

/// Deletes a profile.
///
/// # Errors
///
/// [`HubError::NotFound`]; [`HubError::Forbidden`] when no role hands in records.
pub async fn delete(services: &Services, actor: &Actor, name: &str) -> Result<(), HubError> {
    may(services, actor)?;
    if services.database.profile_delete(actor, name).await? {
        Ok(())
    } else {
        Err(HubError::NotFound)
    }
}

fn may(services: &Services, actor: &Actor) -> Result<(), HubError> {
    if services.policy.submits(actor.roles()) {
        return Ok(());
    }
    Err(HubError::forbidden(
        "当前角色不能报送记录，也不管理导入模板。",
        "Your roles neither hand in records nor keep profiles.",
    ))
}
