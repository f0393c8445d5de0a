//! Applies a team file: creates and changes what it names, and deletes nothing.

use toml::Spanned;

use super::{
    Operation, Result, Store, StoreError, TeamFile, TeamFileError,
    act::Doing,
    database::{id, whole},
    directory::{self, Directory},
    holding::holdings,
    roster::{Line, Roster, Value},
    team_file,
    writing::Writing,
};
use crate::domain::{
    action::{Action, Cause, Change},
    id::{ConversationId, QueueId, UserId},
    organisation::{NotATree, Tree},
};

/// One thing that a team file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `organisation`, `role`, `user`, `queue`, `status`, `phrase` or `channel`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What changes, in words: `new`, or `rule: round_robin → least_busy`.
    pub change: String,
}

impl Store {
    /// Makes the team what the file says, in one transaction, and answers what that changed: nothing if it
    /// was so already. With `dry_run` it only answers. What the file does not name stays as it is. Whoever
    /// loses the access to a queue by it loses what they hold there, cause `lost_access` (Q10).
    ///
    /// # Errors
    /// [`StoreError::TeamFile`] if the file names what is not there, or its
    /// organisations are no tree, or a queue's team is not its owner or below it (Q1); or the database's.
    /// Then nothing changed.
    pub async fn apply_team(&self, file: &TeamFile, dry_run: bool) -> Result<Vec<Difference>> {
        let differences = whole(|| self.apply_at_once(file, dry_run)).await?;
        self.reload_if_changed().await?;
        Ok(differences)
    }

    async fn apply_at_once(&self, file: &TeamFile, dry_run: bool) -> Result<Vec<Difference>> {
        let mut writing = self.write().await?;
        let mut roster = Roster::read(&mut writing.tx).await?;
        let lines = lines(file, &mut roster)?;
        let mut differences = Vec::new();
        for line in &lines {
            line.make_room(&mut writing.tx).await?;
        }
        for line in &lines {
            differences.extend(line.write(&mut writing.tx).await?);
        }
        check_tree(file, &roster, &mut writing).await?;
        let directory = directory::read(&mut writing.tx).await?;
        check_teams(file, &directory)?;
        let leavers = writing.leavers(&directory).await?;
        differences.extend(leavers.iter().map(Leaver::difference));
        if dry_run || differences.is_empty() {
            return Ok(differences); // dropped, the transaction leaves everything as it was
        }
        writing.take_from_those_without_access(&directory).await?;
        for leaver in &leavers {
            writing.revoke_all(&leaver.person).await?;
        }
        writing.team_changed();
        // From here on nobody else commits, and who does later decides by this team: what was given to somebody
        // without access while we looked is found now or never.
        writing.write_holdings().await?;
        writing.lock_counters().await?;
        if !writing.held_without_access(&directory).await?.is_empty() {
            return Err(StoreError::Overtaken);
        }
        writing.commit().await?;
        Ok(differences)
    }
}

/// What the file says, line by line of the tables, in an order in which each finds what it names.
fn lines(file: &TeamFile, roster: &mut Roster) -> Result<Vec<Line>, TeamFileError> {
    let said = &file.said;
    let mut lines = Vec::new();
    let mut ids = Vec::new();
    for at in &said.organisation {
        let o = at.get_ref();
        let names = (&o.id, &o.was, o.name.as_str());
        ids.push(identified(file, at, roster, "organisation", names)?);
    }
    for (at, id) in said.organisation.iter().zip(&ids) {
        let o = at.get_ref();
        let parent = o.parent.as_ref();
        let parent = parent.map(|p| named(file, at, roster, "organisation", p));
        let fields = vec![
            ("name", Value::text(&o.name)),
            ("parent", Value::Text(parent.transpose()?)),
        ];
        lines.push(Line::new(
            "organisation",
            "organisation",
            &o.name,
            id,
            fields,
        ));
    }
    for at in &said.role {
        let r = at.get_ref();
        let id = identified(file, at, roster, "role", (&None, &None, &r.name))?;
        let mut permissions = r.permissions.clone();
        permissions.sort();
        let fields = vec![
            ("name", Value::text(&r.name)),
            ("permissions", Value::text(&permissions.join(" "))),
        ];
        lines.push(Line::new("role", "role", &r.name, &id, fields));
    }
    for at in &said.user {
        let u = at.get_ref();
        let id = identified(file, at, roster, "user", (&u.id, &u.was, &u.username))?;
        let organisation = named(file, at, roster, "organisation", &u.organisation)?;
        let role = named(file, at, roster, "role", &u.role)?;
        let fields = vec![
            ("username", Value::text(&u.username)),
            ("name", Value::text(&u.name)),
            ("organisation", Value::text(&organisation)),
            ("role", Value::text(&role)),
            ("unix_user", Value::Text(u.unix_user.clone())),
            ("suspended", Value::flag(u.suspended)),
        ];
        lines.push(Line::new("user", "person", &u.username, &id, fields));
    }
    for at in &said.queue {
        lines.push(queue_line(file, at, roster)?);
    }
    for at in &said.status {
        let s = at.get_ref();
        let organisation = named(file, at, roster, "organisation", &s.organisation)?;
        let key = vec![
            ("organisation", Value::text(&organisation)),
            ("name", Value::text(&s.name)),
        ];
        lines.push(Line::keyed("status", "status", &s.name, key, vec![]));
    }
    for at in &said.phrase {
        let p = at.get_ref();
        let organisation = named(file, at, roster, "organisation", &p.organisation)?;
        let key = vec![
            ("organisation", Value::text(&organisation)),
            ("body", Value::text(&p.body)),
        ];
        let fields = vec![("keywords", Value::text(&p.keywords.join(" ")))];
        let name = p.keywords.join(" ");
        lines.push(Line::keyed("phrase", "phrase", &name, key, fields));
    }
    for at in &said.channel {
        let c = at.get_ref();
        let fields = vec![
            ("kind", Value::text(&c.kind)),
            ("deliver_to", Value::Text(c.deliver_to.clone())),
            ("secret_file", Value::Text(c.secret_file.clone())),
        ];
        let key = vec![("name", Value::text(&c.name))];
        lines.push(Line::keyed("channel", "channel", &c.name, key, fields));
    }
    Ok(lines)
}

fn queue_line(
    file: &TeamFile,
    at: &Spanned<team_file::Queue>,
    roster: &mut Roster,
) -> Result<Line, TeamFileError> {
    let q = at.get_ref();
    let id = identified(file, at, roster, "queue", (&q.id, &q.was, &q.name))?;
    let owner = named(file, at, roster, "organisation", &q.owner)?;
    let teams: Result<Vec<String>, _> = q
        .teams
        .iter()
        .map(|team| named(file, at, roster, "organisation", team))
        .collect();
    let fields = vec![
        ("name", Value::text(&q.name)),
        ("owner", Value::text(&owner)),
        ("rule", Value::text(&q.rule)),
        ("on_login", Value::text(&q.on_login)),
        ("on_logout", Value::text(&q.on_logout)),
        ("max_open", Value::Number(q.max_open.map(i64::from))),
        ("active", Value::flag(q.active)),
        ("deleted", Value::flag(q.deleted)),
    ];
    let line = Line::new("queue", "queue", &q.name, &id, fields);
    Ok(line.with_teams(teams?))
}

fn identified<T>(
    file: &TeamFile,
    at: &Spanned<T>,
    roster: &mut Roster,
    kind: &'static str,
    names: (&Option<String>, &Option<String>, &str),
) -> Result<String, TeamFileError> {
    let id = roster.identify(kind, names);
    id.map_err(|problem| file.error(at, problem))
}

fn named<T>(
    file: &TeamFile,
    at: &Spanned<T>,
    roster: &Roster,
    kind: &'static str,
    word: &str,
) -> Result<String, TeamFileError> {
    roster.named(kind, word).ok_or_else(|| {
        let problem = team_file::unknown(kind, word, roster.names(kind));
        file.error(at, problem)
    })
}

/// Organisations must be a tree.
async fn check_tree(file: &TeamFile, roster: &Roster, writing: &mut Writing<'_>) -> Result<()> {
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT id, parent FROM organisation ORDER BY id")
            .fetch_all(&mut *writing.tx)
            .await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for (child, parent) in rows {
        let parent = parent.map(|p| id("an organisation", &p)).transpose()?;
        pairs.push((id("an organisation", &child)?, parent));
    }
    let Err(why) = Tree::new(pairs) else {
        return Ok(());
    };
    let (NotATree::Cycle(culprit) | NotATree::UnknownParent { child: culprit, .. }) = &why;
    let of_culprit = file.said.organisation.iter().find(|at| {
        roster.named("organisation", &at.get_ref().name).as_deref() == Some(culprit.as_str())
    });
    let at = of_culprit.or(file.said.organisation.first());
    Err(match at {
        Some(at) => file.error(at, why.to_string()).into(),
        None => StoreError::corrupt("the tree", why.to_string()),
    })
}

/// A queue's teams are its owner or below it (Q1).
fn check_teams(file: &TeamFile, directory: &Directory) -> Result<(), TeamFileError> {
    for queue in directory.team.queues.values() {
        let tree = &directory.team.tree;
        let Some(team) = queue
            .teams
            .iter()
            .find(|team| !tree.covers(&queue.owner, team))
        else {
            continue;
        };
        let name = &directory.queues[&queue.id].name;
        let problem = format!(
            "queue {name:?}: its team {:?} is neither its owner {:?} nor below it",
            directory.organisations[team], directory.organisations[&queue.owner]
        );
        let said = &file.said;
        let of_queue = said.queue.iter().find(|at| at.get_ref().name == *name);
        let of_tree = said.organisation.first();
        return Err(match (of_queue, of_tree) {
            (Some(at), _) => file.error(at, problem),
            (None, Some(at)) => file.error(at, problem),
            (None, None) => TeamFileError {
                file: file.file.clone(),
                line: 1,
                problem,
            },
        });
    }
    Ok(())
}

/// Somebody who is suspended by a team file, and what becomes of what was theirs.
struct Leaver {
    person: UserId,
    username: String,
    /// Conversations that nobody has from then on.
    holds: i64,
    /// Tokens that are good until then.
    tokens: i64,
    /// Drafts, whose words are on the hosts they were written on.
    drafts: i64,
}

impl Leaver {
    fn difference(&self) -> Difference {
        let (holds, tokens, drafts) = (self.holds, self.tokens, self.drafts);
        Difference {
            kind: "user",
            name: self.username.clone(),
            change: format!(
                "leaves: conversations handed back: {holds}, tokens revoked: {tokens}, consoles cut off within \
                 seconds; drafts that stay on the hosts they were written on: {drafts}"
            ),
        }
    }
}

impl Writing<'_> {
    /// Those who are suspended in the team as it is to be, and were not before.
    async fn leavers(&mut self, directory: &Directory) -> Result<Vec<Leaver>> {
        let before = self.directory();
        let is_leaving = |id: &UserId| {
            before
                .team
                .people
                .get(id)
                .is_some_and(|person| !person.suspended)
        };
        let people = directory.team.people.values();
        let leaving = people.filter(|person| person.suspended && is_leaving(&person.id));
        let mut leavers = Vec::new();
        for person in leaving {
            let mut counts = [0; 3];
            for (count, sql) in counts.iter_mut().zip([
                "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM holding WHERE assignee = $1",
                "SELECT COUNT(*) FROM token WHERE person = $1 AND revoked_at IS NULL \
                 AND (expires_at IS NULL OR expires_at > $2)",
                "SELECT COUNT(*) FROM draft WHERE person = $1",
            ]) {
                let mut query = sqlx::query_scalar::<_, i64>(sql).bind(person.id.as_str());
                if sql.contains("$2") {
                    query = query.bind(self.now.0);
                }
                *count = query.fetch_one(&mut *self.tx).await?;
            }
            let [holds, tokens, drafts] = counts;
            leavers.push(Leaver {
                person: person.id.clone(),
                username: directory.users[&person.id].username.clone(),
                holds,
                tokens,
                drafts,
            });
        }
        Ok(leavers)
    }

    /// Nothing that a person shows tells who they are any more.
    async fn revoke_all(&mut self, person: &UserId) -> Result<()> {
        sqlx::query("UPDATE token SET revoked_at = $1 WHERE person = $2 AND revoked_at IS NULL")
            .bind(self.now.0)
            .bind(person.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// An assignee always has access to the queue (Q10). It is an act of nobody's, so that who had them is told (U9).
    async fn take_from_those_without_access(&mut self, directory: &Directory) -> Result<()> {
        let mut lost: Vec<ConversationId> = Vec::new();
        for (queue, person) in self.held_without_access(directory).await? {
            lost.extend(self.held_by(&queue, &person).await?);
        }
        let team = &directory.team;
        let operation = Operation::made(b"")?.id;
        let doing = Doing {
            act: Some((&operation, Action::Unassign)),
            ..Doing::default()
        };
        for mut stored in self.hold_all(&lost).await?.into_values() {
            let person = stored.facts.assignee.as_ref();
            let person = person.and_then(|id| team.people.get(id));
            if person.is_none_or(|p| team.can_hold(p, &stored.facts.queue)) {
                continue; // somebody else was faster
            }
            let change = Change::of_assignee(&stored.facts, None, Cause::LostAccess);
            self.carry_out(team, &mut stored, &change, &doing)?;
        }
        Ok(())
    }

    /// Who has something in a queue without access to it.
    async fn held_without_access(
        &mut self,
        directory: &Directory,
    ) -> Result<Vec<(QueueId, UserId)>> {
        let team = &directory.team;
        let held = holdings(&mut self.tx).await?.into_iter();
        let held = held.filter_map(|holding| Some((holding.queue, holding.assignee?)));
        let can_hold = |queue: &QueueId, person: &UserId| {
            let person = team.people.get(person);
            person.is_some_and(|person| team.can_hold(person, queue))
        };
        Ok(held
            .filter(|(queue, person)| !can_hold(queue, person))
            .collect())
    }
}
