//! `handback status` (S3).

use super::{
    Exit, Failure, Global, Outcome,
    acting::{self, IfMine, Manner},
    connect::connect,
    names,
};
use crate::domain::{action::Deed, id::ConversationId};

#[derive(Debug, clap::Args)]
#[command(
    override_usage = "handback status [OPTIONS] <ID>... <NAME>\n       handback status [OPTIONS] <ID>... --none"
)]
pub(super) struct Status {
    /// The conversations' ids, and after them the status by name
    #[arg(required = true, value_name = "ID")]
    words: Vec<String>,
    /// No status: all words are ids
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    if_mine: IfMine,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Status) -> Outcome {
    let (ids, name) = verb.meant()?;
    let desk = connect(global, None).await?.desk;
    let status = match name {
        Some(name) => Some(names::status(&desk, name).await?),
        None => None,
    };
    let deed = Deed::Status(status);
    acting::each(&desk, &deed, &ids, &verb.manner, &verb.if_mine).await
}

impl Status {
    /// Which conversations, and which status.
    fn meant(&self) -> Result<(Vec<ConversationId>, Option<&str>), Failure> {
        let wrong = |why| Failure::new(Exit::Usage, why);
        let (name, ids) = match self.words.split_last() {
            Some((name, ids)) if !self.none => (Some(name.as_str()), ids),
            _ => (None, &self.words[..]),
        };
        if ids.is_empty() {
            return Err(wrong(
                "which conversations? their ids come before the status: handback status ID NAME"
                    .to_owned(),
            ));
        }
        let id = |word: &String| {
            word.parse()
                .map_err(|why| wrong(format!("{word:?} is no conversation: {why}")))
        };
        let ids: Result<Vec<_>, _> = ids.iter().map(id).collect();
        Ok((ids?, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(words: &[&str], none: bool) -> Result<(usize, Option<String>), String> {
        let verb = Status {
            words: words.iter().map(ToString::to_string).collect(),
            none,
            if_mine: IfMine::default(),
            manner: Manner::default(),
        };
        let meant = verb.meant();
        meant
            .map(|(ids, name)| (ids.len(), name.map(str::to_owned)))
            .map_err(|failure| failure.why.to_string())
    }

    #[test]
    fn s3_the_last_word_is_the_status_unless_there_is_to_be_none() {
        let promise = Some("promise to pay".to_owned());
        assert_eq!(
            meant(&["C1", "C2", "promise to pay"], false),
            Ok((2, promise))
        );
        assert_eq!(meant(&["C1", "C2"], true), Ok((2, None)));
        let alone = meant(&["promise to pay"], false).unwrap_err();
        assert!(alone.contains("handback status ID NAME"), "{alone}");
        let none = meant(&["C1", "promise to pay"], true).unwrap_err();
        assert!(none.contains("is no conversation"), "{none}");
    }
}
