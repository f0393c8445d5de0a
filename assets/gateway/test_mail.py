"""What the mail gateway reads and writes: python3 -m unittest discover -s assets/gateway"""

import base64
import unittest
from email import message_from_bytes, policy

import mail

OURS = "help@desk.example"
SETTINGS = {"address": OURS, "name": "Example Help", "subject": "Your message to us"}


def letter(**more):
    contact = {"address": "zoe@home.example", "name": "Zoë Jones"}
    return {"message": "K3-2", "contact": contact, "body": "Yes.\n", "sender": "Anna Webb", "channel": "Email"} | more


def read(*lines):
    return mail.read_mail("\r\n".join(lines).encode(), OURS)


def report(action, status, original, kind="message/rfc822"):
    return read(
        "From: Mail Delivery System <Mailer-Daemon@mail.example>",
        "Auto-Submitted: auto-replied",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        "MIME-Version: 1.0",
        "",
        "--x",
        "Content-Type: text/plain",
        "",
        "It could not be delivered.",
        "--x",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mail.example",
        "",
        f"Action: {action}",
        "Final-Recipient: rfc822;zoe@home.example",
        f"Status: {status}",
        "",
        "--x",
        f"Content-Type: {kind}",
        "",
        f"Message-ID: {original}",
        "Subject: Re: Bill",
        "",
        "--x--",
        "",
    )


class In(unittest.TestCase):
    def test_a_plain_mail(self):
        got = read(
            'From: "Zoë Jones" <Zoe@Home.example>', "Subject: Bill", "Message-ID: <1@home>", "", "Hello,", "", "", "", "Zoë"
        )
        self.assertEqual((got.address, got.name), ("zoe@home.example", "Zoë Jones"))
        self.assertEqual((got.body, got.subject, got.external_id), ("Hello,\n\nZoë", "Bill", "<1@home>"))
        self.assertEqual(got.attachments, [])

    def test_plain_text_is_preferred_and_files_are_named(self):
        got = read(
            "From: zoe@home.example",
            "Content-Type: multipart/mixed; boundary=m",
            "",
            "--m",
            "Content-Type: multipart/alternative; boundary=a",
            "",
            "--a",
            "Content-Type: text/html",
            "",
            "<p>HTML</p>",
            "--a",
            "Content-Type: text/plain",
            "",
            "Plain",
            "--a--",
            "--m",
            "Content-Type: application/pdf",
            "Content-Disposition: attachment; filename=\"bill\r\n .pdf\"",
            "Content-Transfer-Encoding: base64",
            "",
            "QUJD",
            "--m--",
            "",
        )
        self.assertEqual(got.body, "Plain")
        self.assertEqual(got.attachments, [{"name": "bill .pdf", "type": "application/pdf", "size": 3}])
        self.assertTrue(got.external_id.startswith("sha256:"), "it has no Message-ID")

    def test_html_alone_is_read_without_its_markup(self):
        got = read(
            "From: zoe@home.example",
            "Content-Type: text/html; charset=utf-8",
            "",
            "<head><style>p{}</style></head><p>One</p><p>Two &amp; three<br>four</p><script>no</script>",
        )
        self.assertEqual(got.body, "One\nTwo & three\nfour")

    def test_a_charset_nobody_knows_is_read_all_the_same(self):
        got = read("From: zoe@home.example", "Content-Type: text/plain; charset=x-odd", "", "Hello")
        self.assertEqual(got.body, "Hello")

    def test_what_nobody_wrote_is_left_aside(self):
        for lines in (
            ("From: zoe@home.example", "Auto-Submitted: auto-replied (vacation)", "", "Away"),
            ("From: Help <HELP@desk.example>", "", "Hello"),
            ("From: ", "", "Hello"),
            ("Subject: nobody", "", "Hello"),
        ):
            self.assertIsInstance(read(*lines), mail.Ignored, lines)

    def test_a_bounce_is_an_error_of_the_message_it_is_of(self):
        ours = mail.message_id("K3-2", OURS)
        for kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            self.assertEqual(report("failed", "5.1.1", ours, kind), mail.Bounce("K3-2", "invalid_number"), kind)
        for status, reason in (("5.2.2", "unavailable"), ("4.4.7", "expired"), ("5.0.0", "rejected"), ("", "rejected")):
            self.assertEqual(report("failed", status, ours), mail.Bounce("K3-2", reason))

    def test_a_delay_or_somebody_elses_bounce_is_none(self):
        self.assertIsInstance(report("delayed", "4.4.1", mail.message_id("K3-2", OURS)), mail.Ignored)
        for other in ("<1@home.example>", "<handback.K3-2@elsewhere.example>", ""):
            self.assertIsInstance(report("failed", "5.1.1", other), mail.Ignored)


class Out(unittest.TestCase):
    def test_an_answer_stands_in_the_customers_thread(self):
        made = mail.write_mail(letter(), SETTINGS, ("Bill", "<1@home>"))
        back = message_from_bytes(bytes(made), policy=policy.default)
        self.assertEqual(back["From"], '"Anna Webb, Example Help" <help@desk.example>')
        self.assertEqual(back["To"].addresses[0].display_name, "Zoë Jones")
        self.assertEqual((back["Subject"], back["In-Reply-To"], back["References"]), ("Re: Bill", "<1@home>", "<1@home>"))
        self.assertEqual(mail.from_message_id(back["Message-ID"], OURS), "K3-2")
        self.assertEqual(back.get_content(), "Yes.\r\n")
        self.assertEqual(mail.write_mail(letter(), SETTINGS, ("RE: Bill", "<1@home>"))["Subject"], "RE: Bill")

    def test_a_beginning_has_the_subject_of_the_settings(self):
        made = mail.write_mail(letter(sender=None), SETTINGS, None)
        self.assertEqual((made["Subject"], made["In-Reply-To"]), ("Your message to us", None))
        self.assertEqual(str(made["From"]), "Example Help <help@desk.example>")

    def test_no_text_of_a_stranger_becomes_a_header(self):
        contact = {"address": "zoe@home.example", "name": "Zoë\r\nBcc: all@home.example"}
        thread = (mail.one_line("Bill\r\nBcc: all@home.example"), mail.one_line("<1@home>\r\nBcc: x@y"))
        made = mail.write_mail(letter(contact=contact, sender="A\nBcc: x@y"), SETTINGS, thread)
        back = message_from_bytes(bytes(made), policy=policy.default)
        self.assertIsNone(back["Bcc"])

    def test_an_address_that_is_none_is_an_error(self):
        for address in ("", "zoe", "zoe@home.example\r\nBcc: x@y", "a@b, c@d", "a b@c"):
            with self.assertRaises(ValueError, msg=address):
                mail.write_mail(letter(contact={"address": address}), SETTINGS, None)

    def test_only_what_the_desk_signed_a_moment_ago_is_genuine(self):
        # The example of the Standard Webhooks specification.
        key, body, now = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b'{"test": 2432232314}', 1614265330
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": str(now),
            "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        self.assertTrue(mail.is_genuine(headers, body, key, now))
        self.assertFalse(mail.is_genuine(headers, body + b" ", key, now))
        self.assertFalse(mail.is_genuine(headers, body, key[:-1], now))
        self.assertFalse(mail.is_genuine(headers, body, key, now + 301))
        for name, value in (("webhook-id", "x"), ("webhook-timestamp", "٣"), ("webhook-signature", "é"), ("webhook-timestamp", "")):
            self.assertFalse(mail.is_genuine(headers | {name: value}, body, key, now))


if __name__ == "__main__":
    unittest.main()
