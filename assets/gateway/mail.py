#!/usr/bin/env python3
"""A gateway between a handback desk and mail: an example to run, read and adapt.

    python3 mail.py mail.toml

It does four things, and keeps what is not finished in one SQLite file, so that it may be stopped or killed at any time:

1. Mail that comes into a Maildir is handed to the desk (POST /v1/inbound). The contact is the sender's address, the
   external id is the mail's Message-ID, so that handing it in twice does nothing twice.
2. The desk's messages come in as signed webhooks (Standard Webhooks). One is answered with 202 once it is on disk; one
   that comes again is known by its id.
3. They are sent by SMTP, in order for each address, with a Message-ID made from the desk's, under the subject of the
   customer's last mail. A server that says "not now" is asked again; one that says "no" makes a delivery error.
4. What became of each is told to the desk (POST /v1/deliveries): `delivered` once the mail server took it, and an error
   if it comes back, perhaps days later, as a bounce (RFC 3464) to the same Maildir.

Killed between the mail server's "250" and writing that down, it sends that one mail again, with the same Message-ID:
SMTP has no better to offer.

The settings are a TOML file:

    desk = "unix:/run/handback/desk.sock"    # or https://desk.example, or http://127.0.0.1:8080
    token_file = "/etc/handback/mail.token"  # for http(s); on a socket the account this runs as is the desk's unix_user
    queue = "Payments"                       # where a conversation goes that a customer begins
    channel = "Email"                        # its name in the desk's team file
    address = "help@example.org"             # mail to customers is from here, and comes back here
    name = "Example Help"
    subject = "Your message to us"           # of mail to somebody who never wrote
    maildir = "/var/mail/help"               # where mail to `address` is dropped
    smtp = "127.0.0.1:25"                    # the mail server of this host
    listen = "127.0.0.1:8025"                # the channel's deliver_to in the team file
    secret_file = "/etc/handback/email.secret"
    state = "/var/lib/handback-mail/state.db"

Its user at the desk needs the permission `inbound`. It needs Python 3.11 and nothing else.
"""

import base64
import dataclasses
import hashlib
import hmac
import html.parser
import http.client
import http.server
import json
import logging
import os
import pathlib
import re
import signal
import smtplib
import socket
import sqlite3
import ssl
import stat
import sys
import threading
import time
import tomllib
import urllib.parse
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

LOG = logging.getLogger("mail")
POLL = 0.5  # seconds between two looks for something to do
FIRST, CAP = 2, 600  # seconds: the wait after a failure doubles from one to the other
TOLERANCE = 300  # seconds that a webhook's timestamp may differ from this clock
MOST = 2 << 20  # bytes of a webhook


# -- Mail that comes in ------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Letter:
    """A customer's mail, as the desk takes it."""

    address: str
    name: str
    body: str
    external_id: str
    subject: str
    attachments: list


@dataclasses.dataclass
class Bounce:
    """A mail of ours came back: which message of the desk's it was, and why, in the desk's words."""

    message: str
    reason: str


@dataclasses.dataclass
class Ignored:
    """Nobody wrote it: an automatic answer, a delay, our own. Answering such mail is how loops begin."""

    why: str


def read_mail(raw, address):
    """What a mail is to the desk. `address` is our own."""
    mail = message_from_bytes(raw, policy=policy.default)
    if mail.get_content_type() == "multipart/report":
        return read_report(mail, address)
    automatic = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    if automatic != "no":
        return Ignored(f"Auto-Submitted: {automatic}")
    sender = author(mail)
    if sender is None:
        return Ignored("it is from nobody")
    if sender.addr_spec.lower() == address.lower():
        return Ignored("it is our own")
    external_id = one_line(mail.get("Message-ID", ""))
    return Letter(
        address=one_line(sender.addr_spec).lower(),
        name=one_line(sender.display_name),
        body=whole(text_of(mail)),
        external_id=external_id or "sha256:" + hashlib.sha256(raw).hexdigest(),
        subject=one_line(mail.get("Subject", "")),
        attachments=[
            {
                "name": one_line(part.get_filename() or "unnamed"),
                "type": part.get_content_type(),
                "size": len(part.get_payload(decode=True) or b""),
            }
            for part in mail.iter_attachments()
        ],
    )


def author(mail):
    """Who wrote a mail; None if it does not say, or says it in a way that cannot be answered."""
    try:
        sender = mail["From"].addresses[0]
    except (AttributeError, IndexError, ValueError):
        return None
    return sender if sender.username and sender.domain else None


def text_of(mail):
    """What a mail says: its plain text, or its HTML without the markup."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = part.get_payload(decode=True) or b""
    try:
        text = text.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset that nobody knows
        text = text.decode("utf-8", "replace")
    if part.get_content_type() == "text/html":
        words = Words()
        words.feed(text)
        words.close()
        text = "".join(words.said)
    text = text.replace("\r\n", "\n").strip()
    return re.sub(r"\n{3,}", "\n\n", text)


class Words(html.parser.HTMLParser):
    """The words of an HTML text."""

    def __init__(self):
        super().__init__()
        self.said, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style", "head"):
            self.silent += 1
        elif tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3"):
            self.said.append("\n")

    def handle_endtag(self, tag):
        if tag in ("script", "style", "head") and self.silent:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def read_report(mail, address):
    """What a mail server reports of a mail of ours (RFC 3464)."""
    action, status, message = "", "", None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            # The first block is about the mail server, the others are about recipients.
            for about in part.get_payload():
                if isinstance(about, str) or about.get("Action") is None:
                    continue
                action = str(about["Action"]).strip().lower()
                status = str(about.get("Status", "")).strip()
        elif kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
            message = message or original(part, address)
    if action != "failed":
        return Ignored(f"a report of something {action or 'else'}")
    if message is None:
        message = from_message_id(mail.get("References", ""), address)
    return Bounce(message, reason_of(status)) if message else Ignored("a bounce of a mail that is not ours")


def original(part, address):
    """Which message of the desk's the mail is that a report is about."""
    inner = part.get_payload()
    if isinstance(inner, list):  # message/rfc822: the mail itself
        return from_message_id(inner[0].get("Message-ID", ""), address) if inner else None
    headers = message_from_bytes(str(inner).encode("utf-8", "replace"), policy=policy.default)
    return from_message_id(headers.get("Message-ID", ""), address)


def reason_of(status):
    """Why a mail did not arrive, in the desk's words, by its status (RFC 3463)."""
    for beginning, reason in (
        ("5.1.", "invalid_number"),
        ("5.2.", "unavailable"),
        ("4.4.7", "expired"),
        ("5.4.7", "expired"),
        ("5.4.", "network_error"),
        ("5.6.", "bad_structure"),
        ("4.", "expired"),  # it was tried again until nobody waited any longer
    ):
        if status.startswith(beginning):
            return reason
    return "rejected"


def message_id(message, address):
    """The Message-ID of a message of the desk's."""
    return f"<handback.{message}@{address.rpartition('@')[2]}>"


def from_message_id(text, address):
    """The message of the desk's that has this Message-ID; None if it is none of ours."""
    domain = re.escape(address.rpartition("@")[2])
    found = re.search(rf"<handback\.([A-Za-z0-9_-]+)@{domain}>", str(text), re.IGNORECASE)
    return found and found[1]


def whole(text):
    """A text without the halves of characters by which Python keeps bytes that it cannot read."""
    return str(text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def one_line(text):
    """A text without line breaks and other control characters: what may stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in whole(text)).split())[:500]


# -- Mail that goes out ------------------------------------------------------------------------------------------------


def write_mail(letter, settings, thread):
    """The mail that a message of the desk's becomes. `thread`: subject and Message-ID of the customer's last mail.

    Raises ValueError if its address is none that mail can be sent to."""
    to = letter["contact"]
    mail = EmailMessage(policy=policy.SMTP)
    names = [one_line(name) for name in (letter.get("sender"), settings["name"]) if name]
    try:
        mail["From"] = Address(", ".join(names), addr_spec=settings["address"])
        mail["To"] = Address(one_line(to.get("name", "")), addr_spec=to["address"])
    except (IndexError, UnicodeError) as error:  # what the library says of some addresses
        raise ValueError(str(error)) from error
    subject, last = thread or (settings["subject"], "")
    answered = subject.lower().startswith("re:") or not last
    mail["Subject"] = subject if answered else "Re: " + subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = message_id(letter["message"], settings["address"])
    if last:
        mail["In-Reply-To"] = last
        mail["References"] = last
    mail.set_content(letter["body"])
    return mail


def is_genuine(headers, body, key, now):
    """Whether the desk sent this: the signature of Standard Webhooks, made not long ago."""
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE:
        return False
    signed = f"{identity}.{stamp}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    given = headers.get("webhook-signature", "").split()
    # compare_digest takes as long whatever differs.
    return any(hmac.compare_digest(f"v1,{expected}".encode(), one.encode()) for one in given)


# -- Files -------------------------------------------------------------------------------------------------------------


def read_secret(path):
    """A file that nobody else can read."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW)) as file:
        meta = os.fstat(file.fileno())
        if not stat.S_ISREG(meta.st_mode) or meta.st_uid != os.geteuid() or meta.st_mode & 0o177:
            sys.exit(f"others than you may use {path}: run  chmod 600 {path}")
        return file.read().strip()


def read_key(path):
    """The secret that the desk signs with."""
    return base64.b64decode(read_secret(path).removeprefix("whsec_"), validate=True)


SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (  -- the desk's messages, in the order they came
    n INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, address TEXT NOT NULL, json TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS report (  -- what the desk is still to be told, in this order
    n INTEGER PRIMARY KEY, message TEXT NOT NULL, state TEXT NOT NULL, reason TEXT);
CREATE TABLE IF NOT EXISTS thread (  -- the last mail of each customer
    address TEXT PRIMARY KEY, subject TEXT NOT NULL, message_id TEXT NOT NULL);
"""


def open_state(path):
    """The state; each thread has a connection of its own."""
    state = sqlite3.connect(path, isolation_level=None, timeout=30)
    state.execute("PRAGMA journal_mode = WAL")
    state.execute("PRAGMA synchronous = FULL")
    return state


# -- The desk ----------------------------------------------------------------------------------------------------------


class Desk:
    """The desk's HTTP, over its socket or over TCP."""

    def __init__(self, place, token_file):
        self.place = place
        self.headers = {"Content-Type": "application/json"}
        if token_file:
            self.headers["Authorization"] = "Bearer " + read_secret(token_file)
        url = urllib.parse.urlsplit(place)
        if url.scheme == "http" and url.hostname not in ("127.0.0.1", "::1", "localhost"):
            sys.exit("plain http:// is for this host only: use https://")

    def connect(self):
        if self.place.startswith("unix:"):
            line = http.client.HTTPConnection("desk", timeout=20)
            line.sock = socket.socket(socket.AF_UNIX)
            line.sock.settimeout(20)
            line.sock.connect(self.place.removeprefix("unix:"))
            return line
        url = urllib.parse.urlsplit(self.place)
        if url.scheme == "https":
            return http.client.HTTPSConnection(url.netloc, timeout=20, context=ssl.create_default_context())
        return http.client.HTTPConnection(url.netloc, timeout=20)

    def post(self, path, body):
        """The answer's status and body; an exception if there is none."""
        line = self.connect()
        try:
            line.request("POST", path, json.dumps(body), self.headers)
            answer = line.getresponse()
            said = answer.read()
        finally:
            line.close()
        try:
            return answer.status, json.loads(said)
        except ValueError:
            return answer.status, {}


def is_final(status):
    """Whether asking the desk the same again would be answered the same."""
    return status < 500 and status not in (401, 403, 408, 429)


# -- The four tasks ----------------------------------------------------------------------------------------------------


def take_in(settings, desk, state):
    """Looks once through the Maildir, and files what it dealt with as read. What the desk cannot take now stays."""
    folder = pathlib.Path(settings["maildir"])
    for path in sorted((folder / "new").iterdir(), key=lambda path: (path.stat().st_mtime, path.name)):
        raw = path.read_bytes()
        flags = "S"
        try:
            mail = read_mail(raw, settings["address"])
        except Exception as error:  # a mail that breaks its reader must not hold up those behind it
            LOG.error("cannot read %s (flagged in cur/): %r", path.name, error)
            mail, flags = None, "FS"
        if isinstance(mail, Letter):
            flags = hand_in(mail, path.stat().st_mtime, settings, desk, state)
            if flags is None:
                return
        elif isinstance(mail, Bounce):
            report(state, mail.message, "error", mail.reason)
        elif mail:
            LOG.info("left aside %s: %s", path.name, mail.why)
        path.rename(folder / "cur" / f"{path.name}:2,{flags}")


def hand_in(letter, arrived, settings, desk, state):
    """Hands a mail to the desk. The flags it is filed under, F if the desk refuses it; None if it must wait."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(arrived))
    status, said = desk.post(
        "/v1/inbound",
        {
            "queue": settings["queue"],
            "channel": settings["channel"],
            "contact": {"address": letter.address, "name": letter.name},
            "body": letter.body or letter.subject,
            "external_id": letter.external_id,
            "at": at,
            "attachments": letter.attachments,
        },
    )
    # A queue or channel that is not there yet is the settings' mistake, not this mail's.
    if not is_final(status) or said.get("reason") in ("no_such_queue", "no_such_channel"):
        LOG.warning("the desk answers with status %s %s", status, said.get("reason", ""))
        return None
    if status not in (200, 201):
        LOG.error("the desk refuses a mail (flagged in cur/): %s", said.get("detail", status))
        return "FS"
    last = letter.external_id if letter.external_id.startswith("<") else ""
    state.execute(
        "INSERT OR REPLACE INTO thread VALUES (?, ?, ?)",
        (letter.address, letter.subject or settings["subject"], last),
    )
    return "S"


def report(state, message, outcome, reason=None):
    """Puts down what the desk is to be told."""
    state.execute("INSERT INTO report (message, state, reason) VALUES (?, ?, ?)", (message, outcome, reason))


def send_out(settings, state):
    """Sends what is due, for each address in the order it came."""
    held = set()
    rows = state.execute("SELECT n, message, address, json, tries, due FROM letter WHERE sent = 0 ORDER BY n").fetchall()
    for n, message, address, text, tries, due in rows:
        if address in held:
            continue
        if due > time.time():
            held.add(address)
            continue
        outcome, reason = send_one(json.loads(text), settings, state)
        state.execute("BEGIN IMMEDIATE")
        if outcome == "later":
            held.add(address)
            wait = min(CAP, FIRST << min(tries, 20))
            state.execute("UPDATE letter SET tries = tries + 1, due = ? WHERE n = ?", (time.time() + wait, n))
        else:
            state.execute("UPDATE letter SET sent = 1 WHERE n = ?", (n,))
            report(state, message, outcome, reason)
        state.execute("COMMIT")


def send_one(letter, settings, state):
    """Sends one mail: `delivered`, `error` with a reason, or `later`."""
    find = "SELECT subject, message_id FROM thread WHERE address = ?"
    thread = state.execute(find, (letter["contact"]["address"].lower(),)).fetchone()
    try:
        mail = write_mail(letter, settings, thread)
    except ValueError:
        return "error", "invalid_number"
    host, _, port = settings["smtp"].rpartition(":")
    try:
        with smtplib.SMTP(host, int(port), timeout=30) as server:
            server.send_message(mail, from_addr=settings["address"])
        return "delivered", None
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _ in refused.recipients.values())
        return ("error", "invalid_number") if code >= 500 else ("later", None)
    except smtplib.SMTPResponseException as refused:
        LOG.warning("the mail server answers with %s", refused.smtp_code)
        return ("error", "rejected") if refused.smtp_code >= 500 else ("later", None)
    except (smtplib.SMTPNotSupportedError, UnicodeError):
        return "error", "invalid_number"
    except (smtplib.SMTPException, OSError) as error:
        LOG.warning("cannot send: %s", error)
        return "later", None


def tell(desk, state):
    """Tells the desk what became of its messages, one after the other: the last word about one is the one that counts."""
    for n, message, outcome, reason in state.execute("SELECT n, message, state, reason FROM report ORDER BY n").fetchall():
        body = {"message": message, "state": outcome}
        if reason:
            body["reason"] = reason
        status, said = desk.post("/v1/deliveries", body)
        if not is_final(status):
            LOG.warning("the desk answers with status %s", status)
            return
        if status != 200:
            LOG.error("the desk refuses a report: %s", said.get("detail", status))
        state.execute("DELETE FROM report WHERE n = ?", (n,))


class Webhook(http.server.BaseHTTPRequestHandler):
    """Takes the desk's messages."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    settings, key = None, None

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(int(length))
        if not is_genuine(self.headers, body, self.key, time.time()):
            return self.answer(401)
        try:
            letter = json.loads(body)
            message, address = str(letter["message"]), str(letter["contact"]["address"]).lower()
            letter["body"] + letter["channel"]
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"reason": "bad_structure"})
        if letter["channel"] != self.settings["channel"]:
            return self.answer(422, {"reason": "rejected"})
        state = open_state(self.settings["state"])
        # On disk before it is answered; one that is known is answered the same.
        state.execute(
            "INSERT OR IGNORE INTO letter (message, address, json) VALUES (?, ?, ?)",
            (message, address, json.dumps(letter)),
        )
        state.close()
        self.answer(202)

    def answer(self, status, body=None):
        said = json.dumps(body or {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


def again_and_again(what, settings):
    """Does something for ever. What breaks it is said, and it is tried again a little later."""
    state = open_state(settings["state"])
    while True:
        try:
            what(state)
            time.sleep(POLL)
        except Exception as error:  # the desk or the disk is away, or this has a mistake; mail waits meanwhile
            LOG.warning("%r", error)
            if state.in_transaction:
                state.execute("ROLLBACK")
            time.sleep(FIRST)


def main():
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    with open(sys.argv[1], "rb") as file:
        settings = tomllib.load(file)
    host, _, port = settings["listen"].rpartition(":")
    if host not in ("127.0.0.1", "localhost"):
        sys.exit("listen: the desk's messages are not encrypted on the way here, so listen on 127.0.0.1")
    Webhook.settings, Webhook.key = settings, read_key(settings["secret_file"])
    desk = Desk(settings["desk"], settings.get("token_file"))
    open_state(settings["state"]).executescript(SCHEMA)
    tasks = (
        lambda state: take_in(settings, desk, state),
        lambda state: send_out(settings, state),
        lambda state: tell(desk, state),
    )
    for task in tasks:
        threading.Thread(target=again_and_again, args=(task, settings), daemon=True).start()
    server = http.server.ThreadingHTTPServer((host, int(port)), Webhook)
    # Whatever is under way is on disk, or is done again.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    LOG.info("listening on http://%s:%s", *server.server_address)
    server.serve_forever()


if __name__ == "__main__":
    main()
