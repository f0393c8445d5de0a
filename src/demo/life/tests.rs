use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    access::Team,
    action::{self, Expectation, Verdict},
    conversation::Conversation,
    id::{OrganisationId, QueueId},
    named::Named,
    organisation::Tree,
    person::{Permissions, Person},
    row::{Active, Contact, LastMessage},
    text::Safe,
};

const NOW: Moment = Moment(1_000_000_000_000);
const PEOPLE: [&str; 4] = ["anna", "ben", "cara", "dot"];

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn named(name: &str) -> Named<UserId> {
    Named {
        id: user(name),
        name: Safe::line(name),
    }
}

fn ago(seconds: u64) -> Moment {
    Moment(NOW.0 - i64::try_from(seconds * 1_000_000).unwrap())
}

fn row(id: usize, assignee: Option<&str>, answered: bool, seconds: u64) -> Row {
    Row {
        id: ConversationId::parse(&format!("C{id}")).unwrap(),
        contact: Contact {
            name: Safe::literal("Bea Jones"),
            address: Safe::line(&format!("+44 7700 900{id:03}")),
        },
        channel: Safe::literal("SMS"),
        queue: Named {
            id: QueueId::parse("payments").unwrap(),
            name: Safe::literal("Payments"),
        },
        state: State::Open,
        status: None,
        handler: Handler::Person,
        assignee: assignee.map(named),
        last_message: Some(LastMessage {
            direction: if answered {
                Direction::Out
            } else {
                Direction::In
            },
            preview: Safe::literal("hello"),
            at: ago(seconds),
            delivery: None,
        }),
        unanswered: !answered,
        just_entered: false,
        since: ago(seconds),
        reply_until: None,
        active: vec![],
        version: 1,
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let one = (
        prop::option::of(0..PEOPLE.len()),
        any::<bool>(),
        0..400u64,
        any::<(bool, bool, bool)>(),
    );
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let each = all.into_iter().enumerate();
        each.map(
            |(id, (assignee, answered, seconds, (closed, bot, writing)))| {
                let mut row = row(id, assignee.map(|i| PEOPLE[i]), answered, seconds);
                if closed && id % 3 == 0 {
                    row.state = State::Closed;
                }
                if bot && id % 4 == 0 {
                    row.handler = Handler::Bot;
                }
                if writing && id % 5 == 0 {
                    row.active.push(Active {
                        who: named("dot"),
                        what: Activity::Replying,
                    });
                }
                row
            },
        )
        .collect()
    })
}

/// The same row as the desk that decides would see it, with the team it decides by.
fn verdict(me: &UserId, deed: &Deed) -> Verdict {
    let of = |row: &Row| Conversation {
        id: row.id.clone(),
        queue: row.queue.id.clone(),
        assignee: row.holder(),
        state: row.state,
        handler: row.handler,
        status: None,
        touched: false,
        unanswered: row.unanswered,
        just_entered: row.just_entered,
        since: row.since,
        version: row.version,
        acted: row.version,
    };
    let organisation = OrganisationId::parse("cardiff").unwrap();
    let person = Person {
        id: me.clone(),
        organisation: organisation.clone(),
        permissions: Permissions {
            conversations: true,
            ..Permissions::default()
        },
        suspended: false,
    };
    let team = Team {
        tree: Tree::new([(organisation, None)]).unwrap(),
        people: [(me.clone(), person.clone())].into(),
        ..Team::default()
    };
    let seen = |row: &Row| Expectation::seen(row.holder(), row.version);
    match deed {
        Deed::Reply(row, body, _) => {
            let around = action::Circumstances::default();
            action::reply(&person, &of(row), around, body, &seen(row))
        }
        Deed::Take(row) => {
            action::decide(&team, &person, &of(row), &action::Deed::Take, &seen(row))
        }
        Deed::HandBack(row, _) => action::decide(
            &team,
            &person,
            &of(row),
            &action::Deed::Unassign,
            &seen(row),
        ),
    }
}

fn content() -> &'static Content {
    static CONTENT: LazyLock<Content> = LazyLock::new(|| Content::read().unwrap());
    &CONTENT
}

fn observed(rows: &[Row], seconds_ago: u64) -> Stage {
    let mut stage = Stage::default();
    stage.observe(rows, ago(seconds_ago));
    stage
}

fn deed(stage: &Stage, played: &Played, me: &str, rows: &[Row], seed: u64) -> Option<Deed> {
    colleague(
        content(),
        stage,
        played,
        (&user(me), "Ben"),
        rows,
        NOW,
        &mut Dice::new(seed),
    )
}

proptest! {
    #[test]
    fn a_colleague_only_does_what_the_rules_let_them(rows in rows(), seed in any::<u64>(), rested in 0..80u64) {
        let stage = observed(&rows, rested);
        if let Some(deed) = deed(&stage, &Played::default(), "ben", &rows, seed) {
            let (Deed::Reply(row, ..) | Deed::Take(row) | Deed::HandBack(row, _)) = &deed;
            prop_assert!(rows.contains(row));
            prop_assert!(row.active.is_empty(), "nobody is disturbed while they write");
            prop_assert!(row.assignee.is_none() || row.is_held_by(&user("ben")), "U2, A6: {deed:?}");
            match verdict(&user("ben"), &deed) {
                Verdict::Do(_) => {}
                Verdict::Already => prop_assert!(matches!(deed, Deed::Reply(..))),
                no => prop_assert!(false, "{no:?}: {deed:?}"),
            }
        }
    }

    #[test]
    fn nobody_acts_for_whom_is_at_a_console(rows in rows(), seed in any::<u64>()) {
        let played = Played { users: [user("ben")].into(), ..Played::default() };
        prop_assert_eq!(deed(&observed(&rows, 100), &played, "ben", &rows, seed), None);
    }

    #[test]
    fn u6_what_was_just_handed_back_is_left_alone(rows in rows(), seed in any::<u64>(), rested in 0..40u64) {
        let stage = observed(&rows, rested);
        let deed = deed(&stage, &Played::default(), "ben", &rows, seed);
        if let Some(Deed::Reply(row, ..) | Deed::Take(row)) = deed {
            prop_assert!(row.is_held_by(&user("ben")));
        }
    }

    #[test]
    fn customers_write_only_where_they_have_something_to_say(rows in rows(), seed in any::<u64>()) {
        let written = customer_writes(
            content(), &Stage::default(), &Played::default(), &rows, NOW, &mut Dice::new(seed),
        );
        if let Some(written) = written {
            prop_assert!(!written.words.trim().is_empty());
            prop_assert_eq!(written.row.state, State::Open);
            prop_assert_eq!(written.row.handler, Handler::Person, "a bot is only written to by the dialogue");
        }
    }
}

#[test]
fn nobody_takes_back_what_they_handed_back_themselves() {
    let mut stage = observed(&[row(1, Some("ben"), false, 300)], 200);
    let free = [row(1, None, false, 300)];
    stage.observe(&free, ago(100));
    for seed in 0..50 {
        assert_eq!(deed(&stage, &Played::default(), "ben", &free, seed), None);
        assert!(deed(&stage, &Played::default(), "cara", &free, seed).is_some());
    }
}

#[test]
fn what_a_player_hands_back_is_answered_by_a_colleague_after_a_while() {
    let free = [row(1, None, false, 300)];
    let mut stage = observed(&[row(1, Some("anna"), false, 300)], 200);
    stage.observe(&free, ago(41));
    let played = Played {
        users: [user("anna")].into(),
        sees: [free[0].id.clone()].into(),
    };
    let done = (0..20).filter_map(|seed| deed(&stage, &played, "ben", &free, seed));
    assert!(done.into_iter().any(|deed| matches!(deed, Deed::Reply(..))));
}

/// A dialogue is played to its end by the two sides in turn, and says each line once.
#[test]
fn a_dialogue_is_played_line_by_line() {
    let content = content();
    let arrival = &content.life.arrivals[0];
    let newcomer = newcomer(content, &Stage::default(), &[]).unwrap();
    assert_eq!(newcomer.words, "Is anybody there?");
    let mut stage = Stage::default();
    let mut now = row(1, None, false, 60);
    now.contact.address = Safe::line(&newcomer.customer.address);
    now.channel = Safe::line(&newcomer.customer.channel);
    stage.cast(&newcomer.customer, newcomer.part.clone());
    stage.observe(std::slice::from_ref(&now), ago(60));
    let mut said = 1;
    for line in &arrival.lines[1..] {
        let (found, foreseen) = if now.unanswered {
            let rows = std::slice::from_ref(&now);
            let deed = (0..50).find_map(|seed| {
                match deed(&stage, &Played::default(), "ben", rows, seed) {
                    Some(Deed::Reply(_, body, line)) => Some((body, line)),
                    _ => None,
                }
            });
            deed.unwrap()
        } else {
            let rows = std::slice::from_ref(&now);
            let written = customer_writes(
                content,
                &stage,
                &Played::default(),
                rows,
                NOW,
                &mut Dice::new(1),
            )
            .unwrap();
            (written.words, written.line)
        };
        assert_eq!(foreseen.as_ref(), Some(line));
        assert_eq!(found, newcomer.customer.facts.fill(&line.words, "Ben"));
        stage.said(&now, line);
        now.unanswered = !now.unanswered;
        let last = now.last_message.as_mut().unwrap();
        last.direction = if now.unanswered {
            Direction::In
        } else {
            Direction::Out
        };
        said += 1;
    }
    assert_eq!(said, arrival.lines.len());
}

#[test]
fn nobody_new_writes_where_many_wait() {
    let many: Vec<Row> = (0..FULL).map(|id| row(id, None, false, 10)).collect();
    assert!(newcomer(content(), &Stage::default(), &many).is_none());
    assert!(newcomer(content(), &Stage::default(), &many[1..]).is_some());
}

#[test]
fn something_happens_every_5_to_15_seconds() {
    let mut dice = Dice::new(1);
    for _ in 0..200 {
        let (pause, order) = next_turn(&mut dice);
        assert!((Duration::from_secs(5)..Duration::from_secs(15)).contains(&pause));
        assert_eq!(
            order
                .iter()
                .map(|turn| format!("{turn:?}"))
                .collect::<HashSet<_>>()
                .len(),
            3
        );
    }
}
