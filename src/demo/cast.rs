//! The demo's customers: who they are and what they would say of themselves.

use super::{content::People, dice::Dice, fill::Facts};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// As they call themselves; may be empty.
    pub name: String,
    /// Their identifier within the channel.
    pub address: String,
    /// The channel they write on, by name.
    pub channel: String,
    /// What they would say of themselves.
    pub facts: Facts,
}

/// How many telephone numbers nobody has: +44 7700 900000 to 900999 are kept for plays.
const NUMBERS: u64 = 1000;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const STREETS: [&str; 8] = [
    "14 Mill Lane",
    "3 Harbour View",
    "Flat 2, 81 Castle Road",
    "27 Chapel Row",
    "6 Station Terrace",
    "The Old Bakery, Bridge Street",
    "112 Heol Las",
    "9 Orchard Close",
];

/// The customer of that number. No two share an address; the numbers below 1,000 may have a telephone,
/// the others write on the web or by mail.
#[must_use]
pub fn customer(
    people: &People,
    number: u64,
    name: Option<&str>,
    channel: &str,
    telling: usize,
) -> Customer {
    let mut dice = Dice::new(number);
    let name = name.map_or_else(|| called(people, number), str::to_owned);
    let channel = match channel {
        "SMS" | "WhatsApp" if number >= NUMBERS && number.is_multiple_of(2) => "Webchat",
        "SMS" | "WhatsApp" if number >= NUMBERS => "Email",
        other => other,
    };
    let pence = dice.within(9_500..94_000);
    let reading = dice.within(10_000..60_000);
    Customer {
        address: address(channel, number, &name),
        channel: channel.to_owned(),
        facts: Facts {
            telling,
            first: first_name(&name),
            other: called(people, number + 29),
            amount: format!("£{}.{:02}", pence / 100, pence % 100),
            small: format!("£{}", dice.within(12..48)),
            day: one_of(&mut dice, &DAYS),
            account: format!("HB-{}", dice.within(10_000..99_999)),
            street: one_of(&mut dice, &STREETS),
            reading,
            name: name.clone(),
        },
        name,
    }
}

fn one_of(dice: &mut Dice, among: &[&str]) -> String {
    dice.pick(among).copied().unwrap_or_default().to_owned()
}

/// No two alike as long as `number` stays below first names × last names: their counts have no common divisor.
fn called(people: &People, number: u64) -> String {
    let of = |names: &[String]| {
        let index = number % (names.len().max(1) as u64);
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index).cloned())
            .unwrap_or_default()
    };
    format!("{} {}", of(&people.first), of(&people.last))
}

/// What we would call them: nothing that is not made of letters.
fn first_name(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    if !first.is_empty()
        && first
            .chars()
            .all(|c| c.is_alphabetic() || "-'’".contains(c))
    {
        first.to_owned()
    } else {
        "there".to_owned()
    }
}

/// Multiplying by a number without a common divisor shuffles without ever meeting.
fn address(channel: &str, number: u64, name: &str) -> String {
    match channel {
        "SMS" | "WhatsApp" => format!("+44 7700 900{:03}", (number * 379 + 123) % NUMBERS),
        "Email" => {
            let plain: String = name
                .split_whitespace()
                .map(|word| {
                    word.chars()
                        .filter(char::is_ascii_alphanumeric)
                        .collect::<String>()
                        .to_lowercase()
                })
                .filter(|word| !word.is_empty())
                .take(2)
                .collect::<Vec<_>>()
                .join(".");
            format!(
                "{plain}{}{number}@example.com",
                if plain.is_empty() { "customer" } else { "" }
            )
        }
        _ => format!("web-{:05x}", (number * 7_919 + 48_611) % (1 << 20)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::demo::content::Content;

    #[test]
    fn nobody_shares_an_address_and_the_first_ones_share_no_name() {
        let people = Content::read().unwrap().people;
        for channel in ["SMS", "WhatsApp", "Webchat", "Email"] {
            let addresses: HashSet<(String, String)> = (0..20_000)
                .map(|number| {
                    let one = customer(&people, number, None, channel, 0);
                    (one.channel, one.address)
                })
                .collect();
            assert_eq!(addresses.len(), 20_000, "{channel}");
        }
        let names: HashSet<String> = (0..3_000).map(|number| called(&people, number)).collect();
        assert_eq!(names.len(), 3_000);
    }

    #[test]
    fn every_number_is_one_that_nobody_has() {
        let people = Content::read().unwrap().people;
        for number in 0..5_000 {
            let one = customer(&people, number, None, "SMS", 0);
            if one.channel == "SMS" {
                let digits = one.address.strip_prefix("+44 7700 900").unwrap();
                assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }
}
