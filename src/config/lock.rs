//! When the screen locks.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};

/// A time without a key, written `"15m"` or `"90s"`, or `"off"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockAfter(pub Option<Duration>);

impl Default for LockAfter {
    fn default() -> Self {
        Self(Some(Duration::from_secs(15 * 60)))
    }
}

/// The longest it can take, in seconds.
const LONGEST: u64 = 24 * 3600;

impl<'de> Deserialize<'de> for LockAfter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "off" {
            return Ok(Self(None));
        }
        let read = || {
            let unit = text.chars().next_back()?;
            let number: u64 = text[..text.len() - unit.len_utf8()].trim().parse().ok()?;
            number.checked_mul(match unit {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                _ => return None,
            })
        };
        match read() {
            Some(seconds @ 1..=LONGEST) => Ok(Self(Some(Duration::from_secs(seconds)))),
            _ => Err(D::Error::custom(format!(
                "lock_after is \"off\" or a time such as \"15m\", \"90s\" or \"1h\", not \"{text}\""
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::ConsoleSettings;

    fn after(text: &str) -> Result<Option<u64>, String> {
        toml::from_str::<ConsoleSettings>(&format!("lock_after = {text:?}"))
            .map(|settings| settings.lock_after.0.map(|after| after.as_secs()))
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn it_locks_after_a_time_or_never() {
        assert_eq!(after("off"), Ok(None));
        assert_eq!(after("15m"), Ok(Some(900)));
        assert_eq!(after("90s"), Ok(Some(90)));
        assert_eq!(after("1h"), Ok(Some(3600)));
        for wrong in ["", "0m", "15", "15 minutes", "25h", "m", "é"] {
            assert!(after(wrong).unwrap_err().contains("\"15m\""), "{wrong}");
        }
    }
}
