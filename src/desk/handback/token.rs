//! Where a token comes from. No option takes the secret itself (R40): an argument is read by every account of the host. A
//! variable is handed on to every child, so what stands in one is taken out of it before anything else is done.

use std::{path::PathBuf, process::Stdio, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use tokio::{io::AsyncReadExt, process::Command};

use crate::trust::files::{self, Distrust};

/// Where to get a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// None is needed: a socket says by itself who asks.
    #[default]
    Nowhere,
    /// A file of one's own, mode 0600 or 0400.
    File(PathBuf),
    /// What a command prints: a program and its arguments, run without a shell.
    Command(Vec<String>),
    /// What stood in a variable, which is gone by now.
    Variable(Handed),
}

/// A token that is here already.
#[derive(Clone, Debug)]
pub struct Handed(pub SecretString);

impl PartialEq for Handed {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for Handed {}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// Its file is not to be trusted.
    #[error(transparent)]
    File(#[from] Distrust),
    /// The command could not be run, or failed.
    #[error(
        "token_command {program:?} {why} (it runs without a shell and without new privileges, so sudo does not work in it)"
    )]
    Command {
        /// What was to be run.
        program: String,
        /// How that went.
        why: String,
    },
    /// What came is not of a token's form; it is not shown.
    #[error("what the {0} gives is not a token: one word of printable ASCII")]
    NotAToken(&'static str),
}

/// How long a command may take.
const WITHIN: Duration = Duration::from_secs(5);
/// The greatest token read from a command.
const MOST_BYTES: u64 = 8192;

impl Source {
    /// Gets the token; `None` if none is needed.
    ///
    /// # Errors
    /// [`NoToken`], never with the secret in it.
    pub async fn token(&self) -> Result<Option<SecretString>, NoToken> {
        match self {
            Self::Nowhere => Ok(None),
            Self::File(path) => word(files::secret(path)?.into(), "token_file").map(Some),
            Self::Command(words) => word(run(words).await?, "token_command").map(Some),
            Self::Variable(token) => word(token.0.clone(), "variable HANDBACK_TOKEN").map(Some),
        }
    }
}

fn word(text: SecretString, whence: &'static str) -> Result<SecretString, NoToken> {
    let token = text.expose_secret().trim();
    if !is_word(token) {
        return Err(NoToken::NotAToken(whence));
    }
    Ok(token.into())
}

/// Whether a text has the form of a token of any desk: one word of printable ASCII.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn run(words: &[String]) -> Result<SecretString, NoToken> {
    let program = words.first().map_or("", String::as_str);
    let failed = |why: String| NoToken::Command {
        program: program.to_owned(),
        why,
    };
    let mut child = Command::new(program)
        .args(words.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    let stdout = child.stdout.take();
    let told = async {
        let mut text = String::new();
        if let Some(stdout) = stdout {
            stdout.take(MOST_BYTES).read_to_string(&mut text).await?;
        }
        Ok::<_, std::io::Error>((SecretString::from(text), child.wait().await?))
    };
    match tokio::time::timeout(WITHIN, told).await {
        Err(_) => Err(failed(format!("took longer than {} s", WITHIN.as_secs()))),
        Ok(Err(error)) => Err(failed(format!("could not be read: {error}"))),
        Ok(Ok((_, status))) if !status.success() => Err(failed(format!("failed: {status}"))),
        Ok(Ok((text, _))) => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Source {
        Source::Command(words.iter().map(ToString::to_string).collect())
    }

    #[tokio::test]
    async fn r40_a_command_is_run_without_a_shell() {
        let token = command(&["echo", "hb_$HOME"])
            .token()
            .await
            .unwrap()
            .unwrap();
        assert_eq!(token.expose_secret(), "hb_$HOME");
    }

    #[tokio::test]
    async fn r40_a_failing_command_says_so_and_nothing_it_said() {
        for (words, says) in [
            (&["false"][..], "failed"),
            (&["/no/such/program"], "cannot be run"),
            (&[], "cannot be run"),
            (&["echo", "two", "words"], "not a token"),
            (&["true"], "not a token"),
        ] {
            let error = command(words).token().await.unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("two words"), "{error}");
        }
    }

    #[tokio::test]
    async fn r42_debug_does_not_show_a_token() {
        let token = command(&["echo", "hb_secret"]).token().await.unwrap();
        assert!(!format!("{token:?}").contains("hb_secret"));
    }
}
