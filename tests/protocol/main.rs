//! R20, R21: what is asked takes effect once, and whoever asked it learns so, whatever befalls the line, the consoles and
//! the desk. Shown for every order of everything, within a bound; `scripts/deep model` goes further.
//!
//! In reading order: [`rules`] what a desk decides, by its own rules · [`world`] the consoles, the line and what a desk
//! remembers, and the ways to build them that look good enough · [`search`] every state there is · [`consoles`] the same
//! with consoles as they run, by dice.

#![allow(
    clippy::print_stdout,
    reason = "the way to each counterexample, for whoever reads it"
)]
#![allow(unreachable_pub, reason = "a test program has no callers but itself")]

mod consoles;
#[path = "../support/dice.rs"]
#[allow(dead_code, reason = "it uses a part of this")]
mod dice;
#[path = "../support/figure.rs"]
mod figure;
mod rules;
mod search;
mod world;

use std::time::Instant;

use figure::figure;
use rules::{ANNA, Rules};
use search::{Found, search};
use world::{Budget, Naive, Protocol, Words};

fn protocol(naive: Option<Naive>, holder: Option<u8>, budget: Budget) -> Protocol {
    Protocol {
        rules: Rules::new(),
        naive,
        budget,
        holder,
    }
}

/// How far is gone: 0 in an ordinary run.
fn depth() -> u8 {
    std::env::var("HANDBACK_MODEL")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

fn holds(what: &str, holder: Option<u8>, budget: Budget) {
    let began = Instant::now();
    match search(&protocol(None, holder, budget)) {
        Found::Holds { states, steps } => {
            figure(
                what,
                format!("{states} states, {steps} steps, {:.1?}", began.elapsed()),
            );
        }
        Found::Wrong { what, after } => panic!("{what}, after\n  {}", after.join("\n  ")),
    }
}

/// What each may do in the searches for what naive ways get wrong.
const SMALL: Budget = Budget {
    wishes: [1, 1, 1],
    words: Some(Words::Replies),
    losses: 1,
    repeats: 1,
    crashes: 1,
    desk_crashes: 1,
    busy: 1,
    ages: 0,
};

#[test]
fn r20_r21_acts_of_three_advisors_take_effect_once_and_are_known_in_the_end() {
    let deep = depth();
    let budget = Budget {
        wishes: [1, 1, 1],
        crashes: 0,
        desk_crashes: deep.min(1),
        busy: deep.min(1),
        losses: 0,
        repeats: deep.min(1),
        ..SMALL
    };
    holds("Anna has it", Some(ANNA), budget);
    holds(
        "nobody has it",
        None,
        Budget {
            wishes: [1, 1, deep.min(1)],
            ..budget
        },
    );
}

#[test]
fn r20_r21_a_reply_survives_a_crash_of_its_console_and_is_sent_once() {
    let deep = depth().min(1);
    let two = Budget {
        wishes: [2, deep, 0],
        repeats: deep,
        losses: deep,
        ..SMALL
    };
    holds("one advisor twice", None, two);
    let both = Budget {
        wishes: [1, 1, deep],
        busy: deep,
        repeats: deep,
        ..SMALL
    };
    holds("two advisors", None, both);
    let notes = Budget {
        wishes: [2, 0, deep],
        words: Some(Words::Notes),
        repeats: deep,
        losses: deep,
        ..SMALL
    };
    holds("notes", Some(ANNA), notes);
}

#[test]
fn r20_what_the_desk_has_forgotten_is_looked_up_and_not_asked_again() {
    let deep = depth().min(1);
    let base = Budget {
        ages: 1,
        busy: 0,
        repeats: 0,
        losses: deep,
        desk_crashes: 1,
        ..SMALL
    };
    holds(
        "three days later, one advisor twice",
        None,
        Budget {
            wishes: [2, deep, 0],
            ..base
        },
    );
    holds(
        "three days later, acts",
        Some(ANNA),
        Budget {
            wishes: [1, 0, 1],
            ..base
        },
    );
}

#[test]
fn r20_r23_real_consoles_do_the_same_however_it_goes() {
    let ways = 60 * (1 + 60 * u64::from(depth()));
    let first = std::env::var("HANDBACK_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let began = Instant::now();
    let (mut asked, mut done) = (0, 0);
    for seed in first.map_or(1..=ways, |seed| seed..=seed) {
        let (asks, does) = consoles::goes(seed, 120);
        asked += asks;
        done += does;
    }
    let figures = format!(
        "{ways} ways, {asked} askings, {done} done, {:.1?}",
        began.elapsed()
    );
    figure("three consoles by dice", figures);
}

/// What is wrong with a way to build it, and how it shows.
fn goes_wrong(naive: Naive, what: &[&str], holder: Option<u8>, budget: Budget) {
    match search(&protocol(Some(naive), holder, budget)) {
        Found::Wrong { what: found, after } => {
            println!("{naive:?}: {found}, after\n  {}", after.join("\n  "));
            assert!(what.contains(&found), "{naive:?}: {found}");
            figure(
                &format!("{naive:?}: {found}"),
                format!("after {} steps", after.len()),
            );
        }
        Found::Holds { states, .. } => panic!("{naive:?} does well in all of {states} states"),
    }
}

#[test]
fn r20_reading_checking_and_then_writing_does_it_twice() {
    let stale = "it was done to what somebody had acted on since";
    let removed = "somebody was removed whom nobody named";
    goes_wrong(Naive::ReadThenWrite, &[stale, removed], None, SMALL);
}

#[test]
fn r20_a_version_without_an_operation_says_of_what_was_done_that_it_was_not() {
    let denied = "it was said not to be done and was";
    let budget = Budget {
        wishes: [0, 1, 1],
        words: None,
        repeats: 0,
        ..SMALL
    };
    goes_wrong(Naive::VersionAlone, &[denied], Some(ANNA), budget);
    // And sends a reply twice.
    let budget = Budget {
        wishes: [1, 0, 0],
        repeats: 0,
        ..SMALL
    };
    goes_wrong(Naive::VersionAlone, &["it took effect twice"], None, budget);
}

#[test]
fn r20_asking_again_without_a_precondition_takes_it_from_the_next_who_has_it() {
    let removed = "somebody was removed whom nobody named";
    let budget = Budget {
        wishes: [0, 1, 1],
        repeats: 0,
        losses: 0,
        ..SMALL
    };
    goes_wrong(Naive::NoPrecondition, &[removed], Some(ANNA), budget);
    // An operation id alone does not help: the first asking may be the late one.
    let budget = Budget {
        wishes: [1, 1, 1],
        ..budget
    };
    goes_wrong(Naive::OperationAlone, &[removed], Some(ANNA), budget);
}

#[test]
fn r20_asking_again_under_another_operation_sends_a_reply_twice_and_denies_what_was_done() {
    let budget = Budget {
        wishes: [1, 0, 0],
        ..SMALL
    };
    goes_wrong(Naive::NewOperation, &["it took effect twice"], None, budget);
    let denied = "it was said not to be done and was";
    let budget = Budget {
        wishes: [0, 1, 1],
        words: None,
        ..SMALL
    };
    goes_wrong(Naive::NewOperation, &[denied], Some(ANNA), budget);
}

#[test]
fn r21_a_lost_answer_is_neither_a_no_nor_to_be_put_right() {
    let denied = "it was said not to be done and was";
    let late = "it took effect after it was said that it did not";
    goes_wrong(Naive::LostIsNo, &[denied, late], Some(ANNA), SMALL);
    let undone = "what somebody did since was taken back";
    goes_wrong(Naive::Restores, &[undone], Some(ANNA), SMALL);
}

#[test]
fn r20_an_operation_written_apart_from_what_it_did_is_done_twice() {
    let twice = "it took effect twice";
    let denied = "it was said not to be done and was";
    let apart = |wishes, words| Budget {
        wishes,
        words,
        repeats: 0,
        ..SMALL
    };
    goes_wrong(
        Naive::WrittenApart,
        &[twice],
        None,
        apart([1, 0, 0], Some(Words::Replies)),
    );
    let two_ways = "the same operation was answered in two ways";
    goes_wrong(
        Naive::WrittenApart,
        &[denied, two_ways],
        Some(ANNA),
        apart([0, 1, 1], None),
    );
}

#[test]
fn r21_too_busy_to_be_asked_again_is_no_no() {
    let budget = Budget {
        wishes: [1, 0, 0],
        ..SMALL
    };
    let denied = "it was said not to be done and was";
    goes_wrong(Naive::BusyIsNo, &[denied], None, budget);
}

#[test]
fn r20_r23_what_is_sent_without_its_operation_on_disk_is_sent_twice_or_lost() {
    let budget = Budget {
        wishes: [2, 0, 0],
        ..SMALL
    };
    goes_wrong(
        Naive::NotOnDisk,
        &["the same words were sent twice"],
        None,
        budget,
    );
    let notes = Budget {
        words: Some(Words::Notes),
        ..budget
    };
    goes_wrong(
        Naive::NotOnDisk,
        &["the same words were sent twice"],
        Some(ANNA),
        notes,
    );
    let lost = "what was written is neither on disk nor at the desk";
    goes_wrong(Naive::GoneTooEarly, &[lost], None, budget);
}

#[test]
fn r20_what_the_desk_may_have_forgotten_is_done_twice_when_it_is_asked_again() {
    let budget = Budget {
        wishes: [1, 0, 0],
        ages: 1,
        ..SMALL
    };
    let two_ways = "the same operation was answered in two ways";
    goes_wrong(
        Naive::AskedTooLate,
        &["it took effect twice", two_ways],
        None,
        budget,
    );
}
