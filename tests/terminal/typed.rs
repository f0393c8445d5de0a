//! What is typed, as a real line delivers it (R7).

use std::{
    env, thread,
    time::{Duration, Instant},
};

use crate::{
    account::Account,
    console::Console,
    desk,
    figure::figure,
    idle::{looks, settle},
    process::soon,
    served::Served,
};

#[test]
fn r7_a_burst_moves_and_does_not_act() {
    let mut desk = desk();
    for name in ["Dee Okafor", "Eve Price", "Fay Nolan"] {
        let id = desk.customer(name, "Hello?");
        desk.act("anna", &id, "take");
    }
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("jjju");
    console.shows("did not do u");
    console.selects("Eve Price");
    console.lists("handed it back", false);
    let kept = desk
        .ask("anna", "GET", "/v1/conversations?view=mine", None)
        .1;
    assert_eq!(kept["counts"]["mine"], 5, "nothing was handed back");
    console.rests();
    console.types("u");
    console.shows("Handed back Eve Price");
}

/// What terminals send for each key of more than one byte that has a meaning from the start, and for those that people
/// press all the same: in both forms, where there are two.
const IN_THE_LIST: [&str; 17] = [
    "\x1b[A",
    "\x1bOA",
    "\x1b[B",
    "\x1bOB",
    "\x1b[C",
    "\x1bOC",
    "\x1b[D",
    "\x1bOD",
    "\x1b[H",
    "\x1b[F",
    "\x1bOF",
    "\x1b[1~",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[Z",
    "\x1b[1;2B",
    "\x1b[15~",
];

/// Likewise, where one writes; and characters of several bytes.
const IN_A_TEXT: [&str; 12] = [
    "\x1b[D",
    "\x1bOD",
    "\x1b[1;5D",
    "\x1b[1;3C",
    "\x1b[H",
    "\x1b[4~",
    "\x1b[3~",
    "\x1b[A",
    "\x1b[2~",
    "é",
    "€",
    "😀",
];

/// Every one of them for `scripts/deep terminal`, and some for every day.
fn some(of: &[&'static str]) -> Vec<&'static str> {
    let step = if env::var_os("HANDBACK_DEEP").is_some() {
        1
    } else {
        3
    };
    of.iter().copied().step_by(step).collect()
}

/// How long a lone ESC is held; a pause within it, and one beyond it.
const HELD: Duration = Duration::from_millis(50);
const SHORT: Duration = Duration::from_millis(12);
const LONG: Duration = Duration::from_millis(110);

/// What is on the screen, and where the cursor is, but for the clock in the header.
fn screen(console: &Console) -> Vec<String> {
    let mut seen = looks(console).split_off(1);
    seen.push(format!("{:?}", console.screen().cursor_position()));
    seen
}

/// Types a sequence and gives what it makes of the screen.
fn typed_whole(console: &mut Console, keys: &[&str]) -> Vec<String> {
    for key in keys {
        console.types(key);
        thread::sleep(LONG);
    }
    settle(console);
    screen(console)
}

/// Types the two parts of a sequence with a pause between them; the screen must become one of those it may become, and
/// stay so: gives which. `may_become` is told how long the pause was: whoever types here is held up, too.
fn typed_split<'a>(
    console: &mut Console,
    (head, tail): (&[u8], &[u8]),
    pause: Duration,
    may_become: impl Fn(Duration) -> Vec<&'a Vec<String>>,
) -> usize {
    console.types_bytes(head);
    let typed = Instant::now();
    thread::sleep(pause);
    console.types_bytes(tail);
    let wanted = may_become(typed.elapsed());
    let what = format!("the end of {head:?}, {pause:?}, {tail:?}");
    let is_right = |console: &Console| {
        soon(&what, || {
            let seen = screen(console);
            wanted.iter().position(|wanted| **wanted == seen)
        })
    };
    is_right(console);
    // And nothing more comes of it.
    thread::sleep(Duration::from_millis(25));
    is_right(console)
}

/// Each sequence split at each byte, with both pauses: short, it is the key; long behind its ESC, it is Esc and then the
/// key; never is a part of it a key of its own. Gives how many.
fn split(sequences: &[&str], begin: impl Fn(&mut Console) + Sync) -> usize {
    let next = std::sync::Mutex::new(sequences.iter());
    let done = std::sync::Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let (desk, account) = (rows(), Account::new());
                // Without what turns every minute.
                account.configures("[console]\ntimes = \"absolute\"\n");
                let mut console = desk.annas(&account);
                loop {
                    let one = next.lock().expect("the sequences").next();
                    let Some(sequence) = one else { return };
                    begin(&mut console);
                    let key = typed_whole(&mut console, &[sequence]);
                    begin(&mut console);
                    let after_esc = typed_whole(&mut console, &["\x1b", sequence]);
                    let bytes = sequence.as_bytes();
                    for at in 1..bytes.len() {
                        for pause in [SHORT, LONG] {
                            let parts = bytes.split_at(at);
                            // A console that gets no processor for so long reads both at once, now and then.
                            let comes_right = (0..5).any(|_| {
                                begin(&mut console);
                                let became =
                                    typed_split(&mut console, parts, pause, |paused| {
                                        match (parts.0, paused) {
                                            (b"\x1b", long) if long >= HELD => {
                                                vec![&after_esc, &key]
                                            }
                                            _ => vec![&key],
                                        }
                                    });
                                became == 0 || pause == SHORT
                            });
                            assert!(comes_right, "a key behind an ESC: {parts:?}");
                            *done.lock().expect("a number") += 1;
                        }
                    }
                }
            });
        }
    });
    done.into_inner().expect("a number")
}

/// Anna's desk, with enough rows to move among.
fn rows() -> Served {
    let mut desk = desk();
    for name in ["Dee Okafor", "Eve Price", "Fay Nolan", "Ida Moss"] {
        let id = desk.customer(name, "Hello?");
        desk.act("anna", &id, "take");
    }
    desk
}

#[test]
fn r7_a_key_split_by_the_line_is_the_key_and_its_tail_never_is() {
    let sequences = some(&IN_THE_LIST);
    let splits = split(&sequences, |console| {
        for key in ["\x1b", "\x1b"] {
            console.types(key);
            thread::sleep(LONG);
        }
        for key in ["g", "j", "j"] {
            console.types(key);
            console.rests();
        }
        console.selects("Dee Okafor");
    });
    figure(
        "sequences typed in the list, split at each byte and paused 12 and 110 ms",
        sequences.len(),
    );
    figure("splits, each the key it should be", splits);
}

#[test]
fn r7_a_key_or_a_character_split_by_the_line_while_one_writes() {
    let sequences = some(&IN_A_TEXT);
    let splits = split(&sequences, |console| {
        console.types("\x1b");
        thread::sleep(LONG);
        console.types("\x1b");
        thread::sleep(LONG);
        console.types("g");
        console.selects("Zoë Jones");
        // It was there before, perhaps: the key itself must have been read, or both are a burst.
        thread::sleep(2 * LONG);
        console.types("r");
        console.shows("Reply to");
        // The draft of the time before goes.
        console.types("\x15");
        console.rests();
        console.types("\x0b");
        console.rests();
        console.writes("one two");
    });
    figure(
        "sequences typed into a text, split at each byte and paused 12 and 110 ms",
        sequences.len(),
    );
    figure("splits, each the key it should be", splits);
}
