//! R23: whatever befalls a console, no word that its screen showed is lost, no reply is sent twice, and no note kept
//! twice (R20).
//!
//! Real consoles at a real desk, killed, cut off, overtaken, and doubled. `scripts/deep drafts` runs it a thousand times.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/figure.rs"]
mod figure;
#[path = "support/line.rs"]
mod line;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    time::Instant,
};

use account::Account;
use console::Console;
use figure::figure;
use line::Line;
use rustix::process::Signal;
use served::Served;
use support::{Database, dice::Dice};

/// How many runs: the deep run sets it higher.
fn runs() -> u32 {
    let set = std::env::var("HANDBACK_DRAFTS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// One conversation, and what is written to it.
struct Run<'a> {
    desk: &'a Served,
    account: Account,
    id: String,
    text: String,
    dice: &'a mut Dice,
}

/// Something that befalls a console, by name.
type Mishap = (&'static str, fn(&mut Run<'_>));

/// All of it.
const MISHAPS: [Mishap; 10] = [
    ("killed while typing", killed_while_typing),
    ("the terminal gone while typing", hung_up_while_typing),
    ("killed while sending", killed_while_sending),
    ("cut off before sending", cut_off),
    ("the answer lost", answer_lost),
    ("taken by a colleague", taken),
    ("two consoles", two_consoles),
    ("killed while a note is kept", killed_while_noting),
    ("the answer to a note lost", answer_to_a_note_lost),
    ("found again after three days", three_days_later),
];

/// Presses a key until it did what it is for: twice if the console asks for it, because a text field was left or an event
/// moved the cursor just now (R22).
fn does(console: &mut Console, key: &str, done: &str) {
    console.types(key);
    let asked = console.until(done, |screen| {
        let contents = screen.contents();
        let asked = contents.contains("press the key again")
            || contents.contains("opened by itself just now");
        (asked || contents.contains(done)).then_some(asked)
    });
    if asked {
        console.types(key);
        console.shows(done);
    }
}

/// Presses Enter as somebody does who has read what they wrote, not in one burst with it.
fn sends_it(console: &mut Console) {
    console.rests();
    does(console, "\r", "Sent to Ida Moss");
}

impl Run<'_> {
    /// Anna's console, her reply begun.
    fn writing(&self) -> Console {
        let mut console = self.desk.annas(&self.account);
        self.begins(&mut console);
        console
    }

    fn begins(&self, console: &mut Console) {
        console.lists("Ida Moss", true);
        console.selects("Ida Moss");
        does(console, "r", "Reply to");
    }

    /// The next console after one that dropped: it is where that one was, its draft open again if one was (R17).
    fn goes_on(&self) -> Console {
        let mut console = self.desk.annas(&self.account);
        console.shows("Back where you were");
        console.selects("Ida Moss");
        if !console.screen().contents().contains("Reply to") {
            does(&mut console, "r", "Reply to");
        }
        console
    }

    /// How often the customer was sent this.
    fn sent(&self, text: &str) -> usize {
        let path = format!("/v1/conversations/{}/messages", self.id);
        let (status, said) = self.desk.ask("gwen", "GET", &path, None);
        assert_eq!(status, 200, "{said}");
        let messages = said["items"].as_array().expect("messages").iter();
        messages.filter(|message| message["body"] == text).count()
    }

    /// Whether a draft of this is on disk.
    fn is_kept(&self, text: &str) -> bool {
        self.account.drafts().contains(text)
    }

    /// A new console goes on with what is kept, and sends it: then the customer has it, once.
    fn sends_what_is_kept(&self, text: &str) {
        if self.is_kept(text) {
            let mut console = self.goes_on();
            console.shows(text);
            sends_it(&mut console);
        }
        assert_eq!(self.sent(text), 1, "{text}: sent once");
        assert!(!self.is_kept(text), "{text}: and no draft any more");
    }
}

fn killed_while_typing(run: &mut Run<'_>) {
    let mut console = run.writing();
    let end = 1 + usize::try_from(run.dice.below(run.text.len() as u64)).expect("few");
    let shown = run.text[..end].trim_end().to_owned();
    let end = shown.len();
    console.writes(&shown);
    console.signal(Signal::KILL);
    console.ended();
    assert!(run.is_kept(&shown), "what was shown is on disk: {shown}");
    let mut console = run.goes_on();
    console.shows(&shown);
    console.rests(); // Nobody reads what opened by itself and goes on writing in the same instant.
    console.types(&run.text[end..]);
    console.shows(&run.text);
    sends_it(&mut console);
    assert_eq!(run.sent(&run.text), 1);
    assert!(!run.is_kept(&shown));
}

fn hung_up_while_typing(run: &mut Run<'_>) {
    let mut console = run.writing();
    console.writes(&run.text);
    console.breaks();
    assert_eq!(console.ended().exit_code(), 129);
    assert!(run.is_kept(&run.text));
    run.sends_what_is_kept(&run.text);
}

fn killed_while_sending(run: &mut Run<'_>) {
    let mut console = run.writing();
    console.writes(&run.text);
    console.types("\r");
    // Before it was read, on its way, or long done.
    for _ in 0..run.dice.below(4) {
        console.rests();
    }
    console.signal(Signal::KILL);
    console.ended();
    let sent = run.sent(&run.text);
    assert!(
        sent <= 1 && (sent == 1 || run.is_kept(&run.text)),
        "sent {sent} times"
    );
    run.sends_what_is_kept(&run.text);
}

/// A console whose line goes through `line`.
fn through(run: &Run<'_>, line: &Line) -> Console {
    let arguments = run.desk.as_person_at(line.address(), "anna");
    let mut console = run
        .account
        .console(&arguments.each_ref().map(String::as_str));
    console.shows("live ");
    run.begins(&mut console);
    console
}

fn cut_off(run: &mut Run<'_>) {
    let line = Line::to(run.desk.address());
    let mut console = through(run, &line);
    console.writes(&run.text);
    line.cut();
    console.types("\r");
    console.until("that it was not sent", |screen| {
        let contents = screen.contents();
        let says = contents.contains("Offline since") || contents.contains("Not known whether");
        says.then_some(())
    });
    assert_eq!(run.sent(&run.text), 0, "nothing came through");
    comes_back_and_sends(run, &line, console);
}

fn answer_lost(run: &mut Run<'_>) {
    let line = Line::to(run.desk.address());
    let mut console = through(run, &line);
    console.writes(&run.text);
    line.loses_answers();
    console.types("\r");
    console.shows("Not known whether");
    assert_eq!(run.sent(&run.text), 1, "it came through");
    line.cut();
    comes_back_and_sends(run, &line, console);
}

/// The line is back: nothing is sent by itself, Enter sends, or the next console does.
fn comes_back_and_sends(run: &mut Run<'_>, line: &Line, mut console: Console) {
    let before = run.sent(&run.text);
    console.shows("OFFLINE");
    line.mend();
    console.shows("live ");
    assert_eq!(run.sent(&run.text), before, "never by itself");
    if run.dice.one_in(3) {
        console.signal(Signal::KILL);
        console.ended();
        return run.sends_what_is_kept(&run.text);
    }
    console.shows(&run.text);
    sends_it(&mut console);
    assert_eq!(run.sent(&run.text), 1);
    assert!(!run.is_kept(&run.text));
}

fn taken(run: &mut Run<'_>) {
    let mut console = run.writing();
    console.writes(&run.text);
    let path = format!("/v1/conversations/{}/take", run.id);
    let take = || {
        run.desk
            .ask("ben", "POST", &path, Some(&serde_json::json!({})))
    };
    // Whoever is first has it.
    if run.dice.one_in(2) {
        take();
        console.types("\r");
    } else {
        console.types("\r");
        take();
    }
    console.until("what came of it", |screen| {
        let contents = screen.contents();
        (contents.contains("is kept") || contents.contains("Sent to")).then_some(())
    });
    let (sent, holder) = (run.sent(&run.text), run.desk.holder(&run.id).0);
    match holder.as_deref() {
        Some("anna") => assert_eq!(sent, 1),
        _ => {
            assert_eq!(sent, 0, "a refused reply is not sent");
            assert!(run.is_kept(&run.text), "and is kept");
            console.types("\x1b");
            console.hides("Reply to");
            does(&mut console, "4", "[4 Drafts 1]");
            console.shows(&run.text);
        }
    }
}

fn two_consoles(run: &mut Run<'_>) {
    let (one, two) = (run.text.clone(), format!("{} of two", run.text));
    let mut first = run.writing();
    first.writes(&one);
    let mut second = run.writing();
    second.writes(&two);
    assert!(
        run.is_kept(&one) && run.is_kept(&two),
        "neither writes over the other"
    );
    let first_goes_on = run.dice.one_in(2);
    let (mut sends, dies, sent, left) = match first_goes_on {
        true => (first, second, &one, &two),
        false => (second, first, &two, &one),
    };
    dies.signal(Signal::KILL);
    dies.ended();
    sends_it(&mut sends);
    assert_eq!((run.sent(sent), run.sent(left)), (1, 0));
    assert!(run.is_kept(left), "what the other wrote is still there");
    does(&mut sends, "4", "[4 Drafts 1]");
    sends.shows(left);
    drop(sends);
    run.sends_what_is_kept(left);
    assert_eq!(run.sent(sent), 1);
}

impl Run<'_> {
    /// Anna's console, her note begun.
    fn noting(&self) -> Console {
        let mut console = self.desk.annas(&self.account);
        self.begins_a_note(&mut console);
        console
    }

    fn begins_a_note(&self, console: &mut Console) {
        console.lists("Ida Moss", true);
        console.selects("Ida Moss");
        does(console, "n", "NOTE, the customer");
    }

    /// How often the team reads this note.
    fn noted(&self, text: &str) -> usize {
        let path = format!("/v1/conversations/{}/history", self.id);
        let (status, said) = self.desk.ask("gwen", "GET", &path, None);
        assert_eq!(status, 200, "{said}");
        let items = said["items"].as_array().expect("items").iter();
        items
            .filter(|item| item["kind"] == "note" && item["body"] == text)
            .count()
    }

    /// Writes a mark into the file of the draft, as a console does.
    fn appends_to_the_draft(&self, mark: &str) {
        let mut folders = vec![self.account.home().join("state/handback/drafts")];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)
                .expect("a folder")
                .map_while(Result::ok)
            {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => files.push(path),
                }
            }
        }
        let [file] = files.as_slice() else {
            panic!("one draft: {files:?}")
        };
        let length = u32::try_from(mark.len()).expect("short").to_le_bytes();
        let sum = crc32fast::hash(mark.as_bytes()).to_le_bytes();
        let record = [&length[..], &sum, mark.as_bytes()].concat();
        let mut file = OpenOptions::new()
            .append(true)
            .open(file)
            .expect("the draft");
        file.write_all(&record).expect("written");
    }

    /// A new console has the note kept that is on disk: then the team has it, once.
    fn has_the_note_kept(&self) {
        if self.is_kept(&self.text) {
            let mut console = self.desk.annas(&self.account);
            console.shows("Back where you were");
            console.selects("Ida Moss");
            if !console.screen().contents().contains("NOTE, the customer") {
                does(&mut console, "n", "NOTE, the customer");
            }
            console.shows(&self.text);
            console.rests();
            does(&mut console, "\r", "Note kept on Ida Moss");
        }
        assert_eq!(self.noted(&self.text), 1, "{}: kept once", self.text);
        assert_eq!(self.sent(&self.text), 0, "N1: and never sent");
        assert!(!self.is_kept(&self.text), "and no draft any more");
    }
}

fn killed_while_noting(run: &mut Run<'_>) {
    let mut console = run.noting();
    console.writes(&run.text);
    console.types("\r");
    for _ in 0..run.dice.below(4) {
        console.rests();
    }
    console.signal(Signal::KILL);
    console.ended();
    let noted = run.noted(&run.text);
    assert!(
        noted <= 1 && (noted == 1 || run.is_kept(&run.text)),
        "kept {noted} times"
    );
    run.has_the_note_kept();
}

fn answer_to_a_note_lost(run: &mut Run<'_>) {
    let line = Line::to(run.desk.address());
    let arguments = run.desk.as_person_at(line.address(), "anna");
    let mut console = run
        .account
        .console(&arguments.each_ref().map(String::as_str));
    console.shows("live ");
    run.begins_a_note(&mut console);
    console.writes(&run.text);
    line.loses_answers();
    console.types("\r");
    // The line may be noticed to be gone before, or after, what was asked on it.
    let came_through = (0..600).any(|_| {
        console.rests();
        run.noted(&run.text) == 1
    });
    assert!(came_through, "noted {} times", run.noted(&run.text));
    if run.dice.one_in(2) {
        console.signal(Signal::KILL);
        console.ended();
        assert!(run.is_kept(&run.text), "nobody knows that the desk has it");
    } else {
        line.mend();
        console.shows("Note kept on Ida Moss");
    }
    run.has_the_note_kept();
}

/// The desk has forgotten whether it has it: it is not asked again, and what the customer was sent tells.
fn three_days_later(run: &mut Run<'_>) {
    let mut console = run.writing();
    console.writes(&run.text);
    console.signal(Signal::KILL);
    console.ended();
    let is_there = run.dice.one_in(2);
    if is_there {
        let path = format!("/v1/conversations/{}/messages", run.id);
        let body = serde_json::json!({"body": run.text});
        let (status, said) = run.desk.ask("anna", "POST", &path, Some(&body));
        assert_eq!(status, 201, "{said}");
    }
    // As it was left by a console that asked then, and did not hear the answer.
    let asked = jiff::Timestamp::now().as_microsecond() - 100 * 3_600_000_000;
    run.appends_to_the_draft(&format!("\0asked\told-1\t!\t!\t{asked}"));
    let mut console = run.desk.annas(&run.account);
    console.shows("Back where you were");
    console.selects("Ida Moss");
    console.shows("Ida · "); // The messages are read.
    if is_there {
        // What is said of it may be followed by what happened meanwhile.
        let is_gone = (0..600).any(|_| {
            console.rests();
            !run.is_kept(&run.text)
        });
        assert!(is_gone, "its messages tell that it was sent");
    } else {
        if !console.screen().contents().contains("Reply to") {
            run.begins(&mut console);
        }
        sends_it(&mut console);
    }
    assert_eq!(run.sent(&run.text), 1, "sent once");
}

fn nothing_is_lost(database: Database) {
    let mut desk = Served::start(database);
    let (begun, mut count) = (Instant::now(), BTreeMap::new());
    let mut dice = Dice::new(23);
    for number in 0..runs() {
        let id = desk.customer("Ida Moss", &format!("Question {number}?"));
        let (name, mishap) = MISHAPS[number as usize % MISHAPS.len()];
        let mut run = Run {
            desk: &desk,
            account: Account::new(),
            id: id.clone(),
            // No part of it stands anywhere else on the screen.
            text: format!("Xq answer number {number} to you"),
            dice: &mut dice,
        };
        mishap(&mut run);
        *count.entry(name).or_insert(0) += 1;
        desk.act("gwen", &id, "close");
    }
    figure(
        &format!("mishaps on {}, none lost a word", desk.name()),
        format!("{count:?}"),
    );
    let figures = format!("{} in {:.0?}", runs(), begun.elapsed());
    figure(
        "mishaps, nothing lost, nothing sent or noted twice",
        figures,
    );
}

#[test]
fn r23_no_word_is_lost_and_no_reply_sent_twice_on_sqlite() {
    nothing_is_lost(support::sqlite());
}

#[test]
fn r23_no_word_is_lost_and_no_reply_sent_twice_on_postgres() {
    if let Some(database) = support::postgres() {
        nothing_is_lost(database);
    }
}
