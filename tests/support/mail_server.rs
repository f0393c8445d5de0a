//! A real mail server (Exim) for one test: in a folder of its own, on loopback, without privileges, gone when dropped.

#![allow(unreachable_pub, reason = "a test program has no callers but itself")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where Debian keeps it, beside what `PATH` has.
const PROGRAMS: [&str; 2] = ["/usr/sbin/exim4", "/usr/sbin/exim"];

pub struct MailServer {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl MailServer {
    /// Starts one for `desk.test` and `customers.test` on which these mailboxes are, and which refuses mail to `refused`
    /// at once. Mail to anybody else it takes and brings back. `None`, with a word on standard error, if there is none.
    pub fn start(mailboxes: &[&str], refused: &[&str]) -> Option<Self> {
        let Some(program) = PROGRAMS.iter().find(|path| Path::new(path).exists()) else {
            crate::support::missing("exim4 (exim4-daemon-light)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("hb-mail-").tempdir();
        let folder = folder.expect("a folder").keep();
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        for name in ["spool", "log"] {
            fs::create_dir(folder.join(name)).expect("a folder");
        }
        let mut lines = String::new();
        for mailbox in mailboxes {
            for name in ["new", "cur", "tmp"] {
                fs::create_dir_all(folder.join(mailbox).join(name)).expect("a folder");
            }
            lines += &format!("{mailbox}: {}\n", folder.join(mailbox).display());
        }
        fs::write(folder.join("mailboxes"), lines).expect("mailboxes");
        let (user, group) = account();
        let text = CONFIGURATION
            .replace("FOLDER", &folder.display().to_string())
            .replace("PORT", &port.to_string())
            .replace("USER", &user)
            .replace("GROUP", &group)
            .replace("REFUSED", &refused.join(" : "));
        fs::write(folder.join("exim.conf"), text).expect("a configuration");
        let mut command = Command::new(program);
        if rustix::process::geteuid().is_root() {
            let owned = Command::new("chown")
                .args(["-R", &format!("{user}:{group}")])
                .arg(&folder)
                .status();
            assert!(owned.expect("chown").success());
            command = Command::new("setpriv");
            let identity = [format!("--reuid={user}"), format!("--regid={group}")];
            command.args(identity).args(["--clear-groups", program]);
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("permissions");
        let process = command
            .arg("-C")
            .arg(folder.join("exim.conf"))
            .args(["-bdf", "-q2s"])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("said")).expect("a file"))
            .spawn()
            .expect("exim");
        let server = Self {
            folder,
            port,
            process,
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{}",
                server.log()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    /// Where it takes mail.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where mail to this mailbox is.
    pub fn maildir(&self, mailbox: &str) -> PathBuf {
        self.folder.join(mailbox)
    }

    /// The mail in this mailbox that nobody has read.
    pub fn mail(&self, mailbox: &str) -> Vec<String> {
        let new = fs::read_dir(self.maildir(mailbox).join("new")).expect("a maildir");
        let read = |entry: fs::DirEntry| fs::read(entry.path()).expect("a mail");
        new.map_while(Result::ok)
            .map(|entry| String::from_utf8_lossy(&read(entry)).into_owned())
            .collect()
    }

    /// A customer's mail to the desk, over SMTP.
    pub fn hands_in(&self, from: &str, mail: &str) {
        let line = TcpStream::connect(("127.0.0.1", self.port)).expect("the mail server");
        let mut answers = BufReader::new(line.try_clone().expect("a line"));
        let mut line = line;
        let mut expect = |code: &str| {
            let mut answer = String::new();
            answers.read_line(&mut answer).expect("an answer");
            assert!(answer.starts_with(code), "{answer}{}", self.log());
        };
        expect("220");
        for (says, code) in [
            ("HELO customer".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            ("RCPT TO:<help@desk.test>".to_owned(), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{mail}."), "250"),
            ("QUIT".to_owned(), "221"),
        ] {
            line.write_all(format!("{says}\r\n").as_bytes())
                .expect("said");
            expect(code);
        }
    }

    fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        ["said", "log/mainlog", "log/paniclog"].map(read).concat()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The account it runs as: this one, unless that is root.
fn account() -> (String, String) {
    if rustix::process::geteuid().is_root() {
        return ("nobody".into(), "nogroup".into());
    }
    let ask = |what| {
        let asked = Command::new("id").arg(what).output().expect("id");
        String::from_utf8(asked.stdout)
            .expect("a name")
            .trim()
            .to_owned()
    };
    (ask("-un"), ask("-gn"))
}

const CONFIGURATION: &str = r"
primary_hostname = mail.test
spool_directory = FOLDER/spool
log_file_path = FOLDER/log/%slog
pid_file_path = FOLDER/pid
exim_user = USER
exim_group = GROUP
admin_groups = GROUP
never_users =
deliver_drop_privilege
local_interfaces = 127.0.0.1
daemon_smtp_ports = PORT
tls_advertise_hosts =
disable_ipv6
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
qualify_domain = mail.test
acl_smtp_rcpt = rcpt

begin acl
rcpt:
  deny  local_parts = REFUSED
        message     = no such mailbox
  accept

begin routers
mailbox:
  driver      = accept
  domains     = desk.test : customers.test
  local_parts = lsearch;FOLDER/mailboxes
  transport   = maildir

begin transports
maildir:
  driver            = appendfile
  directory         = ${lookup{$local_part}lsearch{FOLDER/mailboxes}}
  maildir_format
  return_path_add
  no_mode_fail_narrower

begin retry
*  *  F,1m,2s
";
