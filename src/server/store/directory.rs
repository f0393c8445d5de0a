//! The team as the desk holds it in memory: who and what there is, and what they are called.

use std::{collections::HashMap, sync::Arc};

use sqlx::{Any, Row as _, Transaction, any::AnyRow};

use super::{
    Result, Store, StoreError,
    database::{id, signed},
};
use crate::domain::{
    access::Team,
    id::{OrganisationId, QueueId, UserId},
    organisation::Tree,
    person::{Permissions, Person},
    queue::{Queue, Rule, Turnover},
};

/// Everybody and everything of a desk, by id and by name: a picture of one moment, shared and never
/// changed. [`Store::directory`] gives the newest.
#[derive(Debug, Default)]
pub struct Directory {
    /// This desk's own id, made with its database: drafts are kept under it.
    pub desk: String,
    /// Rises with every change of the team.
    pub version: u64,
    /// What the rules decide by.
    pub team: Team,
    /// What organisations are called.
    pub organisations: HashMap<OrganisationId, String>,
    /// What people are called, by id; those who left among them.
    pub users: HashMap<UserId, UserInfo>,
    /// What queues are called, by id; deleted ones among them.
    pub queues: HashMap<QueueId, QueueInfo>,
    /// The smart phrases, each with the organisation it is of; those below have them too (SP1).
    pub phrases: Vec<Phrase>,
    /// The channels, by name.
    pub channels: HashMap<String, Channel>,
}

/// What the desk knows of a person beyond what the rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserInfo {
    /// The name they sign in with, unique on the desk.
    pub username: String,
    /// What people call them.
    pub name: String,
    /// The account on this host that is them, if there is one.
    pub unix_user: Option<String>,
}

/// What the desk knows of a queue beyond what the rules need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueInfo {
    /// Its name, unique on the desk.
    pub name: String,
}

/// A smart phrase (SP1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Whose; those below have it too.
    pub organisation: OrganisationId,
    /// What one types to find it.
    pub keywords: Vec<String>,
    /// What it says.
    pub body: String,
}

/// A channel customers write through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// `sms`, `whatsapp`, `webchat` …
    pub kind: String,
    /// Where replies are delivered to.
    pub deliver_to: Option<String>,
    /// The file with the secret they are signed with.
    pub secret_file: Option<String>,
}

impl Directory {
    /// The person of that id or username, suspended or not.
    #[must_use]
    pub fn user(&self, id_or_name: &str) -> Option<&Person> {
        let by_id = UserId::parse(id_or_name)
            .ok()
            .and_then(|id| self.team.people.get(&id));
        by_id.or_else(|| {
            let (id, _) = self.users.iter().find(|(_, u)| u.username == id_or_name)?;
            self.team.people.get(id)
        })
    }

    /// The queue of that id or name, deleted or not.
    #[must_use]
    pub fn queue(&self, id_or_name: &str) -> Option<&Queue> {
        let by_id = QueueId::parse(id_or_name)
            .ok()
            .and_then(|id| self.team.queues.get(&id));
        by_id.or_else(|| {
            let (id, _) = self.queues.iter().find(|(_, q)| q.name == id_or_name)?;
            self.team.queues.get(id)
        })
    }

    /// The one person whose `unix_user` this account is; `None` if suspended.
    #[must_use]
    pub fn user_by_unix_name(&self, account: &str) -> Option<&Person> {
        let mut of_that_account = self
            .users
            .iter()
            .filter(|(_, user)| user.unix_user.as_deref() == Some(account));
        let (id, _) = of_that_account.next()?;
        self.team.people.get(id).filter(|person| !person.suspended)
    }
}

impl Store {
    /// The team as it was when last read.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        // A panic while a pointer was swapped leaves the pointer whole.
        let lock = self.directory.read();
        Arc::clone(&lock.unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads the team again if it changed since; answers whether it did. A running desk asks when the
    /// log says so, and once a second in any case.
    ///
    /// # Errors
    /// The database's; the directory then stays as it was.
    pub async fn reload_if_changed(&self) -> Result<bool> {
        let version: i64 = sqlx::query_scalar("SELECT team FROM counter WHERE one = 1")
            .fetch_one(&self.readers)
            .await?;
        if signed(self.directory().version) == version {
            return Ok(false);
        }
        self.reload().await?;
        Ok(true)
    }

    pub(super) async fn reload(&self) -> Result<()> {
        let mut at_once = self.snapshot().await?;
        let directory = Arc::new(read(&mut at_once).await?);
        at_once.rollback().await?;
        let mut present = self
            .directory
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if directory.version >= present.version {
            *present = directory; // a slower reader never puts an older picture back
        }
        Ok(())
    }
}

/// Reads the whole team; in a writing transaction, as that transaction has it.
pub(super) async fn read(tx: &mut Transaction<'static, Any>) -> Result<Directory> {
    let mut directory = Directory {
        desk: sqlx::query_scalar("SELECT id FROM desk WHERE one = 1")
            .fetch_one(&mut **tx)
            .await?,
        version: sqlx::query_scalar::<_, i64>("SELECT team FROM counter WHERE one = 1")
            .fetch_one(&mut **tx)
            .await?
            .unsigned_abs(),
        ..Directory::default()
    };
    let mut parents = Vec::new();
    for row in rows(tx, "SELECT id, name, parent FROM organisation").await? {
        let organisation: OrganisationId = id("an organisation", row.try_get(0)?)?;
        let parent = row.try_get::<Option<String>, _>(2)?;
        let parent = parent.map(|p| id("an organisation", &p)).transpose()?;
        parents.push((organisation.clone(), parent));
        directory
            .organisations
            .insert(organisation, row.try_get(1)?);
    }
    directory.team.tree =
        Tree::new(parents).map_err(|why| StoreError::corrupt("the tree", why.to_string()))?;
    people(tx, &mut directory).await?;
    queues(tx, &mut directory).await?;
    words(tx, &mut directory).await?;
    Ok(directory)
}

async fn rows(tx: &mut Transaction<'static, Any>, sql: &'static str) -> Result<Vec<AnyRow>> {
    Ok(sqlx::query(sql).fetch_all(&mut **tx).await?)
}

async fn people(tx: &mut Transaction<'static, Any>, directory: &mut Directory) -> Result<()> {
    let sql = "SELECT p.id, p.username, p.name, p.organisation, r.permissions, p.unix_user, p.suspended \
               FROM person p JOIN role r ON r.id = p.role";
    for row in rows(tx, sql).await? {
        let user: UserId = id("a person", row.try_get(0)?)?;
        let names: &str = row.try_get(4)?;
        let permissions = names
            .split_whitespace()
            .try_fold(Permissions::default(), Permissions::with)
            .ok_or_else(|| StoreError::corrupt("permissions", names))?;
        let person = Person {
            id: user.clone(),
            organisation: id("an organisation", row.try_get(3)?)?,
            permissions,
            suspended: row.try_get::<i64, _>(6)? != 0,
        };
        let info = UserInfo {
            username: row.try_get(1)?,
            name: row.try_get(2)?,
            unix_user: row.try_get(5)?,
        };
        directory.team.people.insert(user.clone(), person);
        directory.users.insert(user, info);
    }
    Ok(())
}

async fn queues(tx: &mut Transaction<'static, Any>, directory: &mut Directory) -> Result<()> {
    let sql =
        "SELECT id, name, owner, rule, on_login, on_logout, max_open, active, deleted FROM queue";
    for row in rows(tx, sql).await? {
        let queue: QueueId = id("a queue", row.try_get(0)?)?;
        let rule: &str = row.try_get(3)?;
        let turnover = |column| -> Result<Turnover> {
            let word: &str = row.try_get(column)?;
            Turnover::from_word(word).ok_or_else(|| StoreError::corrupt("a turnover", word))
        };
        let settings = Queue {
            id: queue.clone(),
            owner: id("an organisation", row.try_get(2)?)?,
            teams: Vec::new(),
            rule: Rule::from_word(rule).ok_or_else(|| StoreError::corrupt("a rule", rule))?,
            on_login: turnover(4)?,
            on_logout: turnover(5)?,
            max_open: row
                .try_get::<Option<i64>, _>(6)?
                .and_then(|max| u32::try_from(max).ok()),
            active: row.try_get::<i64, _>(7)? != 0,
            deleted: row.try_get::<i64, _>(8)? != 0,
        };
        let name = row.try_get(1)?;
        directory.team.queues.insert(queue.clone(), settings);
        directory.queues.insert(queue, QueueInfo { name });
    }
    for row in rows(
        tx,
        "SELECT queue, organisation FROM queue_team ORDER BY 1, 2",
    )
    .await?
    {
        let queue: QueueId = id("a queue", row.try_get(0)?)?;
        if let Some(queue) = directory.team.queues.get_mut(&queue) {
            queue.teams.push(id("an organisation", row.try_get(1)?)?);
        }
    }
    Ok(())
}

async fn words(tx: &mut Transaction<'static, Any>, directory: &mut Directory) -> Result<()> {
    for row in rows(tx, "SELECT organisation, name FROM status ORDER BY 1, 2").await? {
        let organisation = id("an organisation", row.try_get(0)?)?;
        directory
            .team
            .statuses
            .push((organisation, row.try_get(1)?));
    }
    let sql = "SELECT organisation, keywords, body FROM phrase ORDER BY 1, 3";
    for row in rows(tx, sql).await? {
        let keywords: &str = row.try_get(1)?;
        directory.phrases.push(Phrase {
            organisation: id("an organisation", row.try_get(0)?)?,
            keywords: keywords.split_whitespace().map(str::to_owned).collect(),
            body: row.try_get(2)?,
        });
    }
    for row in rows(
        tx,
        "SELECT name, kind, deliver_to, secret_file FROM channel",
    )
    .await?
    {
        let channel = Channel {
            kind: row.try_get(1)?,
            deliver_to: row.try_get(2)?,
            secret_file: row.try_get(3)?,
        };
        directory.channels.insert(row.try_get(0)?, channel);
    }
    Ok(())
}
