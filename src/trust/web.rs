//! Which web addresses are safe to speak at, and clients that speak nowhere else (R42): plain HTTP to this very host
//! only, everything else encrypted, certificates always checked, no redirect followed.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use reqwest::{Client, ClientBuilder, Url, redirect::Policy};

/// A web address that is safe to speak at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Web {
    /// Plain HTTP, to this very host only.
    Loopback(Url),
    /// HTTPS, certificates always checked.
    Secure(Url),
}

/// Why a web address is not one that is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsafe {
    /// Not a URL, or neither of http nor of https.
    #[error("it is no URL of the form https://HOST or http://127.0.0.1:PORT")]
    Unreadable,
    /// Plain HTTP to another host.
    #[error(
        "plain http:// is for this host only, {0} is another: use https://, everything else can be read on the way"
    )]
    PlainAbroad(String),
    /// A name or password in the URL: it would be in argv, or in a file that is not kept as a secret.
    #[error("it holds a user name or password, which a file for secrets should hold")]
    SecretInside,
}

impl FromStr for Web {
    type Err = Unsafe;

    fn from_str(text: &str) -> Result<Self, Unsafe> {
        let url = Url::parse(text).map_err(|_| Unsafe::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unsafe::SecretInside);
        }
        match (url.scheme(), url.host_str()) {
            ("https", Some(_)) => Ok(Self::Secure(url)),
            ("http", Some(host)) if is_loopback(host) => Ok(Self::Loopback(url)),
            ("http", Some(host)) => Err(Unsafe::PlainAbroad(host.to_owned())),
            _ => Err(Unsafe::Unreadable),
        }
    }
}

/// The name `localhost` counts: RFC 6761 and every resolver keep it on this host.
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why no client could be prepared.
#[derive(Debug, thiserror::Error)]
pub enum NoWay {
    /// The file of extra roots holds no certificate.
    #[error("no certificate could be read from the ca_file: {0}")]
    Roots(String),
    /// The system's own roots could not be loaded, or the library refused.
    #[error("cannot prepare HTTPS: {0}")]
    Tls(String),
}

/// What every client of ours begins with.
pub fn client() -> ClientBuilder {
    Client::builder()
        .http1_only()
        .redirect(Policy::none())
        .referer(false)
}

/// A client for this host, which could not check a certificate if it saw one: there are none. Loading them takes longer
/// than all else a console does before its first frame. No proxy is used on this host.
///
/// # Errors
/// [`NoWay::Tls`].
pub fn on_this_host(builder: ClientBuilder) -> Result<ClientBuilder, NoWay> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(builder.no_proxy().tls_backend_preconfigured(config))
}

/// A client for other hosts, over HTTPS only: certificates are checked against the system's roots and `roots` (PEM);
/// the provider is installed on the first use.
///
/// # Errors
/// [`NoWay::Roots`] if `roots` holds no certificate.
pub fn elsewhere(builder: ClientBuilder, roots: Option<&[u8]>) -> Result<ClientBuilder, NoWay> {
    let builder = builder.https_only(true);
    // An error says that one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(pem) = roots else { return Ok(builder) };
    let extra =
        reqwest::Certificate::from_pem_bundle(pem).map_err(|e| NoWay::Roots(e.to_string()))?;
    if extra.is_empty() {
        return Err(NoWay::Roots("it holds none".to_owned()));
    }
    Ok(builder.tls_certs_merge(extra))
}

/// What the library said, as a reason that there is no way.
pub fn tls(error: impl std::fmt::Display) -> NoWay {
    NoWay::Tls(error.to_string())
}

/// The innermost reason says it best ("Connection refused"); the outer ones only that something was being sent, and
/// where to, which may be a secret (R42).
#[must_use]
pub fn innermost(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let error = error.without_url();
    let mut inner: &dyn std::error::Error = &error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    // HTTP's words for it, of chunks and their lines, tell nobody anything.
    let ended = |error: &std::io::Error| error.kind() == std::io::ErrorKind::UnexpectedEof;
    if inner.downcast_ref().is_some_and(ended) {
        return "the line broke off".to_owned();
    }
    // Nor does the number of the system's.
    let said = inner.to_string();
    match said.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r42_plain_http_is_for_this_host_only() {
        for home in [
            "http://127.0.0.1:8080",
            "http://[::1]:8080/",
            "http://localhost",
            "http://127.9.9.9",
        ] {
            assert!(matches!(home.parse(), Ok(Web::Loopback(_))), "{home}");
        }
        for abroad in [
            "http://desk.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "http://[::2]",
            "http://0.0.0.0",
        ] {
            assert!(
                matches!(abroad.parse::<Web>(), Err(Unsafe::PlainAbroad(_))),
                "{abroad}"
            );
        }
    }

    #[test]
    fn r40_no_secret_hides_in_an_address() {
        for text in ["https://me:secret@desk.example", "https://me@desk.example"] {
            assert_eq!(text.parse::<Web>(), Err(Unsafe::SecretInside));
        }
        for text in ["", "desk.example", "ftp://desk.example", "https://", "/x"] {
            assert_eq!(text.parse::<Web>(), Err(Unsafe::Unreadable), "{text}");
        }
    }
}
