//! Acts of the plain verbs: done with the same operation id until it is known what came of them (R20, R21).

use std::time::Duration;

use crate::{
    desk::{Act, Answer, Desk, Many, ManyDeed, No, Refused, Trouble},
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, OperationId},
    },
    say,
};

/// How long to wait before asking again, one after the other.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1500),
    Duration::from_secs(4),
];

/// As many as a desk takes at once.
const AT_ONCE: usize = 1_000;

/// A conversation to act on, and what is believed of it.
pub(super) type Item = (ConversationId, Expectation);

/// What came of one act.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) conversation: ConversationId,
    pub(super) operation: OperationId,
    pub(super) answer: Answer,
}

/// A new operation id: unique, and in the order of time.
pub(super) fn operation() -> OperationId {
    let id = uuid::Uuid::now_v7().to_string();
    OperationId::parse(&id).unwrap_or_else(|_| unreachable!("a UUID has the form of an id"))
}

/// Does `deed` to each, one after the other, each under an operation of its own.
pub(super) async fn one_by_one(
    desk: &impl Desk,
    deed: &Deed,
    items: Vec<Item>,
    reason: Option<&str>,
) -> Vec<Settled> {
    let mut all = Vec::with_capacity(items.len());
    for (conversation, expected) in items {
        let act = Act {
            operation: operation(),
            deed: deed.clone(),
            conversation,
            expected,
            reason: reason.map(str::to_owned),
        };
        all.push(Settled {
            answer: until_known(async || desk.act(&act).await).await,
            conversation: act.conversation,
            operation: act.operation,
        });
    }
    all
}

/// Does the same to many under one operation for each thousand of them, so that one undo takes it back.
/// `if_quiet`: not to what anything happened to since it was looked at (U7).
pub(super) async fn together(
    desk: &impl Desk,
    deed: &ManyDeed,
    items: &[Item],
    reason: Option<&str>,
    if_quiet: bool,
) -> Vec<Settled> {
    let mut all = Vec::with_capacity(items.len());
    for items in items.chunks(AT_ONCE) {
        let many = Many {
            operation: operation(),
            deed: deed.clone(),
            items: items.to_vec(),
            reason: reason.map(str::to_owned),
            if_quiet,
        };
        let results = match until_known(async || desk.act_on_many(&many).await).await {
            Ok(results) => results,
            Err(trouble) => {
                let answer = unsettled(trouble);
                let each = |(id, _): &Item| (id.clone(), answer.clone());
                items.iter().map(each).collect()
            }
        };
        all.extend(of_one_operation(results, &many.operation));
    }
    all
}

/// The answers to one operation, as things that are settled.
pub(super) fn of_one_operation(
    results: Vec<(ConversationId, Answer)>,
    operation: &OperationId,
) -> impl Iterator<Item = Settled> {
    results.into_iter().map(|(conversation, answer)| Settled {
        conversation,
        operation: operation.clone(),
        answer,
    })
}

/// What the desk shows now, so that the act is refused if somebody is faster.
pub(super) async fn seen(desk: &impl Desk, id: &ConversationId) -> Result<Expectation, Answer> {
    match desk.conversation(id).await {
        Ok(detail) => {
            let assignee = detail.row.assignee.map(|assignee| assignee.id);
            Ok(Expectation::seen(assignee, detail.row.version))
        }
        Err(trouble) => Err(refusal(trouble)),
    }
}

/// A trouble before anything was asked for: nothing was done.
fn refusal(trouble: Trouble) -> Answer {
    let kind = match trouble {
        Trouble::NotFound => No::NotFound,
        Trouble::Unreachable(_) | Trouble::Busy(_) => No::Busy,
        Trouble::NotSignedIn(_) => No::NotSignedIn,
        Trouble::Refused(_) => No::Rule,
    };
    Answer::Refused(Refused {
        why: say!("{trouble}"),
        kind,
    })
}

/// A trouble after something was asked for: a broken line leaves open what was done.
fn unsettled(trouble: Trouble) -> Answer {
    match trouble {
        Trouble::Unreachable(why) => Answer::Unknown(why),
        other => refusal(other),
    }
}

/// What may leave open whether anything was done.
pub(super) trait MayBeOpen {
    /// Nobody can say yet, or the desk was too busy to do anything.
    fn is_open(&self) -> bool;

    /// The line broke: it may have been done.
    fn may_be_done(&self) -> bool;

    /// It was not heard this time, whatever came of it before.
    fn is_unheard(&self) -> bool;
}

impl MayBeOpen for Answer {
    fn is_open(&self) -> bool {
        match self {
            Self::Unknown(_) => true,
            Self::Refused(refused) => refused.kind == No::Busy,
            _ => false,
        }
    }

    fn may_be_done(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    fn is_unheard(&self) -> bool {
        matches!(self, Self::Refused(refused) if refused.kind.is_unheard())
    }
}

impl<T> MayBeOpen for Result<T, Trouble> {
    fn is_open(&self) -> bool {
        matches!(self, Err(Trouble::Unreachable(_) | Trouble::Busy(_)))
    }

    fn may_be_done(&self) -> bool {
        matches!(self, Err(Trouble::Unreachable(_)))
    }

    fn is_unheard(&self) -> bool {
        matches!(self, Err(Trouble::Busy(_) | Trouble::NotSignedIn(_)))
    }
}

/// Asks the same again, with the same operation id, while it is open what came of it. Once it may have been done, an
/// asking that was not heard does not say that it was not.
pub(super) async fn until_known<T: MayBeOpen>(ask: impl AsyncFn() -> T) -> T {
    after_pauses(PAUSES, ask).await
}

async fn after_pauses<T: MayBeOpen>(pauses: [Duration; 4], ask: impl AsyncFn() -> T) -> T {
    let mut answer = ask().await;
    for pause in pauses {
        if !answer.is_open() {
            break;
        }
        tokio::time::sleep(pause).await;
        let next = ask().await;
        if !(answer.may_be_done() && next.is_unheard()) {
            answer = next;
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::domain::text::Safe;

    fn unknown() -> Answer {
        Answer::Unknown(Safe::literal("broken"))
    }

    async fn settled<T: MayBeOpen>(mut answers: Vec<T>) -> (T, usize) {
        answers.reverse();
        let left = RefCell::new(answers);
        let answer = after_pauses([Duration::ZERO; 4], async || {
            left.borrow_mut()
                .pop()
                .expect("not asked again once it is known")
        })
        .await;
        (answer, left.into_inner().len())
    }

    #[tokio::test]
    async fn r21_unknown_is_asked_again_until_it_is_known() {
        let (answer, left) = settled(vec![unknown(), Answer::Already(None), unknown()]).await;
        assert_eq!((answer, left), (Answer::Already(None), 1));
        let busy = Answer::Refused(Refused {
            why: Safe::literal("later"),
            kind: No::Busy,
        });
        let (answer, left) = settled(vec![busy.clone(), Answer::Done(None)]).await;
        assert_eq!((answer, left), (Answer::Done(None), 0));
        let stranger = Answer::Refused(Refused {
            why: Safe::literal("the token was revoked"),
            kind: No::NotSignedIn,
        });
        let (answer, left) = settled(vec![stranger.clone(), unknown()]).await;
        assert_eq!((answer, left), (stranger.clone(), 1));
        let asked = vec![unknown(), busy.clone(), stranger.clone(), busy, stranger];
        assert_eq!(
            settled(asked).await,
            (unknown(), 0),
            "it may have been done"
        );
    }

    #[tokio::test]
    async fn r21_what_came_of_many_is_asked_again_too() {
        let broken = || Err(Trouble::Unreachable(Safe::literal("broken")));
        let (answer, left) = settled(vec![broken(), Ok(7), broken()]).await;
        assert_eq!((answer, left), (Ok(7), 1));
        assert_eq!(
            unsettled(Trouble::Unreachable(Safe::literal("broken"))),
            unknown()
        );
    }
}
