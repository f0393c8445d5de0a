//! What customers send that should hurt: pasted pages, stalled lines, words that are commands elsewhere, messages that
//! are floods. Real consoles at a real desk, and the desk is asked afterwards what became of it.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/figure.rs"]
mod figure;
#[path = "support/grammar.rs"]
mod grammar;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Instant,
};

use account::{Account, HANDBACK};
use console::Console;
use figure::figure;
use serde_json::{Value, json};
use served::Served;

/// A desk with three conversations of Anna's.
fn desk() -> Served {
    let mut desk = Served::start(support::sqlite());
    for name in ["Zoë Jones", "Carl Smith", "Dee Okafor"] {
        let id = desk.customer(name, "Can I pay later?");
        desk.act("anna", &id, "take");
    }
    desk
}

/// All that anything could have changed: each conversation with its version, and all that was written and done.
fn state(desk: &Served) -> Vec<Value> {
    let listed = desk
        .ask("gwen", "GET", "/v1/conversations?state=any&limit=100", None)
        .1;
    let mut all = Vec::new();
    for row in listed["items"].as_array().expect("rows") {
        let id = row["id"].as_str().expect("an id");
        let of = |what: &str| {
            desk.ask(
                "gwen",
                "GET",
                &format!("/v1/conversations/{id}/{what}"),
                None,
            )
            .1
        };
        all.push(json!([
            row["version"],
            row["assignee"],
            of("messages"),
            of("history")
        ]));
    }
    all
}

/// Every letter, and every key that does something on Enter: what a page of text is to a list.
fn page() -> String {
    let letters: String = (' '..='~').collect();
    let lines = "u\r.c\r.b\rDear team,\rD\rplease close it\rU\rr\rn\rt\ra\rs\rm\r:unassign\rq\r";
    format!("{lines}{letters}\r{lines}{letters}\r\n\t{lines}")
}

/// Types something in one piece, then sees that the console is as it was and the desk has not heard of anything.
fn does_nothing(desk: &Served, console: &mut Console, typed: &str, said: &str) {
    let before = state(desk);
    console.rests();
    console.types(typed);
    console.shows(said);
    // It may have opened what one reads or types in; whatever it asked of the desk is there once this, asked after it,
    // is answered.
    for key in ["\x1b", "\x1b", "\x1b", "\x1b", "\x1b", "3", "\x12", "g"] {
        console.rests();
        console.types(key);
    }
    console.selects("Zoë Jones");
    assert_eq!(state(desk), before, "the desk heard of {typed:?}");
    let screen = console.screen().contents();
    assert!(
        !screen.contains("Handed back") && screen.contains("All queues"),
        "{screen}"
    );
}

#[test]
fn r7_a_page_pasted_into_the_list_does_nothing() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let pasted = format!("\x1b[200~{}\x1b[201~", page());
    does_nothing(&desk, &mut console, &pasted, "A paste was dropped");
    figure("bytes pasted into the list", page().len());
}

#[test]
fn r7_the_end_of_a_paste_inside_a_paste_makes_no_keys_of_the_rest() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let pasted = format!("\x1b[200~Hello\x1b[201~{}\x1b[201~", page());
    does_nothing(&desk, &mut console, &pasted, "A paste was dropped");
    // In the composer all of it is text, and nothing is sent.
    let before = state(&desk);
    console.rests();
    console.types("r");
    console.shows("Reply to");
    console.types("\x1b[200~Hello\x1b[201~\r\ru\x1b[200~there\x1b[201~\r");
    console.shows("there");
    console.rests();
    console.types("\x1b");
    console.lists("draft", true);
    assert_eq!(state(&desk), before);
    let draft = account.drafts();
    assert!(
        draft.contains("Hello") && draft.contains("there") && !draft.contains('\x1b'),
        "{draft}"
    );
}

#[test]
fn r7_a_page_from_a_terminal_that_marks_no_paste_does_nothing() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    // Movement counts, and where it ends is not known; nothing is done.
    does_nothing(&desk, &mut console, &page(), "came at once");
}

#[test]
fn r7_a_page_from_such_a_terminal_into_a_reply_is_not_sent() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.rests();
    console.types("r");
    console.shows("Reply to");
    let before = state(&desk);
    console.rests();
    console.types("One line\rand another\rand the last\r");
    console.shows("and the last");
    console.rests();
    console.types("\x1b");
    console.lists("draft", true);
    assert_eq!(state(&desk), before, "nothing was sent");
}

#[test]
fn r7_an_arrow_split_by_the_line_is_an_arrow_or_nothing() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let before = state(&desk);
    for piece in ["\x1b", "[", "B"] {
        console.types(piece);
        console.rests();
    }
    console.selects("Carl Smith");
    // A Left arrow is no `[` and no `D`, which would open a screen.
    console.types("\x1b");
    std::thread::sleep(std::time::Duration::from_millis(80)); // What is typed: longer than an ESC is held.
    console.types("[D");
    console.rests();
    console.types("g");
    console.selects("Zoë Jones");
    assert!(!console.screen().contents().contains("Hand back some"));
    assert_eq!(state(&desk), before);
}

/// A folder of programs that only say that they were started, and the file they say it in.
fn traps(account: &Account) -> (PathBuf, PathBuf) {
    let folder = account.home().join("traps");
    fs::create_dir(&folder).expect("a folder");
    let told = account.home().join("told");
    for name in [
        "sh",
        "bash",
        "xdg-open",
        "open",
        "sensible-browser",
        "firefox",
        "w3m",
        "less",
        "more",
        "vi",
        "nano",
        "xclip",
        "xsel",
        "wl-copy",
        "pbcopy",
        "file",
        "notify-send",
        "id",
        "touch",
    ] {
        let path = folder.join(name);
        fs::write(
            &path,
            format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\n", told.display()),
        )
        .expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    (folder, told)
}

fn files(under: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(under).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

#[test]
fn r8_no_program_sees_a_customers_words_and_a_link_is_only_copied() {
    let mut desk = Served::start(support::sqlite());
    let name = "../../evil$(touch pwned)`id`;|&";
    let link = "https://pay.example/x?a=`id`;touch$IFS\"pwned\"&b=2";
    let id = desk.customer(
        name,
        &format!("See {link} or file:///etc/passwd `id` $(touch pwned)"),
    );
    desk.act("anna", &id, "take");
    let account = Account::new();
    let (folder, told) = traps(&account);
    let mut command = account.typed(
        HANDBACK,
        &["--desk", &format!("unix:{}", desk.socket.display())],
    );
    command.env("PATH", &folder);
    for variable in ["SHELL", "EDITOR", "VISUAL", "PAGER", "BROWSER"] {
        command.env(variable, folder.join("sh"));
    }
    let mut console = Console::start(command);
    console.selects("evil");
    console.shows("team: Anna Webb took it");
    let copied = |console: &Console| String::from_utf8_lossy(&console.bytes()).contains("\x1b]52;");
    let mut steps = |keys: &[(&str, &str)]| {
        for (keys, shown) in keys {
            console.rests();
            console.types(keys);
            match shown.strip_prefix('!') {
                Some(hidden) => console.hides(hidden),
                None => console.shows(shown),
            }
        }
    };
    steps(&[
        ("l", "Esc list"),
        ("v", "message after"),
        ("\x1b", "!message after"),
        ("p", "What the team did"),
        ("p", "!What the team did"),
        ("h", "open"),
        ("y", "choose"),
    ]);
    assert!(!copied(&console), "nothing is copied by itself");
    // The message says it too, and stands before it.
    for keys in ["https", "\x1b[B", "\r"] {
        console.rests();
        console.types(keys);
    }
    console.shows("Copied");
    let written = String::from_utf8(console.bytes()).expect("UTF-8");
    let (_, after) = written.split_once("\x1b]52;c;").expect("it is copied");
    let base64 = after.split(['\x1b', '\x07']).next().expect("its end");
    assert_eq!(plain(base64), link);
    for (keys, shown) in [
        (".", "letter or"),
        ("e", "choose"),
        ("\r", "nothing written"),
    ] {
        console.rests();
        console.types(keys);
        console.shows(shown);
    }
    console.rests();
    console.types("\r");
    console.shows("The transcript of");
    console.rests();
    console.types("\x03");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    console.ended();
    assert!(
        !told.exists(),
        "started: {}",
        fs::read_to_string(&told).unwrap_or_default()
    );
    let mut found = Vec::new();
    files(account.home(), &mut found);
    let named = |what: &str| {
        found
            .iter()
            .filter(|path| path.to_string_lossy().contains(what))
            .count()
    };
    assert_eq!((named("evil"), named("pwned")), (0, 0), "{found:?}");
    assert_eq!(named(&format!("conversation-{id}.md")), 1, "{found:?}");
}

/// Out of base64.
fn plain(text: &str) -> String {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits = text.bytes().filter(|c| *c != b'=').map(value);
    let (mut held, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for six in bits {
        held = held << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((held >> count & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).expect("text")
}

/// Messages that are floods, each of a kind that has broken a program.
fn poison() -> Vec<(&'static str, String)> {
    vec![
        (
            "marks without end",
            format!("a{}", "\u{301}".repeat(100_000)),
        ),
        ("line breaks", "\n".repeat(200_000)),
        (
            "line breaks of every kind",
            "\r\n\u{85}\u{2028}\u{2029}\r".repeat(20_000),
        ),
        ("one word", "x".repeat(300_000)),
        ("tabs", "\t".repeat(200_000)),
        ("joined emoji", "👩\u{200d}".repeat(40_000)),
        ("half flags", "🇬".repeat(50_000)),
        ("selectors", "\u{fe0f}".repeat(80_000)),
        ("directions", "\u{202e}\u{2066}".repeat(40_000)),
        (
            "sequences",
            "\u{1b}[2J\u{9b}31m\u{1b}]0;x\u{7}".repeat(10_000),
        ),
        ("wide", "日本語".repeat(30_000)),
        ("conjuncts", "क्षत्रि".repeat(15_000)),
        ("homeless marks", " \u{20dd}\u{34f}\u{1160}".repeat(30_000)),
        ("tags", "🏴\u{e0067}\u{e0062}".repeat(20_000)),
        ("nothing", "\u{200b}\u{feff}".repeat(40_000)),
    ]
}

#[test]
fn r9_whatever_a_message_is_the_others_are_shown_and_it_can_be_handed_back() {
    let mut desk = Served::start(support::sqlite());
    let carl = desk.customer("Carl Smith", "Hello?");
    let mut id = String::new();
    for (_, body) in poison() {
        id = desk.customer("Zoë Jones", &body);
    }
    desk.customer("Zoë Jones", "And can I pay later?");
    desk.act("anna", &id, "take");
    desk.act("anna", &carl, "take");
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.shows("Zoë Jones");
    let name = console.screen().contents();
    console.types(if name.find("Zoë") < name.find("Carl") {
        "g"
    } else {
        "G"
    });
    console.selects("Zoë Jones");
    console.shows("And can I pay later?");
    console.rests();
    console.types("l");
    console.shows("Esc list");
    console.shows("team: Anna Webb took it");
    // Up through all of it, alone and by its codes now and then, and down again.
    let mut took = Vec::new();
    for turn in 0..60 {
        console.rests();
        let known = console.bytes().len();
        let pressed = Instant::now();
        console.types("\x1b[5~");
        // Nothing changes where there is no more above.
        if console.bytes_after(known, std::time::Duration::from_millis(200)) > known {
            took.push(pressed.elapsed());
        }
        if turn % 12 == 0 {
            for (keys, shown) in [
                ("v", "message after"),
                ("e", "message after"),
                ("\x1b", "Esc list"),
            ] {
                console.rests();
                console.types(keys);
                console.shows(shown);
            }
        }
    }
    took.sort();
    let (median, most) = (took[took.len() / 2], took[took.len() - 1]);
    figure(
        "a screenful of floods, from its key: median, at most",
        format!("{}, {} ms", median.as_millis(), most.as_millis()),
    );
    console.rests();
    console.types("G");
    console.shows("And can I pay later?");
    console.rests();
    console.types("u");
    console.shows("Handed back Zoë Jones");
    assert_eq!(desk.holder(&id).0, None, "the desk has it back");
    console.shows("Carl Smith");
    assert_eq!(grammar::fault(&console.bytes()), None);
    figure("kinds of floods", poison().len());
}
