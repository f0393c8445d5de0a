//! Who else is there, and what a leader sees of them: load, handing back some, what became of it.

use handback::{
    desk::{
        Act, ActsQuery, Answer, Became, Choice, Colleague, Desk, Doing, Many, ManyDeed, Trouble,
        What, Whereabouts, Whose,
    },
    domain::{
        action::{Action, Cause, Deed, Expectation, Refusal},
        id::{ConversationId, UserId},
        moment::Moment,
        row::{Activity, Row},
    },
};

use crate::world::{World, act, done, hear, ids, operation, reply};

fn id(who: &str) -> UserId {
    UserId::parse(who).unwrap()
}

async fn colleague(desk: &impl Desk, who: &str) -> Colleague {
    let all = desk.people(None).await.unwrap();
    all.into_iter().find(|c| c.user.id == id(who)).unwrap()
}

fn at(open: Option<&ConversationId>, what: Doing) -> Whereabouts {
    Whereabouts {
        open: open.cloned(),
        what,
    }
}

fn active(row: &Row) -> Vec<(&str, Activity)> {
    let all = row.active.iter();
    all.map(|a| (a.who.name.as_str(), a.what)).collect()
}

pub(crate) async fn l3_who_is_there_is_told_and_shown(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let here = world.customer(1).await;
    done(&anna, &act(Deed::Take, &here)).await;
    let mut events = gwen.events(None).await.unwrap();
    for (doing, shown) in [
        (Doing::Viewing, Some(Activity::Viewing)),
        (Doing::Replying, Some(Activity::Replying)),
        (Doing::Draft, Some(Activity::Draft)),
        (Doing::Nothing, None),
    ] {
        anna.tell(&at(Some(&here), doing)).await;
        let expected: Vec<_> = shown.map(|what| ("Anna Webb", what)).into_iter().collect();
        hear(&mut events, |event| match &event.what {
            What::Row(row) if row.id == here && event.cursor.is_none() => {
                (active(row) == expected).then_some(())
            }
            _ => None,
        })
        .await;
        let row = gwen.conversation(&here).await.unwrap().row;
        assert_eq!(active(&row), expected);
    }
    // V8: who does not see it is not there.
    world
        .desk("ben")
        .await
        .tell(&at(Some(&here), Doing::Viewing))
        .await;
    assert_eq!(active(&anna.conversation(&here).await.unwrap().row), []);
}

pub(crate) async fn people_are_ones_own_with_what_they_have_to_do(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let one = world.customer(1).await;
    let taken = done(&anna, &act(Deed::Take, &one)).await;
    anna.tell(&at(Some(&one), Doing::Replying)).await;
    let annas = colleague(&gwen, "anna").await;
    assert_eq!((annas.open, annas.unanswered, annas.replying), (1, 1, 1));
    assert_eq!(annas.oldest_waiting, Some(taken.since));
    assert!(annas.last_action.is_some());
    let seen_by_ben = colleague(&ben, "anna").await;
    assert_eq!((seen_by_ben.open, seen_by_ben.replying), (0, 0), "V8");
    let known: Vec<UserId> = ben
        .people(None)
        .await
        .unwrap()
        .into_iter()
        .map(|c| c.user.id)
        .collect();
    assert_eq!(
        known,
        [id("anna"), id("ben")],
        "by name, nobody above or beside"
    );
    // A6: those it can be given to.
    let able = gwen.people(Some(&one)).await.unwrap();
    let able: Vec<UserId> = able.into_iter().map(|c| c.user.id).collect();
    assert_eq!(able, [id("anna"), id("ben"), id("gwen")]);
    assert!(matches!(
        ben.people(Some(&one)).await,
        Err(Trouble::NotFound)
    ));
}

pub(crate) async fn u7_an_outlook_moves_the_oldest_and_says_why_others_stay(world: &impl World) {
    let (anna, gwen) = (world.desk("anna").await, world.desk("gwen").await);
    let mut all = Vec::new();
    for n in 1..=4 {
        let one = world.customer(n).await;
        done(&anna, &act(Deed::Take, &one)).await;
        all.push(one);
    }
    anna.tell(&at(Some(&all[0]), Doing::Replying)).await;
    let choice = Choice {
        of: vec![id("anna")],
        count: Some(2),
        ..Choice::default()
    };
    let outlook = gwen.outlook(&choice).await.unwrap();
    assert_eq!(ids(&outlook.moves), all[1..3]);
    let stays: Vec<_> = outlook
        .stays
        .iter()
        .map(|(row, why)| (&row.id, why.as_str()))
        .collect();
    assert_eq!(
        stays,
        [
            (&all[0], Refusal::BeingAnswered.text()),
            (&all[3], Refusal::NotChosen.text()),
        ]
    );
    assert_eq!((outlook.staying, outlook.warnings), (2, vec![]));
    assert_eq!(colleague(&gwen, "anna").await.open, 4, "nothing moved");
    // The act sends what was previewed; what was written in since stays and says so.
    anna.send(&reply(&all[1], "Yes.")).await;
    let many = Many {
        operation: operation(),
        deed: ManyDeed::Unassign,
        items: outlook
            .moves
            .iter()
            .map(|row| {
                let assignee = row.assignee.as_ref().map(|a| a.id.clone());
                (row.id.clone(), Expectation::seen(assignee, row.version))
            })
            .collect(),
        reason: None,
        if_quiet: true,
    };
    let results = gwen.act_on_many(&many).await.unwrap();
    let Answer::Refused(stayed) = &results[0].1 else {
        panic!("{results:?}");
    };
    assert_eq!(stayed.why.as_str(), Refusal::NewActivity.text());
    assert!(matches!(results[1].1, Answer::Done(_)), "{results:?}");
}

pub(crate) async fn u9_acts_tell_what_became_of_their_conversations(world: &impl World) {
    let (anna, ben, gwen) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("gwen").await,
    );
    let one = world.customer(1).await;
    done(&anna, &act(Deed::Take, &one)).await;
    let unassign = Act {
        reason: Some("to share the load".to_owned()),
        ..act(Deed::Unassign, &one)
    };
    done(&gwen, &unassign).await;
    let of = |whose| ActsQuery {
        whose,
        since: Moment(0),
    };
    let told = anna.acts(&of(Whose::Of(id("anna")))).await.unwrap();
    let [told] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(
        (&told.operation, told.action),
        (&unassign.operation, Action::Unassign)
    );
    assert_eq!(told.by.as_ref().unwrap().name.as_str(), "Gwen Rees");
    assert_eq!(told.reason.as_ref().unwrap().as_str(), "to share the load");
    assert_eq!((told.count, told.undone, told.line_lost), (1, false, false));
    assert_eq!(told.fates[0].became, Became::Waiting);
    done(&ben, &act(Deed::Take, &one)).await;
    let gwens = gwen.acts(&of(Whose::By(id("gwen")))).await.unwrap();
    let fate = &gwens[0].fates[0];
    assert_eq!(
        (fate.became, fate.cause),
        (Became::Taken, Some(Cause::Take))
    );
    assert_eq!(fate.to.as_ref().unwrap().name.as_str(), "Ben Cole");
    assert!(fate.at.is_some() && fate.row.id == one);
    // V8: for Anna it is only counted now; and Gwen's acts are not hers to ask for.
    let told = anna.acts(&of(Whose::Of(id("anna")))).await.unwrap();
    assert_eq!((told[0].count, told[0].fates.len()), (1, 0));
    assert!(anna.acts(&of(Whose::By(id("gwen")))).await.is_err());
}
