//! What one writes with, and what is written out.

use std::ops::ControlFlow;

use handback::{
    desk::{Desk, Form, Transcript, Trouble},
    domain::{id::ConversationId, text::Safe},
};

use crate::world::{World, reply};

pub(crate) async fn sp1_phrases_are_the_organisations_and_inherited(world: &impl World) {
    for who in ["anna", "gwen"] {
        let phrases = world.desk(who).await.phrases().await.unwrap();
        let phrases: Vec<_> = phrases
            .iter()
            .map(|p| (p.keywords[0].as_str(), p.words.as_str()))
            .collect();
        assert_eq!(
            phrases,
            [("thanks", "Thank you,\nthat is sorted.")],
            "{who}"
        );
    }
    assert_eq!(world.desk("dot").await.phrases().await.unwrap().len(), 2);
}

async fn transcript(
    desk: &impl Desk,
    id: &ConversationId,
    form: Form,
    most: usize,
) -> Result<Vec<Safe>, Trouble> {
    let mut lines = Vec::new();
    let of = Transcript {
        conversation: id.clone(),
        form,
        notes: false,
    };
    let take = |line| {
        lines.push(line);
        match lines.len() < most {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    desk.transcript(&of, take).await.map(|()| lines)
}

pub(crate) async fn t1_a_transcript_comes_line_by_line_and_is_safe(world: &impl World) {
    let id = world
        .writes(
            "Payments",
            "Bea",
            "+441",
            "Can I\npay later?\u{1b}[2J\u{9b}1m",
        )
        .await;
    let anna = world.desk("anna").await;
    anna.send(&reply(&id, "Yes.")).await;
    for form in Form::ALL {
        let lines = transcript(&anna, &id, form, usize::MAX).await.unwrap();
        let text: Vec<&str> = lines.iter().map(Safe::as_str).collect();
        let text = text.join("\n");
        let (asked, said) = (text.find("pay later?"), text.find("Yes."));
        assert!(asked.is_some() && asked < said, "{form:?}: {text}");
        assert!(!text.contains(['\u{1b}', '\u{9b}']), "{form:?}: {text}");
        assert_eq!(
            transcript(&anna, &id, form, 1).await.unwrap().len(),
            1,
            "broken off"
        );
    }
    let dot = world.desk("dot").await;
    let no = transcript(&dot, &id, Form::Text, 9).await;
    assert_eq!(no, Err(Trouble::NotFound));
}
