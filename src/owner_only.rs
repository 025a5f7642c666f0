//! Files that nobody but their owner may read or write: keys and stores. Other systems than Unix
//! keep rights elsewhere; there whoever runs the hub sees to it.

use std::{fs::File, io, path::Path};

use crate::error::HubError;

/// Rights of the group and of all others.
#[cfg(unix)]
const OTHERS: u32 = 0o077;
/// Rights of the owner alone.
#[cfg(unix)]
const OWNER: u32 = 0o600;

/// Refuses a file that others may read or write. One that is not there is nobody's.
///
/// # Errors
///
/// [`HubError::Invalid`], saying how to mend it.
#[cfg(unix)]
pub fn check(path: &Path) -> Result<(), HubError> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(about) = path.metadata() else { return Ok(()) };
    let mode = about.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(HubError::invalid(
        format!(
            "文件 {path} 的权限为 {mode:04o}，所有者以外的用户可以读写。请运行 chmod 600 {path}，并检查是否已被他人读取。"
        ),
        format!(
            "{path} has mode {mode:04o}: others than its owner may read or write it. Run `chmod 600 {path}`, and consider who may have read it."
        ),
    ))
}

/// The same.
///
/// # Errors
///
/// None here.
#[cfg(not(unix))]
pub fn check(_: &Path) -> Result<(), HubError> {
    Ok(())
}

/// Makes an empty file for its owner alone; one that somebody else just made is left as it is.
///
/// # Errors
///
/// As [`check`], for the one of somebody else.
pub fn make(path: &Path) -> Result<(), HubError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER);
    match options.open(path) {
        // Whoever opens it next says what is wrong.
        Ok(_) => Ok(()),
        Err(_) => check(path),
    }
}

/// Takes the rights of others on an open file away.
///
/// # Errors
///
/// What the system says.
#[cfg(unix)]
pub fn set(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(OWNER))
}

/// The same.
///
/// # Errors
///
/// None here.
#[cfg(not(unix))]
pub fn set(_: &File) -> io::Result<()> {
    Ok(())
}
