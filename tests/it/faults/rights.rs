//! Files with keys and records are for their owner alone: made so, and refused when others may read
//! them.

use std::{
    fs::{Permissions, set_permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use tempfile::TempDir;

use crate::{
    faults::process::Place,
    support::{Backend, store},
};

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn what_the_hub_makes_is_for_its_owner_alone() {
    let directory = TempDir::new().expect("a directory");
    let url = format!("sqlite:{}", directory.path().join("new.db").display());
    let place = Place::at(directory, url);
    let (succeeded, said) = place.run(&["migrate"]).await;
    assert!(succeeded, "{said}");
    assert_eq!(mode(&place.path("new.db")), 0o600);
    let hub = place.start().await;
    for name in ["new.db", "new.db-wal", "new.db-shm"] {
        assert_eq!(mode(&place.path(name)), 0o600, "{name}");
    }
    hub.kill();
    // One left half-written with the rights of others gives none of them to the keys.
    let partial = place.path("made.partial");
    std::fs::write(&partial, "").expect("written");
    set_permissions(&partial, Permissions::from_mode(0o666)).expect("set");
    let made = place.path("made.json");
    let (succeeded, said) =
        place.run(&["keys", "init", "--secret-key-file", &made.display().to_string()]).await;
    assert!(succeeded, "{said}");
    assert_eq!(mode(&made), 0o600);
}

#[tokio::test]
async fn files_that_others_may_read_are_refused_with_the_way_to_mend_it() {
    let directory = TempDir::new().expect("a directory");
    let url = store(Backend::Sqlite, &directory).await;
    let place = Place::at(directory, url);
    std::fs::write(place.path("hub.db-wal"), "").expect("written");
    for (name, wide) in [
        ("hub.db", 0o644),
        ("hub.db", 0o620),
        ("hub.db-wal", 0o640),
        ("keys.json", 0o604),
        ("keys.json", 0o660),
    ] {
        let path = place.path(name);
        set_permissions(&path, Permissions::from_mode(wide)).expect("set");
        let (succeeded, said) = place.run(&["serve", "--listen", "127.0.0.1:0"]).await;
        assert!(
            !succeeded && said.contains(&format!("chmod 600 {}", path.display())),
            "{name} {wide:o}: {said}"
        );
        set_permissions(&path, Permissions::from_mode(0o600)).expect("set");
    }
    std::fs::remove_file(place.path("hub.db-wal")).expect("removed");
    place.start().await.kill();
}
