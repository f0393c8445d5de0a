//! The contract as a document.

use axum::http::Method;
use utoipa::openapi::{
    ComponentsBuilder, Content, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder,
    Ref, Required, ResponseBuilder, ResponsesBuilder,
    path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem},
    request_body::RequestBodyBuilder,
    schema::{ObjectBuilder, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::call::{Call, Described};
use crate::wire::{event, outbound, problem};

/// What kind of document it is.
pub(crate) const MEDIA_TYPE: &str = "application/json";

/// What stands in `data:` of the stream's events, which no path refers to.
fn of_the_stream() -> [Described; 4] {
    [
        Described::of::<event::Written>(),
        Described::of::<event::Gone>(),
        Described::of::<event::Changed>(),
        Described::of::<event::Attention>(),
    ]
}

/// The contract of these calls as a document, in their order.
pub(crate) fn written_of(calls: Vec<Call>) -> String {
    let mut text = serde_json::to_string_pretty(&document(calls)).unwrap_or_default();
    text.push('\n');
    text
}

fn document(calls: Vec<Call>) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut described = vec![Described::of::<problem::Problem>()];
    described.extend(of_the_stream());
    // What a channel's gateway is sent, which no path refers to either.
    described.push(Described::of::<outbound::Letter>());
    for call in calls {
        let method = if call.method == Method::POST {
            HttpMethod::Post
        } else {
            HttpMethod::Get
        };
        let item = PathItem::new(method, operation(&call));
        paths = paths.path(call.path, item);
        described.extend(call.body);
        described.extend(call.answers.into_iter().filter_map(|(_, answer)| answer));
    }
    let mut schemas: Vec<_> = described.into_iter().flat_map(|d| d.schemas).collect();
    schemas.sort_by(|(a, _), (b, _)| a.cmp(b));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("On a Unix socket the kernel says who asks instead."))
        .build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("handback")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "A desk: conversations with customers, and handing them back. Times are RFC 3339 in UTC.",
                )),
        )
        .paths(paths)
        .components(Some(
            ComponentsBuilder::new()
                .schemas_from_iter(schemas)
                .security_scheme("token", SecurityScheme::Http(bearer))
                .build(),
        ))
        .security(Some([SecurityRequirement::new("token", [""; 0])]))
        .build()
}

fn operation(call: &Call) -> Operation {
    let mut operation = OperationBuilder::new().summary(Some(call.summary));
    for name in in_path(call.path) {
        operation = operation.parameter(text(name, ParameterIn::Path, Required::True, ""));
    }
    for parameter in call.parameters {
        operation = operation.parameter(text(
            parameter.name,
            ParameterIn::Query,
            Required::False,
            parameter.says,
        ));
    }
    if let Some(body) = &call.body {
        operation = operation
            .parameter(text(
                "Idempotency-Key",
                ParameterIn::Header,
                Required::False,
                "The operation id, 1 to 128 printable ASCII characters, kept for 72 hours; the desk makes one if there is none",
            ))
            .request_body(Some(
                RequestBodyBuilder::new()
                    .content("application/json", refer(&body.name))
                    .build(),
            ));
    }
    operation = operation.responses(responses(call));
    if call.for_anybody {
        operation = operation.security(SecurityRequirement::default());
    }
    operation.build()
}

fn responses(call: &Call) -> ResponsesBuilder {
    let mut responses = ResponsesBuilder::new();
    for (status, answer) in &call.answers {
        let mut response = ResponseBuilder::new().description("Done");
        if let Some(answer) = answer {
            response = response.content("application/json", refer(&answer.name));
        }
        for kind in call.texts.iter().filter(|_| *status == 200) {
            let schema = if *kind == MEDIA_TYPE {
                object()
            } else {
                plain()
            };
            response = response.content(*kind, schema);
        }
        responses = responses.response(status.to_string(), response);
    }
    if call.streams {
        let stream = ResponseBuilder::new()
            .description("`conversation` (Row; without `id:` if only who is there has changed), `message` (Written), `gone` (Gone), `counts` (Changed), `attention` (Attention), `reset`")
            .content("text/event-stream", plain());
        responses = responses.response("200", stream);
    }
    let problem = ResponseBuilder::new()
        .description("Why it was not done")
        .content(problem::MEDIA_TYPE, refer("Problem"));
    responses.response("default", problem)
}

fn refer(name: &str) -> Content {
    Content::new(Some(Ref::from_schema_name(name)))
}

fn object() -> Content {
    Content::new(Some(ObjectBuilder::new().schema_type(Type::Object)))
}

fn plain() -> Content {
    Content::new(Some(ObjectBuilder::new().schema_type(Type::String)))
}

fn text(name: &str, place: ParameterIn, required: Required, says: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(says).filter(|says| !says.is_empty()))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
}

fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

#[cfg(test)]
mod tests {
    use crate::server::routes::{CONTRACT, table};

    /// `HANDBACK_REWRITE=1 cargo test` writes the file anew.
    #[test]
    fn the_contract_in_assets_is_what_the_code_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/openapi.json");
        if std::env::var_os("HANDBACK_REWRITE").is_some() {
            std::fs::write(path, CONTRACT.as_str()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == *CONTRACT,
            "assets/openapi.json is behind the code: HANDBACK_REWRITE=1 cargo test rewrites it"
        );
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_call_says_what_it_does() {
        let document: serde_json::Value = serde_json::from_str(&CONTRACT).unwrap();
        let schemas = &document["components"]["schemas"];
        for reference in CONTRACT.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas[name].is_object(), "{name}");
        }
        assert!(table().iter().all(|call| !call.summary.is_empty()));
    }
}
