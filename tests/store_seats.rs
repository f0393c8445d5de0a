//! Who is there, and what is given and taken by that: distribution, sign-in and sign-out, on both databases.
//!
//! The clock is the test's; nothing here waits for a time.

mod support;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use handback::{
    domain::{
        action::{Cause, Deed},
        conversation::{Handler, State},
        id::{ConversationId, QueueId, UserId},
        message::Direction,
        moment::Moment,
    },
    server::store::{
        BeganBy, Clock, DEAD, Inbound, ManyDeed, Options, Outcome, Parting, Received, Seat, Store,
        StoreError, What,
    },
};
use support::{
    Database, databases,
    desk::{TEAM, all, apply, conversation, item, message, operation, person, sound},
    dice::Dice,
};

/// What is added to the tests' team: queues of every rule.
const QUEUES: &str = r#"
[[queue]]
name = "Circle"
owner = "Head office"
teams = ["Cardiff"]
rule = "round_robin"
[[queue]]
name = "Scales"
owner = "Head office"
teams = ["Cardiff", "Swansea"]
rule = "least_busy"
max_open = 3
[[queue]]
name = "Turnover"
owner = "Head office"
teams = ["Cardiff", "Swansea"]
on_login = "redistribute"
on_logout = "redistribute"
[[queue]]
name = "Another"
owner = "Head office"
teams = ["Cardiff"]
on_login = "redistribute"
on_logout = "nothing"
max_open = 2
"#;

const GRACE: Duration = Duration::from_secs(120);
const MINUTE: Duration = Duration::from_secs(60);

/// A desk whose clock stands still until it is moved.
struct Shift {
    db: Database,
    store: Store,
    clock: Arc<AtomicI64>,
    written: AtomicU64,
}

impl Shift {
    async fn on(db: Database) -> Self {
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let store = open(&db, &clock).await;
        apply(&store, &format!("{TEAM}{QUEUES}")).await;
        let written = AtomicU64::new(0);
        Self {
            db,
            store,
            clock,
            written,
        }
    }

    /// Another process on the same database, by the same clock.
    async fn beside(&self) -> Store {
        open(&self.db, &self.clock).await
    }

    fn passes(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.clock.fetch_add(micros, Ordering::Relaxed);
    }

    /// Whether that is a login.
    async fn comes(&self, who: &str, console: &str) -> bool {
        let who = person(&self.store, who);
        self.store.sign_in(&who, console, GRACE).await.unwrap()
    }

    /// The line of a console breaks.
    async fn loses(&self, who: &str, console: &str) {
        let lost = [(user(who), console.to_owned())];
        self.store.lose(&lost).await.unwrap();
    }

    async fn leaves(&self, who: &str) {
        self.store.sign_out(&user(who), None).await.unwrap();
    }

    async fn expired(&self) -> Vec<UserId> {
        self.store.sign_out_the_lost(GRACE, true).await.unwrap()
    }

    /// A new customer writes; the conversation it is in.
    async fn customer(&self, queue: &str) -> ConversationId {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        write(&self.store, queue, &format!("+44 {number}"), number).await
    }

    async fn assignee(&self, id: &ConversationId) -> Option<String> {
        let stored = self.store.conversation(id).await.unwrap().unwrap();
        stored.facts.assignee.map(|who| who.to_string())
    }

    async fn assignees(&self, ids: &[ConversationId]) -> Vec<String> {
        let mut all = Vec::new();
        for id in ids {
            all.push(self.assignee(id).await.unwrap_or_else(|| "-".into()));
        }
        all
    }

    /// So many new ones in that queue, and whose each is.
    async fn given(&self, queue: &str, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.customer(queue).await);
        }
        self.assignees(&ids).await
    }

    /// Waiting ones, oldest first, with a minute between them.
    async fn waiting(&self, queue: &str, names: &[&str]) -> Vec<ConversationId> {
        let age = names.len() as i64;
        let seeds = names
            .iter()
            .zip(0..)
            .map(|(name, n)| conversation(name, queue, None, age - n));
        self.store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        names
            .iter()
            .map(|name| ConversationId::parse(name).unwrap())
            .collect()
    }

    async fn does(&self, who: &str, deed: &Deed, id: &ConversationId) -> Outcome {
        let key = operation(&format!(
            "k{}",
            self.written.fetch_add(1, Ordering::Relaxed)
        ));
        let who = person(&self.store, who);
        let item = item(id.as_str());
        let acted = self.store.act(&who, deed, &item, None, &key);
        acted.await.unwrap().outcome
    }

    /// What the history says of its assignees, oldest first: by whom, from, to, through what.
    async fn history(&self, id: &ConversationId) -> Vec<String> {
        let mut items = self.store.history(id, None, 100).await.unwrap().items;
        items.retain(|item| item.kind == "assignee");
        items.reverse();
        let text = |part: Option<String>| part.unwrap_or_else(|| "-".into());
        let lines = items.into_iter().map(|item| {
            let by = item.by.map_or_else(|| "desk".into(), |by| by.to_string());
            format!(
                "{by}: {} > {} {}",
                text(item.from),
                text(item.to),
                text(item.cause)
            )
        });
        lines.collect()
    }

    async fn parting(&self, who: &str) -> Parting {
        self.store.parting(&user(who)).await.unwrap()
    }

    async fn seat(&self, who: &str) -> Seat {
        let seats = self.store.seats().await.unwrap();
        seats.get(&user(who)).copied().unwrap_or_default()
    }
}

async fn open(db: &Database, clock: &Arc<AtomicI64>) -> Store {
    let reads = Arc::clone(clock);
    let clock = Clock::new(move || Moment(reads.load(Ordering::Relaxed)));
    db.open_with(Options {
        clock,
        ..Options::default()
    })
    .await
}

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn queue(name: &str) -> QueueId {
    QueueId::parse(name).unwrap()
}

async fn write(store: &Store, to: &str, address: &str, number: u64) -> ConversationId {
    let inbound = Inbound {
        queue: queue(to),
        channel: "SMS".into(),
        address: address.into(),
        name: None,
        body: "Is anybody there?".into(),
        external_id: format!("m{number}"),
        at: None,
        handler: Handler::Person,
        attachments: vec![],
    };
    match store.inbound(&inbound).await.unwrap() {
        Received::New { conversation, .. } => conversation,
        other => panic!("{other:?}"),
    }
}

/// A test on a shift of its own on each database.
macro_rules! shift {
    ($(#[$meta:meta])* async fn $name:ident($shift:ident) $body:block) => {
        $(#[$meta])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            async fn test($shift: Shift) {
                $body
                sound(&$shift.store).await;
            }
            for db in databases() {
                test(Shift::on(db).await).await;
            }
        }
    };
}

shift! {
    /// A2, A4: in circular order of ids, per queue; whose turn it was outlives the process.
    async fn a2_what_enters_is_given_in_turn_and_the_turn_survives_a_restart(shift) {
        for who in ["cai", "anna", "ben"] {
            assert!(shift.comes(who, "one").await);
        }
        assert_eq!(shift.given("Circle", 4).await, ["anna", "ben", "cai", "anna"]);
        let again = shift.beside().await;
        let mut ids = Vec::new();
        for n in 900..903 {
            ids.push(write(&again, "Circle", &format!("+44 {n}"), n).await);
        }
        assert_eq!(shift.assignees(&ids).await, ["ben", "cai", "anna"]);
        // Each queue has a circle of its own.
        apply(&shift.store, &format!("{TEAM}{}", QUEUES.replace("least_busy", "round_robin"))).await;
        assert_eq!(shift.given("Scales", 2).await, ["anna", "ben"]);
    }
}

shift! {
    /// A2, L1, U9: one entry of the log, one line of the history by the desk; it still counts as just entered.
    async fn l1_the_assignment_belongs_to_the_entry(shift) {
        shift.comes("anna", "one").await;
        let head = shift.store.head().await.unwrap();
        let id = shift.customer("Circle").await;
        let facts = shift.store.conversation(&id).await.unwrap().unwrap().facts;
        assert_eq!(facts.assignee, Some(user("anna")));
        assert!(facts.just_entered && facts.unanswered && !facts.touched);
        assert_eq!((facts.version, facts.acted), (1, 1));
        assert_eq!(shift.history(&id).await, ["desk: - > anna round_robin"]);
        let log = shift.store.log_after(head, 10).await.unwrap().unwrap();
        let [only] = log.as_slice() else { panic!("{log:?}") };
        let What::Conversation { entry, cause, by, .. } = &only.what else { panic!("{only:?}") };
        assert_eq!((*cause, by), (Some(Cause::RoundRobin), &None));
        assert_eq!((&entry.before, &entry.after.assignee), (&None, &Some(user("anna"))));
    }
}

shift! {
    /// A3, A4: who is above or beside the team, or not there, or away, or without room gets nothing, and it waits.
    async fn a4_who_is_not_eligible_gets_nothing(shift) {
        assert_eq!(shift.given("Circle", 1).await, ["-"], "A3: nobody is there");
        shift.comes("gwen", "one").await;
        shift.comes("dot", "one").await;
        shift.comes("gate", "one").await;
        assert_eq!(shift.given("Circle", 1).await, ["-"], "above, beside, and no screen");
        shift.comes("anna", "one").await;
        shift.comes("ben", "one").await;
        let ben = user("ben");
        assert!(shift.store.set_away(&ben, Some("one"), true).await.unwrap());
        assert!(!shift.store.set_away(&ben, None, true).await.unwrap(), "so already");
        assert_eq!(shift.given("Circle", 2).await, ["anna", "anna"], "ben is away");
        shift.comes("ben", "two").await;
        assert_eq!(shift.given("Circle", 1).await, ["ben"], "not from his other console");
        shift.store.set_away(&ben, None, true).await.unwrap();
        assert_eq!(shift.given("Circle", 1).await, ["anna"]);
        shift.store.set_away(&ben, Some("one"), false).await.unwrap();
        assert_eq!(shift.given("Circle", 1).await, ["ben"]);
        let suspended = format!("{TEAM}{QUEUES}").replace("name = \"Ben Cole\"", "name = \"Ben Cole\"\nsuspended = true");
        apply(&shift.store, &suspended).await;
        assert_eq!(shift.given("Circle", 2).await, ["anna", "anna"], "ben is suspended");
        shift.loses("anna", "one").await;
        assert_eq!(shift.given("Circle", 1).await, ["-"], "no console of hers is live, grace or not");
    }
}

shift! {
    /// A4: away takes nothing, is of each console, survives a lost line, and a login begins without it.
    async fn a4_away_is_said_of_a_console_and_takes_nothing(shift) {
        shift.comes("anna", "one").await;
        let held = shift.customer("Circle").await;
        let since = shift.store.now();
        shift.passes(MINUTE);
        shift.store.set_away(&user("anna"), Some("one"), true).await.unwrap();
        let away = Seat { signed_in: true, away: true, since: Some(shift.store.now()) };
        assert_eq!(shift.seat("anna").await, away);
        assert_eq!(shift.assignee(&held).await.as_deref(), Some("anna"));
        shift.passes(MINUTE);
        shift.loses("anna", "one").await;
        assert!(!shift.comes("anna", "one").await);
        assert_eq!(shift.seat("anna").await, away, "she came back as she was");
        shift.comes("anna", "two").await;
        assert_eq!(shift.seat("anna").await, Seat { signed_in: true, away: false, since: Some(since) });
        shift.store.set_away(&user("anna"), None, true).await.unwrap();
        shift.leaves("anna").await;
        let left = Seat { signed_in: false, away: false, since: Some(shift.store.now()) };
        assert_eq!(shift.seat("anna").await, left);
        assert!(shift.comes("anna", "one").await);
        assert!(!shift.seat("anna").await.away);
    }
}

shift! {
    /// A2, A4: the fewest over all queues; then who was given something least recently, by whatever cause; then by id.
    async fn a4_least_busy_counts_all_queues_and_ties_go_to_who_waits_longest(shift) {
        for who in ["anna", "ben", "dot"] {
            shift.comes(who, "one").await;
        }
        let elsewhere = shift.waiting("Payments", &["P1", "P2"]).await;
        shift.does("anna", &Deed::Take, &elsewhere[0]).await;
        shift.passes(MINUTE);
        assert_eq!(shift.given("Scales", 2).await, ["ben", "dot"], "anna has one elsewhere");
        shift.passes(MINUTE);
        assert_eq!(shift.given("Scales", 1).await, ["anna"], "as many, but hers was longest ago");
        // Everybody has as many again, and ben took one last, by hand.
        for (who, n) in [("ben", "B1"), ("dot", "D1")] {
            shift.passes(MINUTE);
            let id = &shift.waiting("Payments", &[n]).await[0];
            shift.does(who, &Deed::Take, id).await;
        }
        shift.passes(MINUTE);
        let extra = &shift.waiting("Payments", &["X1"]).await[0];
        shift.does("ben", &Deed::Take, extra).await;
        shift.does("ben", &Deed::Unassign, extra).await;
        assert_eq!(shift.given("Scales", 1).await, ["anna"]);
        assert_eq!(shift.given("Scales", 1).await, ["dot"], "before ben, whose turn was later");
    }
}

shift! {
    /// Q4: the maximum is of the queue, and limits what a rule gives, not what people take.
    async fn q4_the_maximum_limits_what_a_rule_gives(shift) {
        shift.comes("anna", "one").await;
        assert_eq!(shift.given("Scales", 4).await, ["anna", "anna", "anna", "-"]);
        let more = shift.waiting("Scales", &["S1"]).await;
        assert_eq!(shift.does("anna", &Deed::Take, &more[0]).await, Outcome::Done);
        assert_eq!(shift.given("Circle", 1).await, ["anna"], "another queue has room of its own");
        shift.does("anna", &Deed::Unassign, &more[0]).await;
        assert_eq!(shift.given("Scales", 1).await, ["-"]);
        shift.comes("ben", "one").await;
        assert_eq!(shift.given("Scales", 1).await, ["ben"]);
    }
}

shift! {
    /// Q8: a move ends the assignment and runs the target's rule, in one entry of the log.
    async fn q8_a_move_runs_the_targets_rule(shift) {
        for who in ["anna", "ben"] {
            shift.comes(who, "one").await;
        }
        let id = shift.waiting("Payments", &["P1"]).await.remove(0);
        shift.does("anna", &Deed::Take, &id).await;
        let head = shift.store.head().await.unwrap();
        // Anna's own one leaves her with it: both have nothing then, and her turn was later.
        shift.passes(MINUTE);
        assert_eq!(shift.does("anna", &Deed::Move(queue("Scales")), &id).await, Outcome::Done);
        assert_eq!(shift.history(&id).await, ["anna: - > anna take", "anna: anna > - move", "desk: - > ben least_busy"]);
        let facts = shift.store.conversation(&id).await.unwrap().unwrap().facts;
        assert!(facts.just_entered && !facts.touched && facts.queue == queue("Scales"));
        assert_eq!(shift.store.head().await.unwrap(), head + 1);
        // Many at once are spread as the rule says.
        let names: Vec<String> = (0..50).map(|n| format!("M{n:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ids = shift.waiting("Payments", &names).await;
        let many = all(ManyDeed::Move(queue("Circle")), names.iter().map(|name| item(name)).collect());
        let gwen = person(&shift.store, "gwen");
        shift.store.act_on_many(&gwen, &many, &operation("many")).await.unwrap();
        let whose = shift.assignees(&ids).await;
        for who in ["anna", "ben"] {
            assert_eq!(whose.iter().filter(|whose| *whose == who).count(), 25);
        }
    }
}

shift! {
    /// S1, S2: what opens again enters its queue, by hand or by the customer.
    async fn s1_reopening_runs_the_queues_rule(shift) {
        let id = shift.customer("Circle").await;
        assert_eq!(shift.does("anna", &Deed::Close, &id).await, Outcome::Done);
        shift.comes("ben", "one").await;
        assert_eq!(shift.does("anna", &Deed::Reopen, &id).await, Outcome::Done);
        assert_eq!(shift.history(&id).await, ["desk: - > ben round_robin"]);
        assert!(shift.store.conversation(&id).await.unwrap().unwrap().facts.just_entered);

        let ours = handback::server::store::SeedConversation {
            began_by: BeganBy::Us,
            state: State::Closed,
            address: "+44 ours".into(),
            messages: vec![message(Direction::Out, Moment(5))],
            ..conversation("O1", "Circle", None, 1)
        };
        shift.store.seed([ours].into_iter()).await.unwrap();
        let head = shift.store.head().await.unwrap();
        let id = write(&shift.store, "Payments", "+44 ours", 77).await;
        assert_eq!(id.as_str(), "O1");
        assert_eq!(shift.history(&id).await, ["desk: - > ben round_robin"], "S2: in the queue it was in");
        assert_eq!(shift.store.head().await.unwrap(), head + 1);
        let kinds: Vec<String> = shift.store.history(&id, None, 9).await.unwrap().items.into_iter().map(|i| i.kind).collect();
        assert_eq!(kinds, ["assignee", "state"]);
        // Written to while it is open, it stays whose it is.
        write(&shift.store, "Payments", "+44 ours", 78).await;
        assert_eq!(shift.assignee(&id).await.as_deref(), Some("ben"));
    }
}

shift! {
    /// S4: a bot's is given to nobody: not on entry, not on login, not when it is ended.
    async fn s4_what_a_bot_handles_is_given_to_nobody(shift) {
        let bot = |id: &str, queue: &str| handback::server::store::SeedConversation {
            handler: Handler::Bot,
            ..conversation(id, queue, None, 1)
        };
        shift.store.seed([bot("B1", "Turnover"), bot("B2", "Payments")].into_iter()).await.unwrap();
        shift.comes("anna", "one").await;
        let (one, two) = (ConversationId::parse("B1").unwrap(), ConversationId::parse("B2").unwrap());
        assert_eq!(shift.assignee(&one).await, None);
        shift.does("anna", &Deed::Move(queue("Circle")), &two).await;
        assert_eq!(shift.assignee(&two).await, None);
        assert_eq!(shift.does("anna", &Deed::Intervene, &two).await, Outcome::Done);
        assert_eq!(shift.assignee(&two).await, None, "and ending it assigns nothing");
    }
}

shift! {
    /// U4: handing back does not distribute again, whatever the rule.
    async fn u4_unassigning_gives_to_nobody(shift) {
        for who in ["anna", "ben"] {
            shift.comes(who, "one").await;
        }
        let id = shift.customer("Circle").await;
        assert_eq!(shift.does("anna", &Deed::Unassign, &id).await, Outcome::Done);
        assert_eq!(shift.assignee(&id).await, None);
        shift.comes("anna", "two").await;
        assert_eq!(shift.assignee(&id).await, None, "its queue gives nothing on login");
    }
}

shift! {
    /// Q3, Q5: queues by name, in each the oldest first, up to the maximum; assigned ones are never touched.
    async fn q3_q5_a_login_is_given_what_waits(shift) {
        let turnover = shift.waiting("Turnover", &["T1", "T2", "T3"]).await;
        let another = shift.waiting("Another", &["A3", "A2", "A1"]).await;
        let elsewhere = shift.waiting("Payments", &["P1"]).await;
        let held = shift.waiting("Turnover", &["H1"]).await;
        shift.does("dot", &Deed::Take, &held[0]).await;
        let head = shift.store.head().await.unwrap();
        assert!(shift.comes("anna", "one").await);
        let log = shift.store.log_after(head, 50).await.unwrap().unwrap();
        let given: Vec<String> = log
            .into_iter()
            .map(|entry| match entry.what {
                What::Conversation { entry, cause: Some(Cause::Login), by: None, .. } => entry.conversation.to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(given, ["A3", "A2", "T1", "T2", "T3"], "at most two of Another, which comes first by name");
        assert_eq!(shift.assignees(&another).await, ["anna", "anna", "-"]);
        assert_eq!(shift.assignees(&turnover).await, ["anna"; 3]);
        assert_eq!(shift.assignees(&held).await, ["dot"]);
        assert_eq!(shift.assignees(&elsewhere).await, ["-"], "its queue does nothing on login");
        assert_eq!(shift.history(&turnover[0]).await, ["desk: - > anna login"]);
        let facts = shift.store.conversation(&turnover[0]).await.unwrap().unwrap().facts;
        assert!(!facts.just_entered);
        assert!(shift.comes("dot", "one").await);
        assert_eq!(shift.assignees(&another).await, ["anna", "anna", "-"], "dot is of no team of Another");
        assert!(shift.comes("ben", "one").await);
        assert_eq!(shift.assignees(&another).await, ["anna", "anna", "ben"]);
    }
}

shift! {
    /// Q3: with no maximum all of them, however many: in steps, so that others can write in between.
    async fn q3_a_login_is_given_thousands(shift) {
        let seeds = (0..1_201).map(|n| conversation(&format!("T{n:04}"), "Turnover", None, n));
        shift.store.seed(seeds.collect::<Vec<_>>().into_iter()).await.unwrap();
        let began = std::time::Instant::now();
        assert!(shift.comes("anna", "one").await);
        println!("{}: a login was given 1,201 in {:?}", shift.db.name, began.elapsed());
        let anna = person(&shift.store, "anna");
        let (counts, ..) = shift.store.counts(&anna).await.unwrap();
        assert_eq!((counts.mine, counts.unassigned), (1_201, 0));
    }
}

shift! {
    /// Q9: only the first console is a login, and coming back within the grace is none.
    async fn q9_a_second_console_and_a_short_break_are_no_logins(shift) {
        assert!(shift.comes("anna", "one").await);
        let waits = shift.waiting("Turnover", &["T1"]).await;
        assert!(!shift.comes("anna", "two").await);
        shift.loses("anna", "one").await;
        assert_eq!(shift.parting("anna").await.left_at, None);
        shift.passes(GRACE * 2);
        assert!(shift.expired().await.is_empty(), "her other console is live");
        assert!(!shift.comes("anna", "one").await);
        shift.loses("anna", "one").await;
        shift.loses("anna", "two").await;
        shift.passes(GRACE - Duration::from_secs(1));
        assert!(shift.expired().await.is_empty());
        assert!(!shift.comes("anna", "three").await, "within the grace");
        assert_eq!(shift.assignees(&waits).await, ["-"]);
        shift.loses("anna", "three").await;
        shift.passes(GRACE);
        assert!(shift.comes("anna", "three").await, "after it, though nobody had looked yet");
        assert_eq!(shift.assignees(&waits).await, ["anna"]);
        let left = shift.parting("anna").await.left_at;
        assert_eq!(left, Some(shift.store.now()), "she was signed out in between");
    }
}

shift! {
    /// Q2, Q9: signing out by hand is a logout at once; *redistribute* frees what is held, *do nothing* keeps it, and
    /// nobody is pushed anything.
    async fn q2_signing_out_frees_what_redistributes(shift) {
        for who in ["anna", "ben", "dot"] {
            shift.comes(who, "one").await;
        }
        let freed = shift.waiting("Turnover", &["T1", "T2"]).await;
        let kept = shift.waiting("Another", &["A1"]).await;
        for id in freed.iter().chain(&kept) {
            shift.does("anna", &Deed::Take, id).await;
        }
        shift.comes("anna", "two").await;
        shift.store.sign_out(&user("anna"), Some("two")).await.unwrap();
        assert_eq!(shift.assignees(&freed).await, ["anna", "anna"], "it was not her last console");
        shift.store.sign_out(&user("anna"), Some("one")).await.unwrap();
        assert_eq!(shift.assignees(&freed).await, ["-", "-"], "and neither ben nor dot got them");
        assert_eq!(shift.assignees(&kept).await, ["anna"]);
        assert_eq!(shift.history(&freed[0]).await.last().unwrap(), "anna: anna > - logout");
        let parting = shift.parting("anna").await;
        assert_eq!((parting.left_at, parting.lost), (Some(shift.store.now()), None));
        let head = shift.store.head().await.unwrap();
        shift.leaves("anna").await;
        shift.passes(GRACE * 2);
        assert!(shift.expired().await.is_empty());
        assert_eq!(shift.store.head().await.unwrap(), head, "once is enough");
        assert_eq!(shift.parting("anna").await.left_at, parting.left_at);
    }
}

shift! {
    /// Q9: a lost line is a logout after the grace, by the desk; its owner takes it back in one act within 30 minutes, as
    /// far as it is free.
    async fn q9_what_a_lost_line_handed_back_can_be_taken_back(shift) {
        for who in ["anna", "ben"] {
            shift.comes(who, "one").await;
        }
        let ids = shift.waiting("Turnover", &["T1", "T2", "T3"]).await;
        for id in &ids {
            shift.does("anna", &Deed::Take, id).await;
        }
        shift.loses("anna", "one").await;
        shift.passes(GRACE);
        assert_eq!(shift.expired().await, [user("anna")]);
        assert_eq!(shift.assignees(&ids).await, ["-"; 3]);
        assert_eq!(shift.history(&ids[0]).await.last().unwrap(), "desk: anna > - logout");
        let lost = shift.parting("anna").await.lost.expect("something to take back");
        assert_eq!((lost.count, lost.at), (3, shift.store.now()));
        assert_eq!(lost.until, lost.at.after(MINUTE * 30));
        shift.does("ben", &Deed::Take, &ids[1]).await;
        assert_eq!(shift.parting("anna").await.lost.map(|lost| lost.count), Some(2), "as far as it is free");
        let (anna, ben) = (person(&shift.store, "anna"), person(&shift.store, "ben"));
        let undone = shift.store.undo(&ben, &lost.operation, &operation("u0")).await.unwrap();
        assert_eq!(undone.results, [], "nobody else may");
        shift.passes(MINUTE * 30);
        let undone = shift.store.undo(&anna, &lost.operation, &operation("u1")).await.unwrap();
        let done = undone.results.iter().filter(|acted| acted.outcome == Outcome::Done);
        assert_eq!(done.count(), 2);
        assert_eq!(shift.assignees(&ids).await, ["anna", "ben", "anna"]);
        assert_eq!(shift.parting("anna").await.lost, None, "it is taken back");
    }
}

shift! {
    async fn q9_after_30_minutes_what_a_lost_line_handed_back_stays(shift) {
        shift.comes("anna", "one").await;
        let ids = shift.waiting("Turnover", &["T1"]).await;
        shift.does("anna", &Deed::Take, &ids[0]).await;
        shift.loses("anna", "one").await;
        shift.passes(GRACE);
        shift.expired().await;
        let lost = shift.parting("anna").await.lost.expect("something to take back");
        shift.passes(MINUTE * 30 + Duration::from_micros(1));
        assert_eq!(shift.parting("anna").await.lost, None);
        let anna = person(&shift.store, "anna");
        let undone = shift.store.undo(&anna, &lost.operation, &operation("u1")).await.unwrap();
        assert_ne!(undone.results[0].outcome, Outcome::Done);
    }
}

shift! {
    /// U4: a login does not return what another person handed back from one within 8 hours while a colleague could have it.
    async fn u4_no_boomerang(shift) {
        const HOURS: Duration = Duration::from_secs(3600);
        let ids = shift.waiting("Turnover", &["T1", "T2", "T3"]).await;
        shift.comes("anna", "one").await;
        shift.leaves("anna").await; // which frees them: she gets them all again
        shift.comes("anna", "one").await;
        assert_eq!(shift.assignees(&ids).await, ["anna"; 3]);
        shift.does("gwen", &Deed::Unassign, &ids[0]).await;
        shift.does("anna", &Deed::Unassign, &ids[1]).await;
        // Handed back by another and given back again does not count.
        let gwen = person(&shift.store, "gwen");
        let again = operation("again");
        shift.store.act(&gwen, &Deed::Unassign, &item("T3"), None, &again).await.unwrap();
        shift.store.undo(&gwen, &again.id, &operation("undo")).await.unwrap();
        shift.comes("dot", "one").await;
        assert_eq!(shift.assignees(&ids).await, ["dot", "dot", "anna"], "it was not handed back from dot");
        shift.does("gwen", &Deed::Unassign, &ids[0]).await;
        shift.does("dot", &Deed::Unassign, &ids[1]).await;
        let relogs = async || {
            shift.leaves("anna").await;
            shift.comes("anna", "one").await;
            shift.assignees(&ids).await
        };
        assert_eq!(relogs().await, ["-", "anna", "anna"], "dot could have it");
        shift.store.set_away(&user("dot"), None, true).await.unwrap();
        assert_eq!(relogs().await, ["anna"; 3], "nobody else could");
        shift.does("gwen", &Deed::Unassign, &ids[0]).await;
        shift.store.set_away(&user("dot"), None, false).await.unwrap();
        shift.passes(HOURS * 8 - MINUTE);
        assert_eq!(relogs().await, ["-", "anna", "anna"]);
        shift.passes(MINUTE);
        assert_eq!(relogs().await, ["anna"; 3], "8 hours are over");
    }
}

shift! {
    /// Q9: what a killed process left is live until it is silent for long; restarted within the grace, nobody is signed
    /// out, and later everybody is who did not come back.
    async fn q9_a_killed_desk_signs_out_who_does_not_come_back_in_time(shift) {
        shift.comes("anna", "one").await;
        shift.comes("ben", "one").await;
        let ids = shift.waiting("Turnover", &["T1", "T2"]).await;
        shift.does("anna", &Deed::Take, &ids[0]).await;
        shift.does("ben", &Deed::Take, &ids[1]).await;
        // Killed just before it would have said again that its consoles are live.
        shift.passes(Duration::from_secs(29));
        let killed = shift.store.now();
        shift.passes(GRACE);
        let next = shift.beside().await;
        assert_eq!(next.sign_out_the_lost(GRACE, true).await.unwrap(), []);
        let anna = person(&next, "anna");
        assert!(!next.sign_in(&anna, "one", GRACE).await.unwrap(), "within the grace");
        shift.passes(Duration::from_secs(1));
        assert_eq!(next.sign_out_the_lost(GRACE, true).await.unwrap(), [user("ben")]);
        assert_eq!(shift.assignees(&ids).await, ["anna", "-"]);
        assert!(next.now().since(killed) > GRACE);
    }
}

shift! {
    /// Q9: several processes look for the lost; each is signed out once, and a live one elsewhere never.
    async fn q9_of_several_processes_one_signs_out(shift) {
        let (here, there) = (shift.store.clone(), shift.beside().await);
        let dot = person(&here, "dot");
        for round in 0..10 {
            shift.comes("anna", "one").await;
            here.sign_in(&dot, "there", GRACE).await.unwrap();
            assert!(!there.sign_in(&dot, "there", GRACE).await.unwrap(), "she moved to the other process");
            let name = format!("R{round}");
            let id = shift.waiting("Turnover", &[&name]).await.remove(0);
            shift.does("anna", &Deed::Take, &id).await;
            shift.loses("anna", "one").await;
            shift.loses("dot", "there").await; // the old line's end, noticed late
            shift.passes(GRACE);
            there.renew_consoles().await.unwrap();
            let looks = [&here, &there, &here, &there].map(|store| {
                let store = store.clone();
                tokio::spawn(async move { store.sign_out_the_lost(GRACE, true).await.unwrap() })
            });
            let mut signed_out = Vec::new();
            for look in looks {
                signed_out.extend(look.await.unwrap());
            }
            assert_eq!(signed_out, [user("anna")]);
            let logouts = shift.history(&id).await.into_iter().filter(|line| line.ends_with("logout"));
            assert_eq!(logouts.count(), 1);
            assert!(there.seats().await.unwrap()[&dot.id].signed_in);
            assert!(here.seats().await.unwrap()[&dot.id].signed_in, "as the others see it");
            there.lose(&[(dot.id.clone(), "there".into())]).await.unwrap();
            // One that says nothing for 90 seconds is dead to the others.
            there.sign_in(&dot, "there", GRACE).await.unwrap();
            shift.passes(DEAD);
            assert!(here.seats().await.unwrap()[&dot.id].signed_in);
            shift.passes(Duration::from_micros(1));
            assert!(!here.seats().await.unwrap()[&dot.id].signed_in);
            here.sign_out(&dot.id, None).await.unwrap();
        }
    }
}

/// How somebody comes and goes, and what they do meanwhile, again and again.
async fn advisor(store: Store, who: &'static str, seed: u64) {
    let mut dice = Dice::new(seed);
    let me = person(&store, who);
    for round in 0..25 {
        match dice.below(5) {
            0 => store.sign_out(&me.id, None).await.unwrap(),
            1 => {
                let lost = [(me.id.clone(), "one".to_owned())];
                store.lose(&lost).await.unwrap();
                store
                    .sign_out_the_lost(Duration::ZERO, false)
                    .await
                    .unwrap();
            }
            2 | 3 => drop(store.sign_in(&me, "one", GRACE).await.unwrap()),
            _ => {
                let (_, queues, _) = store.counts(&me).await.unwrap();
                if queues.iter().all(|(_, counts)| counts.mine == 0) {
                    continue;
                }
                let query = handback::server::store::ListQuery {
                    limit: 1,
                    ..Default::default()
                };
                let rows = store.list(&me, &query).await.unwrap().rows;
                for row in rows {
                    let key = operation(&format!("{who}{round}"));
                    let id = item(row.facts.id.as_str());
                    let deed = if round % 2 == 0 {
                        Deed::Close
                    } else {
                        Deed::Unassign
                    };
                    store.act(&me, &deed, &id, None, &key).await.unwrap();
                    if deed == Deed::Close {
                        let key = operation(&format!("{who}{round}o"));
                        store
                            .act(&me, &Deed::Reopen, &id, None, &key)
                            .await
                            .unwrap();
                    }
                }
            }
        }
    }
}

/// Q4, Q9: while customers write, people come and go, and conversations are moved, closed and opened, nobody ever has
/// more than the maximum, and who is signed out keeps nothing that their queues redistribute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q4_maxima_hold_in_a_storm() {
    const MAX: i64 = 3;
    let more = r#"
[[queue]]
name = "Storm"
owner = "Head office"
teams = ["Cardiff", "Swansea"]
rule = "round_robin"
max_open = 3
on_login = "redistribute"
on_logout = "redistribute"
[[queue]]
name = "Gale"
owner = "Head office"
teams = ["Cardiff", "Swansea"]
rule = "least_busy"
max_open = 3
on_login = "redistribute"
on_logout = "redistribute"
"#;
    let people = ["anna", "ben", "cai", "dot"];
    for db in databases() {
        let shift = Shift::on(db).await;
        apply(&shift.store, &format!("{TEAM}{QUEUES}{more}")).await;
        let head = shift.store.head().await.unwrap();
        let began = std::time::Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        let other = shift.beside().await;
        for (who, n) in people.into_iter().zip(1..) {
            let store = if n % 2 == 0 { &shift.store } else { &other };
            tasks.spawn(advisor(store.clone(), who, n));
        }
        for n in 0..4u64 {
            let store = if n % 2 == 0 { &shift.store } else { &other }.clone();
            tasks.spawn(async move {
                for m in 0..15 {
                    let to = if (n + m) % 2 == 0 { "Storm" } else { "Gale" };
                    write(&store, to, &format!("+44 {n} {m}"), 1_000 * n + m).await;
                }
            });
        }
        let store = shift.store.clone();
        tasks.spawn(async move {
            let gwen = person(&store, "gwen");
            for round in 0..12 {
                let to = if round % 2 == 0 { "Storm" } else { "Gale" };
                let query = handback::server::store::ListQuery {
                    limit: 6,
                    ..Default::default()
                };
                let rows = store.list(&gwen, &query).await.unwrap().rows;
                let items = rows.iter().map(|row| item(row.facts.id.as_str())).collect();
                let many = all(ManyDeed::Move(queue(to)), items);
                let key = operation(&format!("move{round}"));
                store.act_on_many(&gwen, &many, &key).await.unwrap();
            }
        });
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        sound(&shift.store).await;
        // The log tells whose each was at every moment.
        let mut has: HashMap<(QueueId, UserId), i64> = HashMap::new();
        let (mut given, mut most) = (0, 0);
        for entry in shift.store.log_after(head, 20_000).await.unwrap().unwrap() {
            let What::Conversation { entry, cause, .. } = entry.what else {
                continue;
            };
            let mut count = |standing: Option<handback::domain::conversation::Standing>, by| {
                if let Some((queue, Some(who))) = standing.map(|s| (s.queue, s.assignee)) {
                    let has = has.entry((queue, who)).or_default();
                    *has += by;
                    most = most.max(*has);
                }
            };
            count(entry.before, -1);
            count(Some(entry.after), 1);
            given += usize::from(matches!(
                cause,
                Some(Cause::RoundRobin | Cause::LeastBusy | Cause::Login)
            ));
        }
        assert_eq!(
            most, MAX,
            "{}: the maximum was reached and never passed",
            shift.db.name
        );
        assert!(given > 30, "{given}");
        for (who, seat) in shift.store.seats().await.unwrap() {
            let kept: i64 = has
                .iter()
                .filter(|((_, whose), _)| *whose == who)
                .map(|(_, n)| n)
                .sum();
            assert!(
                seat.signed_in || kept == 0,
                "{}: {who} is signed out and keeps {kept}",
                shift.db.name
            );
        }
        println!(
            "{}: {given} were given in {:?}",
            shift.db.name,
            began.elapsed()
        );
    }
}

/// Q9: nobody is given anything in the moment they sign out, though it was found for them just before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q9_nobody_is_given_anything_as_they_leave() {
    let more = r#"
[[queue]]
name = "Storm"
owner = "Head office"
teams = ["Cardiff"]
rule = "round_robin"
on_logout = "redistribute"
"#;
    for db in databases() {
        let shift = Shift::on(db).await;
        apply(&shift.store, &format!("{TEAM}{QUEUES}{more}")).await;
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..4u64 {
            let store = shift.store.clone();
            writers.spawn(async move {
                for m in 0..30 {
                    write(
                        &store,
                        "Storm",
                        &format!("+44 {n} {m}"),
                        1_000 * (n + 1) + m,
                    )
                    .await;
                }
            });
        }
        let gwen = person(&shift.store, "gwen");
        let mut round = 0;
        while !writers.is_empty() {
            while writers.try_join_next().is_some() {}
            shift.comes("anna", "one").await;
            round += 1;
            let last = write(&shift.store, "Storm", &format!("+44 x {round}"), round).await;
            shift.leaves("anna").await;
            // Whoever gives out of the queue does it after those who found her.
            write(
                &shift.store,
                "Storm",
                &format!("+44 y {round}"),
                500 + round,
            )
            .await;
            let loads = shift.store.loads(&gwen).await.unwrap();
            let kept = loads.get(&user("anna")).map_or(0, |load| load.open);
            assert_eq!(kept, 0, "{}: in round {round}", shift.db.name);
            assert_eq!(
                shift.history(&last).await.len(),
                2,
                "she had it, and left it"
            );
        }
        println!("{}: she came and went {round} times", shift.db.name);
        sound(&shift.store).await;
    }
}

/// Q10: while the team changes again and again, nobody is given, or keeps, what they have no access to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q10_an_assignee_always_has_access_in_a_storm() {
    for db in databases() {
        let shift = Shift::on(db).await;
        let other = shift.beside().await;
        for who in ["anna", "ben", "cai"] {
            shift.comes(who, "one").await;
        }
        let team = format!("{TEAM}{QUEUES}");
        let without = team.replace(
            "name = \"Ben Cole\"\norganisation = \"Cardiff\"",
            "name = \"Ben Cole\"\norganisation = \"Swansea\"",
        );
        assert_ne!(team, without);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..3u64 {
            let store = if n == 0 { &shift.store } else { &other }.clone();
            tasks.spawn(async move {
                for m in 0..20 {
                    write(&store, "Circle", &format!("+44 {n} {m}"), 1_000 * n + m).await;
                }
            });
        }
        let head = shift.store.head().await.unwrap();
        for round in 0..10 {
            apply(&shift.store, if round % 2 == 0 { &without } else { &team }).await;
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        apply(&shift.store, &without).await;
        // The log is in the order of commits: between two changes of the team everything was decided by the first.
        let (mut has_access, mut bens, mut given, mut lost) = (true, 0, 0, 0);
        for entry in shift.store.log_after(head, 2_000).await.unwrap().unwrap() {
            let What::Conversation { entry, cause, .. } = entry.what else {
                has_access = !has_access;
                assert!(
                    has_access || bens == 0,
                    "{}: ben keeps {bens}",
                    shift.db.name
                );
                continue;
            };
            let of_ben = |whose: Option<&UserId>| i64::from(whose == Some(&user("ben")));
            let before = entry.before.and_then(|before| before.assignee);
            let change = of_ben(entry.after.assignee.as_ref()) - of_ben(before.as_ref());
            assert!(
                has_access || change <= 0,
                "{}: given without access",
                shift.db.name
            );
            bens += change;
            given += u32::from(change > 0);
            lost += u32::from(cause == Some(Cause::LostAccess));
        }
        println!(
            "{}: ben was given {given} and lost {lost} with his access",
            shift.db.name
        );
        sound(&shift.store).await;
    }
}

#[tokio::test]
async fn r30_a_database_on_postgres_is_served_by_many_or_had_by_one_alone() {
    let Some(database) = support::postgres() else {
        return;
    };
    let serves = || Options {
        serves: true,
        ..Options::default()
    };
    let alone = async || Store::alone(&database.url).await;
    let (one, two) = (
        database.open_with(serves()).await,
        database.open_with(serves()).await,
    );
    let looks = database.open().await;
    assert!(looks.is_served().await.unwrap());
    assert!(matches!(alone().await, Err(StoreError::Served)));
    one.close().await;
    assert!(matches!(alone().await, Err(StoreError::Served)));
    two.close().await;
    let had = alone().await.unwrap().expect("a lock");
    // Whoever only looks may; but no desk begins, and nobody else has it.
    assert!(!looks.is_served().await.unwrap());
    assert!(matches!(alone().await, Err(StoreError::UnderWay)));
    let begins = Store::open_with(&database.url, serves()).await;
    assert!(matches!(begins, Err(StoreError::UnderWay)), "{begins:?}");
    had.end().await.unwrap();
    database.open_with(serves()).await.close().await;
    looks.close().await;
}
