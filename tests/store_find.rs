//! Finding: who finds what, by whom and what was written, against a naive restatement; the same on both databases.

mod support;

use std::{collections::BTreeSet, time::Duration};

use handback::{
    domain::{
        conversation::State,
        id::ConversationId,
        message::Direction,
        moment::Moment,
        person::Person,
        search::{Search, Term},
    },
    server::store::{FindQuery, Found, Inbound, Received, Reply, SeedConversation, Store, Stored},
};
use support::{
    databases,
    desk::{apply, conversation, message, operation, person, team},
    dice::Dice,
    teams::{random_team, two_teams},
};

const COUNT: u64 = 160;

/// What customers and advisors say, and what they are called.
const SAID: [&str; 14] = [
    "refund", "Refünd", "refunded", "Friday", "pay", "payment", "late", "O'Brien", "Straße", "12",
    "plan:", "—", "Jones", "José",
];
const CALLED: [&str; 6] = ["Bea", "José", "O'Brien", "Jones", "Refund", "Late"];
const STATUSES: [&str; 4] = ["", "dispute", "promise to pay", "promise kept"];

fn at(minutes: u64) -> Moment {
    Moment(1_700_000_000_000_000 + i64::try_from(minutes).unwrap() * 60_000_000)
}

fn random_conversation(dice: &mut Dice, n: u64) -> SeedConversation {
    let assignee = (!dice.one_in(3)).then(|| format!("u{}", dice.below(16)));
    let queue = format!("q{}", dice.below(7));
    let mut made = conversation(&format!("C{n:03}"), &queue, assignee.as_deref(), 0);
    if dice.one_in(3) {
        made.state = State::Closed;
    }
    if dice.one_in(3) {
        made.channel = "Webchat".into();
    }
    let status = *dice.one_of(&STATUSES);
    made.status = Some(status.to_owned()).filter(|status| !status.is_empty());
    made.name = format!("{} {}", dice.one_of(&CALLED), dice.one_of(&CALLED));
    made.address = format!("+44 7700 9{n:05}");
    let began = dice.below(60);
    made.messages = (0..=dice.below(4))
        .map(|later| {
            let way = *dice.one_of(&[Direction::In, Direction::Out]);
            let mut said = message(way, at(began + later * 7));
            let words = (0..=dice.below(5)).map(|_| *dice.one_of(&SAID));
            said.body = words.collect::<Vec<_>>().join(" ");
            said
        })
        .collect();
    made
}

fn random_search(dice: &mut Dice) -> (String, Option<Moment>, Option<Moment>) {
    const TERMS: [&str; 30] = [
        "refund",
        "ref",
        "refund",
        "FRIDAY",
        "jose",
        "o'brien",
        "strasse",
        "pay",
        "late",
        "jones",
        "12",
        "+44",
        "\"refund friday\"",
        "\"o brien\"",
        "text:ref",
        "text:pay",
        "contact:jos",
        "contact:bea",
        "is:open",
        "is:closed",
        "is:mine",
        "is:unassigned",
        "is:unanswered",
        "is:answered",
        "queue:q1",
        "queue:q",
        "by:u3",
        "status:promise",
        "status:\"promise to pay\"",
        "channel:web",
    ];
    let terms = (0..=dice.below(3)).map(|_| *dice.one_of(&TERMS));
    let text = terms.collect::<Vec<_>>().join(" ");
    let since = dice.one_in(4).then(|| at(dice.below(60)));
    let before = dice.one_in(4).then(|| at(dice.below(90)));
    (text, since, before)
}

/// A text's words, as somebody would write them on a slip of paper.
fn words(text: &str) -> Vec<String> {
    let plain = text.to_lowercase();
    let plain = plain.replace('é', "e").replace('ü', "u").replace('ß', "ss");
    let words = plain.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Whether the words stand side by side, the last one at least begun if it may go on.
fn says(text: &[String], wanted: &[String], goes_on: bool) -> bool {
    text.windows(wanted.len()).any(|there| {
        there
            .iter()
            .zip(wanted)
            .enumerate()
            .all(|(n, (there, word))| {
                there == word
                    || (goes_on && n == wanted.len() - 1 && there.starts_with(word.as_str()))
            })
    })
}

fn is_contact(c: &Stored, word: &str) -> bool {
    let name = words(&c.contact_name);
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let is_number = word.chars().all(|c| c.is_ascii_digit() || c == '+');
    let named = |word: &String| name.iter().any(|w| w.starts_with(word.as_str()));
    let address = digits(&c.contact_address);
    words(word).iter().all(named)
        || (is_number && (address.starts_with(&digits(word)) || address.ends_with(&digits(word))))
}

/// The rules read aloud: whether this is found, and in which message.
fn naive(
    (store, viewer): (&Store, &Person),
    (text, since, before): (&str, Option<Moment>, Option<Moment>),
    c: &Stored,
    said: &[(Moment, String)],
) -> Option<Option<usize>> {
    let directory = store.directory();
    let search = Search::parse(text).unwrap();
    let any = |of: &dyn Fn(&Term) -> Option<bool>| {
        let answers: Vec<bool> = search.terms.iter().filter_map(of).collect();
        answers.is_empty() || answers.contains(&true)
    };
    let goes = |name: &str, value: &str, whole: bool| {
        let (name, value) = (words(name).join(" "), words(value).join(" "));
        name == value || (!whole && name.starts_with(&value))
    };
    let holder = c.facts.assignee.as_ref();
    let fields = directory.team.can_see(viewer, &c.facts.standing())
        && any(&|t| match t {
            Term::Is(is) if ["open", "closed"].contains(&is.word()) => {
                Some((is.word() == "open") == (c.facts.state == State::Open))
            }
            _ => None,
        })
        && any(&|t| match t {
            Term::Is(is) if ["answered", "unanswered"].contains(&is.word()) => {
                Some((is.word() == "unanswered") == c.facts.unanswered)
            }
            _ => None,
        })
        && any(&|t| match t {
            Term::Is(is) if is.word() == "mine" => Some(holder == Some(&viewer.id)),
            Term::Is(is) if is.word() == "unassigned" => Some(holder.is_none()),
            Term::By(v) => Some(holder.is_some_and(|h| h.as_str().starts_with(&v.text))),
            _ => None,
        })
        && any(&|t| match t {
            Term::Queue(v) => Some(goes(c.facts.queue.as_str(), &v.text, v.whole)),
            _ => None,
        })
        && any(&|t| match t {
            Term::Channel(v) => Some(goes(&c.channel, &v.text, v.whole)),
            _ => None,
        })
        && any(&|t| match t {
            Term::Status(v) => Some(goes(
                c.facts.status.as_deref().unwrap_or(""),
                &v.text,
                v.whole,
            )),
            _ => None,
        })
        && search.terms.iter().all(|t| match t {
            Term::Contact(v) => is_contact(c, &v.text),
            _ => true,
        })
        && since.is_none_or(|since| c.last_message.as_ref().unwrap().at >= since);
    if !fields {
        return None;
    }
    let last_word = search
        .terms
        .iter()
        .rposition(|t| matches!(t, Term::Word(_)));
    let mut in_contact_alone = true;
    let mut wanted = Vec::new();
    for (n, term) in search.terms.iter().enumerate() {
        match term {
            Term::Word(word) if !is_contact(c, word) => {
                wanted.push((words(word), last_word == Some(n)))
            }
            Term::Text(v) => wanted.push((words(&v.text), !v.whole)),
            _ => continue,
        }
        in_contact_alone = false;
    }
    let newest = said.iter().rposition(|(at, body)| {
        let body = words(body);
        since.is_none_or(|since| *at >= since)
            && before.is_none_or(|before| *at < before)
            && wanted
                .iter()
                .all(|(wanted, goes_on)| says(&body, wanted, *goes_on))
    })?;
    Some((!in_contact_alone).then_some(newest))
}

fn query(text: &str, since: Option<Moment>, before: Option<Moment>) -> FindQuery {
    FindQuery {
        search: Search::parse(text).unwrap(),
        since,
        before,
        cursor: None,
        limit: 500,
        within: Duration::MAX,
    }
}

/// Everything that is found, page by page.
async fn all(store: &Store, viewer: &Person, query: &FindQuery) -> Found {
    let mut query = query.clone();
    let mut found = Found::default();
    loop {
        let page = store.find(viewer, &query).await.unwrap();
        assert!(page.hits.len() <= query.limit.into());
        assert!(!page.partial || query.within < Duration::MAX);
        found.hits.extend(page.hits);
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return found,
        }
    }
}

type Hits = Vec<(ConversationId, Option<String>)>;

fn hits(found: &Found) -> Hits {
    let hit = |hit: &handback::server::store::Hit| {
        let message = hit.message.as_ref().map(|message| message.id.to_string());
        (hit.conversation.facts.id.clone(), message)
    };
    found.hits.iter().map(hit).collect()
}

#[tokio::test]
async fn f1_v7_v8_a_search_finds_what_the_rules_say() {
    for db in databases() {
        for seed in 1..=2 {
            let store = match db.name {
                "sqlite" => Store::open(&format!("{}.{seed}", db.url)).await.unwrap(),
                _ => Store::open(&support::postgres::database().unwrap())
                    .await
                    .unwrap(),
            };
            let mut dice = Dice::new(seed);
            apply(&store, &random_team(&mut dice)).await;
            let seeds: Vec<_> = (0..COUNT)
                .map(|n| random_conversation(&mut dice, n))
                .collect();
            store.seed(seeds.clone().into_iter()).await.unwrap();
            support::desk::sound(&store).await;
            let mut kept = Vec::new();
            for seed in &seeds {
                let stored = store
                    .conversation(seed.id.as_ref().unwrap())
                    .await
                    .unwrap()
                    .unwrap();
                let said = seed.messages.iter().map(|m| (m.at, m.body.clone()));
                kept.push((stored, said.collect::<Vec<_>>()));
            }
            kept.sort_by_key(|(c, _)| {
                std::cmp::Reverse((c.last_message.as_ref().unwrap().at, c.facts.id.clone()))
            });
            let directory = store.directory();
            let (mut found_some, mut in_messages) = (0, 0);
            for round in 0..120 {
                let (text, since, before) = random_search(&mut dice);
                let people: BTreeSet<_> = directory.team.people.keys().collect();
                let people: Vec<_> = people.into_iter().collect();
                let viewer = &directory.team.people[*dice.one_of(&people)];
                let expected: Hits = kept
                    .iter()
                    .filter_map(|(c, said)| {
                        let hit = naive((&store, viewer), (&text, since, before), c, said)?;
                        let message = hit.map(|n| format!("{}-{}", c.facts.id, n + 1));
                        Some((c.facts.id.clone(), message))
                    })
                    .collect();
                let asked = query(&text, since, before);
                let found = all(&store, viewer, &asked).await;
                let what = format!(
                    "{} {seed}: {} looks for {text} {since:?} {before:?}",
                    db.name, viewer.id
                );
                assert_eq!(hits(&found), expected, "{what}");
                found_some += usize::from(!expected.is_empty());
                in_messages += expected
                    .iter()
                    .filter(|(_, message)| message.is_some())
                    .count();
                if round % 3 == 0 {
                    // In pages, and with no time at all: the same, only more often.
                    for (limit, within) in [(3, Duration::MAX), (7, Duration::ZERO)] {
                        let asked = FindQuery {
                            limit,
                            within,
                            ..asked.clone()
                        };
                        assert_eq!(hits(&all(&store, viewer, &asked).await), expected, "{what}");
                    }
                }
            }
            assert!(
                found_some > 20 && in_messages > 50,
                "{found_some} {in_messages}: too tame"
            );
            store.close().await;
        }
    }
}

/// More than the first stretch of a walk has, so that the indexes of words are asked; and words too common for them.
#[tokio::test]
async fn f1_rare_words_and_common_ones_are_found_alike() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = (0..2_500u32).map(|n| {
            let assignee = [None, Some("anna"), Some("ben")][n as usize % 3];
            let mut made = conversation(&format!("C{n:04}"), "Payments", assignee, i64::from(n));
            if n % 4 == 0 {
                made.state = State::Closed;
            }
            made.name = format!("{} Smith", if n == 2_001 { "Zuleika" } else { "Bea" });
            let rare = if n % 500 == 7 { "chargeback" } else { "" };
            let half = if n % 2 == 0 { "refund" } else { "" };
            made.messages[0].body = format!("my plan {half} number{n} {rare} please");
            made
        });
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        let (anna, gwen) = (person(&store, "anna"), person(&store, "gwen"));
        let rare = |n: u32| n % 500 == 7;
        let none = |_: u32| false;
        let closed = |n: u32| n.is_multiple_of(4);
        type Fits<'a> = &'a dyn Fn(u32) -> bool;
        let searches: [(&str, Fits<'_>); 15] = [
            ("chargeback", &rare),
            ("charge", &rare),
            ("refund", &|n| n.is_multiple_of(2)),
            ("please", &|_| true),
            ("bea chargeback", &rare),
            ("\"chargeback please\"", &rare),
            ("\"please chargeback\"", &none),
            ("zuleika", &|n| n == 2_001),
            ("zuleika plan", &|n| n == 2_001),
            ("smith number2007", &|n| n == 2_007),
            ("contact:zul plan", &|n| n == 2_001),
            ("contact:bea text:chargeback", &rare),
            ("is:closed refund", &closed),
            ("nothing", &none),
            ("n", &|_| true),
        ];
        for (text, fits) in searches {
            let gwens = (0..2_500).filter(|n| fits(*n)).count();
            // All but what Ben has.
            let annas = (0..2_500)
                .filter(|n| fits(*n) && (closed(*n) || n % 3 != 2))
                .count();
            for (viewer, expected) in [(&gwen, gwens), (&anna, annas)] {
                for within in [Duration::MAX, Duration::ZERO] {
                    if within == Duration::ZERO && expected > 50 {
                        continue; // A page for each few of them.
                    }
                    let asked = FindQuery {
                        limit: 400,
                        within,
                        ..query(text, None, None)
                    };
                    let found = all(&store, viewer, &asked).await;
                    let ids: BTreeSet<_> = hits(&found).into_iter().collect();
                    assert_eq!(
                        (found.hits.len(), ids.len()),
                        (expected, expected),
                        "{} {text} {}",
                        db.name,
                        viewer.id
                    );
                }
            }
        }
    }
}

/// Whatever way a message comes, it is found at once, by its newest saying.
#[tokio::test]
async fn f1_a_message_is_found_as_soon_as_it_is_written() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let inbound = |body: &str, id: &str| Inbound {
            queue: "Payments".parse().unwrap(),
            channel: "SMS".into(),
            address: "+44 7700 900123".into(),
            name: Some("Bea Jones".into()),
            body: body.into(),
            external_id: id.into(),
            at: None,
            handler: handback::domain::conversation::Handler::Person,
            attachments: vec![],
        };
        let long = format!("{} needle", "ah ".repeat(40_000));
        let received = store
            .inbound(&inbound(
                &format!("Where is my Überweisung? {}", "so ".repeat(200)),
                "1",
            ))
            .await;
        let Received::New { conversation, .. } = received.unwrap() else {
            panic!("it is new")
        };
        let anna = person(&store, "anna");
        let reply = Reply {
            conversation: conversation.clone(),
            body: "We sent the uberweisung on Monday".into(),
            expected: Default::default(),
            seen: None,
        };
        let found = store
            .find(&anna, &query("uberweis", None, None))
            .await
            .unwrap();
        let message = found.hits[0].message.as_ref().unwrap();
        assert_eq!(message.id.as_str(), format!("{conversation}-1"));
        let excerpt: usize = message.excerpt.iter().map(|(part, _)| part.len()).sum();
        assert!(excerpt <= 200);
        assert_eq!(
            message.excerpt[1],
            ("Überweisung".to_owned(), true),
            "{:?}",
            message.excerpt
        );
        store.reply(&anna, &reply, &operation("k")).await.unwrap();
        let found = store
            .find(&anna, &query("uberweis", None, None))
            .await
            .unwrap();
        assert_eq!(
            hits(&found),
            [(conversation.clone(), Some(format!("{conversation}-2")))]
        );
        store.inbound(&inbound(&long, "2")).await.unwrap();
        let none = store
            .find(&anna, &query("needle", None, None))
            .await
            .unwrap();
        assert_eq!(
            none.hits.len(),
            0,
            "only what a console shows of a message is found"
        );
        let ben = person(&store, "ben");
        let none = store
            .find(&ben, &query("uberweis", None, None))
            .await
            .unwrap();
        assert_eq!(none.hits, [], "V1");
        support::desk::sound(&store).await;
        let wrong = FindQuery {
            cursor: Some("64".into()),
            ..query("x", None, None)
        };
        assert!(store.find(&anna, &wrong).await.is_err());
    }
}

/// More branches than are walked one by one: then what is not theirs is left out, and only that.
#[tokio::test]
async fn v8_through_many_queues_only_what_one_sees_is_found() {
    for db in databases() {
        let store = db.open().await;
        let people = [
            ("one", "a"),
            ("two", "a"),
            ("three", "b"),
            ("leader", "top"),
        ];
        let team = |queue: u64| {
            if queue.is_multiple_of(2) {
                "'a'"
            } else {
                "'b'"
            }
        };
        apply(&store, &two_teams(people, 80, team)).await;
        let mut dice = Dice::new(3);
        let mut kept = Vec::new();
        let mut seeds = Vec::new();
        for n in 0..800u64 {
            let queue = dice.below(80);
            let holders = if queue.is_multiple_of(2) {
                [None, Some("one"), Some("two")]
            } else {
                [None, Some("three"), None]
            };
            let holder = *dice.one_of(&holders);
            let mut made = conversation(&format!("C{n:03}"), &format!("q{queue}"), holder, 0);
            made.messages[0].at = at(n);
            made.messages[0].body = if dice.one_in(3) { "a refund" } else { "hello" }.to_owned();
            if dice.one_in(3) {
                made.state = State::Closed;
            }
            seeds.push(made);
        }
        store.seed(seeds.clone().into_iter()).await.unwrap();
        for seed in seeds.iter().rev() {
            let stored = store.conversation(seed.id.as_ref().unwrap()).await.unwrap();
            kept.push((stored.unwrap(), seed.messages[0].body.clone()));
        }
        let team = &store.directory().team;
        for who in ["one", "three", "leader"] {
            let viewer = person(&store, who);
            let sees = |c: &Stored| team.can_see(&viewer, &c.facts.standing());
            let expected: Vec<_> = kept
                .iter()
                .filter(|(c, body)| sees(c) && body.contains("refund"))
                .map(|(c, _)| c.facts.id.clone())
                .collect();
            assert!(expected.len() > 50);
            for within in [Duration::MAX, Duration::ZERO] {
                let asked = FindQuery {
                    limit: 30,
                    within,
                    ..query("refund", None, None)
                };
                let found = hits(&all(&store, &viewer, &asked).await);
                let ids: Vec<_> = found.into_iter().map(|(id, _)| id).collect();
                assert_eq!(ids, expected, "{} {who}", db.name);
            }
        }
    }
}
