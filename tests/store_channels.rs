//! What a channel's gateway is handed, what it tells, and what the desk makes of it (S2, S5, S6, P1, L1).

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use handback::{
    domain::{
        action::{Action, Deed, Refusal, check},
        conversation::{Handler, State},
        id::{ConversationId, MessageId, QueueId},
        message::{Delivery, Failure},
        moment::Moment,
        order::Group,
    },
    server::store::{
        BeganBy, Begun, CONFIRM_WITHIN, Clock, HAND_OVER_WITHIN, Inbound, Letter, Options,
        Outbound, Outcome, Received, Reply, Reported, Sent, Store, Stored, What,
    },
};
use std::time::Duration;
use support::{
    Database, databases,
    desk::{TEAM, apply, item, operation, person, sound},
};

const MORE: &str = r#"
[[role]]
name = "campaign"
permissions = ["outbound"]
[[user]]
username = "camp"
name = "Reminders"
organisation = "Head office"
role = "campaign"
[[channel]]
name = "WhatsApp"
kind = "whatsapp"
[[channel]]
name = "Hook"
kind = "sms"
deliver_to = "http://127.0.0.1:9/"
secret_file = "/nowhere/secret"
"#;

const LEASE: Duration = Duration::from_secs(20);

/// A desk whose clock stands still until it is told.
struct Still {
    store: Store,
    now: Arc<AtomicI64>,
    name: &'static str,
}

impl Still {
    async fn new(db: &Database) -> Self {
        let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let store = Self::another(db, &now).await;
        apply(&store, &format!("{TEAM}{MORE}")).await;
        Self {
            store,
            now,
            name: db.name,
        }
    }

    /// Another process on the same database, with the same clock.
    async fn another(db: &Database, now: &Arc<AtomicI64>) -> Store {
        let read = Arc::clone(now);
        let clock = Clock::new(move || Moment(read.load(Ordering::SeqCst)));
        let options = Options {
            clock,
            ..Options::default()
        };
        db.open_with(options).await
    }

    fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.now.fetch_add(micros, Ordering::SeqCst);
    }

    /// A customer writes, a second after whatever was before.
    async fn hears(&self, channel: &str, body: &str) -> ConversationId {
        self.pass(Duration::from_secs(1));
        let now = self.store.now();
        let inbound = Inbound {
            queue: QueueId::parse("Payments").unwrap(),
            channel: channel.into(),
            address: "+44 7700 900001".into(),
            name: None,
            body: body.into(),
            external_id: format!("in-{}", now.0),
            at: None,
            handler: Handler::Person,
            attachments: vec![],
        };
        match self.store.inbound(&inbound).await.unwrap() {
            Received::New { conversation, .. } => conversation,
            other => panic!("{other:?}"),
        }
    }

    /// Anna replies, a second after whatever was before.
    async fn try_reply(&self, conversation: &ConversationId, body: &str) -> Sent {
        self.pass(Duration::from_secs(1));
        let reply = Reply {
            conversation: conversation.clone(),
            body: body.into(),
            expected: handback::domain::action::Expectation::default(),
            seen: None,
        };
        let key = operation(&format!("reply-{}", self.store.now().0));
        let anna = person(&self.store, "anna");
        self.store.reply(&anna, &reply, &key).await.unwrap()
    }

    async fn replies(&self, conversation: &ConversationId, body: &str) -> MessageId {
        let sent = self.try_reply(conversation, body).await;
        assert_eq!(sent.outcome, Outcome::Done, "{}", self.name);
        sent.message.unwrap().id
    }

    async fn row(&self, conversation: &ConversationId) -> Stored {
        self.store
            .conversation(conversation)
            .await
            .unwrap()
            .unwrap()
    }

    async fn delivery(&self, conversation: &ConversationId, message: &MessageId) -> Delivery {
        let message = self.store.message(conversation, message).await.unwrap();
        message.unwrap().delivery.unwrap()
    }

    async fn report(&self, message: &MessageId, became: Delivery) -> Reported {
        self.store.report(message.as_str(), became).await.unwrap()
    }

    async fn leases(&self) -> Vec<Letter> {
        self.store.lease_letters("Hook", 8, LEASE).await.unwrap()
    }

    fn outbound(&self, channel: &str, external_id: Option<&str>) -> Outbound {
        Outbound {
            queue: QueueId::parse("Payments").unwrap(),
            channel: channel.into(),
            address: "+44 7700 900001".into(),
            name: Some("Zoë Jones".into()),
            body: "Your payment is due.".into(),
            external_id: external_id.map(Into::into),
            handler: Handler::Person,
            template: None,
        }
    }

    async fn begins(&self, outbound: &Outbound, key: &str) -> Begun {
        let camp = person(&self.store, "camp");
        let begun = self.store.outbound(&camp, outbound, &operation(key)).await;
        begun.unwrap()
    }
}

fn failed(why: Failure) -> Delivery {
    Delivery::Failed(why)
}

fn new(begun: Begun) -> (ConversationId, MessageId) {
    match begun {
        Begun::New {
            conversation,
            message,
        } => (conversation, message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn l1_our_newest_failed_is_unanswered_again_since_the_customer_waits() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("SMS", "Hello?").await;
        let asked = desk.store.now();
        let reply = desk.replies(&id, "Yes?").await;
        let before = desk.row(&id).await;
        assert!(!before.facts.unanswered);
        let head = desk.store.head().await.unwrap();

        desk.pass(Duration::from_secs(60));
        let why = failed(Failure::InvalidNumber);
        assert_eq!(desk.report(&reply, why).await, Reported::Done(id.clone()));
        let after = desk.row(&id).await;
        assert!(after.facts.unanswered, "{}", db.name);
        assert_eq!(after.facts.since, asked, "the place they had");
        assert_eq!(after.last_message.unwrap().delivery, Some(why));
        assert_eq!(after.facts.version, before.facts.version + 1);
        assert_eq!(after.facts.acted, before.facts.acted, "U5");
        assert_eq!(after.facts.assignee, before.facts.assignee);
        let news = desk.store.log_after(head, 9).await.unwrap().unwrap();
        let What::Conversation { entry, by, .. } = &news[0].what else {
            panic!("{news:?}");
        };
        assert_eq!((entry.message.as_ref(), by), (Some(&reply), &None));
        assert_eq!(news.len(), 1);
        sound(&desk.store).await;

        let again = desk.report(&reply, why).await;
        assert_eq!(again, Reported::Already(id.clone()));
        assert_eq!(desk.row(&id).await.facts.version, after.facts.version);
        assert_eq!(desk.store.head().await.unwrap(), head + 1);

        assert_eq!(
            desk.report(&reply, Delivery::Delivered).await,
            Reported::Done(id.clone()),
            "the last report counts"
        );
        let arrived = desk.row(&id).await.facts;
        assert!(!arrived.unanswered);
        assert_eq!(arrived.since, before.facts.since);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn l1_a_late_report_of_an_older_message_is_about_that_message() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("SMS", "Hello?").await;
        let asked = desk.store.now();
        let (first, second) = (
            desk.replies(&id, "One").await,
            desk.replies(&id, "Two").await,
        );
        let before = desk.row(&id).await;
        let why = failed(Failure::Network);
        desk.report(&first, why).await;
        let after = desk.row(&id).await;
        assert_eq!(desk.delivery(&id, &first).await, why);
        assert_eq!(after.last_message, before.last_message, "{}", db.name);
        assert_eq!(
            (after.facts.unanswered, after.facts.since),
            (false, before.facts.since)
        );
        sound(&desk.store).await;
        // Nothing of ours arrived, after all: they wait since they asked.
        desk.hears("SMS", "Are you there?").await;
        desk.report(&second, why).await;
        let waits = desk.row(&id).await.facts;
        assert_eq!((waits.unanswered, waits.since), (true, asked));
        sound(&desk.store).await;

        for nothing in [
            format!("{id}-1"),
            format!("{id}-99"),
            "X-1".into(),
            "?".into(),
        ] {
            let said = desk.store.report(&nothing, Delivery::Delivered).await;
            assert_eq!(said.unwrap(), Reported::NoSuchMessage, "{nothing}");
        }
    }
}

#[tokio::test]
async fn s5_a_stop_blocks_for_good_by_nobody_and_is_in_the_history() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("SMS", "Please stop the letters").await;
        let gwen = person(&desk.store, "gwen");
        assert!(desk.store.blocklist(&gwen).await.unwrap().is_empty());
        // An advisor had blocked them for a day.
        let until = Some(desk.store.now().after(Duration::from_secs(86_400)));
        let anna = person(&desk.store, "anna");
        let block = Deed::Block { until };
        let key = operation("block");
        let done = desk
            .store
            .act(&anna, &block, &item(id.as_str()), None, &key)
            .await;
        assert_eq!(done.unwrap().outcome, Outcome::Done);

        let head = desk.store.head().await.unwrap();
        assert_eq!(desk.hears("SMS", " Stop! ").await, id);
        let listed = desk.store.blocklist(&gwen).await.unwrap();
        assert_eq!(listed.len(), 1, "{}", db.name);
        assert_eq!((listed[0].until, &listed[0].by), (None, &None));
        let history = desk.store.history(&id, None, 10).await.unwrap();
        let line = &history.items[0];
        assert_eq!((line.kind.as_str(), &line.by), ("block", &None));
        assert_eq!(line.to.as_deref(), Some("blocked"));
        // The message is there like any other.
        assert_eq!(desk.row(&id).await.messages, 2);
        assert_eq!(desk.store.head().await.unwrap(), head + 1);

        desk.hears("SMS", "STOP").await;
        let again = desk.store.history(&id, None, 10).await.unwrap();
        assert_eq!(again.items.len(), history.items.len(), "said once");
        let refused = desk.try_reply(&id, "But").await.outcome;
        assert_eq!(refused, Outcome::Refused(Refusal::Blocked));
        let refused = desk.begins(&desk.outbound("SMS", None), "o").await;
        assert_eq!(refused, Begun::Refused(Refusal::Blocked));

        // On a first contact as well.
        desk.hears("Hook", "STOP").await;
        assert_eq!(desk.store.blocklist(&gwen).await.unwrap().len(), 2);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn s2_what_we_began_opens_again_when_the_customer_answers() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let outbound = desk.outbound("SMS", Some("due-1"));
        let (id, message) = new(desk.begins(&outbound, "one").await);
        let row = desk.row(&id).await;
        assert_eq!(row.began_by, BeganBy::Us);
        assert_eq!(
            row.facts.place().group,
            Group::AnsweredJustIn,
            "{}",
            db.name
        );
        assert_eq!(row.contact_name, "Zoë Jones");
        assert_eq!(desk.delivery(&id, &message).await, Delivery::Pending);
        let kept = desk.store.message(&id, &message).await.unwrap().unwrap();
        assert_eq!(kept.sender, Some(person(&desk.store, "camp").id));

        // Asked again under the same operation, or under the same id of its own.
        let same = Begun::Repeated {
            conversation: id.clone(),
            message: message.clone(),
        };
        assert_eq!(desk.begins(&outbound, "one").await, same);
        assert_eq!(desk.begins(&outbound, "two").await, same);
        assert_eq!(desk.row(&id).await.messages, 1);

        let gwen = person(&desk.store, "gwen");
        let close = operation("close");
        let closed = desk
            .store
            .act(&gwen, &Deed::Close, &item(id.as_str()), None, &close)
            .await;
        assert_eq!(closed.unwrap().outcome, Outcome::Done);
        assert_eq!(desk.hears("SMS", "I paid").await, id, "the same one");
        let row = desk.row(&id).await.facts;
        assert_eq!(row.state, State::Open);
        assert_eq!(row.place().group, Group::UnansweredJustIn);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn a5_writing_first_into_an_open_conversation_takes_nothing_over() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("SMS", "Hello?").await;
        let anna = person(&desk.store, "anna");
        let take = operation("take");
        desk.store
            .act(&anna, &Deed::Take, &item(id.as_str()), None, &take)
            .await
            .unwrap();
        let before = desk.row(&id).await.facts;
        let (there, _) = new(desk.begins(&desk.outbound("SMS", None), "one").await);
        assert_eq!(there, id, "{}", db.name);
        let after = desk.row(&id).await;
        assert_eq!(after.facts.assignee, Some(anna.id));
        assert_eq!(after.began_by, BeganBy::Customer);
        assert_eq!(after.facts.acted, before.acted, "U5");
        assert!(!after.facts.unanswered);
        sound(&desk.store).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_who_write_first_at_once_begin_one_conversation() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let outbound = desk.outbound("SMS", Some(&format!("e{}", n / 2)));
                let (store, camp) = (desk.store.clone(), person(&desk.store, "camp"));
                tokio::spawn(async move {
                    let key = operation(&format!("k{n}"));
                    store.outbound(&camp, &outbound, &key).await.unwrap()
                })
            })
            .collect();
        let mut news = 0;
        let mut ids = std::collections::HashSet::new();
        for task in tasks {
            match task.await.unwrap() {
                Begun::New { conversation, .. } => {
                    news += 1;
                    ids.insert(conversation);
                }
                Begun::Repeated { conversation, .. } => drop(ids.insert(conversation)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((ids.len(), news), (1, 4), "{}", db.name);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn r20_a_refusal_is_answered_again_under_its_operation() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("SMS", "STOP").await;
        let outbound = desk.outbound("SMS", Some("due-1"));
        let refused = Begun::Refused(Refusal::Blocked);
        assert_eq!(desk.begins(&outbound, "one").await, refused);
        let anna = person(&desk.store, "anna");
        let key = operation("unblock");
        let unblocked = desk
            .store
            .act(&anna, &Deed::Unblock, &item(id.as_str()), None, &key)
            .await;
        assert_eq!(unblocked.unwrap().outcome, Outcome::Done);
        assert_eq!(desk.begins(&outbound, "one").await, refused, "{}", db.name);
        new(desk.begins(&outbound, "two").await);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn s6_after_24_hours_whatsapp_takes_only_what_its_provider_approved() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("WhatsApp", "Hello?").await;
        let anna = person(&desk.store, "anna");
        let offered = async |desk: &Still| {
            let row = desk.row(&id).await;
            let around = desk.store.circumstances(&row).await.unwrap();
            let team = &desk.store.directory().team;
            check(team, &anna, &row.facts, around, Action::Reply)
        };
        desk.pass(Duration::from_secs(24 * 3600 - 1));
        assert_eq!(offered(&desk).await, Ok(()));
        desk.replies(&id, "Just in time").await;
        desk.pass(Duration::from_secs(1));
        assert_eq!(
            offered(&desk).await,
            Err(Refusal::WindowClosed),
            "{}",
            db.name
        );
        let late = desk.try_reply(&id, "Too late").await.outcome;
        assert_eq!(late, Outcome::Refused(Refusal::WindowClosed));

        let free = desk.outbound("WhatsApp", None);
        let refused = Begun::Refused(Refusal::WindowClosed);
        assert_eq!(desk.begins(&free, "free").await, refused);
        let approved = Outbound {
            template: Some("payment_due".into()),
            ..free.clone()
        };
        assert_eq!(new(desk.begins(&approved, "approved").await).0, id);
        assert_eq!(offered(&desk).await, Err(Refusal::WindowClosed));
        desk.hears("WhatsApp", "Sorry, yes").await;
        assert_eq!(offered(&desk).await, Ok(()));
        // Whoever never wrote is sent approved forms only.
        let stranger = Outbound {
            address: "+44 7700 900999".into(),
            ..free
        };
        assert_eq!(desk.begins(&stranger, "stranger").await, refused);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn p1_what_is_written_is_on_its_way_in_order_and_one_processs() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("Hook", "Hello?").await;
        let (first, second) = (
            desk.replies(&id, "One").await,
            desk.replies(&id, "Two").await,
        );
        let sms = desk.hears("SMS", "Hello?").await;
        desk.replies(&sms, "Nobody fetches it").await;
        assert!(
            desk.store
                .lease_letters("SMS", 8, LEASE)
                .await
                .unwrap()
                .is_empty()
        );

        let letters = desk.leases().await;
        assert_eq!(letters.len(), 1, "{}: the oldest first", db.name);
        let letter = &letters[0];
        assert_eq!((&letter.message, letter.attempt), (&first, 1));
        assert_eq!(letter.body, "One");
        assert_eq!(letter.sender, Some(person(&desk.store, "anna").id));
        assert!(!format!("{letter:?}").contains("One"), "R42");
        assert!(desk.leases().await.is_empty(), "it is leased");
        // Who leased it died.
        desk.pass(LEASE);
        let overtaking = desk.leases().await;
        assert_eq!((&overtaking[0].message, overtaking[0].attempt), (&first, 2));
        // Nothing is heard of an attempt that was overtaken.
        desk.store
            .not_taken(letter, Failure::Rejected)
            .await
            .unwrap();
        desk.store.handed_over(letter).await.unwrap();
        assert_eq!(desk.delivery(&id, &first).await, Delivery::Pending);
        assert!(desk.leases().await.is_empty());

        let later = desk.store.now().after(Duration::from_secs(5));
        desk.store
            .hand_over_later(&overtaking[0], later)
            .await
            .unwrap();
        assert!(desk.leases().await.is_empty());
        desk.pass(Duration::from_secs(5));
        let third = desk.leases().await;
        assert_eq!((&third[0].message, third[0].attempt), (&first, 3));
        assert_eq!(third[0].failures, 1, "who died did not fail");
        desk.store.handed_over(&third[0]).await.unwrap();
        let next = desk.leases().await;
        assert_eq!((&next[0].message, next[0].attempt), (&second, 1));
        desk.store
            .not_taken(&next[0], Failure::Rejected)
            .await
            .unwrap();
        let row = desk.row(&id).await;
        assert!(row.facts.unanswered, "L1");
        assert_eq!(desk.delivery(&id, &second).await, failed(Failure::Rejected));
        assert_eq!(desk.delivery(&id, &first).await, Delivery::Pending);
        sound(&desk.store).await;
    }
}

#[tokio::test]
async fn p1_what_nobody_takes_or_confirms_in_time_is_unconfirmed() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let id = desk.hears("Hook", "Hello?").await;
        let (taken, confirmed) = (
            desk.replies(&id, "One").await,
            desk.replies(&id, "Two").await,
        );
        for letter in [&taken, &confirmed] {
            let letters = desk.leases().await;
            assert_eq!(letters[0].message, *letter);
            desk.store.handed_over(&letters[0]).await.unwrap();
        }
        let never = desk.replies(&id, "Three").await;
        desk.report(&confirmed, Delivery::Delivered).await;
        desk.pass(HAND_OVER_WITHIN - Duration::from_secs(1));
        let letter = desk.leases().await.remove(0);
        assert_eq!(letter.message, never, "tried to the end");
        let late = desk.store.now().after(Duration::from_secs(300));
        desk.store.hand_over_later(&letter, late).await.unwrap();
        assert_eq!(desk.store.give_up_letters().await.unwrap(), 0);
        desk.pass(Duration::from_secs(1));
        assert_eq!(desk.store.give_up_letters().await.unwrap(), 1);
        let unconfirmed = failed(Failure::Unconfirmed);
        assert_eq!(desk.delivery(&id, &never).await, unconfirmed, "{}", db.name);
        assert!(desk.row(&id).await.facts.unanswered);
        assert!(desk.leases().await.is_empty());
        assert_eq!(desk.delivery(&id, &taken).await, Delivery::Pending);
        desk.pass(CONFIRM_WITHIN);
        assert_eq!(desk.store.give_up_letters().await.unwrap(), 1);
        assert_eq!(desk.delivery(&id, &taken).await, unconfirmed);
        assert_eq!(desk.delivery(&id, &confirmed).await, Delivery::Delivered);
        assert_eq!(desk.store.give_up_letters().await.unwrap(), 0);
        sound(&desk.store).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p1_of_several_processes_each_message_is_ones() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let mut waiting = std::collections::HashSet::new();
        for n in 0..30 {
            let outbound = Outbound {
                address: format!("+44 7700 9{n:05}"),
                ..desk.outbound("Hook", None)
            };
            waiting.insert(new(desk.begins(&outbound, &format!("k{n}")).await).1);
        }
        let mut stores = vec![desk.store.clone()];
        for _ in 0..3 {
            stores.push(Still::another(&db, &desk.now).await);
        }
        let tasks = stores.into_iter().map(|store| {
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let leased = store.lease_letters("Hook", 4, LEASE).await.unwrap();
                    let more = store.lease_letters("Hook", 4, LEASE).await.unwrap();
                    if leased.is_empty() && more.is_empty() {
                        return mine;
                    }
                    mine.extend(leased.into_iter().chain(more));
                }
            })
        });
        let mut leased = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            leased.extend(task.await.unwrap());
        }
        assert!(leased.iter().all(|letter| letter.attempt == 1));
        assert_eq!(leased.len(), waiting.len(), "{}: each once", db.name);
        let leased = leased.into_iter().map(|letter| letter.message);
        assert_eq!(leased.collect::<std::collections::HashSet<_>>(), waiting);
    }
}

#[tokio::test]
async fn r31_r30_what_was_on_its_way_when_the_database_was_put_back_waits_until_somebody_says_so() {
    for db in databases() {
        let desk = Still::new(&db).await;
        let one = desk.hears("Hook", "Hello?").await;
        let message = desk.replies(&one, "Hello").await;
        let before = desk.store.head().await.unwrap();
        let put_back = desk.store.put_back().await.unwrap();
        assert_eq!(put_back.held, 1, "{}", desk.name);
        // A console that stood anywhere before begins anew, and goes on where it then stands.
        for cursor in [before - 1, before, before + 1] {
            assert_eq!(
                desk.store.log_after(cursor, 10).await.unwrap(),
                None,
                "{cursor}"
            );
        }
        let head = desk.store.head().await.unwrap();
        assert_eq!(desk.store.log_after(head, 10).await.unwrap(), Some(vec![]));
        desk.pass(HAND_OVER_WITHIN * 2);
        assert_eq!(desk.leases().await, [], "it may have arrived");
        assert_eq!(desk.store.give_up_letters().await.unwrap(), 0);
        assert_eq!(desk.store.state().await.unwrap().held, 1);
        assert_eq!(desk.store.release_letters().await.unwrap(), 1);
        let leased = desk.leases().await;
        assert_eq!(
            leased
                .iter()
                .map(|letter| &letter.message)
                .collect::<Vec<_>>(),
            [&message]
        );
        desk.store.put_back().await.unwrap();
        assert_eq!(desk.store.drop_held_letters().await.unwrap(), 1);
        assert_eq!(
            desk.delivery(&one, &message).await,
            Delivery::Failed(Failure::Unconfirmed)
        );
        sound(&desk.store).await;
    }
}
