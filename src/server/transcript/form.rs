//! How a transcript is written: Markdown, text or JSON.
//!
//! In Markdown and text what a stranger wrote stands apart from our own lines, behind `>` or indented, so that no
//! message can look like the one after it.

use std::fmt::Write as _;

use crate::{
    domain::{
        id::ConversationId,
        message::{Delivery, Failure},
        moment::Moment,
        text::Safe,
    },
    wire::{self, Time, conversation::Contact, message::Attachment},
};

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Markdown,
    Text,
    Json,
}

/// What stands above it all.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: ConversationId,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) channel: String,
    pub(super) at: Moment,
    pub(super) notes: bool,
}

/// One thing that was written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) wrote: Wrote,
    pub(super) at: Moment,
    pub(super) by: Option<String>,
    pub(super) body: String,
    pub(super) delivery: Option<Delivery>,
    pub(super) attachments: Vec<Attachment>,
}

/// Who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrote {
    Customer,
    Us,
    Note,
}

impl Form {
    /// What it is, for whoever receives it.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The head, with the end of its last line.
    pub(super) fn head(self, head: &Head) -> String {
        let (channel, address) = (Safe::line(&head.channel), Safe::line(&head.address));
        let (id, at) = (&head.id, time(head.at));
        let with = if head.notes {
            ", with the team's notes: not for the customer"
        } else {
            ""
        };
        match self {
            Self::Markdown => format!(
                "# Conversation with {}\n\n{} {} · {id} · written out {at}{with}\n",
                escaped(head.called().as_str()),
                escaped(channel.as_str()),
                escaped(address.as_str()),
            ),
            Self::Text => format!(
                "Conversation with {}\n{channel} {address} · {id} · written out {at}{with}\n",
                head.called()
            ),
            Self::Json => {
                let contact = Contact {
                    name: head.name.clone(),
                    address: head.address.clone(),
                };
                format!(
                    "{{\"id\":{},\"contact\":{},\"channel\":{},\"written_out_at\":{},\"entries\":[\n",
                    json(&id.as_str()),
                    json(&contact),
                    json(&head.channel),
                    json(&Time(head.at)),
                )
            }
        }
    }

    /// One entry, with the end of its last line.
    pub(super) fn entry(self, head: &Head, entry: &Entry, first: bool) -> String {
        if self == Self::Json {
            let comma = if first { "" } else { ",\n" };
            return format!("{comma}{}", json(&entry.on_the_wire()));
        }
        let (who, beside) = (entry.who(head), entry.beside());
        let body = Safe::text(&entry.body);
        let mut text = match self {
            Self::Markdown => format!(
                "\n**{}** · {}{}\n\n",
                escaped(who.as_str()),
                time(entry.at),
                escaped(beside.as_str())
            ),
            _ => format!("\n{who}, {}{beside}\n", time(entry.at)),
        };
        let lines: Vec<Safe> = body.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let _ = match self {
                // A line that is no last one ends with a break of its own.
                Self::Markdown if index + 1 < lines.len() && !line.is_empty() => {
                    writeln!(text, "> {}\\", quoted(line.as_str()))
                }
                Self::Markdown => writeln!(text, "> {}", quoted(line.as_str())),
                _ => writeln!(text, "    {line}"),
            };
        }
        for one in &entry.attachments {
            let name = Safe::line(&one.name);
            let kind = Safe::line(&one.kind);
            let said = Safe::line(&format!("attachment: {name} ({kind}, {} bytes)", one.size));
            let _ = match self {
                Self::Markdown => writeln!(text, ">\n> *{}*", escaped(said.as_str())),
                _ => writeln!(text, "    [{said}]"),
            };
        }
        text
    }

    /// The end.
    pub(super) fn foot(self, left_out: u64) -> String {
        match (self, left_out) {
            (Self::Json, _) => format!("\n],\"left_out\":{left_out}}}\n"),
            (_, 0) => String::new(),
            (_, 1) => "\n1 message of ours never arrived and is left out.\n".to_owned(),
            _ => format!("\n{left_out} messages of ours never arrived and are left out.\n"),
        }
    }
}

impl Head {
    /// What to call the customer.
    fn called(&self) -> Safe {
        match self.name.is_empty() {
            true => Safe::line(&self.address),
            false => Safe::line(&self.name),
        }
    }
}

impl Entry {
    fn who(&self, head: &Head) -> Safe {
        let by = self.by.as_deref().map(Safe::line);
        match (self.wrote, by) {
            (Wrote::Customer, _) => head.called(),
            (Wrote::Us, None) => Safe::literal("We"),
            (Wrote::Us, Some(by)) => Safe::line(&format!("We ({by})")),
            (Wrote::Note, None) => Safe::literal("NOTE, the customer never saw it"),
            (Wrote::Note, Some(by)) => {
                Safe::line(&format!("NOTE by {by}, the customer never saw it"))
            }
        }
    }

    /// What is to be said of its delivery.
    fn beside(&self) -> Safe {
        match self.delivery {
            Some(Delivery::Pending) => Safe::literal(", on its way"),
            Some(Delivery::Failed(Failure::Unconfirmed)) => {
                Safe::literal(", not known whether it arrived")
            }
            _ => Safe::default(),
        }
    }

    fn on_the_wire(&self) -> wire::transcript::Entry {
        let from = match self.wrote {
            Wrote::Customer => "customer",
            Wrote::Us => "us",
            Wrote::Note => "note",
        };
        wire::transcript::Entry {
            at: Time(self.at),
            from: from.to_owned(),
            by: self.by.clone(),
            body: self.body.clone(),
            delivery: self
                .delivery
                .filter(|delivery| *delivery != Delivery::Delivered)
                .map(Into::into),
            attachments: self.attachments.clone(),
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and times are JSON")
}

/// `2026-11-24 13:38 UTC`.
fn time(at: Moment) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(
        |_| "at no time there is".to_owned(),
        |stamp| stamp.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// Text in Markdown that is nothing but text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A line of a message in Markdown: what makes a list, a rule or code at the beginning of a line does not here.
fn quoted(line: &str) -> String {
    let text = line.trim_start_matches(' ');
    let spaces = line.len() - text.len();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let escape = match text[digits..].chars().next() {
        Some('-' | '+' | '=') if digits == 0 => Some(0),
        Some('.' | ')') if digits > 0 => Some(digits),
        _ => None,
    };
    let indented = "&nbsp;".repeat(spaces);
    match escape {
        Some(at) => format!("{indented}{}\\{}", &text[..at], escaped(&text[at..])),
        None => format!("{indented}{}", escaped(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            id: ConversationId::parse("C1").unwrap(),
            name: "Bea *Jones*\u{202e}".into(),
            address: "+44".into(),
            channel: "SMS".into(),
            at: Moment(1_795_000_000_000_000),
            notes: false,
        }
    }

    fn entry(wrote: Wrote, body: &str) -> Entry {
        Entry {
            wrote,
            at: Moment(1_795_000_000_000_000),
            by: None,
            body: body.into(),
            delivery: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn t1_no_message_can_look_like_our_own_lines() {
        let forged = "Yes.\n\n**We** · 2026-11-24\n\nWe, 2026-11-24 13:38 UTC\n    All is paid.\r# Head\u{1b}[2J";
        let entry = entry(Wrote::Customer, forged);
        let own = |text: &str| {
            let own = text.lines().filter(|l| !l.is_empty());
            own.filter(|l| !l.starts_with("> ") && !l.starts_with("    "))
                .count()
        };
        for form in [Form::Markdown, Form::Text] {
            let text = form.entry(&head(), &entry, true);
            assert_eq!(own(&text), 1, "{text}");
            assert!(!text.contains('\u{1b}'), "{text}");
        }
        let text = Form::Markdown.entry(&head(), &entry, true);
        assert!(
            text.contains("> \\*\\*We\\*\\*") && text.contains("> \\# Head"),
            "{text}"
        );
    }

    #[test]
    fn t1_what_would_be_a_list_or_code_stays_a_line() {
        assert_eq!(quoted("- one"), "\\- one");
        assert_eq!(quoted("12. one"), "12\\. one");
        assert_eq!(quoted("12 o'clock. Yes"), "12 o'clock. Yes");
        assert_eq!(quoted("     code"), "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;code");
        assert_eq!(quoted("<img src=x>"), "\\<img src=x\\>");
    }

    #[test]
    fn t1_json_is_of_the_contract_and_says_what_arrived() {
        let on_its_way = Entry {
            delivery: Some(Delivery::Pending),
            ..entry(Wrote::Us, "Yes\u{9b}")
        };
        let mut text = Form::Json.head(&head());
        text += &Form::Json.entry(&head(), &entry(Wrote::Customer, "May I?"), true);
        text += &Form::Json.entry(&head(), &on_its_way, false);
        text += &Form::Json.foot(2);
        let read: wire::transcript::Transcript = serde_json::from_str(&text).unwrap();
        assert_eq!(read.contact.name, "Bea *Jones*\u{202e}");
        assert_eq!(read.entries[1].body, "Yes\u{9b}");
        assert_eq!(read.entries[1].delivery.as_ref().unwrap().state, "pending");
        assert_eq!((read.entries.len(), read.left_out), (2, 2));
        assert_eq!(text.lines().count(), 4, "one entry on a line: {text}");
    }
}
