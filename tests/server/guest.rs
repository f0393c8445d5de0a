//! Somebody who talks to a desk, and what they are answered.

use reqwest::{Client, Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use crate::events::Events;

/// Somebody who talks to a desk.
#[derive(Clone)]
pub struct Guest {
    http: Client,
    base: String,
    token: Option<String>,
}

impl Guest {
    /// Somebody with this token, or none.
    pub fn new(http: Client, base: &str, token: Option<&str>) -> Self {
        Self {
            http,
            base: base.to_owned(),
            token: token.map(str::to_owned),
        }
    }
}

/// An answer of the desk.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Said {
    /// The text at a JSON pointer.
    pub fn text(&self, pointer: &str) -> String {
        match self.body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            _ => panic!("no text at {pointer}: {self:?}"),
        }
    }

    /// The ids of the rows of a page.
    pub fn ids(&self) -> Vec<String> {
        self.ids_of("/items")
    }

    /// The ids of rows that stand there.
    pub fn ids_of(&self, pointer: &str) -> Vec<String> {
        let items = self
            .body
            .pointer(pointer)
            .and_then(|items| items.as_array())
            .unwrap_or_else(|| panic!("{self:?}"));
        items
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Asserts a problem document of this status and kind.
    #[track_caller]
    pub fn is_problem(&self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{self:?}"
        );
        assert_eq!(self.body["type"], format!("/problems/{kind}"), "{self:?}");
        assert_eq!(self.body["status"], status, "{self:?}");
        for field in ["title", "detail"] {
            assert!(
                self.body[field]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{self:?}"
            );
        }
    }
}

impl Guest {
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }

    pub async fn get(&self, path: &str) -> Said {
        said(self.request(Method::GET, path)).await
    }

    /// An answer that is a text.
    pub async fn read(&self, path: &str) -> String {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Said {
        said(self.posting(path, body)).await
    }

    /// With an operation id of one's own.
    pub async fn post_as(&self, key: &str, path: &str, body: &Value) -> Said {
        said(self.posting(path, body).header("idempotency-key", key)).await
    }

    fn posting(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        self.request(Method::POST, path)
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// The ids this one lists.
    pub async fn list(&self, query: &str) -> Vec<String> {
        self.get(&format!("/v1/conversations?{query}")).await.ids()
    }

    pub async fn reply(&self, id: &str, body: &str) -> Said {
        let path = format!("/v1/conversations/{id}/messages");
        self.post(&path, &json!({"body": body, "expected_assignee": null}))
            .await
    }

    pub async fn act(&self, id: &str, verb: &str) -> Said {
        self.post(&format!("/v1/conversations/{id}/{verb}"), &json!({}))
            .await
    }

    /// Opens the event stream.
    pub async fn events(&self, query: &str) -> Events {
        let response = self
            .request(Method::GET, &format!("/v1/events?{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Events::new(response)
    }
}

/// Sends a request and reads all of the answer: status, headers by name, and body.
pub async fn said_whole(request: reqwest::RequestBuilder) -> (u16, Vec<(String, String)>, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = |value: &reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    let headers = response.headers().iter();
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect();
    headers.sort();
    (status, headers, response.text().await.unwrap())
}

/// Sends a request and reads the answer.
pub async fn said(request: reqwest::RequestBuilder) -> Said {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.unwrap();
    Said {
        status,
        headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}
