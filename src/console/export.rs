//! A transcript into a file: whole or not at all, for its owner alone, and never over another file unasked (T1).

use std::{
    io::{self, BufWriter, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use crate::{
    desk::{Desk, Transcript, Trouble},
    domain::text::Safe,
    say,
};

/// A transcript to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Which.
    pub of: Transcript,
    /// Into which file.
    pub file: PathBuf,
    /// Instead of what is there.
    pub overwrite: bool,
}

/// Why there is no such file now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotExported {
    /// There is one already, and it was left as it is.
    Exists,
    /// The desk did not give it.
    Trouble(Trouble),
    /// It could not be written; why.
    Unwritten(Safe),
}

impl NotExported {
    /// Why, in words.
    #[must_use]
    pub fn words(&self) -> Safe {
        match self {
            Self::Exists => Safe::literal("there is a file of that name already"),
            Self::Trouble(trouble) => say!("{trouble}"),
            Self::Unwritten(why) => why.clone(),
        }
    }
}

impl From<io::Error> for NotExported {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(say!("{error}"))
    }
}

/// Writes it, line by line as it comes, beside where it is to be, and puts it in its place when it is whole. Only its
/// owner can read it.
///
/// # Errors
/// [`NotExported`]; nothing is left behind then, and what was there is as it was.
pub async fn write<D: Desk>(desk: &D, export: &Export) -> Result<(), NotExported> {
    if !export.overwrite && export.file.symlink_metadata().is_ok() {
        return Err(NotExported::Exists); // Before the desk is asked; decided below.
    }
    let folder = match export.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // For the owner alone from its first byte: 0600 is what such a file is made with.
    let mut file = BufWriter::new(tempfile::NamedTempFile::new_in(folder)?);
    let mut failed = None;
    let take = |line: Safe| match writeln!(file, "{line}") {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    desk.transcript(&export.of, take)
        .await
        .map_err(NotExported::Trouble)?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    let kept = match export.overwrite {
        true => file.persist(&export.file),
        false => file.persist_noclobber(&export.file),
    };
    match kept {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(NotExported::Exists)
        }
        Err(error) => Err(error.error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;
    use crate::desk::{Form, scripted::Scripted};

    fn export(file: PathBuf, overwrite: bool) -> Export {
        Export {
            of: Transcript {
                conversation: "C1".parse().unwrap(),
                form: Form::Text,
                notes: false,
            },
            file,
            overwrite,
        }
    }

    #[tokio::test]
    async fn t1_a_file_is_never_written_over_unasked_and_is_nobody_elses_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("C1.txt");
        let desk = Scripted::default();
        desk.set_messages(&"C1".parse().unwrap(), vec![]);
        fs::write(&path, "before").unwrap();
        assert_eq!(
            write(&desk, &export(path.clone(), false)).await,
            Err(NotExported::Exists)
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(write(&desk, &export(path.clone(), true)).await, Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn t1_what_could_not_be_had_whole_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("C1.txt");
        let no = write(&Scripted::default(), &export(path, false)).await;
        assert_eq!(no, Err(NotExported::Trouble(Trouble::NotFound)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
