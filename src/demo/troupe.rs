//! The loop in which colleagues and customers live: through the same contract as everybody else, each with
//! their own token. What they do next is decided by [`super::life`].

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{task::JoinSet, time::sleep};

use super::{
    content::Content,
    dice::Dice,
    life::{Deed, Played, Turn, colleague, customer_writes, newcomer, next_turn},
    stage::Stage,
};
use crate::{
    desk::{Act, Answer, Desk, EventStream as _, Page, Query, Reply, Trouble, handback::Handback},
    domain::{
        action::{Deed as Does, Expectation},
        id::{OperationId, UserId},
        moment::Moment,
        row::Row,
    },
    server::Consoles,
    wire::inbound::{Author, Inbound},
};

/// How much of a list anybody here looks at.
const LOOKS_AT: u16 = 200;

/// Those who live in the demo.
pub struct Troupe {
    /// What they say.
    pub content: Content,
    /// What they have yet to say.
    pub stage: Stage,
    /// Chance.
    pub dice: Dice,
    /// Our people.
    pub colleagues: Vec<Colleague>,
    /// Through which customers write.
    pub gateway: Handback,
    /// Who of those who try the demo is at a console: nobody acts for them, and where nobody is, nothing happens.
    pub players: Consoles,
}

/// One of our people.
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// What they call themselves to customers.
    pub first_name: String,
    /// The desk, as them and at their own console.
    pub desk: Arc<Handback>,
    /// They do not work today.
    pub off: bool,
    /// Their console, which hears and forgets: it is there so that they count as signed in. Empty: they are not there.
    pub sits: JoinSet<()>,
}

/// How long a console of theirs waits before it comes back.
const COMES_BACK: Duration = Duration::from_secs(1);

impl Colleague {
    fn sit_down(&mut self) {
        let desk = Arc::clone(&self.desk);
        self.sits.spawn(async move {
            loop {
                if let Ok(mut events) = desk.events(None).await {
                    while events.next().await.is_ok() {}
                }
                sleep(COMES_BACK).await;
            }
        });
    }

    /// Leaves their console to whoever plays them.
    async fn get_up(&mut self) {
        self.sits.shutdown().await;
        self.desk.sign_out().await;
    }
}

impl Troupe {
    /// Lives until it is dropped.
    pub async fn live(mut self) {
        self.come_and_go().await;
        // What is there at the start has been so for long.
        for colleague in &self.colleagues {
            if let Ok(page) = list(&colleague.desk).await {
                self.stage.observe(&page.rows, Moment(0));
            }
        }
        let mut written = 0;
        loop {
            let (pause, order) = next_turn(&mut self.dice);
            sleep(pause).await;
            self.come_and_go().await;
            if self.players.count() == 0 {
                continue;
            }
            // A desk that does not answer is about to end, and so is this.
            if let Err(trouble) = self.turn(order, &mut written).await {
                tracing::warn!(%trouble, "a turn of the demo was missed");
            }
        }
    }

    /// Who works today sits at a console of their own, unless somebody plays them.
    async fn come_and_go(&mut self) {
        for colleague in &mut self.colleagues {
            let plays = self.players.signed_in(&colleague.id);
            match (plays || colleague.off, colleague.sits.is_empty()) {
                (false, true) => colleague.sit_down(),
                (true, false) => colleague.get_up().await,
                (true, true) | (false, false) => {}
            }
        }
    }

    async fn turn(&mut self, order: [Turn; 3], written: &mut u64) -> Result<(), Trouble> {
        let (played, rows) = self.played().await?;
        for turn in order {
            let done = match turn {
                Turn::Customer => self.customer(&played, &rows, written).await?,
                Turn::Newcomer => self.newcomer(&rows, written).await?,
                Turn::Colleague => self.colleague(&played).await?,
            };
            if done {
                break;
            }
        }
        Ok(())
    }

    /// Who is at a console, and what they see.
    async fn played(&mut self) -> Result<(Played, Vec<Row>), Trouble> {
        let mut played = Played::default();
        let mut rows: HashMap<_, Row> = HashMap::new();
        for colleague in &self.colleagues {
            if self.players.signed_in(&colleague.id) {
                played.users.insert(colleague.id.clone());
                let seen = list(&colleague.desk).await?.rows;
                rows.extend(seen.into_iter().map(|row| (row.id.clone(), row)));
            }
        }
        played.sees = rows.keys().cloned().collect();
        let mut rows: Vec<Row> = rows.into_values().collect();
        rows.sort_by_key(Row::place);
        self.stage.observe(&rows, now());
        Ok((played, rows))
    }

    async fn colleague(&mut self, played: &Played) -> Result<bool, Trouble> {
        for _ in 0..self.colleagues.len() {
            let Some(who) = self.dice.pick(&self.colleagues) else {
                break;
            };
            if played.users.contains(&who.id) || who.sits.is_empty() {
                continue;
            }
            let rows = list(&who.desk).await?.rows;
            self.stage.observe(&rows, now());
            let me = (&who.id, who.first_name.as_str());
            let deed = colleague(
                &self.content,
                &self.stage,
                played,
                me,
                &rows,
                now(),
                &mut self.dice,
            );
            let Some(deed) = deed else { continue };
            // Somebody may have sat down at a console while this was thought about.
            if self.players.signed_in(&who.id) {
                continue;
            }
            let answer = perform(&who.desk, &deed).await;
            if let (Answer::Done(_), Deed::Reply(row, _, Some(line))) = (&answer, &deed) {
                self.stage.said(row, line);
            }
            return Ok(matches!(answer, Answer::Done(_)));
        }
        Ok(false)
    }

    async fn customer(
        &mut self,
        played: &Played,
        rows: &[Row],
        written: &mut u64,
    ) -> Result<bool, Trouble> {
        let next = customer_writes(
            &self.content,
            &self.stage,
            played,
            rows,
            now(),
            &mut self.dice,
        );
        let Some(next) = next else { return Ok(false) };
        let inbound = inbound(
            next.row.queue.id.as_str(),
            next.row.channel.as_str(),
            (next.row.contact.address.as_str(), None),
            next.words,
            written,
        );
        self.gateway.hand_in(&inbound).await?;
        match &next.line {
            Some(line) => self.stage.said(&next.row, line),
            None => self.stage.unforeseen(&next.row),
        }
        Ok(true)
    }

    async fn newcomer(&mut self, rows: &[Row], written: &mut u64) -> Result<bool, Trouble> {
        let Some(new) = newcomer(&self.content, &self.stage, rows) else {
            return Ok(false);
        };
        let contact = (
            new.customer.address.as_str(),
            Some(new.customer.name.clone()),
        );
        let inbound = inbound(
            &new.queue,
            &new.customer.channel,
            contact,
            new.words,
            written,
        );
        self.gateway.hand_in(&inbound).await?;
        self.stage.cast(&new.customer, new.part);
        self.stage.arrived += 1;
        Ok(true)
    }
}

fn inbound(
    queue: &str,
    channel: &str,
    (address, name): (&str, Option<String>),
    body: String,
    written: &mut u64,
) -> Inbound {
    *written += 1;
    Inbound {
        queue: queue.to_owned(),
        channel: channel.to_owned(),
        contact: Author {
            address: address.to_owned(),
            name,
        },
        body,
        external_id: format!("demo-{written}"),
        at: None,
        handler: None,
        attachments: vec![],
    }
}

async fn list(desk: &Handback) -> Result<Page, Trouble> {
    let query = Query {
        limit: LOOKS_AT,
        ..Query::default()
    };
    desk.list(&query).await
}

async fn perform(desk: &Handback, deed: &Deed) -> Answer {
    let act = |deed, row: &Row, reason| Act {
        operation: operation(),
        deed,
        conversation: row.id.clone(),
        expected: Expectation::seen(row.holder(), row.version),
        reason,
    };
    match deed {
        Deed::Take(row) => desk.act(&act(Does::Take, row, None)).await,
        Deed::HandBack(row, reason) => desk.act(&act(Does::Unassign, row, reason.clone())).await,
        Deed::Reply(row, body, _) => {
            let reply = Reply {
                operation: operation(),
                conversation: row.id.clone(),
                body: body.clone(),
                expected_assignee: Some(row.holder()),
                seen: None,
            };
            desk.send(&reply).await
        }
    }
}

fn operation() -> OperationId {
    let id = uuid::Uuid::now_v7().simple().to_string();
    OperationId::parse(&id).expect("32 hexadecimal digits are an id")
}

fn now() -> Moment {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
