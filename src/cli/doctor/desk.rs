//! The desk: which one is meant, whether it is to be believed, answers and knows us, and whether the two clocks agree.

use std::{path::Path, time::Duration};

use super::{Exit, Failure, Finding};
use crate::{
    cli::{Global, connect, keys, words::now, zone},
    config::target::Target,
    desk::{
        Desk, Me, Trouble,
        handback::{Handback, Place, token::Source},
        version::{OURS, Skew},
    },
    domain::{moment::Moment, text::Safe},
    folders::Folders,
    say,
};

/// Two clocks that differ by more tell wrong times of waiting.
const CLOCKS_AGREE: Duration = Duration::from_secs(30);
/// An answer that takes longer is felt.
const SLOW: Duration = Duration::from_millis(500);

/// From the settings to the stream of events; the first thing that is not there ends it.
pub(super) async fn look(global: &Global) -> Vec<Finding> {
    let folders = Folders::of_this_account();
    let mut findings = Vec::new();
    let config = match connect::settings(global, folders.as_ref()) {
        Ok(config) => config,
        Err(failure) => return vec![Finding::failed("settings", failure)],
    };
    if let Err(failure) = keys::keymap(&config).and_then(|_| zone::of(&config)) {
        return vec![Finding::failed("settings", failure)];
    }
    findings.push(settings(global, folders.as_ref()));
    let target = match connect::target(global, &config, folders.as_ref()) {
        Ok(target) => target,
        Err(failure) => {
            findings.push(Finding::failed("desk", failure));
            return findings;
        }
    };
    let named = named(&target);
    let desk = match connect::desk(target, None).await {
        Ok(desk) => desk,
        Err(failure) => {
            findings.push(Finding::failed("desk", failure));
            return findings;
        }
    };
    findings.push(Finding::good("desk", named));
    ask(&desk, &mut findings).await;
    findings
}

fn settings(global: &Global, folders: Option<&Folders>) -> Finding {
    let usual = folders.map(Folders::config_file);
    let file = global.config.as_deref().or(usual.as_deref());
    Finding::good(
        "settings",
        match file.filter(|file| Path::exists(file)) {
            Some(file) => say!("{}", file.display()),
            None => Safe::literal("none: everything as usual"),
        },
    )
}

/// Where it is, and how it knows us: never the token, nor the arguments of what prints it.
fn named(target: &Target) -> Safe {
    let token = match (&target.token, &target.place) {
        (Source::File(file), _) => say!(", token from {}", file.display()),
        (Source::Command(words), _) => say!(
            ", token from {}",
            words.first().map_or("a command", String::as_str)
        ),
        (Source::Variable(_), _) => Safe::literal(", token from HANDBACK_TOKEN"),
        (Source::Nowhere, Place::Socket(_)) => {
            Safe::literal(", which knows you by your account on this host")
        }
        (Source::Nowhere, _) => Safe::literal(", without a token"),
    };
    say!("{}{token}", target.place)
}

async fn ask(desk: &Handback, findings: &mut Vec<Finding>) {
    let here = now();
    let answer = match desk.knock().await {
        Ok(answer) => answer,
        Err(trouble) => {
            findings.push(Finding::bad(
                "line",
                Failure::from(trouble.clone()).exit,
                say!("{trouble}"),
                Safe::literal(
                    "ask whoever runs the desk; on this host, `handback serve` is one, `handback demo` one to try",
                ),
            ));
            return;
        }
    };
    findings.push(line(answer.took));
    match desk.me().await {
        Ok(me) => {
            findings.push(you(&me));
            findings.push(version(&me));
        }
        Err(trouble) => findings.push(unknown(&trouble)),
    }
    if let Some(there) = answer.date {
        findings.push(clock(here, there, answer.took));
    }
    findings.push(match desk.events(None).await {
        Ok(_) => Finding::good("live", Safe::literal("what happens is told as it happens")),
        Err(trouble) => Finding::bad(
            "live",
            Failure::from(trouble.clone()).exit,
            say!("no stream of what happens: {trouble}"),
            Safe::literal(
                "a proxy in between must pass text/event-stream on at once, without gathering it",
            ),
        ),
    });
}

fn line(took: Duration) -> Finding {
    let found = say!("it answers in {} ms", took.as_millis());
    match took > SLOW {
        true => Finding::note(
            "line",
            found,
            Safe::literal("acts wait so long for their answer; nothing is lost by it"),
        ),
        false => Finding::good("line", found),
    }
}

fn you(me: &Me) -> Finding {
    let found = say!(
        "the desk knows you as {} of {}",
        me.username,
        me.organisation.name
    );
    match me.conversations {
        true => Finding::good("you", found),
        false => Finding::bad(
            "you",
            Exit::Secrets,
            say!("{found}, whose role shows no conversations"),
            Safe::literal("ask for a role with the permission `conversations`"),
        ),
    }
}

fn unknown(trouble: &Trouble) -> Finding {
    let failure = Failure::from(trouble.clone());
    Finding::bad(
        "you",
        failure.exit,
        failure.why,
        Safe::literal(
            "ask whoever runs the desk for an account: `handback admin apply` makes one, `unix_user` says which account of this host it is",
        ),
    )
}

fn version(me: &Me) -> Finding {
    let theirs = &me.desk_version;
    let both = say!("{OURS} here, {theirs} at the desk");
    match Skew::of(theirs.as_str()) {
        Some(skew) => Finding::note(
            "version",
            both,
            say!("{}; until then {}", skew.remedy(), skew.until_then()),
        ),
        None if theirs == OURS => Finding::good("version", say!("{OURS}, here and at the desk")),
        None => Finding::good("version", both),
    }
}

fn clock(here: Moment, there: Moment, took: Duration) -> Finding {
    // The desk's clock is told in whole seconds, some time within the exchange.
    let apart = here.since(there).max(there.since(here));
    let apart = apart.saturating_sub(took + Duration::from_secs(1));
    match apart > CLOCKS_AGREE {
        true => Finding::note(
            "clock",
            say!(
                "this host's clock and the desk's are {} s apart: times of waiting are wrong by as much",
                apart.as_secs()
            ),
            Safe::literal(
                "let both hosts set their clocks from the network (timedatectl set-ntp true)",
            ),
        ),
        false => Finding::good("clock", Safe::literal("as the desk's")),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::State, *};

    #[test]
    fn clocks_that_differ_are_told_and_by_how_much() {
        let now = Moment(1_000_000_000_000);
        let (took, second) = (Duration::from_millis(5), 1_000_000);
        assert_eq!(clock(now, now, took).state, State::Good);
        for apart in [-90, 90] {
            let found = clock(now, Moment(now.0 + apart * second), took);
            assert_eq!(found.state, State::Note);
            assert!(found.what.as_str().contains("88 s apart"), "{}", found.what);
        }
    }

    #[test]
    fn r42_what_prints_the_token_is_named_without_its_arguments() {
        let target = Target {
            place: "https://desk.example".parse().unwrap(),
            token: Source::Command(vec!["pass".into(), "show".into(), "secret".into()]),
            desk_user: None,
            ca_file: None,
        };
        assert_eq!(named(&target), "https://desk.example/, token from pass");
    }
}
