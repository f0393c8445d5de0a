//! `handback find`: conversations by who wrote and what was written, closed ones too (F1).

use super::{
    Exit, Failure, Global, Outcome,
    connect::connect,
    json, print,
    print::Out,
    typed::{STDIN, line},
    words, zone,
};
use crate::{
    desk::{Desk, Find as Looked, Hit, Trouble},
    domain::{
        conversation::State,
        id::UserId,
        search::{Field, Search},
        text::Safe,
    },
    say,
};

/// The most a desk gives at once.
const PAGE: u16 = 500;

#[derive(Debug, clap::Args)]
#[command(after_long_help = long_help())]
pub(super) struct Find {
    /// Words of the contact or of a message, 'exact words', and field:value; `-`: standard input says them
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// JSON: {items, more}
    #[arg(long)]
    json: bool,
}

/// Every field with an example, then the exit codes every verb has.
fn long_help() -> String {
    let fields = Field::ALL
        .iter()
        .map(|field| format!("  {}\n", field.example()));
    format!(
        "Fields:\n{}One field said twice means either, different fields mean both. A value with spaces stands in quotes \
         and is then the whole name, else the beginning of one. The last word need not be whole.\n\n{}",
        fields.collect::<String>(),
        super::exit::table()
    )
}

pub(super) async fn run(global: &Global, verb: &Find) -> Outcome {
    let looked_for = match &verb.words[..] {
        [one] if one == STDIN => line("words", &Safe::literal("What to look for: "))?,
        words => typed(words),
    };
    let search =
        Search::parse(&looked_for).map_err(|misread| Failure::new(Exit::Usage, misread))?;
    if search.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "say what to look for, such as a name",
        ));
    }
    let desk = connect(global, None).await?.desk;
    let me = desk.me().await?.user.id;
    let find = Looked::of(search, words::now(), &zone::zone(), PAGE);
    let (hits, more) = gather(&desk, find, verb.limit).await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::Found::new(&hits, more))?;
    } else {
        for hit in &hits {
            out.text(&said(hit, &me))?;
        }
    }
    out.finish()?;
    if hits.is_empty() && !verb.json {
        print::note(&Safe::literal(
            "nothing was found: fewer words, or the beginnings of words, find more",
        ));
    }
    Ok(Exit::Done)
}

/// What was typed, with the quotes that the shell took away: an argument with spaces in it belongs together.
fn typed(arguments: &[String]) -> String {
    let quoted = |argument: &String| {
        if argument.contains('"') || !argument.contains(char::is_whitespace) {
            return argument.clone();
        }
        let field = argument.split_once(':').filter(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        match field {
            Some((name, value)) => format!("{name}:\"{value}\""),
            None => format!("\"{argument}\""),
        }
    };
    arguments.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// What is found, page after page, and whether there is more.
async fn gather(
    desk: &impl Desk,
    mut find: Looked,
    limit: u32,
) -> Result<(Vec<Hit>, bool), Trouble> {
    let mut hits = Vec::new();
    loop {
        let missing = limit - u32::try_from(hits.len()).unwrap_or(limit);
        find.limit = u16::try_from(missing).map_or(PAGE, |n| n.min(PAGE));
        let found = desk.find(&find).await?;
        hits.extend(found.hits);
        find.cursor = found.next;
        if find.cursor.is_none() || hits.len() >= limit as usize {
            return Ok((hits, find.cursor.is_some()));
        }
    }
}

/// A conversation that was found, as one line.
fn said(hit: &Hit, me: &UserId) -> Safe {
    let row = &hit.row;
    let status = row.status.as_ref().map(|s| format!(", {s}"));
    let holder = match row.state {
        State::Open => words::holder(row, me),
        State::Closed => match hit.closed_at {
            Some(at) => say!("closed {}", words::clock(at)),
            None => Safe::literal("closed"),
        },
    };
    let last = row.last_message.as_ref();
    let (at, said) = match &hit.message {
        Some(message) => {
            let pieces = message.excerpt.iter().map(|(piece, _)| piece.as_str());
            (Some(message.at), say!("{}", pieces.collect::<String>()))
        }
        None => (
            last.map(|last| last.at),
            last.map(|last| last.preview.clone()).unwrap_or_default(),
        ),
    };
    say!(
        "{}  {}, {}, {}{}, {holder}, {}: {said}",
        row.id,
        row.contact.shown(),
        row.channel,
        row.queue.name,
        status.unwrap_or_default(),
        at.map(words::clock).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_took_for_one_belongs_together() {
        let typed =
            |words: &[&str]| typed(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(typed(&["bea", "is:closed"]), "bea is:closed");
        assert_eq!(
            typed(&["status:promise to pay", "exact words"]),
            "status:\"promise to pay\" \"exact words\""
        );
        assert_eq!(
            typed(&["status:\"promise to pay\" bea"]),
            "status:\"promise to pay\" bea"
        );
    }
}
