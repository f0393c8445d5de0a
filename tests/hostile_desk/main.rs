//! R3: a desk that means harm. It answers every call of the contract with hostile text in every field, in problems, in
//! heads and in events; and every verb, in plain and in JSON, and the console, on a terminal, send that terminal nothing
//! but what R4 names.

#[path = "../support/account.rs"]
mod account;
#[path = "../canned/mod.rs"]
mod canned;
#[path = "../support/console.rs"]
mod console;
mod contract;
#[path = "../support/figure.rs"]
mod figure;
#[path = "../support/grammar.rs"]
mod grammar;
mod on_screen;
mod verbs;

use std::{
    collections::BTreeSet,
    io::Read,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use account::{Account, HANDBACK};
use canned::{Asked, Canned, Said};
use contract::Contract;
use figure::figure;
use portable_pty::{PtySize, native_pty_system};
use verbs::{Typed, typed};

/// What a stranger writes wherever it can be written: all that has ever done something to a terminal, and first two
/// letters by which a test finds it again.
pub(crate) fn hostile() -> String {
    let controls: String = ('\0'..' ').chain('\u{7f}'..='\u{9f}').collect();
    let directions: String = ('\u{200b}'..='\u{200f}')
        .chain('\u{2028}'..='\u{202e}')
        .collect();
    let hidden: String = ('\u{2060}'..='\u{206f}')
        .chain('\u{fe00}'..='\u{fe0f}')
        .collect();
    format!(
        "ZQ\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]52;c;b3duZWQ=\u{1b}\\\u{9b}31m\u{1b}P+q544e\u{1b}\\\u{1b}[?1049l\
         {controls}{directions}{hidden}\u{61c}\u{ad}\u{34f}\u{feff}\u{fff9}\u{e0001}\u{e0041}\u{e000}\u{10ffff}\
         \u{fdd0}e{}👩\u{200d}🚀👍🏽%s%n$(id)`id`",
        "\u{301}".repeat(50)
    )
}

/// A desk that answers every call well, and hostilely.
fn harmful(contract: Contract) -> Canned {
    Canned::new(move |asked| well(&contract, asked))
}

pub(crate) fn well(contract: &Contract, asked: &Asked) -> Said {
    let what = asked.what.as_str();
    if what.starts_with("GET /v1/events") {
        return Said::Open(contract.events());
    }
    if what.contains("/transcript?") && !what.contains("format=json") {
        let kind = if what.contains("format=text") {
            "plain"
        } else {
            "markdown"
        };
        let text = &contract.words;
        return Said::Bytes(
            format!("HTTP/1.1 200 OK\r\ncontent-type: text/{kind}\r\n\r\n{text}\n{text}\n").into(),
        );
    }
    match contract.answer(what) {
        None => Said::Json(404, problem(contract, 404)),
        Some((204, None)) => Said::Json(204, String::new()),
        Some((status, None)) => Said::Json(status, contract.words.clone()),
        Some((status, Some(schema))) => {
            let mut body = contract.body(&schema);
            // Else whoever asks for all of it asks for ever.
            if what.contains("cursor=") || what.contains("before=") {
                body.as_object_mut().expect("an object").remove("next");
            }
            Said::Json(status, body.to_string())
        }
    }
}

fn problem(contract: &Contract, status: u16) -> String {
    let mut body = contract.body("Problem");
    body["status"] = status.into();
    body.to_string()
}

/// Runs a verb in a terminal at this desk, to its end; gives what it wrote there.
fn runs(desk: &Canned, verb: &Typed) -> String {
    let account = Account::new();
    let mut command = if verb.reads {
        account.typed("sh", &["-c", "echo Hello | \"$@\"", "sh", HANDBACK])
    } else {
        account.typed(HANDBACK, &[])
    };
    command.args(&verb.words);
    command.env("HANDBACK_DESK", desk.socket());
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).expect("a terminal");
    let mut child = pair.slave.spawn_command(command).expect("the program");
    drop(pair.slave);
    let mut killer = child.clone_killer();
    let mut reader = pair.master.try_clone_reader().expect("the line");
    let (mut written, mut bytes) = (Vec::new(), vec![0; 64 * 1024]);
    // The end of a terminal is an error of reading it.
    while let Ok(count @ 1..) = reader.read(&mut bytes) {
        written.extend(&bytes[..count]);
        // One that never ends by itself has said all when it has said the last of the events.
        if verb.words[0] == "watch" && written.windows(6).any(|w| w == b"\"gone\"") {
            let _ = killer.kill();
        }
    }
    child.wait().expect("its end");
    String::from_utf8(written).unwrap_or_else(|_| panic!("{:?} wrote no UTF-8", verb.words))
}

/// What a plain verb may write to a terminal: printable text in lines.
fn check(verb: &Typed, written: &str, why: &str) {
    let text = written.replace("\r\n", "");
    let fault = grammar::fault(text.as_bytes());
    assert_eq!(fault, None, "{:?}, {why}: {written:?}", verb.words);
    assert!(
        !text.contains('\x1b'),
        "{:?}, {why}: {written:?}",
        verb.words
    );
}

/// Does it for each of them, several at a time.
fn for_each<T: Sync>(all: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(one);
                }
            });
        }
    });
}

#[test]
fn r3_r4_every_verb_at_a_desk_that_means_harm() {
    let desk = harmful(Contract::hostile(&hostile()));
    let all = typed();
    let bytes = AtomicUsize::new(0);
    let silent = Mutex::new(BTreeSet::new());
    for_each(&all, |verb| {
        let written = runs(&desk, verb);
        check(verb, &written, "all fields");
        bytes.fetch_add(written.len(), Ordering::Relaxed);
        if !written.contains("ZQ") {
            println!("{:?}: {written}", verb.words);
            silent.lock().unwrap().insert(verb.words.join(" "));
        }
    });
    // A verb that shows nothing of what the desk said would prove nothing.
    let expected: BTreeSet<String> = SAY_NOTHING_OF_IT.iter().map(|s| (*s).to_owned()).collect();
    assert_eq!(silent.into_inner().unwrap(), expected);
    figure("verbs and forms of them, all within the grammar", all.len());
    figure(
        "written by them",
        format!("{} kB", bytes.into_inner() / 1000),
    );
}

/// These show nothing that the desk said.
const SAY_NOTHING_OF_IT: &[&str] = &[
    "keys",
    "login",
    "logout",
    "note C1",
    "reply C1",
    // There is nobody else, which it says in our words.
    "some --of ben --spread",
    "some --of ben --spread --json",
];

/// Which calls of the contract a console or a verb makes: the others are a gateway's.
const NOT_OURS: &[&str] = &[
    "GET /healthz",
    "GET /openapi.json",
    "GET /readyz",
    "GET /v1/blocklist",
    "POST /v1/deliveries",
    "POST /v1/inbound",
    "POST /v1/outbound",
];

#[test]
fn r3_every_word_of_the_contract_may_be_a_strangers() {
    // Which schemas each verb is answered with.
    let calm = Contract::hostile("calm");
    let desk = harmful(calm.clone());
    let first: Vec<Typed> = typed();
    let read: Mutex<Vec<(usize, BTreeSet<&'static str>)>> = Mutex::default();
    let numbered: Vec<(usize, &Typed)> = first.iter().enumerate().collect();
    for (n, verb) in &numbered {
        let before = desk.asked().len();
        runs(&desk, verb);
        let mut words = BTreeSet::new();
        for asked in &desk.asked()[before..] {
            if let Some((_, Some(schema))) = calm.answer(&asked.what) {
                words.extend(calm.words_in(&schema));
            }
            if asked.what.starts_with("GET /v1/events") {
                for (_, schema) in contract::EVENTS {
                    words.extend(calm.words_in(schema));
                }
            }
        }
        read.lock().unwrap().push((*n, words));
    }
    let read = read.into_inner().unwrap();
    // Each word with two of the verbs that read it.
    let mut jobs: Vec<(&'static str, usize)> = Vec::new();
    for word in Contract::every_word() {
        let reads = |(_, words): &&(usize, BTreeSet<&str>)| words.contains(word);
        // An answer that is not understood makes a stream begin anew, for ever: the console has these.
        let stays = |(n, _): &&(usize, BTreeSet<&str>)| first[*n].words[0] != "watch";
        let readers: Vec<usize> = read
            .iter()
            .filter(reads)
            .filter(stays)
            .map(|(n, _)| *n)
            .collect();
        let (spread, each) = (word.len(), readers.len().div_ceil(2).max(1));
        match readers.is_empty() {
            true => on_screen::glance(word),
            false if deep() => jobs.extend(readers.iter().map(|n| (word, *n))),
            false => jobs
                .extend((0..2).map(|nth| (word, readers[(spread + nth * each) % readers.len()]))),
        }
    }
    for_each(&jobs, |(word, n)| {
        let mut contract = Contract::hostile(&hostile());
        contract.spoilt = Some((*word).to_owned());
        let written = runs(&harmful(contract), &first[*n]);
        check(&first[*n], &written, word);
    });
    figure(
        "words of the contract, each a stranger's once",
        Contract::every_word().len(),
    );
    figure("runs", jobs.len());
}

/// Whether this is the run that leaves nothing out.
fn deep() -> bool {
    std::env::var_os("HANDBACK_DEEP").is_some()
}

#[test]
fn r3_r4_every_verb_at_a_desk_that_refuses_in_hostile_words() {
    let statuses: &[u16] = &[400, 401, 403, 404, 409, 422];
    let mut jobs = Vec::new();
    for (n, verb) in typed().into_iter().enumerate() {
        let all = statuses.iter().enumerate();
        let some = all.filter(|(at, _)| deep() || (at + n) % 3 == 0);
        jobs.extend(some.map(|(_, status)| (verb.clone(), *status)));
    }
    let contract = Contract::hostile(&hostile());
    let desks: Vec<(u16, Canned)> = statuses
        .iter()
        .map(|&status| {
            let contract = contract.clone();
            let desk = Canned::new(move |asked| match asked.what.as_str() {
                // So that the verbs get as far as they can.
                "GET /v1/me" => well(&contract, asked),
                _ => Said::Json(status, problem(&contract, status)),
            });
            (status, desk)
        })
        .collect();
    let shown = AtomicUsize::new(0);
    for_each(&jobs, |(verb, status)| {
        let (_, desk) = desks.iter().find(|(of, _)| of == status).expect("a desk");
        if verb.words[0] == "watch" && !matches!(status, 401 | 403) {
            return; // It waits for the desk to come to its senses.
        }
        let written = runs(desk, verb);
        check(verb, &written, &format!("status {status}"));
        shown.fetch_add(usize::from(written.contains("ZQ")), Ordering::Relaxed);
    });
    let shown = shown.into_inner();
    assert!(
        shown * 2 > jobs.len(),
        "the desk's words were shown in {shown} of {}",
        jobs.len()
    );
    figure(
        "refusals in hostile words, all within the grammar",
        jobs.len(),
    );
}

#[test]
fn r3_r4_answers_that_are_no_answers() {
    let words = hostile();
    let line = words.replace(['\r', '\n'], "");
    let body = |head: &str, body: &str| format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes();
    let answers: Vec<Vec<u8>> = vec![
        words.clone().into_bytes(),
        body(&format!("200 {line}"), &words),
        body(&format!("302 Found\r\nlocation: http://{line}/"), ""),
        body(&format!("200 OK\r\n{line}: {line}"), "{}"),
        body(&format!("200 OK\r\ncontent-type: {line}"), &words),
        body(&format!("200 OK\r\ncontent-length: {line}"), &words),
        body(
            &format!("200 OK\r\ntransfer-encoding: chunked\r\n\r\n{line}"),
            &words,
        ),
        body(
            &format!("200 OK\r\ndate: {line}\r\nretry-after: {line}"),
            &words,
        ),
        body(&format!("429 {line}\r\nretry-after: {line}"), &words),
        body("404 Not Found", &words),
        body("200 OK", &format!("{{\"{}\": 1", words.escape_default())),
        body("200 OK", "{\"user\": \"\u{9b}31m\u{202e}\"}"),
        b"HTTP/1.1 200 OK\r\n\r\n{\"user\": \"\xff\xfe\x9b31m\x1b[2J\"}".to_vec(),
        b"\x1b[2J\x9b\xff".to_vec(),
    ];
    let verb = |words: &[&str]| Typed {
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        reads: false,
    };
    let verbs = [
        verb(&["list"]),
        verb(&["users", "--json"]),
        verb(&["transcript", "C1"]),
    ];
    let jobs: Vec<(&Vec<u8>, &Typed)> = answers
        .iter()
        .flat_map(|a| verbs.iter().map(move |v| (a, v)))
        .collect();
    for_each(&jobs, |(answer, verb)| {
        let bytes = (*answer).clone();
        let desk = Canned::new(move |_| Said::Bytes(bytes.clone()));
        let written = runs(&desk, verb);
        check(verb, &written, &String::from_utf8_lossy(answer));
        assert!(written.starts_with("handback: "), "it is said: {written:?}");
    });
    figure("answers that are none, told within the grammar", jobs.len());
}

#[test]
fn r3_every_call_of_the_contract_is_made_here_or_is_a_gateways() {
    let contract = Contract::hostile("calm");
    let desk = harmful(contract.clone());
    for_each(&typed(), |verb| drop(runs(&desk, verb)));
    on_screen::sit(&desk, "calm");
    let asked: Vec<String> = desk.asked().into_iter().map(|asked| asked.what).collect();
    let made = |call: &str| {
        let (method, form) = call.split_once(' ').expect("a call");
        asked.iter().any(|what| {
            let path = what.split(['?', ' ']).nth(1).unwrap_or_default();
            what.starts_with(method) && contract::is_of(path, form)
        })
    };
    let never: Vec<String> = contract
        .calls()
        .into_iter()
        .filter(|call| !made(call))
        .collect();
    assert_eq!(
        never, NOT_OURS,
        "left: calls no verb and no screen here makes"
    );
}
