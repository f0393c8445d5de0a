//! Somebody at a console without a terminal: the real console and the real line, only keys and frames are made here.

use std::{sync::Arc, time::Duration};

use handback::{
    console::{
        effect::Effect,
        errands::Errands,
        input::{Arrived, Input},
        key::Key,
        model::{Link, Model, Preferences, Setting},
        msg::Msg,
        update::{start, update},
    },
    desk::{Desk, View, handback::Handback},
    domain::moment::Moment,
};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

/// A console that is being sat at.
pub struct Sitting {
    /// What it knows.
    pub model: Model,
    /// The desk, as the one who sits there.
    pub desk: Arc<Handback>,
    errands: Errands<Handback>,
    inbound: mpsc::Receiver<Msg>,
    left: bool,
}

impl Sitting {
    /// Sits down; `name` is the console's own.
    pub fn down(desk: Handback, name: &str) -> Self {
        let desk = Arc::new(desk);
        let (errands, inbound) = Errands::new(Arc::clone(&desk));
        let model = Model::new(Setting {
            zone: jiff::tz::TimeZone::UTC,
            ascii: false,
            size: (120, 40),
            seed: name.to_owned(),
            view: View::All,
            preferences: Preferences::default(),
        });
        let mut sitting = Self {
            model,
            desk,
            errands,
            inbound,
            left: false,
        };
        sitting.tell(Msg::Clock(now()));
        for effect in start(&mut sitting.model) {
            sitting.errands.carry_out(effect);
        }
        sitting
    }

    /// Looks at the screen for so long, while things happen on it.
    pub async fn looks(&mut self, long: Duration) {
        let until = Instant::now() + long;
        while let Ok(Some(fact)) = timeout_at(until, self.inbound.recv()).await {
            self.take_in(fact);
        }
    }

    /// Looks until the screen is as wished.
    pub async fn looks_until(&mut self, what: &str, wish: impl Fn(&Model) -> bool) {
        let patience = Instant::now() + Duration::from_secs(30);
        while !wish(&self.model) {
            let fact = timeout_at(patience, self.inbound.recv()).await;
            let fact =
                fact.unwrap_or_else(|_| panic!("waited in vain for {what}: {:?}", self.says()));
            self.take_in(fact.expect("the errands live as long as this"));
        }
    }

    /// Presses a key, as a person does who saw the frame before.
    pub fn presses(&mut self, key: Key) {
        let input = Input::Key(key);
        let burst = false;
        self.take_in(Msg::Input(Arrived { input, burst }));
    }

    /// Types a text, key by key.
    pub fn types(&mut self, text: &str) {
        for character in text.chars() {
            self.presses(Key::Char(character));
        }
    }

    /// The last thing it said.
    pub fn says(&self) -> Option<String> {
        let last = self.model.notices.back()?;
        Some(last.text.as_str().to_owned())
    }

    /// Whether what is shown is true and nothing is under way.
    pub fn is_settled(&self) -> bool {
        self.model.link == Link::Live && self.model.pending.is_empty() && self.model.list.loaded
    }

    /// Leaves with `q`, as far as the desk is concerned.
    pub async fn leaves(self) {
        self.desk.sign_out().await;
    }

    /// The line breaks: nobody says goodbye.
    pub fn loses_the_line(self) {}

    fn take_in(&mut self, fact: Msg) {
        let listed = match &fact {
            Msg::Listed(_, Ok(page)) => Some(page.as_of),
            _ => None,
        };
        self.tell(fact);
        if let Some(as_of) = listed {
            self.errands.link_from(as_of);
        }
    }

    fn tell(&mut self, fact: Msg) {
        let _ = update(&mut self.model, Msg::Clock(now()));
        for effect in update(&mut self.model, fact) {
            match effect {
                Effect::Quit | Effect::TurnAway(_) => self.left = true,
                Effect::KeepDraft(..) | Effect::Draft(_) | Effect::Redraw | Effect::Suspend => {}
                other => self.errands.carry_out(other),
            }
        }
        // Every frame is seen at once.
        let _ = update(&mut self.model, Msg::Painted);
        let _ = update(&mut self.model, Msg::Shown);
    }
}

fn now() -> Moment {
    Moment(jiff::Timestamp::now().as_microsecond())
}
