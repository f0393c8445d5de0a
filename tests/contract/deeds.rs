//! Every deed through the port: what it changes, who may, what the three dots say of it, and undo.

use handback::{
    desk::{Act, Answer, Desk, Many, ManyDeed, No, Query, View},
    domain::{
        action::{Action, Deed, Expectation, Refusal},
        conversation::{Handler, State},
        id::{ConversationId, QueueId, UserId},
        row::Row,
    },
};

use crate::world::{World, act, done, ids, operation, query, reply};

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn queue(name: &str) -> QueueId {
    QueueId::parse(name).unwrap()
}

/// The act must be refused by rule, for this reason.
async fn refused(desk: &impl Desk, act: &Act, why: Refusal) {
    match desk.act(act).await {
        Answer::Refused(no) if no.kind == No::Rule => assert_eq!(no.why.as_str(), why.text()),
        other => panic!("{:?}: {other:?}", act.deed),
    }
}

/// Takes an act back; the row since, if it was done.
async fn taken_back(desk: &impl Desk, of: &Act) -> Option<Row> {
    let mut undone = desk.undo(&operation(), &of.operation).await.unwrap();
    match undone.pop() {
        Some((_, Answer::Done(row))) => row.map(|row| *row),
        _ => None,
    }
}

fn holder(row: &Row) -> Option<&str> {
    row.assignee.as_ref().map(|who| who.name.as_str())
}

async fn listed(desk: &impl Desk) -> Vec<ConversationId> {
    ids(&desk.list(&query(View::All, 10)).await.unwrap().rows)
}

/// Whether the three dots offer it, or why not.
async fn offered(desk: &impl Desk, id: &ConversationId, action: Action) -> Result<(), String> {
    let detail = desk.conversation(id).await.unwrap();
    let (_, offered) = detail
        .actions
        .into_iter()
        .find(|(a, _)| *a == action)
        .unwrap();
    offered.map_err(|why| why.to_string())
}

pub(crate) async fn a6_assigning_is_giving_it_to_somebody(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let id = world.customer(1).await;
    refused(
        &anna,
        &act(Deed::Assign(user("ben")), &id),
        Refusal::MayNotAssign,
    )
    .await;
    refused(
        &gwen,
        &act(Deed::Assign(user("dot")), &id),
        Refusal::CannotHold,
    )
    .await;
    let given = act(Deed::Assign(user("anna")), &id);
    assert_eq!(holder(&done(&gwen, &given).await), Some("Anna Webb"));
    assert!(matches!(
        gwen.act(&act(Deed::Assign(user("anna")), &id)).await,
        Answer::Already(_)
    ));
    let stale = Act {
        expected: Expectation::seen(Some(user("ben")), 1),
        ..act(Deed::Assign(user("anna")), &id)
    };
    assert!(matches!(
        gwen.act(&Act {
            deed: Deed::Assign(user("ben")),
            ..stale
        })
        .await,
        Answer::Taken(Some(_))
    ));
    // A peer to whom she gives hers has it, out of her sight.
    let to_ben = act(Deed::Assign(user("ben")), &id);
    assert_eq!(anna.act(&to_ben).await, Answer::Done(None));
    assert_eq!(
        holder(&ben.conversation(&id).await.unwrap().row),
        Some("Ben Cole")
    );
    let back = taken_back(&anna, &to_ben)
        .await
        .expect("he did nothing to it yet");
    assert_eq!(holder(&back), Some("Anna Webb"));
}

pub(crate) async fn q8_q6_moving_clears_the_assignee_and_an_inactive_queue_takes_nothing(
    world: &impl World,
) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.customer(1).await;
    let held = done(&anna, &act(Deed::Take, &id)).await;
    refused(
        &gwen,
        &act(Deed::Move(queue("Old")), &id),
        Refusal::QueueInactive,
    )
    .await;
    refused(
        &anna,
        &act(Deed::Move(queue("Old")), &id),
        Refusal::NoSuchQueue,
    )
    .await;
    let unchanged = anna.conversation(&id).await.unwrap().row;
    assert_eq!(unchanged, held, "nothing changed");
    let moved = act(Deed::Move(queue("Own")), &id);
    let row = done(&anna, &moved).await;
    assert_eq!(
        (row.queue.id, row.assignee, row.just_entered),
        (queue("Own"), None, true)
    );
    let back = taken_back(&anna, &moved).await.unwrap();
    assert_eq!(
        (holder(&back), back.queue.id.as_str()),
        (Some("Anna Webb"), "Payments")
    );
}

pub(crate) async fn s3_a_status_is_of_the_list(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let statuses = anna.statuses().await.unwrap();
    assert_eq!(statuses.len(), 1, "{statuses:?}");
    let word = statuses[0].word.clone();
    let tag = act(Deed::Status(Some(word.clone())), &id);
    let row = done(&anna, &tag).await;
    assert_eq!(row.status.as_ref().map(|s| s.as_str()), Some(word.as_str()));
    assert_eq!(row.assignee, None, "A5");
    let unheard = Deed::Status(Some("unheard of".to_owned()));
    refused(&anna, &act(unheard, &id), Refusal::NoSuchStatus).await;
    assert_eq!(taken_back(&anna, &tag).await.unwrap().status, None);
}

pub(crate) async fn s1_v7_closing_takes_it_off_the_list_and_reopening_puts_it_back(
    world: &impl World,
) {
    let (anna, ben) = (world.desk("anna").await, world.desk("ben").await);
    let id = world.customer(1).await;
    done(&anna, &act(Deed::Take, &id)).await;
    let close = act(Deed::Close, &id);
    let row = done(&anna, &close).await;
    assert_eq!((row.state, &row.assignee), (State::Closed, &None));
    assert_eq!(listed(&anna).await, []);
    assert_eq!(
        offered(&anna, &id, Action::Move).await,
        Err(Refusal::Closed.text().to_owned())
    );
    assert_eq!(offered(&anna, &id, Action::Reopen).await, Ok(()));
    assert!(matches!(
        anna.act(&act(Deed::Close, &id)).await,
        Answer::Already(_)
    ));
    let row = done(&ben, &act(Deed::Reopen, &id)).await;
    assert_eq!(
        (row.state, row.queue.id.as_str(), row.just_entered),
        (State::Open, "Payments", true)
    );
    assert_eq!(listed(&anna).await, std::slice::from_ref(&id));
    assert_eq!(
        taken_back(&anna, &close).await,
        None,
        "it was acted on since"
    );
}

pub(crate) async fn s5_nothing_is_sent_to_who_is_blocked(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let block = act(Deed::Block { until: None }, &id);
    done(&anna, &block).await;
    let no = anna.send(&reply(&id, "Hello")).await;
    assert!(
        matches!(&no, Answer::Refused(no) if no.why.as_str() == Refusal::Blocked.text()),
        "{no:?}"
    );
    assert_eq!(
        offered(&anna, &id, Action::Block).await,
        Err(Refusal::Blocked.text().to_owned())
    );
    assert_eq!(offered(&anna, &id, Action::Unblock).await, Ok(()));
    done(&anna, &act(Deed::Unblock, &id)).await;
    let again = act(Deed::Block { until: None }, &id);
    done(&anna, &again).await;
    assert!(taken_back(&anna, &again).await.is_some());
    assert!(matches!(
        anna.send(&reply(&id, "Hello")).await,
        Answer::Done(_)
    ));
}

pub(crate) async fn n1_a_note_is_in_the_history_alone(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let note = act(Deed::Note("He rang.".to_owned()), &id);
    let row = done(&anna, &note).await;
    assert_eq!(row.assignee, None, "A5");
    refused(&anna, &act(Deed::Note(" ".to_owned()), &id), Refusal::Empty).await;
    let item = anna.history(&id, None, 1).await.unwrap().items.remove(0);
    assert_eq!(
        (item.kind.as_str(), item.body.as_ref().map(|b| b.as_str())),
        ("note", Some("He rang."))
    );
    assert_eq!(anna.messages(&id, None, 10).await.unwrap().items.len(), 1);
    assert_eq!(taken_back(&anna, &note).await, None, "it is for good");
}

pub(crate) async fn s4_without_a_bot_there_is_nothing_to_end(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    assert_eq!(
        offered(&anna, &id, Action::Intervene).await,
        Err(Refusal::NoBot.text().to_owned())
    );
    let answer = anna.act(&act(Deed::Intervene, &id)).await;
    assert!(matches!(answer, Answer::Already(Some(row)) if row.handler == Handler::Person));
}

pub(crate) async fn a7_m1_the_owner_sees_and_notes_what_it_may_not_send_away(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.writes("Own", "Bea", "+447700900001", "Hello?").await;
    done(&gwen, &act(Deed::Take, &id)).await;
    for deed in [
        Deed::Move(queue("Payments")),
        Deed::Close,
        Deed::Assign(user("anna")),
    ] {
        let no = Err(Refusal::NotYours.text().to_owned());
        assert_eq!(offered(&anna, &id, deed.action()).await, no);
        refused(&anna, &act(deed, &id), Refusal::NotYours).await;
    }
    done(&anna, &act(Deed::Note("Mine?".to_owned()), &id)).await;
}

pub(crate) async fn u7_many_are_spread_moved_and_left_alone_if_not_quiet(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let mut items = Vec::new();
    for number in 0..4 {
        let id = world.customer(number).await;
        let row = done(&anna, &act(Deed::Take, &id)).await;
        items.push((id, Expectation::seen(Some(user("anna")), row.version)));
    }
    let note = Deed::Note("Nearly done".to_owned());
    done(&anna, &act(note, &items[0].0)).await;
    let spread = Many {
        operation: operation(),
        deed: ManyDeed::Assign(vec![user("ben"), user("dot"), user("gwen")]),
        items: items.clone(),
        reason: None,
        if_quiet: true,
    };
    let results = gwen.act_on_many(&spread).await.unwrap();
    let Answer::Refused(stays) = &results[0].1 else {
        panic!("{results:?}");
    };
    assert_eq!(stays.why.as_str(), Refusal::NewActivity.text());
    let got = |at: usize| match &results[at].1 {
        Answer::Done(Some(row)) => holder(row).map(str::to_owned),
        other => panic!("{other:?}"),
    };
    let names = [got(1), got(2), got(3)].map(Option::unwrap);
    assert_eq!(
        names,
        ["Ben Cole", "Gwen Rees", "Ben Cole"],
        "dot has no access"
    );
    let bens = Query {
        view: View::Mine,
        ..query(View::All, 10)
    };
    assert_eq!(ben.list(&bens).await.unwrap().rows.len(), 2);
    let undone = gwen.undo(&operation(), &spread.operation).await.unwrap();
    assert!(
        undone
            .iter()
            .all(|(_, answer)| matches!(answer, Answer::Done(_))),
        "{undone:?}"
    );
    let moved = Many {
        operation: operation(),
        deed: ManyDeed::Move(queue("Own")),
        items: items
            .into_iter()
            .map(|(id, _)| (id, Expectation::default()))
            .collect(),
        reason: Some("wrong place".to_owned()),
        if_quiet: false,
    };
    let results = gwen.act_on_many(&moved).await.unwrap();
    assert!(
        results
            .iter()
            .all(|(_, answer)| matches!(answer, Answer::Done(Some(row)) if row.assignee.is_none()))
    );
    assert_eq!(
        anna.list(&query(View::Unassigned, 10))
            .await
            .unwrap()
            .rows
            .len(),
        4
    );
}
