//! Texts over whose width terminals have quarrelled, and where to find all of them.

use std::fs;

/// Unicode's own list of emoji, if Debian's package `unicode-data` is installed.
const EMOJI_TEST: &str = "/usr/share/unicode/emoji/emoji-test.txt";

/// Sequences made after Unicode's grammar of emoji: bases, selectors, tones, joiners, flags, keycaps, tags.
fn made() -> Vec<String> {
    let mut made = Vec::new();
    for base in [
        "☎", "❤", "✈", "☺", "⚠", "✔", "⏏", "1", "#", "©", "™", "↔", "⌚", "👍", "🚀", "🫠",
    ] {
        made.push(base.to_owned());
        made.push(format!("{base}\u{fe0f}"));
        made.push(format!("{base}\u{fe0e}"));
        made.push(format!("{base}\u{fe0f}\u{20e3}"));
    }
    for person in ["👩", "🧑", "👨", "🧕", "🤷"] {
        for tone in ["", "\u{1f3fb}", "\u{1f3fd}", "\u{1f3ff}"] {
            made.push(format!("{person}{tone}"));
            made.push(format!("{person}{tone}\u{200d}🚀"));
            made.push(format!("{person}{tone}\u{200d}♂\u{fe0f}"));
        }
    }
    made.push("👨\u{200d}👩\u{200d}👧\u{200d}👦".into());
    made.push("🏳\u{fe0f}\u{200d}🌈".into());
    made.push("👁\u{fe0f}\u{200d}🗨\u{fe0f}".into());
    for land in ["gb", "fr", "jp", "un"] {
        made.push(
            land.bytes()
                .filter_map(|b| char::from_u32(0x1_f1e6 + u32::from(b - b'a')))
                .collect(),
        );
    }
    made.push("🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}".into());
    made.push("🇬".into());
    made
}

/// Writing from right to left, letters that join, marks that stack, characters that are wide to some.
fn scripts() -> Vec<String> {
    let samples = [
        "مرحبا بك في المتجر 123 abc",
        "שלום עולם (bracket) 42",
        "abc \u{202e}evil\u{202c} def",
        "a\u{2066}isolate\u{2069}b \u{2067}rtl\u{2069}",
        "क्षत्रिय नमस्ते हिन्दी",
        "ขอเลื่อนการชำระเงิน ก็ได้",
        "ကျွန်ုပ်တို့ မြန်မာ",
        "한국어 \u{1112}\u{1161}\u{11ab} \u{110b}",
        "日本語、，。「」 ｆｕｌｌ ﾊﾝｶｸ",
        "e\u{301}\u{302}\u{323} Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}A\u{300}\u{301}\u{302}\u{303}",
        "﷽ ꧅ ဪ ௵ 𒐫 ⸻ 𒈙",
        "①②③ ㊀ ㍿ ½ ± × ÷ § ¶ † ‡ Ω",
        "▲△▶◆○●◎★☆ ─│┼ █▓▒░",
        "ﬁ ﬂ ĳ ǆ Ⅷ ℡ ㎏",
        "\u{a0}\u{2003}\u{3000}spaces\u{2009}of\u{200a}all\u{202f}kinds",
        "𝓗𝓮𝓵𝓵𝓸 𝔄𝔅 🄰 🅱 🆎 🈁",
    ];
    samples.map(str::to_owned).to_vec()
}

/// The naughty strings.
fn naughty() -> Vec<String> {
    include_str!("../data/naughty.txt")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| serde_json::from_str(line).expect("a JSON string"))
        .filter(|text: &String| !text.trim().is_empty() && text.len() < 400)
        .collect()
}

/// What is tried: all there is in the deep run, a little of each kind else.
pub(crate) fn texts(deep: bool) -> Vec<String> {
    if !deep {
        let some = naughty().into_iter().step_by(12);
        return made().into_iter().chain(scripts()).chain(some).collect();
    }
    let emoji = fs::read_to_string(EMOJI_TEST).unwrap_or_else(|error| {
        panic!("{EMOJI_TEST}: {error}; it is in Debian's package unicode-data")
    });
    let sequence = |line: &str| -> Option<String> {
        let codes = line
            .split(';')
            .next()
            .filter(|codes| !codes.starts_with('#'))?;
        let point = |code| char::from_u32(u32::from_str_radix(code, 16).ok()?);
        codes.split_whitespace().map(point).collect()
    };
    let emoji: Vec<String> = emoji
        .lines()
        .filter_map(sequence)
        .filter(|s| !s.is_empty())
        .collect();
    assert!(emoji.len() > 4000, "only {} emoji", emoji.len());
    made()
        .into_iter()
        .chain(scripts())
        .chain(naughty())
        .chain(emoji)
        .collect()
}

/// Names of about so many characters each, put together from the texts.
pub(crate) fn names(texts: &[String], count: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = texts.iter().cycle();
    while names.len() < count {
        let mut name = String::new();
        while name.chars().count() < 18 {
            name += rest.next().expect("texts");
            name.push(' ');
        }
        // A desk takes names of 200 characters.
        names.push(name.chars().take(150).collect());
    }
    names
}
