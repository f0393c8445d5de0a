//! The team as a file: what `team.toml` says, checked as far as it can be without a database.

use std::{ops::Range, path::Path};

use serde::Deserialize;
use toml::Spanned;

use crate::{
    domain::{
        id::is_id,
        person::Permissions,
        queue::{Rule, Turnover},
        spelling::nearest,
    },
    trust::web::Web,
};

/// A team file, read: organisations, roles, users, queues, statuses, phrases and channels. Whether the
/// things it names exist is seen when it is applied: they may be in the database only.
#[derive(Clone, Debug)]
pub struct TeamFile {
    pub(super) file: String,
    text: String,
    pub(super) said: Said,
}

/// What is wrong with a team file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct TeamFileError {
    /// Which file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and the nearest valid word where one was mistyped.
    pub problem: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    #[serde(default)]
    pub(super) organisation: Vec<Spanned<Organisation>>,
    #[serde(default)]
    pub(super) role: Vec<Spanned<Role>>,
    #[serde(default)]
    pub(super) user: Vec<Spanned<User>>,
    #[serde(default)]
    pub(super) queue: Vec<Spanned<Queue>>,
    #[serde(default)]
    pub(super) status: Vec<Spanned<Status>>,
    #[serde(default)]
    pub(super) phrase: Vec<Spanned<Phrase>>,
    #[serde(default)]
    pub(super) channel: Vec<Spanned<Channel>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    pub(super) id: Option<String>,
    pub(super) was: Option<String>,
    pub(super) name: String,
    pub(super) parent: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) permissions: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) id: Option<String>,
    pub(super) was: Option<String>,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) role: String,
    pub(super) unix_user: Option<String>,
    #[serde(default)]
    pub(super) suspended: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Queue {
    pub(super) id: Option<String>,
    pub(super) was: Option<String>,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) teams: Vec<String>,
    #[serde(default = "self_selection")]
    pub(super) rule: String,
    #[serde(default = "nothing")]
    pub(super) on_login: String,
    #[serde(default = "nothing")]
    pub(super) on_logout: String,
    pub(super) max_open: Option<u32>,
    #[serde(default = "yes")]
    pub(super) active: bool,
    #[serde(default)]
    pub(super) deleted: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    pub(super) organisation: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phrase {
    pub(super) organisation: String,
    pub(super) keywords: Vec<String>,
    pub(super) body: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) deliver_to: Option<String>,
    pub(super) secret_file: Option<String>,
}

fn self_selection() -> String {
    Rule::default().word().to_owned()
}

fn nothing() -> String {
    Turnover::default().word().to_owned()
}

fn yes() -> bool {
    true
}

impl TeamFile {
    /// Reads a team file; `file` is what errors call it.
    ///
    /// # Errors
    /// [`TeamFileError`] at the first thing that is wrong: unknown fields and words among them.
    pub fn parse(file: &str, text: &str) -> Result<Self, TeamFileError> {
        let said = toml::from_str(text).map_err(|error| TeamFileError {
            file: file.to_owned(),
            line: line_of(text, &error.span().unwrap_or(0..0)),
            problem: with_nearest(error.message()),
        })?;
        let team = Self {
            file: file.to_owned(),
            text: text.to_owned(),
            said,
        };
        team.check_words()?;
        team.check_names()?;
        team.check_channels()?;
        Ok(team)
    }

    /// An error at the place of an entry.
    pub(super) fn error<T>(&self, at: &Spanned<T>, problem: impl Into<String>) -> TeamFileError {
        TeamFileError {
            file: self.file.clone(),
            line: line_of(&self.text, &at.span()),
            problem: problem.into(),
        }
    }

    /// Words that stand for something of the program.
    fn check_words(&self) -> Result<(), TeamFileError> {
        let permissions = Permissions::default().named().map(|(name, _)| name);
        for role in &self.said.role {
            for word in &role.get_ref().permissions {
                if !permissions.contains(&word.as_str()) {
                    return Err(self.error(role, unknown("permission", word, permissions)));
                }
            }
        }
        for queue in &self.said.queue {
            let said = queue.get_ref();
            if Rule::from_word(&said.rule).is_none() {
                let rules = [Rule::SelfSelection, Rule::RoundRobin, Rule::LeastBusy];
                let rules = rules.map(Rule::word);
                return Err(self.error(queue, unknown("rule", &said.rule, rules)));
            }
            for word in [&said.on_login, &said.on_logout] {
                if Turnover::from_word(word).is_none() {
                    let words = [Turnover::Nothing, Turnover::Redistribute].map(Turnover::word);
                    return Err(self.error(queue, unknown("turnover", word, words)));
                }
            }
        }
        Ok(())
    }

    /// Names and ids: of their form, and each given once.
    fn check_names(&self) -> Result<(), TeamFileError> {
        let said = &self.said;
        self.once("organisation", &said.organisation, |o| {
            (&o.name, o.id.as_ref())
        })?;
        self.once("role", &said.role, |r| (&r.name, None))?;
        self.once("user", &said.user, |u| (&u.username, u.id.as_ref()))?;
        self.once("queue", &said.queue, |q| (&q.name, q.id.as_ref()))?;
        self.once("channel", &said.channel, |c| (&c.name, None))?;
        let accounts: Vec<_> = said
            .user
            .iter()
            .filter(|user| user.get_ref().unix_user.is_some())
            .cloned()
            .collect();
        let account = |user: &User| user.unix_user.clone().unwrap_or_default();
        let mut seen = std::collections::HashSet::new();
        for user in &accounts {
            let account = account(user.get_ref());
            if !seen.insert(account.clone()) {
                let problem = format!("unix_user {account:?} is another user's already");
                return Err(self.error(user, problem));
            }
        }
        Ok(())
    }

    /// Where channels deliver to: somewhere safe, and signed (R42).
    fn check_channels(&self) -> Result<(), TeamFileError> {
        for entry in &self.said.channel {
            let channel = entry.get_ref();
            let wrong = |problem: String| {
                let name = &channel.name;
                Err(self.error(entry, format!("channel {name:?}: {problem}")))
            };
            match (&channel.deliver_to, &channel.secret_file) {
                (None, None) => {}
                (Some(_), None) => {
                    return wrong("deliver_to needs a secret_file to sign with".to_owned());
                }
                (None, Some(_)) => return wrong("secret_file is for a deliver_to".to_owned()),
                (Some(to), Some(file)) => {
                    if let Err(why) = to.parse::<Web>() {
                        return wrong(format!("deliver_to: {why}"));
                    }
                    // It is read by a desk that may be started anywhere.
                    if !Path::new(file).is_absolute() {
                        return wrong(format!("secret_file {file:?} is not a whole path"));
                    }
                }
            }
        }
        Ok(())
    }

    fn once<T>(
        &self,
        kind: &str,
        entries: &[Spanned<T>],
        of: impl Fn(&T) -> (&String, Option<&String>),
    ) -> Result<(), TeamFileError> {
        let mut seen = std::collections::HashSet::new();
        for entry in entries {
            let (name, id) = of(entry.get_ref());
            if name.trim().is_empty() || name.contains(char::is_control) {
                return Err(self.error(entry, format!("{name:?} is no name for a {kind}")));
            }
            if !seen.insert(name.clone()) {
                return Err(self.error(entry, format!("{kind} {name:?} stands here twice")));
            }
            if let Some(id) = id.filter(|id| !is_id(id)) {
                let problem = format!("{id:?} is no id: 1 to 64 characters of A-Z a-z 0-9 _ -");
                return Err(self.error(entry, problem));
            }
        }
        Ok(())
    }
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    let before = text.get(..span.start).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// `no rule "random": did you mean "round_robin"?`
pub(super) fn unknown<'a>(
    kind: &str,
    word: &str,
    valid: impl IntoIterator<Item = &'a str>,
) -> String {
    match nearest(word, valid) {
        Some(nearest) => format!("there is no {kind} {word:?}; the nearest is {nearest:?}"),
        None => format!("there is no {kind} {word:?}"),
    }
}

/// Adds the nearest valid field to what the reader of TOML says of an unknown one.
fn with_nearest(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let mut words = message.split('`').skip(1).step_by(2);
    match (message.starts_with("unknown field"), words.next()) {
        (true, Some(field)) => unknown("field", field, words),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        TeamFile::parse("team.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn an_error_names_file_line_and_the_nearest_word() {
        let field = "[[organisation]]\nname = \"A\"\n\n[[queue]]\nname = \"Q\"\nowner = \"A\"\ntaems = [\"A\"]\n";
        assert_eq!(
            problem(field),
            "team.toml:7: there is no field \"taems\"; the nearest is \"teams\""
        );
        let rule = "[[queue]]\nname = \"Q\"\nowner = \"A\"\nteams = []\nrule = \"roundrobin\"\n";
        assert_eq!(
            problem(rule),
            "team.toml:1: there is no rule \"roundrobin\"; the nearest is \"round_robin\""
        );
        let permission = "\n[[role]]\nname = \"R\"\npermissions = [\"conversation\"]\n";
        assert_eq!(
            problem(permission),
            "team.toml:2: there is no permission \"conversation\"; the nearest is \"conversations\""
        );
    }

    #[test]
    fn a_name_stands_once_and_an_id_has_its_form() {
        let twice = "[[organisation]]\nname = \"A\"\n[[organisation]]\nname = \"A\"\n";
        assert!(problem(twice).starts_with("team.toml:3: organisation \"A\" stands here twice"));
        let id = "[[organisation]]\nname = \"A\"\nid = \"a b\"\n";
        assert!(problem(id).contains("is no id"));
        assert!(problem("[[organisation]]\nname = \" \"\n").contains("is no name"));
    }

    #[test]
    fn r42_a_channel_delivers_to_a_safe_place_and_signed_or_not_at_all() {
        let channel = |more: &str| format!("\n[[channel]]\nname = \"SMS\"\nkind = \"sms\"\n{more}");
        let secret = "secret_file = \"/etc/handback/sms.secret\"\n";
        for (more, says) in [
            (
                "deliver_to = \"https://a.example/\"\n".to_owned(),
                "needs a secret_file",
            ),
            (secret.to_owned(), "is for a deliver_to"),
            (
                format!("deliver_to = \"http://a.example/\"\n{secret}"),
                "this host only",
            ),
            (
                format!("deliver_to = \"https://me:pw@a.example/\"\n{secret}"),
                "user name or password",
            ),
            (format!("deliver_to = \"a.example\"\n{secret}"), "no URL"),
            (
                "deliver_to = \"https://a.example\"\nsecret_file = \"sms.secret\"\n".to_owned(),
                "not a whole path",
            ),
        ] {
            let problem = problem(&channel(&more));
            assert!(
                problem.starts_with("team.toml:2: channel \"SMS\": "),
                "{problem}"
            );
            assert!(problem.contains(says), "{problem}");
        }
        for fine in ["https://a.example/hook?for=sms", "http://127.0.0.1:8025"] {
            let more = format!("deliver_to = {fine:?}\n{secret}");
            assert!(TeamFile::parse("team.toml", &channel(&more)).is_ok());
        }
        assert!(TeamFile::parse("team.toml", &channel("")).is_ok());
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_word() {
        assert_eq!(nearest("rol", ["role", "rule"]), Some("role"));
    }
}
