//! R17, R36: a whole floor of consoles at one desk, which dies under them and is started again, and is stopped as one
//! stops it: how long until every screen is right again, and that they do not all come at once.
//!
//! `cargo test` has forty of them, who see one of the two on each database; `scripts/deep fleet` two thousand.

#![allow(clippy::print_stdout, reason = "figures are what it finds")]
#![allow(unreachable_pub, reason = "a test program has no callers but itself")]
#![allow(dead_code, reason = "it uses a part of what it shares with others")]

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/figure.rs"]
mod figure;
#[path = "support/line.rs"]
mod line;
#[path = "support/served.rs"]
mod served;
#[path = "shift/sitting.rs"]
mod sitting;
mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use figure::figure;
use handback::{
    desk::{
        Answer,
        handback::{Handback, Options as Reach, Place},
    },
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, OperationId},
        moment::Moment,
        person::Person,
    },
    server::store::{From, ListQuery, SeedConversation, SeedMessage, Store},
};
use line::{Asked, Line};
use secrecy::SecretString;
use served::Served;
use sitting::Sitting;
use support::{Database, dice::Dice};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    time::{Instant, sleep},
};

/// Advisors of one team, who share a queue.
const TEAM: usize = 25;
/// Conversations that wait in each queue.
const WAITING: usize = 20;

/// How many consoles: the deep run sets it higher.
fn consoles() -> usize {
    let set = std::env::var("HANDBACK_FLEET").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(40)
}

/// What becomes of the desk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// kill -9, and started again at once.
    Killed,
    /// Asked to end, so that it tells everybody when to come back; then started again.
    Stopped,
}

impl Fate {
    /// That one, or both in the deep run.
    fn or_both(self) -> Vec<Self> {
        match std::env::var_os("HANDBACK_FLEET") {
            Some(_) => vec![Self::Killed, Self::Stopped],
            None => vec![self],
        }
    }
}

fn team(consoles: usize) -> String {
    let teams = consoles.div_ceil(TEAM);
    let mut organisations = r#"{ name = "Head office" }"#.to_owned();
    let (mut users, mut queues) = (String::new(), String::new());
    for team in 0..teams {
        organisations += &format!(r#", {{ name = "T{team}", parent = "Head office" }}"#);
        queues += &format!(
            "{{ name = \"Q{team}\", id = \"q{team}\", owner = \"Head office\", teams = [\"T{team}\"] }},\n"
        );
    }
    for nth in 0..consoles {
        let team = nth / TEAM;
        users += &format!(
            "{{ username = \"u{nth}\", name = \"Advisor {nth}\", organisation = \"T{team}\", role = \"advisor\" }},\n"
        );
    }
    format!(
        "organisation = [{organisations}]\nrole = [{{ name = \"advisor\", permissions = [\"conversations\"] }}]\n\
         user = [\n{users}]\nqueue = [\n{queues}]\nchannel = [{{ name = \"SMS\", kind = \"sms\" }}]\n"
    )
}

fn seeds(teams: usize) -> impl Iterator<Item = SeedConversation> {
    (0..teams * WAITING).map(|nth| {
        let queue = format!("q{}", nth / WAITING);
        let at = Moment(1_700_000_000_000_000 - nth as i64 * 60_000_000);
        SeedConversation {
            messages: vec![SeedMessage {
                body: "Is anybody there?".into(),
                ..support::desk::message(handback::domain::message::Direction::In, at)
            }],
            ..support::desk::conversation(&format!("C{nth}"), &queue, None, 1)
        }
    })
}

/// One console, and what it is asked from outside.
struct Seat {
    person: Person,
    ask: mpsc::UnboundedSender<oneshot::Sender<Shows>>,
}

/// What a console shows.
struct Shows {
    is_settled: bool,
    /// How often the line was lost and came back.
    came_back: usize,
    rows: Vec<(ConversationId, u64)>,
    counts: [u64; 3],
    /// For messages.
    state: String,
}

impl Seat {
    fn taken(person: Person, desk: Handback) -> Self {
        let (ask, mut asked) = mpsc::unbounded_channel::<oneshot::Sender<Shows>>();
        let name = format!("fleet-{}", person.id);
        tokio::spawn(async move {
            let mut sitting = Sitting::down(desk, &name);
            loop {
                tokio::select! {
                    asked = asked.recv() => match asked {
                        Some(tell) => drop(tell.send(shows(&sitting))),
                        None => return,
                    },
                    () = sitting.looks(Duration::from_millis(200)) => {}
                }
            }
        });
        Self { person, ask }
    }

    async fn shows(&self) -> Shows {
        let (tell, told) = oneshot::channel();
        self.ask.send(tell).expect("the console is there");
        told.await.expect("the console is there")
    }

    /// What the desk says this person sees.
    async fn sees(&self, store: &Store) -> (Vec<(ConversationId, u64)>, [u64; 3]) {
        let query = ListQuery {
            from: From::Start,
            limit: 500,
            ..ListQuery::default()
        };
        let listed = store.list(&self.person, &query).await.expect("a list");
        let rows = listed
            .rows
            .iter()
            .map(|row| (row.facts.id.clone(), row.facts.version))
            .collect();
        let counts = [
            listed.counts.mine,
            listed.counts.unassigned,
            listed.counts.all,
        ];
        (rows, counts)
    }

    /// Whether it came back so often and shows exactly what the desk says this person sees.
    async fn is_right(&self, store: &Store, came_back: usize) -> bool {
        let shows = self.shows().await;
        if !shows.is_settled || shows.came_back < came_back {
            return false;
        }
        let (rows, counts) = self.sees(store).await;
        (rows, counts) == (shows.rows, shows.counts)
    }
}

fn shows(sitting: &Sitting) -> Shows {
    let list = &sitting.model.list;
    let rows = list.inbox.rows().map(|row| (row.id.clone(), row.version));
    let backs = sitting.model.notices.iter();
    Shows {
        is_settled: sitting.is_settled() && list.loading.is_none(),
        came_back: backs
            .filter(|notice| notice.text.as_str().starts_with("Back on line"))
            .count(),
        rows: rows.collect(),
        counts: [list.counts.mine, list.counts.unassigned, list.counts.all],
        state: format!(
            "{:?}, {:?}, loading {:?}, {:?}",
            sitting.model.link,
            list.trouble,
            list.loading,
            sitting.says()
        ),
    }
}

/// Waits until everybody has come back so often and is right.
async fn all_right(seats: &[Seat], store: &Store, came_back: usize) {
    let began = Instant::now();
    let mut wrong: Vec<&Seat> = seats.iter().collect();
    while !wrong.is_empty() {
        let mut still = Vec::new();
        for seat in &wrong {
            if !seat.is_right(store, came_back).await {
                still.push(*seat);
            }
        }
        wrong = still;
        let waited = began.elapsed();
        if waited > Duration::from_secs(120) {
            let mut why = String::new();
            for seat in wrong.iter().take(4) {
                let Shows {
                    state,
                    counts,
                    rows,
                    came_back,
                    ..
                } = seat.shows().await;
                let (sees, exact) = seat.sees(store).await;
                let beyond = |these: &[_], those: &[_]| -> Vec<(ConversationId, u64)> {
                    let mut these = these.to_vec();
                    these.retain(|row| !those.contains(row));
                    these
                };
                why += &format!(
                    "{state}, {counts:?} for {exact:?}, back {came_back} times, too many {:?}, too few {:?}\n",
                    beyond(&rows, &sees),
                    beyond(&sees, &rows)
                );
            }
            panic!(
                "{} of {} are not right after {waited:?}:\n{why}",
                wrong.len(),
                seats.len()
            );
        }
        sleep(Duration::from_millis(300)).await;
    }
}

/// Somebody of each team takes and hands back, over and over, whatever becomes of the desk, until told to stop.
fn acts_go_on(
    reach: Vec<Arc<Handback>>,
    round: usize,
    stop: &Arc<AtomicBool>,
) -> tokio::task::JoinHandle<(u64, u64)> {
    let stop = Arc::clone(stop);
    tokio::spawn(async move {
        let (mut done, mut unknown) = (0, 0);
        let mut dice = Dice::new(17);
        for number in 0_u64.. {
            if stop.load(Relaxed) {
                break;
            }
            let team = usize::try_from(dice.below(reach.len() as u64)).expect("few");
            let nth = team * WAITING + usize::try_from(dice.below(WAITING as u64)).expect("few");
            let deed = if dice.one_in(2) {
                Deed::Take
            } else {
                Deed::Unassign
            };
            let act = handback::desk::Act {
                operation: OperationId::parse(&format!("fleet-{round}-{number}")).expect("an id"),
                deed,
                conversation: format!("C{nth}").parse().expect("an id"),
                expected: Expectation::default(),
                reason: None,
            };
            use handback::desk::Desk as _;
            match reach[team].act(&act).await {
                Answer::Done(_) => done += 1,
                Answer::Unknown(_) => unknown += 1,
                _ => {}
            }
            sleep(Duration::from_millis(40)).await;
        }
        (done, unknown)
    })
}

/// The most of these that came within so long.
fn busiest(asked: &[Asked], since: Instant, window: Duration, what: &str) -> usize {
    let of = |one: &&Asked| one.at >= since && one.what.starts_with(what);
    let at: Vec<Instant> = asked.iter().filter(of).map(|one| one.at).collect();
    let within = |first: &Instant| {
        at.iter()
            .filter(|at| *at >= first && **at < *first + window)
            .count()
    };
    at.iter().map(within).max().unwrap_or_default()
}

async fn fleet(database: Database, fates: Vec<Fate>) {
    // One floor at a time: two would measure each other.
    static ALONE: Mutex<()> = Mutex::const_new(());
    let _alone = ALONE.lock().await;
    static PROVIDER: std::sync::Once = std::sync::Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    raise_the_limit_of_files();
    let count = consoles();
    let again = database.again();
    let mut desk = Served::of(database, &team(count));
    desk.kill();
    let store = again.open().await;
    store
        .seed(seeds(count.div_ceil(TEAM)))
        .await
        .expect("seeded");
    let directory = store.directory();
    desk.serve();
    let line = Line::to(desk.address());
    let place = || -> Place {
        format!("http://{}", line.address())
            .parse()
            .expect("a place")
    };
    let reach = |token: SecretString, console: Option<String>| {
        let options = Reach {
            place: place(),
            token: Some(token),
            roots: None,
            console,
        };
        Handback::new(options).expect("a way to the desk")
    };
    let mut seats = Vec::new();
    let mut acting = Vec::new();
    for nth in 0..count {
        let person = directory
            .user(&format!("u{nth}"))
            .expect("of the team")
            .clone();
        let token = store.new_token(&person.id, None).await.expect("a token");
        if nth % TEAM == 0 {
            acting.push(Arc::new(reach(token.clone(), None)));
        }
        seats.push(Seat::taken(
            person,
            reach(token, Some(format!("fleet-{nth}"))),
        ));
        // As people come in the morning, not all in the same instant.
        sleep(Duration::from_millis(2)).await;
    }
    all_right(&seats, &store, 0).await;
    let at_work = desk.status("VmRSS").unwrap_or_default() / 1024;

    let (count, on) = (seats.len(), desk.name());
    for (nth, fate) in (1..).zip(fates) {
        let stop = Arc::new(AtomicBool::new(false));
        let acts = acts_go_on(acting.clone(), nth, &stop);
        sleep(Duration::from_secs(1)).await;
        let gone = Instant::now();
        tokio::task::block_in_place(|| match fate {
            Fate::Killed => desk.kill(),
            Fate::Stopped => drop(desk.stop()),
        });
        desk.serve();
        let down = gone.elapsed();
        sleep(Duration::from_secs(1)).await;
        stop.store(true, Relaxed);
        let (done, unknown) = acts.await.expect("acts");
        all_right(&seats, &store, nth).await;
        let right = gone.elapsed();

        let how = match fate {
            Fate::Killed => "kill -9",
            Fate::Stopped => "a stop",
        };
        let asked = line.asked();
        let second = Duration::from_secs(1);
        let streams = "GET /v1/events";
        let at_once = busiest(&asked, gone, second / 10, streams);
        let tell = |what: &str, value: String| figure(&format!("{what} {how}, {on}"), value);
        tell(
            &format!("{count} consoles right again after"),
            seconds(right),
        );
        tell("until the desk listens again after", seconds(down));
        tell(
            &format!("of {count} consoles, that come in the busiest second and tenth of one after"),
            format!("{} and {at_once}", busiest(&asked, gone, second, streams)),
        );
        tell(
            &format!("requests of {count} consoles in the busiest second after"),
            busiest(&asked, gone, second, "").to_string(),
        );
        tell(
            "acts done meanwhile, and of which nobody knew, around",
            format!("{done} and {unknown}"),
        );
        assert!(
            at_once <= count / 2,
            "a stampede after {how}: {at_once} of {count} in a tenth of a second"
        );
        assert!(done > 0, "people acted meanwhile");
    }
    let most = desk.status("VmHWM").unwrap_or_default() / 1024;
    figure(
        &format!(
            "memory of a desk of {count} consoles, before and at most when all came back, {on}"
        ),
        format!("{at_work} and {most} MiB"),
    );
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r17_r36_a_floor_of_consoles_comes_back_without_a_stampede_on_sqlite() {
    fleet(support::sqlite(), Fate::Killed.or_both()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r17_r36_a_floor_of_consoles_comes_back_without_a_stampede_on_postgres() {
    if let Some(database) = support::postgres() {
        fleet(database, Fate::Stopped.or_both()).await;
    }
}

/// Every console's connections, and the line's, are files of this one program.
fn raise_the_limit_of_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("the limit");
}
