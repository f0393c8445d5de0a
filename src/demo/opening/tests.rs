use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use super::*;
use crate::domain::{order::Group, text::Safe};

/// As much of the team file as these tests need, read by its own reader so that a slip in one shows.
#[derive(Deserialize)]
struct Team {
    organisation: Vec<toml::Table>,
    user: Vec<toml::Table>,
    queue: Vec<toml::Table>,
    status: Vec<toml::Table>,
    channel: Vec<toml::Table>,
}

fn team() -> &'static Team {
    static TEAM: LazyLock<Team> =
        LazyLock::new(|| toml::from_str(include_str!("../../../assets/demo.toml")).unwrap());
    &TEAM
}

fn text<'a>(table: &'a toml::Table, field: &str) -> &'a str {
    table[field].as_str().unwrap()
}

fn names(tables: &[toml::Table]) -> HashSet<&str> {
    tables.iter().map(|table| text(table, "name")).collect()
}

fn roster() -> &'static Roster {
    static ROSTER: LazyLock<Roster> = LazyLock::new(read_roster);
    &ROSTER
}

fn read_roster() -> Roster {
    let team = team();
    let parent = |of: &str| {
        let organisation = team
            .organisation
            .iter()
            .find(|o| text(o, "name") == of)
            .unwrap();
        organisation.get("parent").map(|p| p.as_str().unwrap())
    };
    let covers = |x: &str, y: &str| x == y || parent(y) == Some(x);
    let mut roster = Roster::default();
    for user in team
        .user
        .iter()
        .filter(|user| text(user, "role") != "gateway")
    {
        let (username, of) = (text(user, "username"), text(user, "organisation"));
        roster.add(username, text(user, "name"));
        for queue in &team.queue {
            let teams: Vec<_> = queue["teams"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t.as_str().unwrap())
                .collect();
            if covers(of, text(queue, "owner")) || teams.iter().any(|team| covers(of, team)) {
                roster.give(username, text(queue, "name"), teams.contains(&of));
            }
        }
    }
    roster
}

fn all() -> Vec<Opening> {
    opening(&Content::read().unwrap(), roster(), 1)
}

fn since_ago(opening: &Opening) -> Duration {
    let voices: Vec<Voice> = opening.said.iter().map(|said| said.voice).collect();
    opening.said[since(&voices)].ago
}

/// By V1–V5, told again in the words of this team.
fn is_seen_by(opening: &Opening, viewer: &str) -> bool {
    let team = team();
    let of = |name: &str| {
        let user = team
            .user
            .iter()
            .find(|user| text(user, "username") == name)
            .unwrap();
        text(user, "organisation").to_owned()
    };
    let access = roster().has_access(viewer, &opening.queue);
    let queue = team
        .queue
        .iter()
        .find(|q| text(q, "name") == opening.queue)
        .unwrap();
    !opening.closed
        && match opening.held.as_deref() {
            None => access,
            Some(holder) if holder == viewer => true,
            Some(holder) => {
                let above = of(viewer) == "Head office" && of(holder) != "Head office";
                let leads = viewer == "cara" && of(holder) == "Cardiff";
                let owns = of(viewer) == text(queue, "owner") && of(viewer) != of(holder);
                access && (above || leads || owns)
            }
        }
}

#[test]
fn there_are_about_110_conversations_of_as_many_customers() {
    let all = all();
    assert!((105..=125).contains(&all.len()), "{}", all.len());
    let contacts: HashSet<_> = all
        .iter()
        .map(|o| (&o.customer.channel, &o.customer.address))
        .collect();
    assert_eq!(contacts.len(), all.len());
    let names: HashSet<_> = all.iter().map(|o| &o.customer.name).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn every_name_it_uses_is_one_of_the_team() {
    let (team, roster) = (team(), roster());
    for opening in all() {
        assert!(names(&team.queue).contains(opening.queue.as_str()));
        assert!(names(&team.channel).contains(opening.customer.channel.as_str()));
        if let Some(status) = &opening.status {
            assert!(names(&team.status).contains(status.as_str()), "{status}");
        }
        assert!(
            roster.has_access(&opening.by, &opening.queue),
            "{} in {} (Q10)",
            opening.by,
            opening.queue
        );
        assert!(!(opening.closed && opening.held.is_some()), "S1");
    }
    for arrival in Content::read().unwrap().life.arrivals {
        assert!(names(&team.queue).contains(arrival.queue.as_str()));
        assert_eq!(arrival.lines[0].voice, Voice::Customer);
        assert!(
            arrival
                .channels
                .iter()
                .all(|channel| names(&team.channel).contains(channel.as_str()))
        );
    }
}

#[test]
fn every_kind_of_conversation_is_there() {
    let all = all();
    let count = |what: &str, test: &dyn Fn(&Opening) -> bool, at_least: usize| {
        let n = all.iter().filter(|o| test(o)).count();
        assert!(n >= at_least, "{what}: {n}");
    };
    count("waiting", &|o| o.unanswered() && !o.closed, 40);
    count("answered", &|o| !o.unanswered() && !o.closed, 20);
    count("closed", &|o| o.closed, 8);
    count("with a bot", &|o| o.bot, 4);
    count(
        "not delivered",
        &|o| matches!(o.said.last().unwrap().voice, Voice::Unheard(_)),
        3,
    );
    count(
        "waiting for more than an hour",
        &|o| o.unanswered() && since_ago(o) > Duration::from_secs(3600),
        15,
    );
    count("with a status", &|o| o.status.is_some(), 25);
    count("that Anna sees", &|o| is_seen_by(o, "anna"), 50);
    for advisor in ["anna", "ben", "cara", "dot", "eli", "fred"] {
        count(advisor, &|o| o.held.as_deref() == Some(advisor), 4);
    }
    count(
        "held by Gwen and seen by Anna (V5)",
        &|o| o.held.as_deref() == Some("gwen") && is_seen_by(o, "anna"),
        1,
    );
}

/// Whoever sits down and presses the key for handing back does it to one of their own.
#[test]
fn l1_everybodys_first_conversation_is_their_own() {
    for seed in [1, 2, 3] {
        let all = opening(&Content::read().unwrap(), roster(), seed);
        for viewer in ["anna", "ben", "cara", "dot", "eli", "fred", "gwen"] {
            let place = |o: &&Opening| {
                (
                    Group::of(o.unanswered(), o.just_entered()),
                    std::cmp::Reverse(since_ago(o)),
                )
            };
            let first = all
                .iter()
                .filter(|o| is_seen_by(o, viewer))
                .min_by_key(place)
                .unwrap();
            assert_eq!(
                first.held.as_deref(),
                Some(viewer),
                "{}",
                first.customer.name
            );
        }
    }
}

#[test]
fn l1_what_nobody_has_and_does_not_count_as_new_has_been_somebodys() {
    for opening in all().iter().filter(|o| o.held.is_none() && !o.bot) {
        let ours = opening
            .said
            .iter()
            .any(|s| !matches!(s.voice, Voice::Customer | Voice::Bot));
        assert!(ours, "{}: {:?}", opening.customer.name, opening.said);
        assert!(!(opening.just_entered() && opening.unanswered()));
    }
}

#[test]
fn time_runs_forwards_and_nothing_is_said_in_the_future() {
    for opening in all() {
        for pair in opening.said.windows(2) {
            assert!(pair[0].ago >= pair[1].ago, "{}", opening.customer.name);
        }
    }
}

#[test]
fn nothing_is_left_to_fill_in_but_where_it_is_meant() {
    for opening in all()
        .iter()
        .filter(|o| o.customer.name != "Robert'); DROP TABLE conversation;--")
    {
        for said in &opening.said {
            assert!(
                !said.words.contains(['{', '|']) || opening.customer.name.contains("Anna"),
                "{}",
                said.words
            );
        }
    }
}

#[test]
fn tellings_of_one_dialogue_differ() {
    let mut told: HashMap<Vec<String>, usize> = HashMap::new();
    for opening in all() {
        let words = opening.said.iter().map(|said| said.words.clone()).collect();
        *told.entry(words).or_default() += 1;
    }
    let alike: Vec<_> = told.into_iter().filter(|(_, n)| *n > 1).collect();
    assert!(alike.is_empty(), "{alike:?}");
}

/// What strangers write here would clear a screen; what is shown of it is signs and letters (R1, R2).
#[test]
fn r2_every_hostile_text_is_harmless_once_safe() {
    let content = Content::read().unwrap();
    let hostile: Vec<_> = content
        .chapters
        .iter()
        .filter(|chapter| chapter.verbatim)
        .collect();
    let mut altered = 0;
    for dialogue in hostile.iter().flat_map(|chapter| &chapter.dialogues) {
        let texts = dialogue
            .lines
            .iter()
            .map(|line| &line.words)
            .chain(&dialogue.names);
        for text in texts {
            for safe in [Safe::line(text), Safe::text(text)] {
                let bad = |c: char| {
                    (c.is_control() && c != '\n') || ('\u{202A}'..='\u{202E}').contains(&c)
                };
                assert!(!safe.as_str().contains(bad), "{safe}");
                assert_eq!(Safe::text(safe.as_str()), safe, "idempotent");
                altered += safe.altered();
            }
        }
    }
    assert!(
        altered > 60,
        "they would do something if they were not altered: {altered}"
    );
}

#[test]
fn the_same_seed_opens_the_same() {
    let words = |seed| -> Vec<Vec<Said>> {
        let all = opening(&Content::read().unwrap(), roster(), seed);
        all.into_iter().map(|opening| opening.said).collect()
    };
    assert_eq!(words(7), words(7));
    assert_ne!(words(7), words(8));
}

#[test]
fn a_crowd_is_as_large_as_asked_and_all_of_it_is_seen() {
    let content = Content::read().unwrap();
    let roster = roster();
    let crowd: Vec<_> = crowd(&content, roster, "anna", 3_000, 1).collect();
    assert_eq!(crowd.len(), 3_000);
    assert!(
        crowd
            .iter()
            .take(300)
            .all(|opening| is_seen_by(opening, "anna"))
    );
    let contacts: HashSet<_> = crowd
        .iter()
        .map(|o| (&o.customer.channel, &o.customer.address))
        .collect();
    assert_eq!(contacts.len(), 3_000);
    assert_eq!(
        crowd[0].held.as_deref(),
        Some("anna"),
        "the first row is hers here too"
    );
}
