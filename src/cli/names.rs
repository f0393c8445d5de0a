//! Names for ids: whoever types knows `ben` and `Late payments`, and a slip is answered with what there is.

use super::{Exit, Failure};
use crate::{
    desk::Desk,
    domain::{
        id::{ConversationId, QueueId, UserId},
        named::Named,
        spelling::nearest,
        text::Safe,
    },
    say,
};

/// The person of that id, username or full name; `me` is the caller. Sought among those the caller may know of, and
/// those these conversations can be given to.
pub(super) async fn person(
    desk: &impl Desk,
    name: &str,
    to_have: &[ConversationId],
) -> Result<Named<UserId>, Failure> {
    if name == "me" {
        return Ok(desk.me().await?.user);
    }
    let mut people = desk.people(None).await?;
    let names = |one: &crate::desk::Colleague| {
        [
            one.user.id.to_string(),
            one.username.to_string(),
            one.user.name.to_string(),
        ]
    };
    for id in to_have {
        if people.iter().any(|one| is(name, &names(one))) {
            break;
        }
        for one in desk.people(Some(id)).await? {
            if people.iter().all(|known| known.user.id != one.user.id) {
                people.push(one);
            }
        }
    }
    let shown = |one: &crate::desk::Colleague| one.username.clone();
    one_of("user", name, &people, names, shown).map(|one| one.user.clone())
}

/// The queue of that id or name.
pub(super) async fn queue(desk: &impl Desk, name: &str) -> Result<Named<QueueId>, Failure> {
    let queues = desk.queues().await?;
    one_of(
        "queue",
        name,
        &queues,
        |one| [one.queue.id.to_string(), one.queue.name.to_string()],
        |one| one.queue.name.clone(),
    )
    .map(|one| one.queue.clone())
}

/// The status of that name, as the desk spells it.
pub(super) async fn status(desk: &impl Desk, name: &str) -> Result<String, Failure> {
    let statuses = desk.statuses().await?;
    one_of(
        "status",
        name,
        &statuses,
        |one| [one.name.to_string()],
        |one| one.name.clone(),
    )
    .map(|one| one.word.clone())
}

/// The one that goes by `wanted`, case aside; exactly so before any other way of writing. Names are compared as they
/// are shown.
fn one_of<'a, T, const N: usize>(
    what: &str,
    wanted: &str,
    all: &'a [T],
    names: impl Fn(&T) -> [String; N],
    shown: impl Fn(&T) -> Safe,
) -> Result<&'a T, Failure> {
    let wanted = Safe::line(wanted);
    let wanted = wanted.as_str();
    if let Some(exact) = all
        .iter()
        .find(|one| names(one).iter().any(|n| n == wanted))
    {
        return Ok(exact);
    }
    let mut found = all.iter().filter(|one| is(wanted, &names(one)));
    let why = match (found.next(), found.next()) {
        (Some(one), None) => return Ok(one),
        (Some(_), Some(_)) => say!("there are several {what}s called {wanted:?}"),
        (None, _) => {
            let every: Vec<String> = all.iter().flat_map(&names).collect();
            match nearest_of(wanted, &every) {
                Some(near) => say!("you have no {what} {wanted:?}; did you mean {near:?}?"),
                None if all.is_empty() => say!("you have no {what} {wanted:?}; there is none"),
                None => {
                    let every: Vec<String> = all.iter().map(|one| shown(one).to_string()).collect();
                    say!(
                        "you have no {what} {wanted:?}; there are: {}",
                        every.join(", ")
                    )
                }
            }
        }
    };
    Err(Failure {
        exit: Exit::NotFound,
        why,
    })
}

fn is(wanted: &str, names: &[String]) -> bool {
    let wanted = Safe::line(wanted).as_str().to_lowercase();
    names.iter().any(|name| name.to_lowercase() == wanted)
}

/// The nearest of the names, case aside.
fn nearest_of<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let near = nearest(&wanted.to_lowercase(), lower.iter().map(String::as_str))?;
    let at = lower.iter().position(|name| name == near)?;
    Some(&names[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 4] = [
        ("u1", "Anna Webb"),
        ("u2", "Ben Cole"),
        ("u3", "ben cole"),
        ("u4", "BEN"),
    ];

    fn found(wanted: &str) -> Result<&'static str, String> {
        let names = |one: &(&str, &str)| [one.0.to_owned(), one.1.to_owned()];
        one_of("user", wanted, &ALL, names, |one| Safe::line(one.1))
            .map(|one| one.0)
            .map_err(|failure| failure.why.to_string())
    }

    #[test]
    fn a_name_is_found_whatever_its_case_and_exactly_first() {
        assert_eq!(found("u1"), Ok("u1"));
        assert_eq!(found("anna webb"), Ok("u1"));
        assert_eq!(found("ben"), Ok("u4"));
        assert_eq!(found("Ben Cole"), Ok("u2"));
        let several = found("BEN COLE").unwrap_err();
        assert!(several.contains("several"), "{several}");
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_and_a_stranger_with_all() {
        let slip = found("ANNA WEB").unwrap_err();
        assert_eq!(
            slip,
            r#"you have no user "ANNA WEB"; did you mean "Anna Webb"?"#
        );
        let stranger = found("zzzzzzzzzz\u{202e}").unwrap_err();
        assert!(
            stranger.ends_with("there are: Anna Webb, Ben Cole, ben cole, BEN"),
            "{stranger}"
        );
        assert!(!stranger.contains('\u{202e}'), "R1");
    }
}
