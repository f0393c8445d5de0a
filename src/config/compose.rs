//! Settings of writing.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};

/// How replies are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ComposeSettings {
    /// How long a reply waits before it goes out, so that it can be taken back.
    pub send_delay: Delay,
}

impl ComposeSettings {
    /// How long a reply waits; nothing: not at all.
    #[must_use]
    pub fn send_delay(&self) -> Duration {
        self.send_delay.0
    }
}

/// A few seconds, written `"5s"`, or `"off"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delay(pub Duration);

/// The longest a reply can wait.
const LONGEST: u64 = 60;

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self::default());
        }
        let seconds = text
            .strip_suffix('s')
            .and_then(|number| number.trim().parse().ok());
        match seconds {
            Some(seconds @ 1..=LONGEST) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(D::Error::custom(format!(
                "send_delay is \"off\" or so many seconds, \"1s\" to \"{LONGEST}s\", not \"{text}\""
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delay(text: &str) -> Result<u64, String> {
        toml::from_str::<ComposeSettings>(&format!("send_delay = {text:?}"))
            .map(|settings| settings.send_delay().as_secs())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_delay_is_off_or_a_few_seconds() {
        assert_eq!(delay("off"), Ok(0));
        assert_eq!(delay("5s"), Ok(5));
        assert_eq!(delay("60s"), Ok(60));
        for wrong in ["0s", "61s", "5", "5m", "-1s", ""] {
            assert!(
                delay(wrong).unwrap_err().contains("\"1s\" to \"60s\""),
                "{wrong}"
            );
        }
    }
}
