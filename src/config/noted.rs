//! Settings that are looked at only where they are used, and then complained of with their line.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::complaint::{Complaint, line_at};

/// Where in the file a setting stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    file: PathBuf,
    /// Until the file is known, how many bytes are before it.
    line: usize,
}

impl Spot {
    fn at(offset: usize) -> Self {
        Self {
            file: PathBuf::new(),
            line: offset,
        }
    }

    pub(super) fn settle(&mut self, file: &Path, text: &str) {
        *self = Self {
            file: file.to_owned(),
            line: line_at(text, self.line),
        };
    }

    /// What is wrong there.
    #[must_use]
    pub fn complaint(&self, what: String) -> Complaint {
        Complaint::at(&self.file, self.line, what)
    }
}

/// A setting, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What it says.
    pub value: String,
    /// Where.
    pub spot: Spot,
}

impl<'de> Deserialize<'de> for Noted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self {
            spot: Spot::at(value.span().start),
            value: value.into_inner(),
        })
    }
}

/// `[keys]`: for each place, the keys of what can be wished there. What the names mean the console knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<KeySetting>);

/// One line of `[keys]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetting {
    /// The place: `list`.
    pub place: String,
    /// The name: `unassign`.
    pub name: String,
    /// The keys as text: `u`, `ctrl-u`.
    pub keys: Vec<String>,
    /// Where it stands.
    pub spot: Spot,
}

/// One key, or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a key as text, or a list of them")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Names = BTreeMap<Spanned<String>, OneOrMore>;
        let places = BTreeMap::<String, Names>::deserialize(deserializer)?;
        let setting = |place: &String, name: Spanned<String>, keys: OneOrMore| KeySetting {
            place: place.clone(),
            spot: Spot::at(name.span().start),
            name: name.into_inner(),
            keys: match keys {
                OneOrMore::One(key) => vec![key],
                OneOrMore::More(keys) => keys,
            },
        };
        let settings = places.into_iter().flat_map(|(place, names)| {
            let of = move |(name, keys)| setting(&place, name, keys);
            names.into_iter().map(of).collect::<Vec<_>>()
        });
        let mut settings: Vec<KeySetting> = settings.collect();
        settings.sort_by_key(|setting| setting.spot.line);
        Ok(Self(settings))
    }
}
