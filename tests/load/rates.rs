//! Sixteen clients take and hand back as fast as they can, each a conversation of its own, and each act is on the disk
//! before it is answered (R30): how many in a second, beside the bare transactions of the same shape.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::{
    alone, bare,
    figure::figure,
    many, ms, percentile,
    served::Served,
    support::{self, Database, postgres::Cluster},
    team,
};

/// How many at once.
pub(crate) const CLIENTS: usize = 16;
/// Each client is several people, since one may not ask so fast (R35).
const PEOPLE_EACH: usize = 8;

/// Somebody with a line that stays.
pub(crate) struct Client {
    line: TcpStream,
    token: String,
    answer: Vec<u8>,
}

impl Client {
    pub(crate) fn new(desk: &Served, token: &str) -> Self {
        let line = TcpStream::connect(desk.address()).expect("a line");
        line.set_nodelay(true).expect("a line");
        line.set_read_timeout(Some(Duration::from_secs(60)))
            .expect("patience");
        Self {
            line,
            token: token.to_owned(),
            answer: Vec::new(),
        }
    }

    /// Does this to a conversation; the answer's status.
    pub(crate) fn act(&mut self, id: &str, verb: &str, key: &str) -> u16 {
        self.post(&format!("/v1/conversations/{id}/{verb}"), key, "{}")
    }

    /// Asks this; the answer's status.
    pub(crate) fn post(&mut self, path: &str, key: &str, body: &str) -> u16 {
        let asks = format!(
            "POST {path} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\nidempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.line.write_all(asks.as_bytes()).expect("asked");
        self.answer.clear();
        let mut some = [0; 16 * 1024];
        loop {
            let count = self.line.read(&mut some).expect("an answer");
            assert_ne!(
                count,
                0,
                "hung up on: {}",
                String::from_utf8_lossy(&self.answer)
            );
            self.answer.extend_from_slice(&some[..count]);
            let text = String::from_utf8_lossy(&self.answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let head = head.to_lowercase();
                let length = head
                    .split("content-length: ")
                    .nth(1)
                    .and_then(|rest| rest.lines().next());
                let length: usize = length
                    .and_then(|length| length.trim().parse().ok())
                    .expect("a length");
                if body.len() >= length {
                    return head[9..12].parse().expect("a status");
                }
            }
        }
    }
}

/// How often something was done, in how long, and how long each time took.
pub(crate) struct Rate {
    pub(crate) times: Vec<Duration>,
    pub(crate) took: Duration,
}

impl Rate {
    pub(crate) fn a_second(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    fn says(&self) -> String {
        format!(
            "{:.0} a second, p50 {} ms, p99 {} ms",
            self.a_second(),
            ms(percentile(&self.times, 50)),
            ms(percentile(&self.times, 99))
        )
    }
}

/// How long each of them goes on.
fn long() -> Duration {
    Duration::from_millis(many("HANDBACK_LOAD_MS", 1_000) as u64)
}

fn at_the_desk(desk: &mut Served) -> Rate {
    let people: Vec<_> = (0..CLIENTS * PEOPLE_EACH)
        .map(|n| format!("u{n}"))
        .collect();
    let tokens = desk.tokens(&people);
    let ids: Vec<_> = (0..CLIENTS)
        .map(|n| desk.customer(&format!("Customer {n}"), "Hello?"))
        .collect();
    let begun = Instant::now();
    let until = begun + long();
    let clients = ids.into_iter().zip(0..).map(|(id, n): (_, usize)| {
        let own = tokens[n * PEOPLE_EACH..][..PEOPLE_EACH].iter();
        let mut people: Vec<_> = own.map(|token| Client::new(desk, token)).collect();
        thread::spawn(move || {
            let mut times = Vec::new();
            for round in 0.. {
                let one = &mut people[round % PEOPLE_EACH];
                for verb in ["take", "unassign"] {
                    let asked = Instant::now();
                    let status = one.act(&id, verb, &format!("{n}-{round}-{verb}"));
                    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&one.answer));
                    times.push(asked.elapsed());
                }
                if Instant::now() > until {
                    break;
                }
            }
            times
        })
    });
    let clients: Vec<_> = clients.collect();
    let times = clients
        .into_iter()
        .flat_map(|one| one.join().expect("a client"))
        .collect();
    Rate {
        times,
        took: begun.elapsed(),
    }
}

fn as_fast_as_they_can(database: Database) {
    let _alone = alone();
    let name = database.name;
    let url = database.url.clone();
    let mut desk = Served::of(database, &team(CLIENTS * PEOPLE_EACH));
    // In turn with the bare ones, so that both have the same machine.
    let (mut acts, mut bares) = (Vec::new(), Vec::new());
    for turn in 0..many("HANDBACK_LOAD_TURNS", 1) {
        acts.push(at_the_desk(&mut desk));
        desk.stop();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        bares.push(
            runtime
                .expect("a runtime")
                .block_on(bare::transactions(&url, turn, long())),
        );
        desk.serve();
    }
    let middle = |mut rates: Vec<Rate>| {
        rates.sort_by(|a, b| a.a_second().total_cmp(&b.a_second()));
        rates.swap_remove(rates.len() / 2)
    };
    let (acts, bare) = (middle(acts), middle(bares));
    figure(
        &format!("{CLIENTS} clients take and hand back, {name}"),
        acts.says(),
    );
    figure(
        &format!("{CLIENTS} tasks with the bare transaction, {name}"),
        bare.says(),
    );
    let p99 = |rate: &Rate| percentile(&rate.times, 99).as_secs_f64();
    figure(
        &format!("the desk beside the bare transaction, {name}"),
        format!(
            "{:.2} times as long for each, {:.2} times the p99",
            bare.a_second() / acts.a_second(),
            p99(&acts) / p99(&bare)
        ),
    );
}

#[test]
fn r30_sixteen_clients_act_as_fast_as_they_can_on_sqlite() {
    as_fast_as_they_can(support::sqlite());
}

#[test]
fn r30_sixteen_clients_act_as_fast_as_they_can_on_postgres() {
    // One that makes sure of the disk, as people run it.
    if let Some(cluster) = Cluster::durable() {
        as_fast_as_they_can(Database::at("postgres", &cluster.makes("desk")));
    }
}
