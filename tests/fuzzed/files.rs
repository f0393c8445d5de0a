//! Files that people write: the team and the settings, read or complained of with a line that is there.

use std::path::Path;

use handback::{config::Config, server::store::TeamFile};

/// A team file.
pub fn team(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = TeamFile::parse("team.toml", &text) {
        let lines = text.lines().count().max(1) + 1;
        assert!((1..=lines).contains(&error.line), "{error} of {text:?}");
        assert!(!error.problem.is_empty(), "{text:?}");
    }
}

/// A configuration file.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(complaint) = Config::parse(&text, Path::new("config.toml")) {
        assert!(
            complaint.to_string().starts_with("config.toml"),
            "{complaint} of {text:?}"
        );
    }
}

pub fn teams() -> Vec<Vec<u8>> {
    vec![
        include_bytes!("../../assets/demo.toml").to_vec(),
        b"[[user]]\nname = 1".to_vec(),
    ]
}

pub fn configs() -> Vec<Vec<u8>> {
    vec![
        include_bytes!("../../config.example.toml").to_vec(),
        b"[keys.list]\nunassign = \"t\"\n".to_vec(),
    ]
}
