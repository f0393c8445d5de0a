//! Doing: the five answers, and that nothing is done twice.

use handback::{
    desk::{Act, Answer, Desk, Many, ManyDeed, No, Refused, Reply, View},
    domain::{
        action::{Action, Deed, Expectation, Refusal},
        id::{ConversationId, UserId},
        row::Row,
    },
};

use crate::world::{World, act, done, ids, operation, query, reply};

fn kind(answer: &Answer) -> No {
    match answer {
        Answer::Refused(refused) => refused.kind,
        other => panic!("it should be refused: {other:?}"),
    }
}

/// Who has it, as gwen, who sees all of them, hears it.
async fn holder(world: &impl World, id: &ConversationId) -> Option<String> {
    let row = world.desk("gwen").await.conversation(id).await.unwrap().row;
    row.assignee.map(|assignee| assignee.name.to_string())
}

fn seen(row: &Row) -> Expectation {
    Expectation::seen(
        row.assignee.as_ref().map(|assignee| assignee.id.clone()),
        row.version,
    )
}

pub(crate) async fn u3_unassign_is_done_and_then_already(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let taken = done(&anna, &act(Deed::Take, &id)).await;
    let unassign = Act {
        expected: seen(&taken),
        reason: Some("lunch".to_owned()),
        ..act(Deed::Unassign, &id)
    };
    let row = done(&anna, &unassign).await;
    assert_eq!(row.assignee, None);
    assert_eq!(
        (&row.queue, row.state, row.since),
        (&taken.queue, taken.state, taken.since)
    );
    assert!(row.version > taken.version);
    let again = anna.act(&act(Deed::Unassign, &id)).await;
    assert!(matches!(again, Answer::Already(Some(row)) if row.assignee.is_none()));
    assert!(
        ids(&world
            .desk("ben")
            .await
            .list(&query(View::All, 10))
            .await
            .unwrap()
            .rows)
        .contains(&id),
        "V2"
    );
}

pub(crate) async fn u5_somebody_else_has_it_by_now(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let id = world.customer(1).await;
    let annas = done(&anna, &act(Deed::Take, &id)).await;
    done(&anna, &act(Deed::Unassign, &id)).await;
    done(&ben, &act(Deed::Take, &id)).await;
    let stale = |expected| Act {
        expected,
        ..act(Deed::Unassign, &id)
    };
    let answer = gwen.act(&stale(seen(&annas))).await;
    assert!(
        matches!(&answer, Answer::Taken(Some(row)) if row.assignee.as_ref().unwrap().name.as_str() == "Ben Cole")
    );
    assert_eq!(
        kind(&anna.act(&stale(seen(&annas))).await),
        No::NotFound,
        "V8: she may not know that Ben has it"
    );
    assert_eq!(holder(world, &id).await.as_deref(), Some("Ben Cole"));
}

pub(crate) async fn u2_who_may_not_is_refused_by_rule(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.writes("Own", "Bea", "+447700900001", "Hello?").await;
    done(&gwen, &act(Deed::Take, &id)).await;
    // V5: the owner's people see what somebody above took; U2: that does not let them hand it back.
    let answer = anna.act(&act(Deed::Unassign, &id)).await;
    let Answer::Refused(Refused {
        why,
        kind: No::Rule,
    }) = answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(why.as_str(), Refusal::NotYours.text());
    let detail = anna.conversation(&id).await.unwrap();
    let unassign = detail
        .actions
        .iter()
        .find(|(action, _)| *action == Action::Unassign)
        .unwrap();
    assert_eq!(unassign.1.as_ref().unwrap_err(), &why);
    assert_eq!(holder(world, &id).await.as_deref(), Some("Gwen Rees"));
}

pub(crate) async fn r21_an_unknown_answer_is_found_out_with_the_same_operation(world: &impl World) {
    let (anna, ben) = (world.desk("anna").await, world.desk("ben").await);
    let id = world.customer(1).await;
    let row = done(&anna, &act(Deed::Take, &id)).await;
    let unassign = Act {
        expected: seen(&row),
        ..act(Deed::Unassign, &id)
    };
    done(&anna, &unassign).await;
    done(&ben, &act(Deed::Take, &id)).await;
    // Had the first answer been lost: it took effect, and asking again takes nothing from Ben.
    assert_eq!(anna.act(&unassign).await, Answer::Done(None));
    assert_eq!(holder(world, &id).await.as_deref(), Some("Ben Cole"));
    let other = Act {
        reason: Some("another content".to_owned()),
        ..unassign
    };
    assert_eq!(kind(&anna.act(&other).await), No::Rule, "R20");
}

pub(crate) async fn a6_take_is_done_already_or_not_there(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let id = world.customer(1).await;
    let me = anna.me().await.unwrap().user.id;
    assert!(done(&anna, &act(Deed::Take, &id)).await.is_held_by(&me));
    assert!(matches!(
        anna.act(&act(Deed::Take, &id)).await,
        Answer::Already(Some(_))
    ));
    assert_eq!(kind(&ben.act(&act(Deed::Take, &id)).await), No::NotFound);
    assert!(matches!(
        gwen.act(&act(Deed::Take, &id)).await,
        Answer::Taken(Some(_))
    ));
}

pub(crate) async fn a1_a_reply_owns_and_is_sent_once(world: &impl World) {
    let anna = world.desk("anna").await;
    let id = world.customer(1).await;
    let me = anna.me().await.unwrap().user.id;
    let hello = reply(&id, "Yes, I am here.");
    for _ in 0..2 {
        let answer = anna.send(&hello).await;
        assert!(
            matches!(&answer, Answer::Done(Some(row)) if row.is_held_by(&me)),
            "{answer:?}"
        );
    }
    assert_eq!(anna.messages(&id, None, 10).await.unwrap().items.len(), 2);
    assert_eq!(kind(&anna.send(&reply(&id, " \n")).await), No::Rule);
    assert_eq!(
        kind(&world.desk("ben").await.send(&reply(&id, "Me too")).await),
        No::NotFound
    );
}

pub(crate) async fn a_colleagues_word_in_between_crosses_a_reply(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.customer(1).await;
    done(&anna, &act(Deed::Take, &id)).await;
    let newest = async || {
        anna.messages(&id, None, 1).await.unwrap().items[0]
            .id
            .clone()
    };
    let before = newest().await;
    gwen.send(&reply(&id, "Gwen here.")).await;
    let having_seen = |seen| Reply {
        seen: Some(seen),
        ..reply(&id, "Anna here.")
    };
    assert_eq!(kind(&anna.send(&having_seen(before)).await), No::Crossed);
    assert!(matches!(
        anna.send(&having_seen(newest().await)).await,
        Answer::Done(_)
    ));
    assert_eq!(
        holder(world, &id).await.as_deref(),
        Some("Anna Webb"),
        "A5: Gwen took nothing over"
    );
}

pub(crate) async fn u7_each_of_many_by_itself_and_one_undo_for_all(world: &impl World) {
    let (anna, ben) = (world.desk("anna").await, world.desk("ben").await);
    let [one, two, free, bens] = [
        world.customer(1).await,
        world.customer(2).await,
        world.customer(3).await,
        world.customer(4).await,
    ];
    let mut items = Vec::new();
    for id in [&one, &two] {
        items.push((id.clone(), seen(&done(&anna, &act(Deed::Take, id)).await)));
    }
    items.push((free.clone(), Expectation::default()));
    done(&ben, &act(Deed::Take, &bens)).await;
    items.push((bens.clone(), Expectation::default()));
    let many = Many {
        operation: operation(),
        deed: ManyDeed::Unassign,
        if_quiet: false,
        items,
        reason: Some("the rest of the day off".to_owned()),
    };
    let results = anna.act_on_many(&many).await.unwrap();
    let answered: Vec<_> = results.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(answered, [one.clone(), two.clone(), free, bens]);
    assert!(matches!(&results[0].1, Answer::Done(Some(row)) if row.assignee.is_none()));
    assert!(matches!(results[1].1, Answer::Done(_)));
    assert!(matches!(results[2].1, Answer::Already(_)));
    assert_eq!(kind(&results[3].1), No::NotFound);
    assert_eq!(
        anna.act_on_many(&many).await.unwrap().len(),
        4,
        "R20: and nothing is done twice"
    );

    let undone = anna.undo(&operation(), &many.operation).await.unwrap();
    assert_eq!(
        undone
            .iter()
            .filter(|(_, answer)| matches!(answer, Answer::Done(_)))
            .count(),
        2
    );
    for id in [&one, &two] {
        assert_eq!(holder(world, id).await.as_deref(), Some("Anna Webb"));
    }
}

pub(crate) async fn u6_undo_gives_back_or_says_why_not(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let id = world.customer(1).await;
    done(&anna, &act(Deed::Take, &id)).await;
    let unassign = act(Deed::Unassign, &id);
    done(&gwen, &unassign).await;
    let undone = gwen.undo(&operation(), &unassign.operation).await.unwrap();
    let given_back = |row: &Row, to: &UserId| row.is_held_by(to);
    let annas = anna.me().await.unwrap().user.id;
    assert!(
        matches!(&undone[..], [(_, Answer::Done(Some(row)))] if given_back(row, &annas)),
        "{undone:?}"
    );

    let unassign = act(Deed::Unassign, &id);
    done(&gwen, &unassign).await;
    done(&ben, &act(Deed::Take, &id)).await;
    let undone = gwen.undo(&operation(), &unassign.operation).await.unwrap();
    assert!(!matches!(undone[0].1, Answer::Done(_)), "{undone:?}");
    assert_eq!(holder(world, &id).await.as_deref(), Some("Ben Cole"));
}

pub(crate) async fn u9_the_history_tells_who_did_what(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let id = world.customer(1).await;
    done(&anna, &act(Deed::Take, &id)).await;
    let unassign = Act {
        reason: Some("to share the load".to_owned()),
        ..act(Deed::Unassign, &id)
    };
    done(&gwen, &unassign).await;
    let newest = anna.history(&id, None, 1).await.unwrap();
    let item = &newest.items[0];
    assert_eq!(item.by.as_ref().unwrap().name.as_str(), "Gwen Rees");
    assert_eq!(item.cause.as_ref().unwrap().as_str(), "unassign");
    assert_eq!(item.reason.as_ref().unwrap().as_str(), "to share the load");
    let older = anna.history(&id, newest.next.as_deref(), 10).await.unwrap();
    assert_eq!(older.items[0].cause.as_ref().unwrap().as_str(), "take");
}
