//! One HTTP exchange with the desk, whatever the way there. Knows bytes and status codes, nothing of the contract.
//!
//! No redirect is followed (a token goes where it was meant to go), and no proxy is used on this host. On this host
//! no idle connection is kept either: a new one costs 0.1 ms, watching over an idle one some wake-ups a minute
//! (R13). To another host one is kept, beside the event stream.

use std::time::Duration;

use reqwest::{
    Client, ClientBuilder, Method, RequestBuilder, Response, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER},
};
use secrecy::{ExposeSecret, SecretString};

use super::place::Place;
use crate::{
    desk::Trouble,
    domain::{moment::Moment, text::Safe},
    say,
    trust::web::{self, NoWay, innermost, tls},
};

/// How long the desk may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long one exchange may take in all; the event stream has no such end.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// Less than what the desk allows, so that it hardly ever closes a connection just as it is used again.
const KEEP_IDLE: Duration = Duration::from_secs(50);
/// What an answer may hold: 500 messages of the greatest size shown.
const MOST_BYTES: usize = 32 << 20;

/// The way to one desk.
pub(super) struct Transport {
    client: Client,
    base: Url,
    token: Option<SecretString>,
}

/// A whole answer.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    /// What the desk's clock says, in whole seconds.
    pub(super) date: Option<Moment>,
    pub(super) body: Vec<u8>,
}

impl Transport {
    /// Whether a token goes with every request.
    pub(super) fn shows_a_token(&self) -> bool {
        self.token.is_some()
    }

    /// Prepares the way without going it. `roots`: PEM certificates trusted beside the system's.
    ///
    /// On this host no certificate is ever looked at, so none are loaded.
    pub(super) fn new(
        place: &Place,
        token: Option<SecretString>,
        roots: Option<&[u8]>,
    ) -> Result<Self, NoWay> {
        let builder = web::client().connect_timeout(CONNECT_WITHIN);
        let on_this_host = |builder: ClientBuilder| {
            web::on_this_host(builder).map(|builder| builder.pool_max_idle_per_host(0))
        };
        let (builder, base) = match place {
            Place::Socket(path) => (
                on_this_host(builder)?.unix_socket(path.as_path()),
                // The desk never reads the name; it has to be one.
                Url::parse("http://desk/").map_err(tls)?,
            ),
            Place::Loopback(url) => (on_this_host(builder)?, url.clone()),
            Place::Secure(url) => {
                let builder = builder
                    .pool_idle_timeout(KEEP_IDLE)
                    .pool_max_idle_per_host(1);
                (web::elsewhere(builder, roots)?, url.clone())
            }
        };
        Ok(Self {
            client: builder.build().map_err(tls)?,
            base,
            token,
        })
    }

    /// The request for `path` below the desk's address; `query` is escaped here.
    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<RequestBuilder, Trouble> {
        let mut url = self
            .base
            .join(path)
            .map_err(|error| Trouble::Refused(say!("{error}")))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.client.request(method, url);
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
                .map_err(|_| {
                    Trouble::NotSignedIn(Safe::literal("the token holds characters no token has"))
                })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        Ok(request)
    }

    /// Sends a request and reads its answer whole.
    pub(super) async fn exchange(&self, request: RequestBuilder) -> Result<Said, Trouble> {
        let answer = request
            .timeout(ANSWER_WITHIN)
            .send()
            .await
            .map_err(broken)?;
        whole(answer).await
    }

    /// Sends a request whose answer of that media type has no end, or one far away, and hands it over once its head is
    /// there.
    ///
    /// # Errors
    /// The outer one if nobody answers; the inner one is an answer that is no such stream.
    pub(super) async fn open(
        &self,
        request: RequestBuilder,
        media: &'static str,
    ) -> Result<Result<Response, Said>, Trouble> {
        let send = request.header(ACCEPT, media).send();
        let answer = tokio::time::timeout(ANSWER_WITHIN, send)
            .await
            .map_err(|_| Trouble::Unreachable(Safe::literal("no answer in time")))?
            .map_err(broken)?;
        let streams = answer
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(media.as_bytes()));
        if answer.status().is_success() && streams {
            return Ok(Ok(answer));
        }
        whole(answer).await.map(Err)
    }
}

async fn whole(mut answer: Response) -> Result<Said, Trouble> {
    let status = answer.status().as_u16();
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let date = answer.headers().get(DATE).and_then(|value| {
        let date = jiff::fmt::rfc2822::parse(value.to_str().ok()?).ok()?;
        Some(Moment(date.timestamp().as_microsecond()))
    });
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Trouble::Refused(Safe::literal(
                "the desk's answer is too large",
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Said {
        status,
        retry_after,
        date,
        body,
    })
}

/// A broken exchange.
pub(super) fn broken(error: reqwest::Error) -> Trouble {
    Trouble::Unreachable(say!("{}", innermost(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r42_roots_that_hold_no_certificate_are_an_error_not_no_roots() {
        let place = "https://desk.example".parse().unwrap();
        for roots in [
            &b""[..],
            b"no certificate",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n",
        ] {
            assert!(matches!(
                Transport::new(&place, None, Some(roots)),
                Err(NoWay::Roots(_))
            ));
        }
        assert!(Transport::new(&place, None, None).is_ok());
    }

    #[test]
    fn r42_a_token_that_could_forge_a_header_is_not_sent() {
        let place = "http://127.0.0.1:1".parse().unwrap();
        let way = Transport::new(&place, Some("a\r\nhost: b".into()), None).unwrap();
        assert!(matches!(
            way.request(Method::GET, "v1/me", &[]),
            Err(Trouble::NotSignedIn(_))
        ));
        let way = Transport::new(&place, Some("hb_secret".into()), None).unwrap();
        let request = way.request(Method::GET, "v1/me", &[]).unwrap();
        assert!(!format!("{request:?}").contains("hb_secret"));
    }

    #[tokio::test]
    async fn r17_a_line_that_breaks_off_is_said_in_words_for_people() {
        use std::io::{Read as _, Write as _};
        let desk = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let place = format!("http://{}", desk.local_addr().unwrap());
        let says = std::thread::spawn(move || {
            let (mut line, _) = desk.accept().unwrap();
            let _ = line.read(&mut [0; 4096]).unwrap();
            let begun = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
            line.write_all(begun.as_bytes()).unwrap();
        });
        let way = Transport::new(&place.parse().unwrap(), None, None).unwrap();
        let request = way.request(Method::GET, "v1/me", &[]).unwrap();
        let said = way.exchange(request).await.map(|said| said.body);
        says.join().unwrap();
        assert_eq!(
            said,
            Err(Trouble::Unreachable(Safe::literal("the line broke off")))
        );
    }

    #[tokio::test]
    async fn r17_a_desk_that_is_not_there_is_said_in_words_for_people() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let place = format!("http://{}", port.local_addr().unwrap());
        drop(port);
        let way = Transport::new(&place.parse().unwrap(), None, None).unwrap();
        let request = way.request(Method::GET, "v1/me", &[]).unwrap();
        let said = way.exchange(request).await.map(|said| said.body);
        let refused = Safe::literal("Connection refused");
        assert_eq!(said, Err(Trouble::Unreachable(refused)));
    }
}
