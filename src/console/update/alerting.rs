//! Saying beside the screen that somebody began to wait, where that is wished: a bell, or a notice of the desktop.
//!
//! Only for whom one can answer: what nobody has, and what is one's own. It names the queue, which the team called so,
//! and no word of a customer's; and it is said once for all who began to wait within some seconds.

use std::time::Duration;

use crate::{
    console::{
        effect::Effect,
        model::{Alert, Away, Model},
    },
    desk::{View, What},
    domain::{
        inbox::{Beyond, Side},
        message::{Direction, Message},
        row::Row,
    },
    say,
};

/// Said once in so long at most.
const QUIET: Duration = Duration::from_secs(5);

/// Takes in what happened, before the model does.
pub(super) fn hear(model: &mut Model, what: &What, effects: &mut Vec<Effect>) {
    if model.alert == Alert::Off || model.there.away == Some(Away::Said) {
        return;
    }
    let row = match what {
        What::Message(row, message) if begins_to_wait(row, message) => &**row,
        What::Row(row) if is_new_to_us(model, row) => &**row,
        _ => return,
    };
    let is_ours = row.assignee.is_none() || model.is_mine(row);
    let now = model.now;
    let said_lately = model.alerted.is_some_and(|at| now.since(at) < QUIET);
    if !is_ours || said_lately {
        return;
    }
    model.alerted = Some(now);
    let text = say!("A customer waits in {}", row.queue.name);
    effects.push(Effect::Alert(model.alert, text));
}

/// It is answered no longer because of this very message: writing again rings no bell.
fn begins_to_wait(row: &Row, message: &Message) -> bool {
    row.unanswered && message.direction == Direction::In && row.since == message.at
}

/// Somebody who waits, and whom somebody else had, or of whom we did not know. Known is only what the list can hold:
/// all of everything one sees.
fn is_new_to_us(model: &Model, row: &Row) -> bool {
    let list = &model.list;
    let holds_all = list.loaded
        && list.view == View::All
        && list.queue.is_none()
        && list.filter.is_empty()
        && *list.inbox.beyond(Side::Before) == Beyond::End
        && *list.inbox.beyond(Side::After) == Beyond::End;
    let known = list.inbox.row(&row.id);
    let was_ours = known
        .is_some_and(|known| !known.unanswered || known.assignee.is_none() || model.is_mine(known));
    let by_us = model.pending_on(&row.id).is_some();
    row.unanswered && holds_all && !was_ours && !by_us
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::{
            model::Tone,
            msg::Msg,
            update::update,
            view::fixture::{self, NOW},
        },
        desk::{Event, link::News},
        domain::{id::MessageId, text::Safe},
    };

    fn console(alert: Alert) -> Model {
        let mut model = fixture::busy();
        model.alert = alert;
        model
    }

    fn written(model: &mut Model, what: What) -> Vec<Effect> {
        let event = Event {
            cursor: Some(9),
            what,
        };
        let mut effects = update(model, Msg::News(News::Event(event)));
        effects.retain(|effect| matches!(effect, Effect::Alert(..)));
        effects
    }

    fn begins(id: &str) -> What {
        let row = Row {
            since: NOW,
            ..fixture::row(id, "Zoë Jones", "SMS", 0, "secret words")
        };
        let message = Message {
            id: MessageId::parse("m9").unwrap(),
            direction: Direction::In,
            body: Safe::literal("secret words"),
            truncated: false,
            at: NOW,
            sender: None,
            delivery: None,
            attachments: vec![],
        };
        What::Message(Box::new(row), Box::new(message))
    }

    fn again(what: What) -> What {
        match what {
            What::Message(row, message) => {
                let since = fixture::ago(3);
                What::Message(Box::new(Row { since, ..*row }), message)
            }
            other => other,
        }
    }

    #[test]
    fn r4_nothing_is_said_beside_the_screen_unless_wished_for() {
        assert_eq!(written(&mut console(Alert::Off), begins("NEW")), []);
    }

    #[test]
    fn who_begins_to_wait_is_told_of_by_their_queue_and_not_by_their_words() {
        let text = Safe::literal("A customer waits in Payments");
        for alert in [Alert::Bell, Alert::Notice, Alert::NoticeByName] {
            let said = written(&mut console(alert), begins("NEW"));
            assert_eq!(said, [Effect::Alert(alert, text.clone())]);
        }
    }

    #[test]
    fn who_writes_again_or_begins_with_others_is_not_told_of_again() {
        let mut model = console(Alert::Bell);
        assert_eq!(written(&mut model, again(begins("NEW"))), []);
        assert_eq!(written(&mut model, begins("NEW")).len(), 1);
        assert_eq!(
            written(&mut model, begins("NEXT")),
            [],
            "in the same breath"
        );
        model.now = model.now.after(QUIET);
        assert_eq!(written(&mut model, begins("LAST")).len(), 1);
    }

    #[test]
    fn who_is_a_colleagues_or_comes_while_one_is_away_is_not_told_of() {
        let bens = match begins("NEW") {
            What::Message(row, message) => {
                let assignee = model_row("IDA").assignee;
                What::Message(Box::new(Row { assignee, ..*row }), message)
            }
            other => other,
        };
        assert_eq!(written(&mut console(Alert::Bell), bens), []);
        let mut model = console(Alert::Bell);
        model.there.away = Some(Away::Said);
        assert_eq!(written(&mut model, begins("NEW")), []);
    }

    fn model_row(id: &str) -> Row {
        let model = fixture::busy();
        model
            .list
            .inbox
            .row(&fixture::id(id))
            .expect("a row")
            .clone()
    }

    #[test]
    fn what_a_colleague_hands_back_while_its_customer_waits_is_new_to_us() {
        let mut model = console(Alert::Bell);
        let handed_back = Row {
            assignee: None,
            unanswered: true,
            version: 9,
            ..model_row("IDA")
        };
        model.list.inbox.put(Row {
            assignee: model_row("IDA").assignee,
            ..handed_back.clone()
        });
        assert_eq!(
            written(&mut model, What::Row(Box::new(handed_back))).len(),
            1
        );
        model.say(Tone::Plain, Safe::literal("x"));
        let status = Row {
            status: None,
            version: 9,
            ..model_row("DEV")
        };
        model.now = model.now.after(QUIET);
        assert_eq!(written(&mut model, What::Row(Box::new(status))), []);
    }
}
