//! What is on the disk and stays there when the power goes.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

/// Makes sure of a file: of what is in it, and of its name.
pub(super) fn file_lasts(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    names_last(path)
}

/// Makes sure of the names in the folder in which this stands: those that were given and those that were taken.
pub(super) fn names_last(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    File::open(folder)?.sync_all()
}
