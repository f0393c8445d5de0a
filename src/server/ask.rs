//! Reading a request strictly: what the contract does not know is refused, with the word that was meant.

use std::str::FromStr;

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request},
    http::{header, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;

use super::{
    error::{Answer, Failure},
    limits,
    session::{Caller, Peer},
    world::World,
};
use crate::domain::spelling::nearest;

impl FromRequestParts<World> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Answer<Self> {
        let peer = parts.extensions.get().copied().unwrap_or(Peer::Tcp);
        let shown = world.sessions.credential(peer, &parts.headers)?;
        world.sessions.who(&world.store, shown).await
    }
}

/// The query parameters of a request, each at most once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the query of `parts`.
    ///
    /// # Errors
    /// 400 for a parameter that is not among `valid`, or that is there twice.
    pub(crate) fn read(parts: &Parts, valid: &[&str]) -> Result<Self, Failure> {
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
            return Err(Failure::malformed(
                "The query is not of the form name=value&…",
            ));
        };
        for (index, (name, value)) in pairs.iter().enumerate() {
            if !valid.contains(&name.as_str()) {
                return Err(unknown("parameter", name, valid));
            }
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Failure::malformed(format!(
                    "The parameter `{name}` is there twice."
                )));
            }
            if value.contains('\0') {
                return Err(Failure::malformed(format!("`{name}` contains U+0000.")));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter; one that is there but empty counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value as one of a closed list of words.
    ///
    /// # Errors
    /// 400 naming the nearest valid word.
    pub(crate) fn word<T: Copy>(
        &self,
        name: &str,
        valid: &[(&'static str, T)],
    ) -> Result<Option<T>, Failure> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match valid.iter().find(|(word, _)| *word == value) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let words: Vec<_> = valid.iter().map(|(word, _)| *word).collect();
                Err(unknown(&format!("value of `{name}`"), value, &words))
            }
        }
    }

    /// How many items are asked for.
    ///
    /// # Errors
    /// 400 unless it is a number from 1 to 500.
    pub(crate) fn limit(&self, default: u16) -> Result<u16, Failure> {
        match self.get("limit") {
            None => Ok(default),
            Some(text) => match text.parse() {
                Ok(limit @ 1..=500) => Ok(limit),
                _ => Err(Failure::malformed("`limit` is a number from 1 to 500.")),
            },
        }
    }

    /// The value as a whole number.
    ///
    /// # Errors
    /// 400 if it is none.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Failure> {
        self.get(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| Failure::malformed(format!("`{name}` is a whole number.")))
            })
            .transpose()
    }
}

/// The table's check has read them (see [`routes`](super::routes)).
impl FromRequestParts<World> for Params {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &World) -> Result<Self, Failure> {
        parts.extensions.remove().ok_or_else(Failure::bug)
    }
}

/// The ids in the address. One that has not even the form of an id is as little there as any other (V8).
#[derive(Clone, Debug)]
pub(crate) struct Place<T>(pub(crate) T);

impl<T: FromStr + Send> FromRequestParts<World> for Place<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Self, Failure> {
        match in_path(parts, world).await.as_slice() {
            [one] => one.parse().map(Self).map_err(|_| Failure::not_found()),
            _ => Err(Failure::not_found()),
        }
    }
}

/// The two ids in an address that has two.
#[derive(Clone, Debug)]
pub(crate) struct Places<T, U>(pub(crate) T, pub(crate) U);

impl<T: FromStr + Send, U: FromStr + Send> FromRequestParts<World> for Places<T, U> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Self, Failure> {
        match in_path(parts, world).await.as_slice() {
            [one, other] => match (one.parse(), other.parse()) {
                (Ok(one), Ok(other)) => Ok(Self(one, other)),
                _ => Err(Failure::not_found()),
            },
            _ => Err(Failure::not_found()),
        }
    }
}

async fn in_path(parts: &mut Parts, world: &World) -> Vec<String> {
    match RawPathParams::from_request_parts(parts, world).await {
        Ok(found) => found.iter().map(|(_, value)| value.to_owned()).collect(),
        Err(_) => Vec::new(),
    }
}

/// A body of JSON that is exactly what the contract says.
#[derive(Debug)]
pub(crate) struct JsonBody<T> {
    /// What it says.
    pub(crate) value: T,
    /// As it came, to recognise the same request under the same operation id (R20).
    pub(crate) bytes: Vec<u8>,
}

impl<T: DeserializeOwned> FromRequest<World> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, world: &World) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, world).await?;
        // No body at all is the empty object: every field of an act may be left out.
        if !is_json(&parts) && !bytes.is_empty() {
            return Err(Failure::media_type());
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        // serde reads an array as the fields in their order, which the contract does not.
        if !text.trim_ascii_start().starts_with(b"{") {
            return Err(Failure::malformed("The body is not a JSON object."));
        }
        let value = serde_json::from_slice(text).map_err(|error| misread(&error))?;
        Ok(Self { value, bytes })
    }
}

async fn read(body: Body, world: &World) -> Result<Vec<u8>, Failure> {
    let whole = Limited::new(body, limits::BODY).collect();
    match tokio::time::timeout(world.limits.body, whole).await {
        Err(_) => Err(Failure::too_slow()),
        Ok(Ok(whole)) => Ok(whole.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Failure::too_large(limits::BODY))
        }
        Ok(Err(_)) => Err(Failure::malformed("The body broke off.")),
    }
}

fn is_json(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Says what is wrong with a body. serde names the field it does not know and those it does, each in
/// backticks, in this order.
fn misread(error: &serde_json::Error) -> Failure {
    let text = error.to_string();
    let mut quoted = text.split('`').skip(1).step_by(2);
    if text.starts_with("unknown field")
        && let Some(field) = quoted.next()
    {
        let valid: Vec<_> = quoted.collect();
        return unknown("field", field, &valid);
    }
    Failure::malformed(format!("The body is not what this call takes: {text}."))
}

/// 400 for a word the contract does not know, naming the nearest it does.
pub(crate) fn unknown(what: &str, word: &str, valid: &[&str]) -> Failure {
    let word: String = word.chars().take(64).collect();
    Failure::malformed(match nearest(&word, valid.iter().copied()) {
        Some(meant) => format!("Unknown {what} `{word}`; did you mean `{meant}`?"),
        None if valid.is_empty() => format!("Unknown {what} `{word}`; this call takes none."),
        None => format!(
            "Unknown {what} `{word}`; it is one of `{}`.",
            valid.join("`, `")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::act::Act;

    fn params(query: &str) -> Result<Params, Failure> {
        let request = Request::get(format!("/x?{query}")).body(()).unwrap();
        Params::read(&request.into_parts().0, &["view", "limit", "q"])
    }

    fn words(failure: &Failure) -> String {
        format!("{failure:?}")
    }

    #[test]
    fn an_unknown_parameter_is_named_with_the_one_that_was_meant() {
        let failure = params("limt=3").unwrap_err();
        assert!(
            words(&failure).contains("did you mean `limit`"),
            "{failure:?}"
        );
        assert!(words(&params("limit=1&limit=2").unwrap_err()).contains("twice"));
        assert!(
            params("q=%ff%zz").is_ok(),
            "broken escapes are text, not an error of ours"
        );
    }

    #[test]
    fn limit_is_one_to_five_hundred() {
        for (query, limit) in [
            ("", Some(100)),
            ("limit=1", Some(1)),
            ("limit=500", Some(500)),
        ] {
            assert_eq!(params(query).unwrap().limit(100).ok(), limit);
        }
        for query in ["limit=0", "limit=501", "limit=-1", "limit=x", "limit=1e2"] {
            assert!(params(query).unwrap().limit(100).is_err(), "{query}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_with_the_one_that_was_meant() {
        let error = serde_json::from_str::<Act>(r#"{"expected_asignee": null}"#).unwrap_err();
        assert!(words(&misread(&error)).contains("did you mean `expected_assignee`"));
    }
}
