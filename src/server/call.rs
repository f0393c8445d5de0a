//! A call of the contract: its address, what it takes, what it answers, who does it.

use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};

use super::{parameter::Parameter, world::World};

/// One row of the table.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Option<Described>,
    pub(crate) answers: Vec<(u16, Option<Described>)>,
    pub(crate) for_anybody: bool,
    pub(crate) streams: bool,
    /// Texts it answers too, by their media types.
    pub(crate) texts: Vec<&'static str>,
    pub(super) handler: MethodRouter<World>,
}

/// The schema of a body, with all it refers to.
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Described {
    pub(crate) fn of<T: ToSchema>() -> Self {
        let name = T::name().into_owned();
        let mut schemas = vec![(name.clone(), T::schema())];
        T::schemas(&mut schemas);
        Self { name, schemas }
    }
}

pub(super) fn get<H: Handler<T, World>, T: 'static>(path: &'static str, handler: H) -> Call {
    Call::new(Method::GET, path, on(MethodFilter::GET, handler))
}

pub(super) fn post<H: Handler<T, World>, T: 'static>(path: &'static str, handler: H) -> Call {
    Call::new(Method::POST, path, on(MethodFilter::POST, handler))
}

impl Call {
    fn new(method: Method, path: &'static str, handler: MethodRouter<World>) -> Self {
        Self {
            method,
            path,
            summary: "",
            parameters: &[],
            body: None,
            answers: Vec::new(),
            for_anybody: false,
            streams: false,
            texts: Vec::new(),
            handler,
        }
    }

    pub(super) fn says(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    pub(super) fn takes(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    pub(super) fn body<T: ToSchema>(mut self) -> Self {
        self.body = Some(Described::of::<T>());
        self
    }

    pub(super) fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        self.answers.push((status, Some(Described::of::<T>())));
        self
    }

    pub(super) fn answers_nothing(mut self) -> Self {
        self.answers.push((204, None));
        self
    }

    /// What is described elsewhere: a contract and measurements have words of their own.
    pub(super) fn answers_only(mut self, kind: &'static str) -> Self {
        self.answers.push((200, None));
        self.answers_text(kind)
    }

    pub(super) fn answers_text(mut self, kind: &'static str) -> Self {
        self.texts.push(kind);
        self
    }

    pub(super) fn streams(mut self) -> Self {
        self.streams = true;
        self
    }

    pub(super) fn for_anybody(mut self) -> Self {
        self.for_anybody = true;
        self
    }
}
