//! One message as a signed webhook, in the form of Standard Webhooks: the headers `webhook-id` (the message's id, the
//! same at every attempt), `webhook-timestamp` (seconds since 1970, of this attempt) and `webhook-signature` (`v1,` and
//! in base64 the HMAC-SHA256 of `{id}.{timestamp}.{body}`).

use std::time::Duration;

use reqwest::{
    Client, RequestBuilder, Response, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde::Deserialize;

use super::{key::Key, rhythm::Answered};
use crate::{
    domain::{message::Failure, moment::Moment},
    server::store::Letter,
    trust::web::innermost,
    wire::{Time, conversation::Contact, outbound},
};

/// How much of a gateway's answer is read.
const MOST_BYTES: usize = 4096;

/// The request that hands a message over.
pub(super) fn request(
    client: &Client,
    to: Url,
    key: &Key,
    letter: &Letter,
    sender: Option<String>,
    now: Moment,
) -> RequestBuilder {
    let body = outbound::Letter {
        message: letter.message.as_str().to_owned(),
        conversation: letter.conversation.as_str().to_owned(),
        channel: letter.channel.clone(),
        contact: Contact {
            name: letter.name.clone(),
            address: letter.address.clone(),
        },
        body: letter.body.clone(),
        sender,
        at: Time(letter.at),
        template: letter.template.clone(),
        attempt: letter.attempt,
    };
    let body = serde_json::to_vec(&body).expect("texts, numbers and a time are JSON");
    let (id, timestamp) = (letter.message.as_str(), (now.0 / 1_000_000).to_string());
    let signature = key.sign([id.as_bytes(), timestamp.as_bytes(), &body]);
    client
        .post(to)
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", signature)
        .body(body)
}

/// Sends it, and reads what the gateway says.
pub(super) async fn exchange(request: RequestBuilder, now: Moment) -> Answered {
    match request.send().await {
        Err(error) => Answered::Nobody(innermost(error)),
        Ok(response) => Answered::Gateway {
            status: response.status().as_u16(),
            retry_after: response
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| retry_after(value.to_str().ok()?, now)),
            reason: reason(&body(response).await),
        },
    }
}

/// The beginning of an answer's body; what breaks off in the middle was an answer all the same.
async fn body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            break;
        }
    }
    body
}

/// Why a gateway says that it does not take a message, if it says so in the contract's words.
fn reason(body: &[u8]) -> Option<Failure> {
    #[derive(Deserialize)]
    struct Refusal {
        reason: String,
    }
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    let mut known = Failure::ALL.iter();
    known.find(|f| f.code() == refusal.reason).copied()
}

/// How long an answer asks to be left alone: in seconds, or until a date.
fn retry_after(value: &str, now: Moment) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value.trim()).ok()?;
    Some(Moment(date.timestamp().as_microsecond()).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_retry_after_is_a_number_of_seconds_or_a_date() {
        let now = Moment(784_111_777_000_000);
        assert_eq!(retry_after(" 120", now), Some(Duration::from_secs(120)));
        let date = "Sun, 06 Nov 1994 08:50:37 GMT";
        assert_eq!(retry_after(date, now), Some(Duration::from_secs(60)));
        let past = "Sun, 06 Nov 1994 08:00:00 GMT";
        assert_eq!(retry_after(past, now), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-1", "1.5"] {
            assert_eq!(retry_after(nonsense, now), None, "{nonsense}");
        }
    }

    #[test]
    fn p1_a_gateways_reason_counts_if_the_contract_has_it() {
        let said = |body: &str| reason(body.as_bytes());
        assert_eq!(
            said(r#"{"reason":"invalid_number","more":1}"#),
            Some(Failure::InvalidNumber)
        );
        for other in ["", "no", "{}", r#"{"reason":"bad luck"}"#] {
            assert_eq!(said(other), None, "{other}");
        }
    }
}
