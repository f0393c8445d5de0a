//! What an exchange came to: a value or a [`Trouble`] for a read, one of the five answers for an act (R21).

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{
    convert::{boxed, not_found},
    transport::Said,
};
use crate::{
    desk::{Answer, No, Refused, Trouble},
    domain::{action::Refusal, text::Safe},
    say,
    wire::{self, NotOfTheContract, problem::Problem},
};

/// How long to leave a desk alone that did not say for how long.
const A_LITTLE: Duration = Duration::from_secs(1);

/// The body of an answer to a read.
pub(super) fn read<W: DeserializeOwned>(said: &Said) -> Result<W, Trouble> {
    if (200..300).contains(&said.status) {
        serde_json::from_slice(&said.body).map_err(|error| foreign(&error))
    } else {
        Err(trouble(said))
    }
}

/// The trouble an answer is that is not a success.
pub(super) fn trouble(said: &Said) -> Trouble {
    match said.status {
        401 => Trouble::NotSignedIn(detail(said)),
        404 => Trouble::NotFound,
        429 | 503 => Trouble::Busy(said.retry_after.unwrap_or(A_LITTLE)),
        500.. => Trouble::Unreachable(detail(said)),
        _ => Trouble::Refused(detail(said)),
    }
}

/// An answer that is not of the contract.
pub(super) fn foreign(error: &dyn std::fmt::Display) -> Trouble {
    Trouble::Refused(say!("the desk's answer is not of the contract: {error}"))
}

/// What an act came to. Whatever is not plainly of the contract is `Unknown`, so that it is asked again.
pub(super) fn acted(exchange: Result<Said, Trouble>) -> Answer {
    let said = match exchange {
        Ok(said) => said,
        Err(error) => return unknown(error),
    };
    match said.status {
        200 => success(&said, |body: wire::act::Acted| {
            let row = boxed(body.conversation)?;
            match body.outcome.as_str() {
                "done" => Ok(Answer::Done(row)),
                "already" => Ok(Answer::Already(row)),
                other => Err(NotOfTheContract::new("outcome", other)),
            }
        }),
        _ => no(&said),
    }
}

/// What an act on many came to. As [`acted`]: what is not plainly of the contract leaves open what was done.
pub(super) fn acted_on_many<T>(
    said: &Said,
    results: impl FnOnce(wire::act::Results) -> Result<T, NotOfTheContract>,
) -> Result<T, Trouble> {
    let unknown = |error: &dyn std::fmt::Display| Trouble::Unreachable(say!("{}", foreign(error)));
    match said.status {
        200 => serde_json::from_slice(&said.body)
            .map_err(|error| unknown(&error))
            .and_then(|body| results(body).map_err(|error| unknown(&error))),
        200..400 | 503 => Err(Trouble::Unreachable(detail(said))),
        _ => Err(trouble(said)),
    }
}

/// What sending a reply came to: as an act, but done is a 201 with the message. The same operation id answers
/// the same, so that a reply sent before the line broke is `Done` too.
pub(super) fn sent(exchange: Result<Said, Trouble>) -> Answer {
    let said = match exchange {
        Ok(said) => said,
        Err(error) => return unknown(error),
    };
    match said.status {
        200 | 201 => success(&said, |body: wire::message::Sent| {
            boxed(body.conversation).map(Answer::Done)
        }),
        _ => no(&said),
    }
}

fn success<W: DeserializeOwned>(
    said: &Said,
    answer: impl FnOnce(W) -> Result<Answer, NotOfTheContract>,
) -> Answer {
    match serde_json::from_slice(&said.body) {
        Ok(body) => answer(body).unwrap_or_else(|error| unknown(foreign(&error))),
        Err(error) => unknown(foreign(&error)),
    }
}

/// Nothing changed, and why; or nobody can say.
fn no(said: &Said) -> Answer {
    let problem = problem(said);
    let refused = |kind| {
        Answer::Refused(Refused {
            why: why(said, problem.as_ref()),
            kind,
        })
    };
    match said.status {
        404 => Answer::Refused(not_found()),
        409 if problem
            .as_ref()
            .is_some_and(|p| p.kind.ends_with("/crossed")) =>
        {
            refused(No::Crossed)
        }
        409 => match boxed(problem.and_then(|p| p.conversation)) {
            Ok(row) => Answer::Taken(row),
            // What is known without the row: nothing changed. Its state is asked for again anyway.
            Err(_) => Answer::Taken(None),
        },
        401 => refused(No::NotSignedIn),
        // Neither was taken in by the desk. A 503 may have been: its database did not say what it did.
        408 | 429 => refused(No::Busy),
        400..500 => refused(No::Rule),
        _ => unknown(trouble(said)),
    }
}

fn unknown(trouble: Trouble) -> Answer {
    Answer::Unknown(match trouble {
        Trouble::Unreachable(why) | Trouble::Refused(why) => why,
        other => say!("{other}"),
    })
}

fn why(said: &Said, problem: Option<&Problem>) -> Safe {
    let known = problem
        .and_then(|p| p.reason.as_deref())
        .and_then(Refusal::from_word);
    known.map_or_else(
        || words(said, problem),
        |refusal| Safe::literal(refusal.text()),
    )
}

fn detail(said: &Said) -> Safe {
    words(said, problem(said).as_ref())
}

fn words(said: &Said, problem: Option<&Problem>) -> Safe {
    match problem {
        Some(p) if !p.detail.is_empty() => Safe::line(&p.detail),
        Some(p) => Safe::line(&p.title),
        None => say!("the desk answered with status {}", said.status),
    }
}

fn problem(said: &Said) -> Option<Problem> {
    serde_json::from_slice(&said.body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, body: &str) -> Result<Said, Trouble> {
        Ok(Said {
            status,
            retry_after: None,
            date: None,
            body: body.as_bytes().to_vec(),
        })
    }

    fn problem(status: u16, kind: &str, reason: &str) -> String {
        format!(
            r#"{{"type":"/problems/{kind}","title":"T","status":{status},"detail":"D\u202e","reason":"{reason}"}}"#
        )
    }

    #[test]
    fn r21_each_status_is_one_of_the_five_answers() {
        let kind = |answer: Answer| match answer {
            Answer::Done(_) => "done",
            Answer::Already(_) => "already",
            Answer::Taken(_) => "taken",
            Answer::Refused(refused) => match refused.kind {
                No::Rule => "rule",
                No::NotFound => "not found",
                No::Crossed => "crossed",
                No::Busy => "busy",
                No::NotSignedIn => "stranger",
            },
            Answer::Unknown(_) => "unknown",
        };
        let done = r#"{"outcome":"done","operation":"o","conversation":null}"#;
        for (status, body, expected) in [
            (200, done, "done"),
            (200, &done.replace("done", "already"), "already"),
            (200, &done.replace("done", "perhaps"), "unknown"),
            (200, "<html>a proxy's page</html>", "unknown"),
            (204, "", "unknown"),
            (302, "", "unknown"),
            (400, "", "rule"),
            (401, "", "stranger"),
            (404, "", "not found"),
            (409, &problem(409, "taken", ""), "taken"),
            (409, &problem(409, "crossed", ""), "crossed"),
            (422, &problem(422, "refused", "not_yours"), "rule"),
            (408, "", "busy"),
            (429, "", "busy"),
            (503, "", "unknown"),
            (500, "", "unknown"),
            (502, "", "unknown"),
        ] {
            assert_eq!(kind(acted(said(status, body))), expected, "{status} {body}");
        }
        let broken = Err(Trouble::Unreachable(Safe::literal("gone")));
        assert_eq!(acted(broken), Answer::Unknown(Safe::literal("gone")));
    }

    #[test]
    fn r3_a_refusal_is_in_our_words_or_in_the_desks_made_safe() {
        let why = |reason| match acted(said(422, &problem(422, "refused", reason))) {
            Answer::Refused(refused) => refused.why.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(why("closed"), Refusal::Closed.text());
        assert_eq!(why("of_the_future"), "D<U+202E>");
    }
}
