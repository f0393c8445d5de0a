//! Where a desk of ours can be, and which of these places are safe to speak at.

use std::{fmt, path::PathBuf, str::FromStr};

use reqwest::Url;

use crate::trust::web::{Unsafe, Web};

/// Where a desk listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A Unix socket of this host: the kernel says who asks, nobody can listen in.
    Socket(PathBuf),
    /// Plain HTTP, to this very host only (R42).
    Loopback(Url),
    /// HTTPS, certificates always checked.
    Secure(Url),
}

/// Why an address is not one a console speaks to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlace {
    /// Neither a URL nor a socket.
    #[error(
        "{0:?} is no address of a desk: use https://HOST, http://127.0.0.1:PORT or unix:/path/of/the.sock"
    )]
    Unreadable(String),
    /// Plain HTTP to another host (R42).
    #[error(
        "plain http:// is for this host only, {0} is another: use https://, everything else can be read on the way"
    )]
    PlainAbroad(String),
    /// A name or password in the URL: it would be in argv, or in a file that is not kept as a secret.
    #[error("an address of a desk holds no user name or password: use token_file or token_command")]
    SecretInside,
}

impl FromStr for Place {
    type Err = NotAPlace;

    /// Reads `unix:/path`, a path that begins with `/`, `http://` to loopback, or `https://`.
    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let path = text.strip_prefix("unix:").unwrap_or(text);
        if path.starts_with('/') {
            return Ok(Self::Socket(PathBuf::from(path)));
        }
        let of_a_desk = |mut url: Url| {
            url.set_query(None);
            url.set_fragment(None);
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            url
        };
        match text.parse() {
            Ok(Web::Loopback(url)) => Ok(Self::Loopback(of_a_desk(url))),
            Ok(Web::Secure(url)) => Ok(Self::Secure(of_a_desk(url))),
            Err(Unsafe::Unreadable) => Err(NotAPlace::Unreadable(text.to_owned())),
            Err(Unsafe::PlainAbroad(host)) => Err(NotAPlace::PlainAbroad(host)),
            Err(Unsafe::SecretInside) => Err(NotAPlace::SecretInside),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
            Self::Loopback(url) | Self::Secure(url) => f.write_str(url.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r42_plain_http_is_for_this_host_only() {
        let home = "http://127.0.0.1:8080".parse();
        assert!(matches!(home, Ok(Place::Loopback(_))));
        let abroad = "http://desk.example".parse::<Place>();
        assert!(matches!(abroad, Err(NotAPlace::PlainAbroad(_))));
    }

    #[test]
    fn sockets_and_https_are_read_and_a_path_prefix_is_kept() {
        assert_eq!(
            "unix:/run/d.sock".parse(),
            Ok(Place::Socket("/run/d.sock".into()))
        );
        assert_eq!(
            "/run/d.sock".parse(),
            Ok(Place::Socket("/run/d.sock".into()))
        );
        let Ok(Place::Secure(url)) = "https://desk.example/help?x=1#y".parse() else {
            panic!("https is a place");
        };
        assert_eq!(url.as_str(), "https://desk.example/help/");
    }

    #[test]
    fn r40_no_secret_hides_in_an_address() {
        for text in ["https://me:secret@desk.example", "https://me@desk.example"] {
            assert_eq!(text.parse::<Place>(), Err(NotAPlace::SecretInside));
        }
        for text in [
            "",
            "desk.example",
            "ftp://desk.example",
            "run/d.sock",
            "https://",
        ] {
            assert!(
                matches!(text.parse::<Place>(), Err(NotAPlace::Unreadable(_))),
                "{text}"
            );
        }
    }
}
