//! What this host calls the account at the other end of a Unix socket.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use tokio::process::Command;

/// Names of accounts by their number. Asked of `/etc/passwd` first; accounts that only the host's name
/// service knows (LDAP, SSSD) are asked of `getent`, once each.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<HashMap<u32, String>>);

impl Accounts {
    /// The name of the account with this number; `None` if the host has none.
    pub(crate) async fn name(&self, uid: u32) -> Option<String> {
        if let Some(known) = self.known(uid) {
            return Some(known);
        }
        let name = match tokio::fs::read_to_string("/etc/passwd").await {
            Ok(passwd) => name_in(&passwd, uid),
            Err(_) => None,
        };
        let name = match name {
            Some(name) => name,
            None => name_in(&getent(uid).await?, uid)?,
        };
        // Only what was found is remembered: an account may be made while the desk runs.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(uid, name.clone());
        Some(name)
    }

    fn known(&self, uid: u32) -> Option<String> {
        let names = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        names.get(&uid).cloned()
    }
}

async fn getent(uid: u32) -> Option<String> {
    let asked = Command::new("getent")
        .args(["passwd", &uid.to_string()])
        .kill_on_drop(true)
        .stdin(std::process::Stdio::null())
        .output();
    let output = tokio::time::timeout(Duration::from_secs(2), asked)
        .await
        .ok()?
        .ok()?;
    String::from_utf8(output.stdout).ok()
}

/// The name that lines of the form `name:password:uid:…` give to a number; the first, as the host does.
fn name_in(passwd: &str, uid: u32) -> Option<String> {
    passwd
        .lines()
        .find(|line| line.split(':').nth(2).and_then(|field| field.parse().ok()) == Some(uid))
        .and_then(|line| line.split(':').next())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_decides_not_the_line_or_the_group() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1001::/home/anna:\nben:x:1001:0::/:\n\nbroken\n";
        assert_eq!(name_in(passwd, 1001).as_deref(), Some("ben"));
        assert_eq!(name_in(passwd, 0).as_deref(), Some("root"));
        assert_eq!(name_in(passwd, 7), None);
    }

    #[tokio::test]
    async fn an_account_nobody_has_is_none() {
        assert_eq!(Accounts::default().name(3_999_999_999).await, None);
    }
}
