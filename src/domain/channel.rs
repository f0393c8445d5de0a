//! What a channel asks of those who write through it: how long a customer may be answered (S6), and that a customer
//! who says STOP is left alone (S5).

use std::time::Duration;

use super::moment::Moment;

/// How long after the customer's last message WhatsApp takes free text (S6).
const WHATSAPP_WINDOW: Duration = Duration::from_secs(24 * 3600);

/// Until when free text may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The channel does not mind.
    Unlimited,
    /// Until then, and not later.
    Until(Moment),
    /// Not before the customer has written.
    NotYet,
}

impl Window {
    /// Of a channel of this kind, whose customer last wrote then.
    #[must_use]
    pub fn of(kind: &str, customer_wrote: Option<Moment>) -> Self {
        match (kind, customer_wrote) {
            ("whatsapp", Some(wrote)) => Self::Until(wrote.after(WHATSAPP_WINDOW)),
            ("whatsapp", None) => Self::NotYet,
            _ => Self::Unlimited,
        }
    }

    /// Whether free text is refused at this moment.
    #[must_use]
    pub fn is_closed(self, now: Moment) -> bool {
        match self {
            Self::Unlimited => false,
            Self::Until(last) => now > last,
            Self::NotYet => true,
        }
    }
}

/// Whether a customer's message says STOP and nothing else (S5). Case does not matter, nor does anything that is no
/// letter and no digit.
#[must_use]
pub fn is_stop(body: &str) -> bool {
    let said = body.chars().filter(|c| c.is_alphanumeric());
    said.flat_map(char::to_lowercase).eq("stop".chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_whatsapp_takes_free_text_for_24_hours_and_the_others_always() {
        let (wrote, day) = (Moment(5), 24 * 3600 * 1_000_000);
        let whatsapp = Window::of("whatsapp", Some(wrote));
        assert!(!whatsapp.is_closed(Moment(5 + day)));
        assert!(whatsapp.is_closed(Moment(5 + day + 1)));
        assert!(Window::of("whatsapp", None).is_closed(Moment(0)));
        for kind in ["sms", "email", "webchat"] {
            assert!(!Window::of(kind, None).is_closed(Moment(i64::MAX)));
        }
    }

    #[test]
    fn s5_only_stop_by_itself_is_a_stop() {
        for stop in [
            "STOP",
            "stop",
            " Stop. ",
            "S T O P !!",
            "\"stop\"\r\n",
            "«Stop…»",
            "\u{200b}STOP\u{fe0f}",
        ] {
            assert!(is_stop(stop), "{stop:?}");
        }
        for other in [
            "",
            " ",
            "Please stop the letters",
            "stopp",
            "stop 1",
            "don't stop",
            "STOP STOP",
            "st",
        ] {
            assert!(!is_stop(other), "{other:?}");
        }
    }
}
