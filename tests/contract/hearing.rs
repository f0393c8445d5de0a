//! Hearing: what happens at the desk, as far as one may hear of it.

use handback::{
    desk::{AttentionKind, Desk, Event, View, What},
    domain::{action::Deed, id::ConversationId},
};

use crate::world::{World, act, done, hear, query};

/// The cursor of the news that `id` is held by a person of this name, or by nobody.
fn held<'a>(id: &'a ConversationId, by: Option<&'a str>) -> impl Fn(&Event) -> Option<u64> + 'a {
    move |event| match &event.what {
        What::Row(row) | What::Message(row, _) if row.id == *id => {
            let holder = row.assignee.as_ref().map(|assignee| assignee.name.as_str());
            (holder == by).then_some(event.cursor.expect("what is in the log has its place"))
        }
        _ => None,
    }
}

pub(crate) async fn r31_what_happens_is_heard_and_a_resume_repeats_it_once(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let page = anna.list(&query(View::All, 10)).await.unwrap();
    // What happens between the list and the stream is not lost.
    done(&anna, &act(Deed::Take, &id)).await;
    let mut events = anna.events(Some(page.as_of)).await.unwrap();
    let taken = hear(&mut events, held(&id, Some("Anna Webb"))).await;
    done(&anna, &act(Deed::Unassign, &id)).await;
    let free = hear(&mut events, held(&id, None)).await;
    assert!(page.as_of < taken && taken < free);
    drop(events);
    let mut resumed = anna.events(Some(taken)).await.unwrap();
    let first = hear(&mut resumed, |event| {
        event.cursor.map(|cursor| (cursor, event.what.clone()))
    })
    .await;
    assert_eq!(first.0, free);
    assert!(matches!(first.1, What::Row(row) if row.id == id && row.assignee.is_none()));
}

/// The counts over all queues, if so many are unassigned.
fn counted(event: &Event, unassigned: u64) -> Option<handback::desk::Counts> {
    match &event.what {
        What::Counts { all_queues, .. } if all_queues.unassigned == unassigned => Some(*all_queues),
        _ => None,
    }
}

pub(crate) async fn v1_what_a_colleague_takes_is_gone(world: &impl World) {
    let (anna, ben) = (world.desk("anna").await, world.desk("ben").await);
    let id = world.customer(1).await;
    let page = anna.list(&query(View::All, 10)).await.unwrap();
    let mut events = anna.events(Some(page.as_of)).await.unwrap();
    done(&ben, &act(Deed::Take, &id)).await;
    hear(&mut events, |event| {
        (event.what == What::Gone(id.clone())).then_some(())
    })
    .await;
    // Waited for, because counts that are the same again within half a second need not be told.
    hear(&mut events, |event| counted(event, 0)).await;
    // Scenario 1: handed back, it is there again without being asked for.
    done(&ben, &act(Deed::Unassign, &id)).await;
    hear(&mut events, held(&id, None)).await;
    let counts = hear(&mut events, |event| counted(event, 1)).await;
    assert_eq!(counts.all, 1);
}

pub(crate) async fn u8_the_former_assignee_is_told(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.customer(1).await;
    done(&anna, &act(Deed::Take, &id)).await;
    let page = anna.list(&query(View::All, 10)).await.unwrap();
    let mut events = anna.events(Some(page.as_of)).await.unwrap();
    let unassign = handback::desk::Act {
        reason: Some("to share the load".to_owned()),
        ..act(Deed::Unassign, &id)
    };
    done(&gwen, &unassign).await;
    let told = hear(&mut events, |event| match &event.what {
        What::Attention(attention) => Some(attention.clone()),
        _ => None,
    })
    .await;
    assert_eq!(
        (told.conversation, told.kind),
        (id, AttentionKind::HandedBack)
    );
    assert_eq!(told.by.unwrap().name.as_str(), "Gwen Rees");
    assert_eq!(told.reason.unwrap().as_str(), "to share the load");
}
