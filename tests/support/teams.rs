//! Teams made by chance, and teams of any size.

use std::fmt::Display;

use super::dice::Dice;

/// A head office `top` over the teams `a` and `b`: these people, each of one of the three, and so many queues of the head
/// office, for the teams that are said of each.
pub fn two_teams<Name: Display>(
    people: impl IntoIterator<Item = (Name, &'static str)>,
    queues: u64,
    teams: impl Fn(u64) -> &'static str,
) -> String {
    let mut text = String::from(
        "[[role]]\nname = 'r'\npermissions = ['conversations']\n[[organisation]]\nname = 'top'\n\
         [[organisation]]\nname = 'a'\nparent = 'top'\n[[organisation]]\nname = 'b'\nparent = 'top'\n\
         [[channel]]\nname = 'SMS'\nkind = 'sms'\n",
    );
    for (user, home) in people {
        text += &format!(
            "[[user]]\nusername = '{user}'\nname = 'U'\norganisation = '{home}'\nrole = 'r'\n"
        );
    }
    for queue in 0..queues {
        let teams = teams(queue);
        text += &format!("[[queue]]\nname = 'q{queue}'\nowner = 'top'\nteams = [{teams}]\n");
    }
    text
}

/// A random tree of organisations, people all over it, and queues of random owners and teams.
pub fn random_team(dice: &mut Dice) -> String {
    let mut text = String::from(
        "[[role]]\nname = 'advisor'\npermissions = ['conversations']\n\
         [[role]]\nname = 'administrator'\npermissions = ['conversations', 'admin']\n\
         [[role]]\nname = 'outsider'\npermissions = ['admin']\n\
         [[channel]]\nname = 'SMS'\nkind = 'sms'\n[[channel]]\nname = 'Webchat'\nkind = 'webchat'\n",
    );
    let mut parents: Vec<Option<u64>> = Vec::new();
    for n in 0..8 {
        let parent = (n > 0 && !dice.one_in(5)).then(|| dice.below(n));
        parents.push(parent);
        let parent = parent.map_or(String::new(), |p| format!("parent = 'o{p}'\n"));
        text += &format!("[[organisation]]\nname = 'o{n}'\n{parent}");
    }
    for status in ["dispute", "promise to pay", "promise kept"] {
        text += &format!("[[status]]\norganisation = 'o0'\nname = '{status}'\n");
    }
    for n in 0..16 {
        let roles = ["advisor", "advisor", "advisor", "administrator", "outsider"];
        let role = dice.one_of(&roles);
        let suspended = dice.one_in(12);
        text += &format!(
            "[[user]]\nusername = 'u{n}'\nname = 'U'\norganisation = 'o{}'\nrole = '{role}'\nsuspended = {suspended}\n",
            dice.below(8)
        );
    }
    for n in 0..7 {
        let owner = dice.below(8);
        let below = |mut o: u64| loop {
            if o == owner {
                return true;
            }
            match parents[usize::try_from(o).unwrap()] {
                Some(parent) => o = parent,
                None => return false,
            }
        };
        let teams: Vec<String> = (0..8)
            .filter(|&o| below(o) && !dice.one_in(3))
            .map(|o| format!("'o{o}'"))
            .collect();
        let deleted = dice.one_in(6);
        text += &format!(
            "[[queue]]\nname = 'q{n}'\nowner = 'o{owner}'\nteams = [{}]\ndeleted = {deleted}\n",
            teams.join(", ")
        );
    }
    text
}
