//! Who answers which queue of the demo, by the names the content uses.

use std::collections::{HashMap, HashSet};

/// The team as far as the content needs it: usernames, first names, queues by name.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// First names by username.
    first_names: HashMap<String, String>,
    /// Usernames of each queue's teams, in alphabetical order.
    answering: HashMap<String, Vec<String>>,
    /// Usernames and the queues they have access to.
    access: HashSet<(String, String)>,
}

impl Roster {
    /// Adds somebody with what people call them.
    pub fn add(&mut self, username: &str, name: &str) {
        let first = name.split_whitespace().next().unwrap_or(name);
        self.first_names
            .insert(username.to_owned(), first.to_owned());
    }

    /// Says that somebody has access to a queue, and whether they are of one of its teams.
    pub fn give(&mut self, username: &str, queue: &str, of_its_teams: bool) {
        self.access.insert((username.to_owned(), queue.to_owned()));
        if of_its_teams {
            let answering = self.answering.entry(queue.to_owned()).or_default();
            answering.push(username.to_owned());
            answering.sort_unstable();
        }
    }

    /// Who is of one of the queue's teams.
    #[must_use]
    pub fn answering(&self, queue: &str) -> &[String] {
        self.answering.get(queue).map_or(&[], Vec::as_slice)
    }

    /// Whether they see what is unassigned there (V2).
    #[must_use]
    pub fn has_access(&self, username: &str, queue: &str) -> bool {
        self.access
            .contains(&(username.to_owned(), queue.to_owned()))
    }

    /// What people call them; the username if they are not of this team.
    #[must_use]
    pub fn first_name<'a>(&'a self, username: &'a str) -> &'a str {
        self.first_names
            .get(username)
            .map_or(username, String::as_str)
    }
}
