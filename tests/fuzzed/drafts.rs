//! Drafts on disk: whatever stands in a file, it is read, and goes on being written; and a file cut off anywhere holds a
//! text that once was the whole one (R23).

use std::{
    fs::{self, OpenOptions},
    path::PathBuf,
};

use handback::{
    console::{compose::Kind, draft::Where, drafts::Drafts},
    domain::id::ConversationId,
};

use super::{number, pieces};

/// A folder for drafts, in memory where the system has such a place.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let under = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        let name = format!(
            "handback-drafts-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        );
        let folder = under.join(name.replace(['(', ')'], ""));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn conversation() -> ConversationId {
    "C1".parse().expect("an id")
}

/// A file of any bytes.
pub fn run(bytes: &[u8]) {
    let folder = Folder::new();
    fs::write(folder.0.join("C1.left.draft"), bytes).expect("a file");
    let (mut drafts, found) = Drafts::open(&folder.0, "one").expect("the drafts");
    assert!(found.len() <= 1);
    if let Some(kept) = found.first() {
        assert!(
            !kept.text.is_empty() && kept.place == Where::Here,
            "{bytes:?}"
        );
        assert_eq!(kept.conversation, conversation());
    }
    drafts
        .keep(Kind::Reply, &conversation(), "And on")
        .expect("kept");
    drop(drafts);
    let (_drafts, found) = Drafts::open(&folder.0, "two").expect("the drafts");
    let texts: Vec<_> = found.iter().map(|kept| kept.text.as_str()).collect();
    assert_eq!(texts, ["And on"], "{bytes:?}");
}

/// Texts kept one after the other, and the file cut off somewhere.
pub fn journal(bytes: &[u8]) {
    let (cut, rest) = number(bytes);
    let (seed, rest) = number(rest);
    let folder = Folder::new();
    let (mut drafts, _) = Drafts::open(&folder.0, "one").expect("the drafts");
    let mut texts = Vec::new();
    for piece in pieces(rest, seed) {
        let text = String::from_utf8_lossy(piece).replace('\0', "0");
        drafts
            .keep(Kind::Reply, &conversation(), &text)
            .expect("kept");
        texts.push(text);
    }
    drop(drafts);
    let path = folder.0.join("C1.one.draft");
    let Ok(file) = OpenOptions::new().write(true).open(&path) else {
        assert!(texts.is_empty());
        return;
    };
    let length = file.metadata().expect("its length").len();
    let left = length * (256 - cut as u64) / 256;
    file.set_len(left).expect("cut");
    drop(file);
    let (_drafts, found) = Drafts::open(&folder.0, "two").expect("the drafts");
    match found.first() {
        Some(kept) if left == length => assert_eq!(Some(&kept.text), texts.last(), "{bytes:?}"),
        Some(kept) => assert!(texts.contains(&kept.text), "{bytes:?}"),
        None => assert!(left < length, "lost: {bytes:?}"),
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let folder = Folder::new();
    let (mut drafts, _) = Drafts::open(&folder.0, "one").expect("the drafts");
    let mut seeds = vec![b"\x05\0\0\0\0\0\0\0Hello".to_vec()];
    for text in ["H", "Hello", "Hello,\n日本"] {
        drafts
            .keep(Kind::Reply, &conversation(), text)
            .expect("kept");
        seeds.push(fs::read(folder.0.join("C1.one.draft")).expect("a draft"));
    }
    seeds
}

pub fn journals() -> Vec<Vec<u8>> {
    [
        &b"\x00\x07Hello, can I pay later?"[..],
        b"\x80\x01Hello, can I pay later?",
        b"\x10\x22\xff\xfe",
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}
