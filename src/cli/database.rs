//! Which database a verb is about; how the URL gets here without its password passing through argv (R40).

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use clap::Args;

use super::exit::{Exit, Failure};
use crate::{
    folders::Folders,
    server::store::{Options, Store, StoreError},
    trust::files,
};

/// The database of a desk.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Database {
    /// The desk's database: sqlite:PATH or postgres://HOST/NAME, without a password; the default is SQLite in your data folder
    #[arg(
        long,
        value_name = "URL",
        env = "HANDBACK_DATABASE",
        conflicts_with = "database_file"
    )]
    database: Option<String>,
    /// A file with that URL: your own, mode 0600 or 0400; here it may hold a password
    #[arg(long, value_name = "FILE")]
    database_file: Option<PathBuf>,
}

impl Database {
    /// The URL.
    ///
    /// # Errors
    /// 77 for a password in the command line or a file others can read, 64 without a home to have a default in.
    pub(super) fn url(&self) -> Result<String, Failure> {
        if let Some(file) = &self.database_file {
            let text = files::secret(file).map_err(|why| Failure::new(Exit::Secrets, why))?;
            return Ok(text.trim().to_owned());
        }
        if let Some(url) = &self.database {
            if has_password(url) {
                return Err(Failure::new(Exit::Secrets, IN_SIGHT));
            }
            return Ok(url.clone());
        }
        let Some(folders) = Folders::of_this_account() else {
            let why = "this account has no home: name a database with --database";
            return Err(Failure::new(Exit::Usage, why));
        };
        Ok(format!(
            "sqlite:{}",
            folders.data().join("desk.db").display()
        ))
    }

    /// Opens it. A SQLite file's folder is made if it is missing, for this account alone.
    ///
    /// # Errors
    /// As [`Database::url`]; 77 if the file is another account's, 64 for no such kind of database, 69 if it
    /// does not answer.
    pub(super) async fn open(&self, verb: &str) -> Result<(Store, String), Failure> {
        self.open_with(verb, Options::default()).await
    }

    /// [`Database::open`], with options of one's own.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub(super) async fn open_with(
        &self,
        verb: &str,
        options: Options,
    ) -> Result<(Store, String), Failure> {
        let url = self.url()?;
        if let Some(path) = sqlite_path(&url) {
            own(path, verb)?;
            let folder = path.parent().unwrap_or(path);
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(|why| {
                    Failure::new(
                        Exit::Unreachable,
                        format_args!("{}: {why}", folder.display()),
                    )
                })?;
        }
        let store = Store::open_with(&url, options).await.map_err(|error| {
            let exit = match error {
                StoreError::Url(_) => Exit::Usage,
                _ => Exit::Unreachable,
            };
            Failure::new(exit, error)
        })?;
        Ok((store, shown(&url)))
    }
}

/// What to do instead.
const IN_SIGHT: &str =
    "every account on this host can read a password in a command line. Instead, give one of
  --database-file FILE   a file of mode 0600 with the whole URL
  PGPASSFILE             a password file, beside a URL without the password
  no password at all     peer authentication over PostgreSQL's socket";

/// Whether a URL carries a password: before the `@`, or as a parameter.
fn has_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .is_some_and(|(user, _)| user.contains(':'))
        || parameters
            .split('&')
            .any(|pair| pair.split('=').next() == Some("password"))
}

/// A URL as other programs may be told it, and the password that was in it.
pub(super) struct Login {
    /// Without a password.
    pub(super) url: String,
    /// The password, as it is, not as a URL writes it.
    pub(super) password: Option<String>,
}

/// Takes the password out of a URL.
pub(super) fn login(url: &str) -> Login {
    let Ok(mut parsed) = reqwest::Url::parse(url) else {
        return Login {
            url: url.to_owned(),
            password: None,
        };
    };
    let mut password = parsed.password().map(decoded);
    let _ = parsed.set_password(None);
    let rest: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
    if let Some((_, said)) = rest.iter().find(|(name, _)| name == "password") {
        password = Some(said.clone());
        let others = rest.iter().filter(|(name, _)| name != "password");
        parsed.query_pairs_mut().clear().extend_pairs(others);
    }
    Login {
        url: parsed.into(),
        password,
    }
}

/// A text as a URL writes it, as it is.
fn decoded(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B"));
    let read = reqwest::Url::parse(&format!("x:?{pairs}"));
    read.ok()
        .and_then(|url| {
            url.query_pairs()
                .next()
                .map(|(_, value)| value.into_owned())
        })
        .unwrap_or_else(|| text.to_owned())
}

/// A URL as it may be shown: without what stands between `//` and `@`, and without parameters.
fn shown(url: &str) -> String {
    let (bare, _) = url.split_once('?').unwrap_or((url, ""));
    match bare.split_once("://") {
        Some((kind, rest)) => {
            let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
            format!("{kind}://{place}")
        }
        None => bare.to_owned(),
    }
}

/// The file of an SQLite database.
pub(super) fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// Refuses a file of another account: what we wrote beside it, that account's desk could not read.
fn own(path: &Path, verb: &str) -> Result<(), Failure> {
    let Ok(found) = fs::metadata(path) else {
        return Ok(());
    };
    if found.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let why = format!(
        "{path} belongs to another account. Run\n  sudo -u '#{owner}' handback {verb} --database sqlite:{path}",
        path = path.display(),
        owner = found.uid(),
    );
    Err(Failure::new(Exit::Secrets, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r40_a_password_in_a_url_is_found_wherever_it_stands() {
        for url in [
            "postgres://anna:secret@host/desk",
            "postgres://anna:@host/desk",
            "postgres://anna:s@cret@host/desk",
            "postgres://host/desk?sslmode=require&password=secret",
        ] {
            assert!(has_password(url), "{url}");
            assert!(!shown(url).contains("cret"), "{url}");
        }
        for url in [
            "postgres://anna@host:5432/desk",
            "postgres:///desk?host=/run/postgresql",
            "sqlite:/srv/a:b@c.db",
            "sqlite:///srv/desk.db",
        ] {
            assert!(!has_password(url), "{url}");
        }
    }

    #[test]
    fn r40_a_password_on_the_command_line_is_refused_with_what_to_do() {
        let database = Database {
            database: Some("postgres://anna:secret@host/desk".into()),
            database_file: None,
        };
        let failure = database.url().unwrap_err();
        assert_eq!(failure.exit, Exit::Secrets);
        assert!(failure.why.as_str().contains("--database-file"));
        assert!(!failure.why.as_str().contains("secret@"));
    }
}
