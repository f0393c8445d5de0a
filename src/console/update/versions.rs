//! The desk is of another version than this console: said, and nothing is held up by it.

use crate::{
    console::{
        command::Command,
        model::{Model, Tone},
        words::keys,
    },
    desk::version::{OURS, Skew},
    domain::text::Safe,
    say,
};

/// The desk said who we are, and its version with it: told once for each. Of a desk that changed while we sat at it,
/// starting again gets us the console that came with it; else this is the newest there is here.
pub(super) fn heard(model: &mut Model, sat_here: bool) {
    let Some(desk) = model.me.as_ref().map(|me| me.desk_version.clone()) else {
        return;
    };
    let Some(skew) = Skew::of(desk.as_str()).filter(|_| model.told_version != desk) else {
        return;
    };
    let todo = match (skew, sat_here) {
        (Skew::DeskNewer, true) => say!(
            "{} and start again, drafts are kept",
            keys::named(model, Command::Quit)
        ),
        _ => Safe::literal(skew.remedy()),
    };
    let text = say!("Desk {desk}, console {OURS}: {todo}");
    model.told_version = desk;
    model.say(Tone::Warning, text);
}
