//! PostgreSQL's own tools, which copy a database and put it back.
//!
//! A password in the URL reaches them by a password file of a moment, never by their command line or environment.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use tempfile::TempDir;
use tokio::process::Command;

use super::super::{
    database::{Login, login},
    exit::{Exit, Failure},
};

/// Copies a database to a file.
pub(super) async fn dump(url: &str, file: &Path) -> Result<(), Failure> {
    let mut arguments = vec![
        "--format=custom".into(),
        "--no-password".into(),
        "--file".into(),
    ];
    arguments.push(file.as_os_str().to_owned());
    run("pg_dump", url, arguments).await
}

/// Puts a copy back, in the place of what is there.
pub(super) async fn restore(url: &str, file: &Path) -> Result<(), Failure> {
    let options = [
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "--no-password",
    ];
    let mut arguments: Vec<_> = options.iter().map(Into::into).collect();
    arguments.push(file.as_os_str().to_owned());
    run("pg_restore", url, arguments).await
}

async fn run(program: &str, url: &str, arguments: Vec<std::ffi::OsString>) -> Result<(), Failure> {
    let failed = |why: String| Failure::new(Exit::Unreachable, format_args!("{program} {why}"));
    let Login { url, password } = login(url);
    let folder =
        TempDir::new().map_err(|why| failed(format!("needs a folder for a moment: {why}")))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg("--dbname")
        .arg(&url)
        .kill_on_drop(true);
    if let Some(password) = password {
        let kept = || -> std::io::Result<_> {
            fs::set_permissions(folder.path(), Permissions::from_mode(0o700))?;
            let path = folder.path().join("password");
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            let escaped = password.replace('\\', "\\\\").replace(':', "\\:");
            writeln!(file, "*:*:*:*:{escaped}")?;
            Ok(path)
        };
        let path =
            kept().map_err(|why| failed(format!("needs a password file for a moment: {why}")))?;
        command.env("PGPASSFILE", path);
    }
    let output = command.output().await.map_err(|why| match why.kind() {
        ErrorKind::NotFound => {
            failed("is not installed: it is in PostgreSQL's client package".into())
        }
        _ => failed(format!("cannot be run: {why}")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default();
    Err(failed(format!("failed: {said}")))
}
