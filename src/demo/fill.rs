//! Filling in a line: the facts of a customer, and another word in each telling.

/// What is filled into the lines of one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Which telling of its dialogue this is: picks among `[a|b]`.
    pub telling: usize,
    /// `{name}`
    pub name: String,
    /// `{first}`
    pub first: String,
    /// `{other}`: somebody who had this number before.
    pub other: String,
    /// `{amount}`
    pub amount: String,
    /// `{small}`
    pub small: String,
    /// `{day}`
    pub day: String,
    /// `{ref}`
    pub account: String,
    /// `{street}`
    pub street: String,
    /// `{reading}`, and `{reading2}` of the other meter.
    pub reading: u64,
}

impl Facts {
    /// The words as `me`, one of us, or the customer would say them. What it does not know stays as it is.
    #[must_use]
    pub fn fill(&self, words: &str, me: &str) -> String {
        let mut said = String::with_capacity(words.len());
        let mut rest = words;
        while let Some(at) = rest.find(['[', '{']) {
            said.push_str(&rest[..at]);
            let close = if rest[at..].starts_with('[') {
                ']'
            } else {
                '}'
            };
            let Some(end) = rest[at..].find(close).map(|end| at + end) else {
                said.push_str(&rest[at..=at]);
                rest = &rest[at + 1..];
                continue;
            };
            let inner = &rest[at + 1..end];
            match (close, self.fact(inner, me)) {
                (']', _) => {
                    let among: Vec<&str> = inner.split('|').collect();
                    said.push_str(&self.fill(among[self.telling % among.len()], me));
                }
                (_, Some(fact)) => said.push_str(&fact),
                (_, None) => said.push_str(&rest[at..=end]),
            }
            rest = &rest[end + 1..];
        }
        said + rest
    }

    fn fact(&self, name: &str, me: &str) -> Option<String> {
        Some(match name {
            "me" => me.to_owned(),
            "name" => self.name.clone(),
            "first" => self.first.clone(),
            "other" => self.other.clone(),
            "amount" => self.amount.clone(),
            "small" => self.small.clone(),
            "day" => self.day.clone(),
            "ref" => self.account.clone(),
            "street" => self.street.clone(),
            "reading" => self.reading.to_string(),
            "reading2" => (self.reading / 7 + 1_000).to_string(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_telling_has_its_words() {
        let told = |telling| {
            let facts = Facts {
                telling,
                first: "Bea".into(),
                ..Facts::default()
            };
            facts.fill("[Hi|Hello {first}|Yo], I am {me}[|!]", "Anna")
        };
        assert_eq!(told(0), "Hi, I am Anna");
        assert_eq!(told(1), "Hello Bea, I am Anna!");
        assert_eq!(told(5), "Yo, I am Anna!");
        assert_eq!(told(3), "Hi, I am Anna!");
    }

    #[test]
    fn what_is_unknown_stays() {
        let facts = Facts::default();
        for same in ["{nothing}", "a [b", "x } y ]", "{", "naïve {ö}"] {
            assert_eq!(facts.fill(same, "me"), same);
        }
    }

    proptest! {
        #[test]
        fn any_words_can_be_filled(words in any::<String>(), telling in 0..5usize) {
            let _ = Facts { telling, ..Facts::default() }.fill(&words, "me");
        }
    }
}
