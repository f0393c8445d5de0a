//! Through mosh, which draws the screen anew from what it understood of it, and survives its line.

use std::{
    process::Command,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk, drafts,
    figure::figure,
    idle::redraw_changes_nothing,
    process::Process,
    served::Served,
    sshd::is_there,
    support::{dice::Dice, missing},
};

/// A console through mosh; its client, and the server that holds its terminal.
fn through_mosh(account: &Account, desk: &Served) -> Option<(Console, Process)> {
    if !is_there("mosh-server") || !is_there("mosh-client") {
        missing("mosh");
        return None;
    }
    let to = format!("unix:{}", desk.socket.display());
    let mut server: Command = account.command("mosh-server");
    server.args([
        "new",
        "-i",
        "127.0.0.1",
        "-p",
        "60100:60999",
        "--",
        HANDBACK,
        "--desk",
        &to,
    ]);
    let said = server
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("mosh-server");
    let said =
        String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    let mut words = said
        .split_whitespace()
        .skip_while(|word| *word != "CONNECT");
    let (Some(port), Some(key)) = (words.nth(1), words.next()) else {
        missing(&format!("a locale of UTF-8 for mosh: {said}"));
        return None;
    };
    let mut client = account.typed("mosh-client", &["127.0.0.1", port]);
    client.env("MOSH_KEY", key);
    client.env("MOSH_PREDICTION_DISPLAY", "never");
    client.env("LC_ALL", "C.UTF-8");
    Some((Console::start(client), Process::running("mosh-server", &to)))
}

#[test]
fn r5_r13_through_mosh_the_screen_is_what_it_should_be() {
    let mut desk = desk();
    for name in [
        "Dee Okafor",
        "Eve 你好 Price",
        "Łukasz ☎",
        "Fay Nolan",
        "Ida Moss",
    ] {
        desk.customer(name, "Zażółć — 你好\nand another line\tof it");
    }
    let account = Account::new();
    let Some((mut console, server)) = through_mosh(&account, &desk) else {
        return;
    };
    console.shows("live ");
    console.shows("Zoë Jones");
    let mut dice = Dice::new(5);
    let (mut compared, mut typed) = (0, String::new());
    for round in 0..32 {
        let keys = [
            "j", "k", "G", "g", "\r", "\x1b", "p", ".", "?", "\t", "2", "3", "v", " ",
        ];
        let key = *dice.one_of(&keys);
        typed += key;
        console.types(key);
        console.rests();
        if round % 4 == 3 {
            redraw_changes_nothing(&mut console, &typed);
            compared += 1;
        }
    }
    figure(
        "screens through mosh that a redraw left as they were",
        compared,
    );
    server.signal(Signal::KILL);
}

#[test]
fn r10_r14_mosh_survives_its_line_and_its_end_is_a_hang_up() {
    let mut desk = desk();
    let account = Account::new();
    let Some((mut console, server)) = through_mosh(&account, &desk) else {
        return;
    };
    console.selects("Zoë Jones");
    let process = Process::child_of(server.id());
    let client = Process::of(console.process);
    client.signal(Signal::STOP);
    client.stops();
    desk.customer("Dee Okafor", "Is anybody there?");
    thread::sleep(Duration::from_secs(2)); // as long as the line is away
    assert!(desk.is_signed_in("anna"));
    let back = Instant::now();
    client.signal(Signal::CONT);
    console.lists("Dee Okafor", true);
    figure(
        "mosh back on line until what happened is shown",
        format!("{} ms", back.elapsed().as_millis()),
    );
    console.selects("Zoë Jones");
    drafts(&mut console, "Half a sent");
    let broken = Instant::now();
    server.signal(Signal::KILL);
    let gone = process.goes(broken);
    figure(
        "mosh-server killed until the console is gone",
        format!("{} ms", gone.within.as_millis()),
    );
    assert!(gone.within <= Duration::from_secs(1), "{gone:?}");
    assert!(gone.cpu <= Duration::from_millis(200), "{gone:?}");
    assert!(account.drafts().contains("Half a sent"));
    client.signal(Signal::KILL);
}
