//! The leader's screens, with a text of a stranger's in every field that can hold one.

use handback::{
    console::{
        command::Place,
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::Model,
        msg::{Msg, Timer},
        update::update,
    },
    desk::{Answer, Became, Colleague, Done, Fate, No, Outlook, Presence, Refused, Status},
    domain::{
        action::{Action, Cause},
        moment::Moment,
        named::Named,
        text::Safe,
    },
};

use super::{Screen, row, tell};

/// Fills the screen that is open, and goes to the part of it that is meant.
pub(super) fn lead(model: &mut Model, screen: Screen, text: &str) {
    let mut orders = Vec::new();
    if screen == Screen::Acts {
        return acts(model, text);
    }
    orders.extend(update(model, Msg::People(None, Ok(people(text)))));
    let status = Status {
        name: Safe::line(text),
        word: text.to_owned(),
    };
    tell(model, Msg::Statuses(Ok(vec![status])));
    press(model, "space", &mut orders);
    press(model, "tab 9 tab tab tab l tab", &mut orders);
    let paste = Input::Paste(text.to_owned());
    let arrived = Arrived {
        input: paste,
        burst: false,
    };
    orders.extend(update(model, Msg::Input(arrived)));
    let looks: Vec<_> = orders.drain(..).filter_map(due).collect();
    for look in looks {
        orders.extend(update(model, Msg::Timer(look)));
    }
    let ticket = orders.iter().rev().find_map(|order| match order {
        Effect::LoadOutlook(ticket, _) => Some(*ticket),
        _ => None,
    });
    let ticket = ticket.expect("the desk is asked what would move");
    tell(model, Msg::Outlook(ticket, Ok(Box::new(outlook(text)))));
    match screen {
        Screen::SomeWords => {}
        Screen::SomeWhose => {
            for _ in 0..10 {
                if model.place() != Place::Load {
                    press(model, "backtab", &mut orders);
                }
            }
        }
        Screen::SomeOfWhat => press(model, "backtab", &mut orders),
        Screen::SomeToWhom => press(model, "tab l space", &mut orders),
        Screen::SomeDone => {
            tell(model, Msg::Painted);
            tell(model, Msg::Shown);
            press(model, "tab enter", &mut orders);
            done(model, &orders, text);
        }
        _ => press(model, "tab tab", &mut orders),
    }
}

fn press(model: &mut Model, keys: &str, orders: &mut Vec<Effect>) {
    for key in keys.split(' ') {
        let key: Key = key.parse().expect("a key");
        let arrived = Arrived {
            input: Input::Key(key),
            burst: false,
        };
        orders.extend(update(model, Msg::Input(arrived)));
    }
}

fn due(order: Effect) -> Option<Timer> {
    match order {
        Effect::After(_, timer @ Timer::Look(_)) => Some(timer),
        _ => None,
    }
}

fn done(model: &mut Model, orders: &[Effect], text: &str) {
    let many = orders.iter().find_map(|order| match order {
        Effect::Many(many) => Some(many.clone()),
        _ => None,
    });
    let many = many.expect("it is done");
    let refused = || {
        Answer::Refused(Refused {
            why: Safe::line(text),
            kind: No::Rule,
        })
    };
    let taken = || Answer::Taken(Some(Box::new(row(text, 1))));
    let results = many.items.iter().enumerate().map(|(n, (id, _))| {
        let answer = if n % 2 == 0 { refused() } else { taken() };
        (id.clone(), answer)
    });
    let results = results.collect();
    tell(model, Msg::ManyAnswered(many.operation, Ok(results)));
}

fn named<T: std::str::FromStr<Err: std::fmt::Debug>>(id: &str, text: &str) -> Named<T> {
    Named {
        id: id.parse().expect("an id"),
        name: Safe::line(text),
    }
}

fn people(text: &str) -> Vec<Colleague> {
    let person = |id: &str, presence| Colleague {
        user: named(id, text),
        username: Safe::line(text),
        organisation: named("cardiff", text),
        presence,
        since: Some(Moment(1_794_999_000_000_000)),
        open: 7,
        unanswered: 3,
        oldest_waiting: Some(Moment(1_794_990_000_000_000)),
        replying: 1,
        drafts: 0,
        last_action: Some(Moment(1_794_999_000_000_000)),
    };
    vec![
        person("ben", Presence::SignedIn),
        person("cara", Presence::Away),
        person("dot", Presence::SignedOut),
    ]
}

fn outlook(text: &str) -> Outlook {
    Outlook {
        moves: (0..20).map(|n| row(text, n)).collect(),
        stays: (20..30).map(|n| (row(text, n), Safe::line(text))).collect(),
        staying: 12,
        warnings: vec![Safe::line(text), Safe::line(text), Safe::line(text)],
    }
}

fn acts(model: &mut Model, text: &str) {
    let me = Named {
        name: Safe::line(text),
        ..model.me.as_ref().expect("known").user.clone()
    };
    let fates = Action::ALL.iter().enumerate().map(|(n, _)| Fate {
        row: row(text, i64::try_from(n).expect("few")),
        became: [
            Became::Taken,
            Became::CameBack,
            Became::Waiting,
            Became::Closed,
            Became::Undone,
        ][n % 5],
        to: Some(named("ben", text)),
        at: Some(Moment(1_794_999_000_000_000)),
        cause: Some(Cause::ALL[n % Cause::ALL.len()]),
    });
    let done = |n: usize, action: Action| Done {
        operation: format!("op{n}").parse().expect("an id"),
        at: Moment(1_794_999_000_000_000),
        action,
        by: Some(me.clone()),
        cause: None,
        of: vec![named("ben", text)],
        reason: Some(Safe::line(text)),
        line_lost: n.is_multiple_of(2),
        undone: n % 3 == 2,
        count: 13,
        fates: fates.clone().collect(),
    };
    let acts = Action::ALL
        .iter()
        .enumerate()
        .map(|(n, action)| done(n, *action));
    let acts: Vec<_> = acts.collect();
    let mut orders = Vec::new();
    press(model, "ctrl-r", &mut orders);
    let asked = orders.iter().find_map(|order| match order {
        Effect::LoadActs(ticket, _) => Some(*ticket),
        _ => None,
    });
    let asked = asked.expect("the desk is asked for the acts");
    tell(model, Msg::Acts(asked, Ok(acts)));
    press(model, "enter j j", &mut orders);
}
