//! Every answer that is not a success: one problem document each (RFC 9457).

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::store::StoreError;
use crate::{
    domain::action::Refusal,
    wire::{
        conversation::Row,
        problem::{MEDIA_TYPE, Problem},
    },
};

/// Why a request was not done. Made by the functions below only, so that each kind of problem has one
/// `type`, one title and one status on the whole desk.
#[derive(Debug)]
pub(crate) struct Failure {
    problem: Box<Problem>,
    retry_after: Option<u32>,
}

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Failure>;

impl Failure {
    fn new(kind: &str, status: StatusCode, title: &str, detail: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem {
                kind: format!("/problems/{kind}"),
                title: title.to_owned(),
                status: status.as_u16(),
                detail: detail.into(),
                reason: None,
                conversation: None,
                operation: None,
            }),
            retry_after: None,
        }
    }

    /// 400: the request is not of the contract.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            "malformed",
            StatusCode::BAD_REQUEST,
            "The request is malformed",
            detail,
        )
    }

    /// 401: nobody the desk knows asks, or somebody who may no longer.
    pub(crate) fn not_signed_in(detail: impl Into<String>) -> Self {
        Self::new(
            "not-signed-in",
            StatusCode::UNAUTHORIZED,
            "The desk does not know who asks",
            detail,
        )
    }

    /// 403: the caller's role lacks the call itself.
    pub(crate) fn not_allowed(permission: &str) -> Self {
        Self::new(
            "not-allowed",
            StatusCode::FORBIDDEN,
            "Your role does not have this call",
            format!("This call needs the permission `{permission}`."),
        )
    }

    /// 404: not there, or not to be seen. Nothing in it says which (V8).
    pub(crate) fn not_found() -> Self {
        Self::new(
            "not-found",
            StatusCode::NOT_FOUND,
            "Not there, or not yours to see",
            "There is nothing at this address that you may see.",
        )
    }

    /// 405: the address is right, the method is not.
    pub(crate) fn method(allowed: &str) -> Self {
        Self::new(
            "method",
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not take that method",
            format!("It takes {allowed}."),
        )
    }

    /// 408: the body did not arrive in time.
    pub(crate) fn too_slow() -> Self {
        Self::new(
            "too-slow",
            StatusCode::REQUEST_TIMEOUT,
            "The request took too long to arrive",
            "Nothing was done. Send it again.",
        )
    }

    /// 409: somebody was faster. `now`: how it stands, if the caller sees it.
    pub(crate) fn taken(now: Option<Row>) -> Self {
        let who = now.as_ref().and_then(|row| row.assignee.as_ref());
        let detail = match who {
            Some(who) => format!("{} has it now. Nothing changed.", who.name),
            None => "It was acted on since you saw it. Nothing changed.".to_owned(),
        };
        let mut failure = Self::new("taken", StatusCode::CONFLICT, "Somebody was faster", detail);
        failure.problem.conversation = now;
        failure
    }

    /// 409: a colleague wrote after what the writer of a reply had seen.
    pub(crate) fn crossed(now: Option<Row>) -> Self {
        let mut failure = Self::new(
            "crossed",
            StatusCode::CONFLICT,
            "A colleague wrote in between",
            "Nothing was sent. Read the newest message, then send again naming it in `seen`.",
        );
        failure.problem.conversation = now;
        failure
    }

    /// 413: the body is larger than this desk reads.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            "too-large",
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is too large",
            format!("A body has at most {limit} bytes."),
        )
    }

    /// 415: not JSON.
    pub(crate) fn media_type() -> Self {
        Self::new(
            "media-type",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The body is not JSON",
            "Send it with `Content-Type: application/json`.",
        )
    }

    /// 422: a rule says no.
    pub(crate) fn refused(why: Refusal) -> Self {
        Self::rule(why.word(), format!("Nothing changed: {}.", why.text()))
    }

    /// 422: this operation id already names another request of the caller's (R20).
    pub(crate) fn operation_reused() -> Self {
        Self::rule(
            "operation_reused",
            "This Idempotency-Key was used for another request of yours. Nothing was done; make a new one.",
        )
    }

    /// 422 for a rule that is not of an act: `reason` is its code.
    pub(crate) fn rule(reason: &str, detail: impl Into<String>) -> Self {
        let mut failure = Self::new(
            "refused",
            StatusCode::UNPROCESSABLE_ENTITY,
            "A rule of the desk says no",
            detail,
        );
        failure.problem.reason = Some(reason.to_owned());
        failure
    }

    /// 429: more than one user may ask or have (R35), and when to come back.
    pub(crate) fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        let mut failure = Self::new(
            "too-many",
            StatusCode::TOO_MANY_REQUESTS,
            "More than this desk gives one person",
            detail,
        );
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        failure.retry_after = Some(u32::try_from(whole).unwrap_or(u32::MAX));
        failure
    }

    /// 503: the database does not answer. What happened goes to the log, never to the caller (R42).
    pub(crate) fn unavailable() -> Self {
        let mut failure = Self::new(
            "unavailable",
            StatusCode::SERVICE_UNAVAILABLE,
            "The desk is not well",
            "Nothing is known to have been done. Ask again with the same Idempotency-Key.",
        );
        failure.retry_after = Some(2);
        failure
    }

    /// 503: there is no room where the database is (R30).
    pub(crate) fn no_room() -> Self {
        let mut failure = Self::new(
            "no-room",
            StatusCode::SERVICE_UNAVAILABLE,
            "The desk's disk is full",
            "It cannot keep anything new until whoever runs it makes room. What it has can be read. Ask again later with the same Idempotency-Key.",
        );
        failure.retry_after = Some(10);
        failure
    }

    /// Whether this says nothing about the request, only that the database does not answer.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16()
    }

    /// 500: a bug of ours; the log has it.
    pub(crate) fn bug() -> Self {
        Self::new(
            "bug",
            StatusCode::INTERNAL_SERVER_ERROR,
            "The desk made a mistake",
            "The desk's log says which. Ask again with the same Idempotency-Key to learn what was done.",
        )
    }

    /// This failure as the answer to `operation`.
    pub(crate) fn of_operation(mut self, operation: &str) -> Self {
        self.problem.operation = Some(operation.to_owned());
        self
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// What the database said no to is the asker's to mend where it can be; else the desk is not well.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::OtherContent => Self::operation_reused(),
            StoreError::NotACursor => {
                Self::malformed("This is no cursor of this desk: use one that an answer gave.")
            }
            StoreError::TooMany(most) => Self::malformed(format!("At most {most} at once.")),
            full if full.is_for_want_of_room() => {
                tracing::error!(error = %full, "the database has no room on its disk: make some, the desk then goes on by itself");
                Self::no_room()
            }
            other => {
                tracing::error!(error = %other, "the store failed");
                Self::unavailable()
            }
        }
    }
}
