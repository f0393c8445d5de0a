//! What whoever runs the desk does with it: tokens, how it is doing, copies and putting them back, erasing, the audit.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/figure.rs"]
mod figure;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    process::{Output, Stdio},
};

use serde_json::Value;
use served::Served;
use support::databases;

/// What an `admin` verb came to: exit status, output, errors.
fn admin(desk: &Served, arguments: &[&str]) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = desk.admin_verb(arguments).output().expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

#[track_caller]
fn done(desk: &Served, arguments: &[&str]) -> String {
    let (exit, out, err) = admin(desk, arguments);
    assert_eq!(exit, 0, "{arguments:?}: {out}{err}");
    out
}

#[test]
fn r34_a_token_is_made_listed_and_revoked_and_a_running_desk_hears_of_it() {
    for database in databases() {
        let desk = Served::start(database);
        let made = done(&desk, &["token", "ben", "--expires", "90d"]);
        let token = made.trim();
        assert!(
            token.starts_with("hb_") && made.lines().count() == 1,
            "once, alone"
        );
        let file = desk.account.keeps("made.token", token);
        let place = format!("http://{}", desk.address());
        let asks = || {
            let mut verb = desk.account.command(account::HANDBACK);
            verb.args(["queues", "--desk", &place, "--token-file"])
                .arg(&file);
            verb.output().expect("the program").status.code()
        };
        assert_eq!(asks(), Some(0), "{}", desk.name());
        let listed: Value =
            serde_json::from_str(&done(&desk, &["token", "list", "--user", "ben", "--json"]))
                .unwrap();
        let items = listed["items"].as_array().unwrap();
        let newest = items.last().unwrap();
        assert_eq!(
            (&newest["user"], &newest["state"]),
            (&"ben".into(), &"good".into())
        );
        assert!(newest["expires_at"].is_string() && !listed.to_string().contains(&token[3..20]));
        let id = newest["id"].as_str().unwrap();
        assert!(done(&desk, &["token", "list"]).contains(id));
        assert_eq!(done(&desk, &["token", "revoke", id]).trim(), "1 revoked");
        let refused = std::iter::repeat_with(asks).find(|exit| *exit != Some(0));
        assert_eq!(refused, Some(Some(77)), "a revoked token is none any more");
        assert_eq!(admin(&desk, &["token", "revoke", id]).0, 4);
        assert_eq!(admin(&desk, &["token", "nobody"]).0, 4);
        assert_eq!(
            admin(&desk, &["token", "ben", "--expires", "yesterday"]).0,
            64
        );
        assert_eq!(
            admin(&desk, &["token", "ben", "--expires", "2020-01-01"]).0,
            64
        );
    }
}

#[test]
fn a_copy_is_made_while_the_desk_runs_and_put_back_everything_is_as_it_was_then() {
    for database in databases() {
        let Some(mut desk) = with_tools(database) else {
            continue;
        };
        let zoe = desk.customer("Zoë Jones", "Can I pay later?");
        desk.act("anna", &zoe, "take");
        let copy = desk.account.home().join("copy");
        let copy = copy.to_str().unwrap().to_owned();
        done(&desk, &["backup", &copy]);
        let mode = fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds every word of every customer");
        assert_eq!(
            admin(&desk, &["backup", &copy]).0,
            64,
            "a backup overwrites nothing"
        );
        let cursor = desk.ask("anna", "GET", "/v1/conversations", None).1["as_of"]
            .as_u64()
            .unwrap();
        let carl = desk.customer("Carl Smith", "Hello?");
        desk.act("anna", &zoe, "unassign");
        let is_refused = || {
            let (exit, _, err) = admin(&desk, &["restore", &copy]);
            assert_eq!(
                exit,
                69,
                "{}: not while a desk serves it: {err}",
                desk.name()
            );
            assert!(
                err.contains("a desk is serving") && err.contains("stop it first"),
                "{err}"
            );
        };
        is_refused();
        let there = format!("/v1/conversations/{carl}");
        assert_eq!(
            desk.ask("anna", "GET", &there, None).0,
            200,
            "nothing was put back"
        );
        if desk.name() == "postgres" {
            // Also once every connection of the desk has been broken off, and it has made new ones.
            breaks_off(desk.url());
            while !matches!(desk.try_ask("anna", "GET", &there, None), Ok((200, _))) {}
            is_refused();
        }
        desk.kill();
        done(&desk, &["restore", &copy]);
        desk.serve();
        assert_eq!(
            desk.holder(&zoe).0.as_deref(),
            Some("anna"),
            "{}",
            desk.name()
        );
        assert_eq!(
            desk.ask("anna", "GET", &format!("/v1/conversations/{carl}"), None)
                .0,
            404
        );
        // A console that stood where the old desk was hears that it has to begin anew, and is never told of another
        // event under a number it knows.
        let now = desk.ask("anna", "GET", "/v1/conversations", None).1["as_of"]
            .as_u64()
            .unwrap();
        assert!(now > cursor + 1_000_000, "{now}");
        done(&desk, &["audit"]);
        assert_eq!(admin(&desk, &["restore", "/nowhere/copy"]).0, 69);
    }
}

/// Ends every other connection to a database on PostgreSQL.
fn breaks_off(url: &str) {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let ended = std::process::Command::new("psql")
        .args([url, "-c", sql])
        .output();
    let ended = ended.expect("PostgreSQL's client");
    assert!(ended.status.success(), "{ended:?}");
}

/// A desk whose database can be copied with what is installed here.
fn with_tools(database: support::Database) -> Option<Served> {
    let tools = ["pg_dump", "pg_restore"];
    let there = |tool: &&str| {
        std::process::Command::new(tool)
            .arg("--version")
            .output()
            .is_ok()
    };
    if database.name == "postgres" && !tools.iter().all(there) {
        support::missing("pg_dump");
        return None;
    }
    Some(Served::start(database))
}

#[test]
fn status_says_what_wants_a_look_in_a_way_monitoring_understands() {
    for database in databases() {
        let Some(mut desk) = with_tools(database) else {
            continue;
        };
        desk.customer("Zoë Jones", "Can I pay later?");
        let (exit, out, _) = admin(&desk, &["status"]);
        assert_eq!(exit, 1, "no backup was ever made: {out}");
        assert!(
            out.contains("handback admin backup FILE") && out.contains("Payments: 1 unassigned"),
            "{out}"
        );
        assert!(out.starts_with("wants a look: "), "{out}");
        let copy = desk.account.home().join("copy");
        done(&desk, &["backup", copy.to_str().unwrap()]);
        let (exit, out, _) = admin(&desk, &["status", "--waits", "1d"]);
        assert_eq!(
            (exit, out.lines().next()),
            (0, Some("all is well")),
            "{}: {out}",
            desk.name()
        );
        let (exit, out, _) = admin(&desk, &["status", "--waits", "0s", "--json"]);
        let said: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((exit, &said["state"]), (1, &"wants_a_look".into()));
        let concern = said["concerns"][0].as_str().unwrap();
        assert!(
            concern.starts_with("Payments: a customer nobody has waits"),
            "{concern}"
        );
        assert_eq!(said["queues"][0]["unassigned"], 1);
        assert!(
            !out.contains("Zoë") && !out.contains("pay later"),
            "numbers, and no customer's word"
        );
        assert_eq!(said["served"], true);
        desk.stop();
        let (exit, out, _) = admin(&desk, &["status"]);
        assert_eq!(exit, 2, "{out}");
        let first = out.lines().next();
        let expected = "wrong now: no desk is serving this database: is handback serve running?";
        assert_eq!(first, Some(expected), "{}", desk.name());
    }
}

#[test]
fn r42_a_customer_is_erased_only_when_that_is_meant_and_whose_words_go_is_in_no_command_line() {
    for database in databases() {
        let mut desk = Served::start(database);
        let zoe = desk.customer("Zoë Jones", "Can I pay later?");
        let row = desk
            .ask("anna", "GET", &format!("/v1/conversations/{zoe}"), None)
            .1;
        let address = row["conversation"]["contact"]["address"]
            .as_str()
            .unwrap()
            .to_owned();
        let erase = |arguments: &[&str], says: &str| {
            let mut verb = desk.admin_verb(&["erase"]);
            verb.args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped());
            let mut erasing = verb.stderr(Stdio::piped()).spawn().expect("the program");
            let stdin = erasing.stdin.take().expect("its input");
            // It may have refused before it was all said.
            let _ = { stdin }.write_all(says.as_bytes());
            let Output {
                status,
                stdout,
                stderr,
            } = erasing.wait_with_output().expect("its end");
            let said = String::from_utf8([stdout, stderr].concat()).expect("text");
            (status.code().unwrap_or(-1), said)
        };
        // In a command line every account of the host can read it: nothing is even looked up.
        let (exit, said) = erase(&[&address, "--yes"], "");
        assert!(
            exit == 77 && said.contains("handback admin erase"),
            "{exit} {said}"
        );
        assert!(!said.contains(&address), "{said}");
        for nothing in ["", "\n", "+44 1\n+44 2\n"] {
            let (exit, said) = erase(&["-", "--yes"], nothing);
            assert!(exit == 64 && said.contains("on one line"), "{exit} {said}");
        }
        let line = format!("{address}\n");
        for arguments in [&["-"][..], &[]] {
            let (exit, said) = erase(arguments, &line);
            assert!(exit == 0 && said.contains("--yes"), "{exit} {said}");
        }
        let still = desk
            .ask("anna", "GET", &format!("/v1/conversations/{zoe}"), None)
            .1;
        assert_eq!(still["conversation"]["contact"]["name"], "Zoë Jones");
        // Before a terminal one is asked.
        let verb = desk.admin_verb(&["erase"]);
        let arguments: Vec<_> = verb.get_args().filter_map(|word| word.to_str()).collect();
        let mut terminal = desk.account.console(&arguments);
        terminal.shows("Whose words go?");
        terminal.types(&line);
        terminal.shows("--yes erases them for good");
        assert_eq!(terminal.ended().exit_code(), 0);
        let (exit, said) = erase(&["--yes"], &line);
        assert!(
            exit == 0 && said.contains("erased: 1 contact, 1 conversation"),
            "{exit} {said}"
        );
        let gone = desk
            .ask("anna", "GET", &format!("/v1/conversations/{zoe}"), None)
            .1;
        assert_eq!(
            gone["conversation"]["contact"]["address"],
            "(erased)",
            "{}",
            desk.name()
        );
        assert_eq!(erase(&["-", "--yes"], &line).0, 4);
        assert!(done(&desk, &["audit"]).contains("all as they were written"));
    }
}

#[test]
fn a_database_is_said_to_be_up_to_date_or_not() {
    for database in databases() {
        let desk = Served::start(database);
        for arguments in [&["migrate", "--check"][..], &["migrate"]] {
            assert!(
                done(&desk, arguments).contains("up to date"),
                "{}",
                desk.name()
            );
        }
    }
}

#[test]
fn metrics_are_for_who_has_the_permission_and_in_prometheus_words() {
    for database in databases() {
        let watcher = "  { username = \"prom\", name = \"Prometheus\", organisation = \"Head office\", role = \"watcher\" },\n";
        let role = "  { name = \"watcher\", permissions = [\"metrics\"] },\n";
        let team = served::TEAM
            .replace("user = [\n", &format!("user = [\n{watcher}"))
            .replace("role = [\n", &format!("role = [\n{role}"));
        let mut desk = Served::of(database, &team);
        desk.customer("Zoë Jones", "Can I pay later?");
        let (status, text) = desk.ask_for_text("prom", "/metrics");
        assert_eq!(status, 200, "{}", desk.name());
        assert!(
            text.contains("\nhandback_unassigned{queue=\"Payments\"} 1\n"),
            "{text}"
        );
        assert!(!text.contains("Zoë"), "{text}");
        assert_eq!(desk.ask_for_text("anna", "/metrics").0, 403);
    }
}

/// Signs in at the desk's TCP place with a token on standard input.
fn logs_in(desk: &Served, account: &account::Account, token: &str) -> Output {
    use std::{io::Write as _, process::Stdio};
    let mut login = account.command(account::HANDBACK);
    login.args(["login", "--desk", &format!("http://{}", desk.address())]);
    login
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut login = login.spawn().expect("the program");
    let mut stdin = login.stdin.take().expect("its input");
    writeln!(stdin, "{token}").expect("a reader");
    drop(stdin);
    login.wait_with_output().expect("its end")
}

#[test]
fn r40_login_keeps_a_token_the_desk_took_for_this_account_alone_and_logout_removes_it() {
    let mut desk = Served::start(support::sqlite());
    desk.customer("Zoë Jones", "Can I pay later?");
    let account = account::Account::new();
    let place = format!("http://{}", desk.address());
    let lists = |account: &account::Account| {
        let mut list = account.command(account::HANDBACK);
        list.args(["list", "--desk", &place])
            .output()
            .expect("the program")
    };
    assert_eq!(lists(&account).status.code(), Some(77), "nobody is nobody");
    let wrong = logs_in(&desk, &account, "hb_wrong");
    assert_eq!(wrong.status.code(), Some(77), "{wrong:?}");
    assert_eq!(
        lists(&account).status.code(),
        Some(77),
        "what the desk did not take is not kept"
    );
    let token = done(&desk, &["token", "ben"]);
    let right = logs_in(&desk, &account, token.trim());
    let said = String::from_utf8(right.stdout).unwrap() + &String::from_utf8(right.stderr).unwrap();
    assert_eq!(right.status.code(), Some(0), "{said}");
    assert!(
        said.contains("you are Ben Cole") && !said.contains(token.trim()),
        "{said}"
    );
    let file = said
        .split("kept in ")
        .nth(1)
        .unwrap()
        .split(", for you")
        .next()
        .unwrap();
    assert_eq!(
        fs::metadata(file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let listed = lists(&account);
    assert_eq!(listed.status.code(), Some(0), "{listed:?}");
    assert!(
        String::from_utf8(listed.stdout)
            .unwrap()
            .contains("Zoë Jones")
    );
    let logout = |account: &account::Account| {
        let mut logout = account.command(account::HANDBACK);
        logout
            .args(["logout", "--desk", &place])
            .output()
            .expect("the program")
    };
    let left = logout(&account);
    let said = String::from_utf8(left.stdout).unwrap();
    let id = said.split("token revoke ").nth(1).expect(&said).trim();
    assert_eq!(done(&desk, &["token", "revoke", id]).trim(), "1 revoked");
    assert_eq!(lists(&account).status.code(), Some(77));
    assert_eq!(logout(&account).status.code(), Some(4));
}

/// From an empty host to a leaver, each step as docs/administration.md tells it, over the real sshd and in terminals.
#[test]
fn r10_r34_r41_the_administrators_day_from_an_empty_host_to_a_leaver() {
    let can = |program: &str, arguments: &[&str]| {
        let asked = std::process::Command::new(program).args(arguments).output();
        asked.is_ok_and(|output| output.status.success())
    };
    if !rustix::process::geteuid().is_root() || !can("unshare", &["--mount", "true"]) {
        eprintln!("skipped: only root can give a host of their own to accounts that are made");
        return;
    }
    for (program, there) in [
        ("sshd", std::path::Path::new("/usr/sbin/sshd").exists()),
        ("tmux", can("tmux", &["-V"])),
        ("curl", can("curl", &["--version"])),
    ] {
        if !there {
            return support::missing(program);
        }
    }
    let day = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/administrators-day");
    let began = std::time::Instant::now();
    let output = std::process::Command::new(day)
        .arg(account::HANDBACK)
        .output()
        .expect("bash");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if said.contains("nothing can be mounted here") {
        eprintln!("skipped: {said}");
        return;
    }
    assert!(
        output.status.success() && said.contains("-- done"),
        "{said}"
    );
    figure::figure(
        "the whole day",
        format!("{:.0} s", began.elapsed().as_secs_f64()),
    );
}
