//! Which desk is meant, of all the places where one can be named.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::{Config, DeskSettings};
use crate::{
    desk::handback::{
        NotAPlace, Place,
        token::{Handed, Source},
    },
    folders::{Folders, HOST_SOCKET},
};

/// What flags and environment say of the desk; flags have won already where both do.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// `--desk` or `HANDBACK_DESK`.
    pub desk: Option<String>,
    /// `--profile` or `HANDBACK_PROFILE`.
    pub profile: Option<String>,
    /// `--token-file` or `HANDBACK_TOKEN_FILE`.
    pub token_file: Option<PathBuf>,
    /// `HANDBACK_TOKEN`, which stands in no environment any more. A file that is named goes before it.
    pub token: Option<SecretString>,
}

/// The desk that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where it is.
    pub place: Place,
    /// Where the token comes from.
    pub token: Source,
    /// Whose socket is trusted beside root's and one's own.
    pub desk_user: Option<String>,
    /// Certificates trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// Why it is not clear which desk is meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTarget {
    /// Nothing names one and none is found on this host.
    #[error(
        "no desk found: none is named by --desk, HANDBACK_DESK or [desk] in {config}, and there is none at {tried}\n\
         To look around:  handback demo\n\
         To be a desk:    handback serve"
    )]
    Nowhere {
        /// The configuration file.
        config: String,
        /// The sockets that were looked for.
        tried: String,
    },
    /// There is no profile of that name.
    #[error("there is no profile {0:?} in the configuration")]
    NoSuchProfile(String),
    /// What names a desk is no address.
    #[error(transparent)]
    NotAPlace(#[from] NotAPlace),
    /// Two ways to one token.
    #[error("token_file and token_command are both set for this desk: keep one")]
    TwoTokens,
}

/// Finds the desk: as wished, else of the profile, else the host's, else one's own.
///
/// # Errors
/// [`NoTarget`].
pub fn find(
    wish: &Wish,
    config: &Config,
    folders: Option<&Folders>,
    is_there: impl Fn(&Path) -> bool,
) -> Result<Target, NoTarget> {
    let profile = wish.profile.as_ref().or(config.profile.as_ref());
    let settings = match profile {
        Some(name) => match config.profiles.get(name) {
            Some(profile) => &profile.desk,
            None => return Err(NoTarget::NoSuchProfile(name.clone())),
        },
        None => &config.desk,
    };
    // What `login` kept for that very desk.
    let kept = |place: &Place| {
        let file = folders?.kept_token(&place.to_string());
        is_there(&file).then_some(file)
    };
    let configured = settings
        .url
        .as_deref()
        .map(str::parse::<Place>)
        .transpose()?;
    if let Some(wished) = &wish.desk {
        let place: Place = wished.parse()?;
        // The settings belong to the desk they stand with: its token goes to no other.
        let foreign = DeskSettings::default();
        let theirs = configured.as_ref() == Some(&place);
        return target(place, if theirs { settings } else { &foreign }, wish, &kept);
    }
    if let Some(place) = configured {
        return target(place, settings, wish, &kept);
    }
    let sockets = [
        Some(PathBuf::from(HOST_SOCKET)),
        folders.map(Folders::own_socket),
    ];
    let sockets: Vec<_> = sockets.into_iter().flatten().collect();
    match sockets.iter().find(|path| is_there(path)) {
        Some(path) => target(Place::Socket(path.clone()), settings, wish, &kept),
        None => Err(NoTarget::Nowhere {
            config: folders.map_or_else(
                || "the configuration".to_owned(),
                |folders| folders.config_file().display().to_string(),
            ),
            tried: sockets
                .iter()
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
                .join(" or "),
        }),
    }
}

fn target(
    place: Place,
    settings: &DeskSettings,
    wish: &Wish,
    kept: &impl Fn(&Place) -> Option<PathBuf>,
) -> Result<Target, NoTarget> {
    let wished = match (&wish.token_file, &wish.token) {
        (Some(file), _) => Some(Source::File(file.clone())),
        (None, Some(token)) => Some(Source::Variable(Handed(token.clone()))),
        (None, None) => None,
    };
    let token = match (wished, &settings.token_file, &settings.token_command) {
        (Some(wished), ..) => wished,
        (None, Some(file), None) => Source::File(file.clone()),
        (None, None, Some(words)) => Source::Command(words.clone()),
        (None, None, None) => kept(&place).map_or(Source::Nowhere, Source::File),
        (None, Some(_), Some(_)) => return Err(NoTarget::TwoTokens),
    };
    Ok(Target {
        place,
        token,
        desk_user: settings.desk_user.clone(),
        ca_file: settings.ca_file.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let text = "[desk]\nurl = \"https://one.example\"\ntoken_file = \"/secret/one\"\n\
                    [profiles.two.desk]\nurl = \"https://two.example\"\ntoken_command = [\"pass\"]";
        Config::parse(text, Path::new("config.toml")).unwrap()
    }

    fn wish(desk: Option<&str>, profile: Option<&str>) -> Wish {
        Wish {
            desk: desk.map(str::to_owned),
            profile: profile.map(str::to_owned),
            token_file: None,
            token: None,
        }
    }

    fn found(wish: &Wish, config: &Config, there: &str) -> Result<(String, Source), NoTarget> {
        find(wish, config, None, |path| path == Path::new(there))
            .map(|target| (target.place.to_string(), target.token))
    }

    #[test]
    fn the_nearer_word_wins() {
        let none = wish(None, None);
        assert_eq!(
            found(&none, &config(), HOST_SOCKET).unwrap().0,
            "https://one.example/"
        );
        let two = found(&wish(None, Some("two")), &config(), "").unwrap();
        assert_eq!(
            two,
            (
                "https://two.example/".into(),
                Source::Command(vec!["pass".into()])
            )
        );
        let wished = wish(Some("unix:/run/x.sock"), Some("two"));
        assert_eq!(found(&wished, &config(), "").unwrap().0, "unix:/run/x.sock");
        let host = found(&none, &Config::default(), HOST_SOCKET).unwrap();
        assert_eq!(host.0, format!("unix:{HOST_SOCKET}"));
    }

    #[test]
    fn r42_a_token_goes_only_to_the_desk_it_stands_with() {
        let elsewhere = wish(Some("https://three.example"), None);
        assert_eq!(found(&elsewhere, &config(), "").unwrap().1, Source::Nowhere);
        let same = wish(Some("https://one.example/"), None);
        assert_eq!(
            found(&same, &config(), "").unwrap().1,
            Source::File("/secret/one".into())
        );
        let named = Wish {
            token_file: Some("/secret/three".into()),
            ..elsewhere
        };
        assert_eq!(
            found(&named, &config(), "").unwrap().1,
            Source::File("/secret/three".into())
        );
    }

    #[test]
    fn r40_what_stood_in_a_variable_goes_before_the_settings_and_after_a_file_that_is_named() {
        let handed = Wish {
            token: Some("hb_secret".into()),
            ..wish(None, None)
        };
        let source = Source::Variable(Handed("hb_secret".into()));
        assert_eq!(found(&handed, &config(), "").unwrap().1, source);
        assert!(!format!("{handed:?} {source:?}").contains("hb_secret"));
        let both = Wish {
            token_file: Some("/secret/three".into()),
            ..handed
        };
        assert_eq!(
            found(&both, &config(), "").unwrap().1,
            Source::File("/secret/three".into())
        );
    }

    #[test]
    fn without_a_desk_it_says_what_one_can_do() {
        let error = found(&wish(None, None), &Config::default(), "")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(HOST_SOCKET) && error.contains("handback demo"),
            "{error}"
        );
        assert_eq!(
            found(&wish(None, Some("three")), &config(), ""),
            Err(NoTarget::NoSuchProfile("three".into()))
        );
    }

    #[test]
    fn two_ways_to_a_token_are_one_too_many() {
        let text = "[desk]\nurl = \"https://x\"\ntoken_file = \"a\"\ntoken_command = [\"b\"]";
        let config = Config::parse(text, Path::new("c")).unwrap();
        assert_eq!(
            found(&wish(None, None), &config, ""),
            Err(NoTarget::TwoTokens)
        );
    }
}
