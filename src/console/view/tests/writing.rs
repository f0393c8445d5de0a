//! Screens around writing: why one cannot, what came in between, what waits, phrases, drafts, transcripts.

use std::time::Duration;

use crate::{
    console::{
        compose::{Kind, Waiting},
        draft::{Kept, Unsure, Where},
        model::{
            Choosing, DraftsShown, Field, FileName, Known, Layer, Loaded, Model, Picker, draft_key,
        },
        view::fixture,
    },
    desk::{Form, Phrase, Transcript},
    domain::{named::Named, text::Safe},
};

const TEXT: &str = "Yes, we can split what is left over three mon";

pub(super) fn barred(model: &mut Model) {
    fixture::compose(model, TEXT);
    let composer = model.composer.as_mut().expect("a composer");
    composer.barred = Some(Safe::literal(
        "More than 24 hours since Bea Jones wrote: WhatsApp takes no free text until they write again",
    ));
}

pub(super) fn crossed(model: &mut Model) {
    fixture::compose(model, TEXT);
    let at = crate::domain::moment::Moment(model.now.0 - 20_000_000);
    let composer = model.composer.as_mut().expect("a composer");
    composer.crossed = true;
    composer.crossed_by = Some((Safe::literal("Ben Cole"), at));
}

pub(super) fn waiting(model: &mut Model) {
    fixture::compose(model, TEXT);
    let ticket = model.numbers.ticket();
    let until = model.now.after(Duration::from_secs(4));
    let composer = model.composer.as_mut().expect("a composer");
    composer.waiting = Some(Waiting { until, ticket });
}

pub(super) fn unsure(model: &mut Model) {
    fixture::compose(model, TEXT);
    let unsure = Unsure {
        kind: Kind::Reply,
        at: model.now,
        operation: "op".parse().expect("an id"),
        conversation: fixture::id("BEA"),
        text: TEXT.into(),
        expected_assignee: None,
        seen: None,
    };
    let of = (Kind::Reply, fixture::id("BEA"));
    model.shelf.unsure.insert(of, unsure);
}

pub(super) fn long(model: &mut Model) {
    fixture::compose(
        model,
        &"a long reply that wraps by word and scrolls in its box, ".repeat(12),
    );
}

fn phrase(keywords: &[&'static str], body: &'static str) -> Phrase {
    Phrase {
        keywords: keywords.iter().map(|word| Safe::literal(word)).collect(),
        body: Safe::text(body),
        words: body.into(),
        organisation: Named {
            id: "head".parse().expect("an id"),
            name: Safe::literal("Head office"),
        },
    }
}

fn picker(model: &mut Model, typed: &str, loaded: Loaded) {
    fixture::compose(model, "Hello Bea. ");
    let mut picker = Picker::new(Choosing::Phrase(String::new()), loaded);
    picker.typed.text = typed.into();
    model.layers.push(Layer::Picker(picker));
}

pub(super) fn phrases(model: &mut Model) {
    model.phrases = vec![
        phrase(
            &["letters", "stop"],
            "I have stopped the letters while we look into this together.",
        ),
        phrase(
            &["thanks", "sorted"],
            "Thank you, that is all sorted. Is there anything else I can help with?",
        ),
        phrase(
            &["plan", "split", "spread"],
            "We can spread what is owed over several months.\n\nWhat could you manage each month without going short?",
        ),
    ];
    picker(model, "s", Loaded::Yes);
    if let Some(Layer::Picker(picker)) = model.layers.last_mut() {
        picker.cursor = 2;
    }
}

pub(super) fn phrases_none(model: &mut Model) {
    picker(model, "xyz", Loaded::Yes);
}

pub(super) fn forms(model: &mut Model) {
    let row = Box::new(model.open.as_ref().expect("Bea Jones").row.clone());
    model.layers.push(Layer::Picker(Picker::new(
        Choosing::Transcript(row),
        Loaded::Yes,
    )));
}

pub(super) fn file_name(model: &mut Model) {
    model.layers.push(Layer::FileName(FileName {
        of: Transcript {
            conversation: fixture::id("BEA"),
            form: Form::Markdown,
            notes: true,
        },
        name: Safe::literal("Bea Jones"),
        typed: Field {
            text: "/home/anna/Documents/conversation-BEA.md".into(),
        },
        there: None,
        writing: false,
    }));
}

pub(super) fn file_there(model: &mut Model) {
    file_name(model);
    if let Some(Layer::FileName(name)) = model.layers.last_mut() {
        name.there = Some(name.typed.text.clone());
    }
}

fn kept(kind: Kind, id: &str, of: &'static str, minutes: i64, text: &str, place: Where) -> Kept {
    Kept {
        kind,
        conversation: fixture::id(id),
        text: text.into(),
        at: fixture::ago(minutes),
        of: Safe::literal(of),
        asked: None,
        place,
    }
}

pub(super) fn drafts(model: &mut Model) {
    let bea = "Bea Jones · WhatsApp +44 7700 900123";
    model.drafts.insert(
        fixture::id("BEA"),
        "Yes, we can split what is left over three months.\n\nShall I set it up for the first of each month, or would \
         another day suit you better?"
            .into(),
    );
    model.shelf.about.insert(
        (Kind::Reply, fixture::id("BEA")),
        (fixture::ago(1), Safe::literal(bea)),
    );
    model.shelf.others = vec![
        kept(
            Kind::Reply,
            "BEA",
            bea,
            12,
            "I will ask and come back to you.",
            Where::Aside("one".into()),
        ),
        kept(
            Kind::Note,
            "GONE",
            "Kit Vale · SMS +44 7700 900999",
            95,
            "Rang twice, no answer",
            Where::Aside("one".into()),
        ),
        kept(
            Kind::Reply,
            "FAY",
            "Fay Nolan · Webchat",
            4000,
            "You will hear from us by",
            Where::Elsewhere("two".into()),
        ),
    ];
    model.layers.push(Layer::Drafts(Box::default()));
}

pub(super) fn drafts_gone(model: &mut Model) {
    drafts(model);
    let gone = draft_key(&model.all_drafts()[2]);
    let why = Loaded::Failed(Safe::literal("it is out of your sight now"));
    if let Some(Layer::Drafts(shown)) = model.layers.last_mut() {
        let known = Known {
            loaded: why,
            detail: None,
        };
        shown.known.insert(gone.1.clone(), known);
        shown.cursor = Some(gone);
    }
}

pub(super) fn drafts_none(model: &mut Model) {
    model.drafts.clear();
    model
        .layers
        .push(Layer::Drafts(Box::<DraftsShown>::default()));
}
