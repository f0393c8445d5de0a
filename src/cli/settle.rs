//! Acts of the plain verbs: done with the same operation id until it is known what came of them (R20, R21), and told.

use std::time::Duration;

use super::{Exit, Outcome, json, print::Out, words};
use crate::{
    desk::{Act, Answer, Desk, No, Trouble},
    domain::{
        action::{Action, Deed, Expectation},
        id::{ConversationId, OperationId, UserId},
        row::Row,
        text::Safe,
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

/// What came of one act.
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

/// Does `deed` to each, one after the other, and tells what came of it. `believed`: what each request is to
/// believe; `None`: what the desk says just before.
pub(super) async fn each(
    desk: &impl Desk,
    deed: &Deed,
    ids: &[ConversationId],
    believed: Option<Expectation>,
    reason: Option<&str>,
    json: bool,
) -> Outcome {
    let me = desk.me().await?.user.id;
    let mut all = Vec::new();
    for id in ids {
        let expected = match &believed {
            Some(believed) => Ok(believed.clone()),
            None => seen(desk, id).await,
        };
        let operation = operation();
        let answer = match expected {
            Err(answer) => answer,
            Ok(expected) => {
                let act = Act {
                    operation: operation.clone(),
                    deed: deed.clone(),
                    conversation: id.clone(),
                    expected,
                    reason: reason.map(str::to_owned),
                };
                until_known(async || desk.act(&act).await).await
            }
        };
        all.push(Settled {
            conversation: id.clone(),
            operation,
            answer,
        });
    }
    let mut out = Out::stdout();
    if json {
        out.json(&json::Results::new(&all))?;
    } else {
        for settled in &all {
            out.text(&tell(settled, deed.action(), &me))?;
        }
    }
    out.finish()?;
    Ok(all
        .iter()
        .map(|settled| Exit::from(&settled.answer))
        .max()
        .unwrap_or(Exit::Done))
}

/// What the desk shows now, so that the act is refused if somebody is faster.
async fn seen(desk: &impl Desk, id: &ConversationId) -> Result<Expectation, Answer> {
    match desk.conversation(id).await {
        Ok(detail) => {
            let assignee = detail.row.assignee.map(|assignee| assignee.id);
            Ok(Expectation::seen(assignee, detail.row.version))
        }
        Err(trouble) => Err(refusal(trouble)),
    }
}

/// A trouble before anything was asked for: nothing was done.
pub(super) fn refusal(trouble: Trouble) -> Answer {
    let kind = match trouble {
        Trouble::NotFound => No::NotFound,
        Trouble::Unreachable(_) | Trouble::Busy(_) => No::Busy,
        Trouble::NotSignedIn(_) | Trouble::Refused(_) => No::Rule,
    };
    Answer::Refused(crate::desk::Refused {
        why: say!("{trouble}"),
        kind,
    })
}

/// Asks the same again, with the same operation id, while the answer is *unknown* or the desk too busy to do anything.
pub(super) async fn until_known(ask: impl AsyncFn() -> Answer) -> Answer {
    let mut answer = ask().await;
    for pause in PAUSES {
        let again = match &answer {
            Answer::Unknown(_) => true,
            Answer::Refused(refused) => refused.kind == No::Busy,
            _ => false,
        };
        if !again {
            break;
        }
        tokio::time::sleep(pause).await;
        answer = ask().await;
    }
    answer
}

/// What came of an act, in a sentence.
pub(super) fn tell(settled: &Settled, action: Action, me: &UserId) -> Safe {
    let id = &settled.conversation;
    match &settled.answer {
        Answer::Done(row) => match (action, row) {
            (Action::Unassign, Some(row)) => {
                say!(
                    "{id}: handed back {} to {}",
                    row.contact.shown(),
                    row.queue.name
                )
            }
            (Action::Unassign, None) => say!("{id}: handed back"),
            (Action::Reply, _) => say!("{id}: sent"),
            (_, Some(row)) => say!(
                "{id}: {} is {}",
                row.contact.shown(),
                words::holder(row, me)
            ),
            (_, None) => say!("{id}: done"),
        },
        Answer::Already(row) => say!("{id}: it is so already, {}", state(row.as_deref(), me)),
        Answer::Taken(row) => say!("{id}: nothing changed, {}", state(row.as_deref(), me)),
        Answer::Refused(refused) => say!("{id}: nothing changed, {}", refused.why),
        Answer::Unknown(why) => say!("{id}: done or not, nobody can say: {why}"),
    }
}

fn state(row: Option<&Row>, me: &UserId) -> Safe {
    match row {
        Some(row) if row.assignee.is_some() => match words::holder(row, me) {
            holder if row.is_held_by(me) => say!("it is {holder}"),
            holder => say!("{holder} has it"),
        },
        Some(_) => Safe::literal("nobody has it"),
        None => Safe::literal("and you do not see it any more"),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::desk::Refused;

    fn unknown() -> Answer {
        Answer::Unknown(Safe::literal("broken"))
    }

    async fn settled(mut answers: Vec<Answer>) -> (Answer, usize) {
        answers.reverse();
        let left = RefCell::new(answers);
        let answer = until_known(async || {
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
        let (answer, left) = settled(vec![busy, Answer::Done(None)]).await;
        assert_eq!((answer, left), (Answer::Done(None), 0));
    }
}
