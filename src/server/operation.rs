//! Under which operation id something is asked (R20).

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, request::Parts},
    response::{IntoResponse, Response},
};

use super::{
    error::{Answer, Failure},
    store::Operation,
    world::World,
};

/// The header that carries an operation id, in both directions.
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The operation id of a request: the caller's, or one the desk made. Which request it is of is only known
/// once its body is read: [`Key::of`].
#[derive(Clone, Debug)]
pub(crate) struct Key {
    value: HeaderValue,
    text: String,
    route: String,
}

impl Key {
    /// The operation: this key together with what is asked under it.
    pub(crate) fn of(&self, body: &[u8]) -> Operation {
        let content = [self.route.as_bytes(), b"\n", body].concat();
        Operation::new(&self.text, &content)
    }

    /// Gives the key back with the answer, whatever it is, so that it can be asked again.
    pub(crate) fn answer<T: IntoResponse>(&self, answer: Answer<T>) -> Response {
        let operation = Operation::id_of(&self.text);
        let mut response = match answer {
            Ok(done) => done.into_response(),
            Err(failure) => failure.of_operation(operation.as_str()).into_response(),
        };
        response.headers_mut().insert(HEADER, self.value.clone());
        response
    }
}

fn read(headers: &HeaderMap) -> Answer<(HeaderValue, String)> {
    let mut given = headers.get_all(HEADER).iter();
    let Some(value) = given.next() else {
        let made = uuid::Uuid::now_v7().to_string();
        let value = HeaderValue::from_str(&made);
        return value.map(|value| (value, made)).map_err(|_| Failure::bug());
    };
    match value.to_str() {
        Ok(text)
            if given.next().is_none()
                && (1..=128).contains(&text.len())
                && text.bytes().all(|b| (b' '..=b'~').contains(&b)) =>
        {
            Ok((value.clone(), text.to_owned()))
        }
        _ => Err(Failure::malformed(
            "Idempotency-Key is one value of 1 to 128 printable ASCII characters.",
        )),
    }
}

impl FromRequestParts<World> for Key {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &World) -> Answer<Self> {
        let (value, text) = read(&parts.headers)?;
        Ok(Self {
            value,
            text,
            route: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: &[&'static [u8]]) -> Answer<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_bytes(value).unwrap());
        }
        read(&headers).map(|(_, text)| text)
    }

    #[test]
    fn r20_a_key_is_one_to_128_printable_characters_once() {
        assert_eq!(key(&[b"a b~"]).unwrap(), "a b~");
        assert!(key(&[&[b'x'; 128]]).is_ok());
        for wrong in [
            &[b"".as_slice()][..],
            &[&[b'x'; 129]],
            &[b"\xff"],
            &[b"a\tb"],
            &[b"a", b"a"],
        ] {
            assert!(key(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn r20_without_a_key_the_desk_makes_one_every_time() {
        assert_ne!(key(&[]).unwrap(), key(&[]).unwrap());
    }
}
