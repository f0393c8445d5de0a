//! The language of the search: read or said to be unreadable, and what was read is written as it is read (F1).

use handback::domain::search::Search;

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Search::parse(&text) {
        Ok(search) => assert_eq!(Search::parse(&search.to_string()), Ok(search), "{text:?}"),
        Err(misread) => assert!(!misread.to_string().is_empty(), "{text:?}"),
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "queue:Payments is:closed bea",
        "status:\"promise to pay\" from:2026-11-01 BY:anna \"exact words\"",
        "until:7d channel:SMS text:refund contact:bea",
        "10:30 https://x.example +44 \"promise to",
        "from:yesterday until:today is:open",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
