//! What each fact changes: `update(&mut Model, Msg) -> Vec<Effect>`, pure and total.
//!
//! One file a subject, and none of them goes round in circles: what several need lies below them.
//!
//! - **What somebody pressed**: [`input`] keys and mouse · [`layers`] what lies over the panes · the three [`dots`] ·
//!   [`choosing`] the pickers, and what is [`chosen`] in them · [`asking`] reasons and questions · [`leaving`] the way out ·
//!   [`locking`] the screen when nobody is there.
//! - **The list**: [`loading`] what the desk is asked for · [`listing`] its pages and changes · [`moving`] the cursor ·
//!   [`showing`] which view · [`finding`] the search · [`alerting`] who began to wait, beside the screen.
//! - **The conversation**: [`reading`] it · [`scrolling`] in it · [`panel`] what is known beside it · [`alone`] one message
//!   of it · [`exporting`] transcripts.
//! - **Acts**: [`acting`] on conversations, and undoing · [`surprise`] what an event did before it could be seen ·
//!   [`answers`] what the desk said to these, with what it is [`reporting`] of conversations · [`bouncing`] what comes straight
//!   back · [`acts`] what became of mine · [`some`] handing back some of somebody's.
//! - **Writing**: [`composing`] what is typed · [`writing`] the reply · [`noting`] the note · [`keeping`] drafts as they come
//!   and go · [`drafts`] the view of them · [`verdict`] why one cannot reply · [`crossing`] a colleague's word in between ·
//!   [`doubt`] what nobody knows whether it was sent · [`delaying`] a reply that goes out in a moment · [`phrasing`] smart
//!   phrases.
//! - **What the desk tells**: [`news`] the line and the stream · [`refetching`] all that is shown · [`attending`] what others
//!   did with what is ours · [`returning`] what happened while one was away · [`resuming`] where one was before · [`there`]
//!   where the advisor is · [`notices`] what was said · [`versions`] a desk of another version.

pub mod acting;
pub mod acts;
pub mod alerting;
pub mod alone;
pub mod answers;
pub mod asking;
pub mod attending;
pub mod bouncing;
pub mod choosing;
pub mod chosen;
pub mod composing;
pub mod crossing;
pub mod delaying;
pub mod dots;
pub mod doubt;
pub mod drafts;
pub mod exporting;
pub mod finding;
pub mod input;
pub mod keeping;
pub mod layers;
pub mod leaving;
pub mod listing;
pub mod loading;
pub mod locking;
pub mod moving;
pub mod news;
pub mod notices;
pub mod noting;
pub mod panel;
pub mod phrasing;
pub mod reading;
pub mod refetching;
pub mod reporting;
pub mod resuming;
pub mod returning;
pub mod scrolling;
pub mod showing;
pub mod some;
pub mod surprise;
pub mod there;
pub mod verdict;
pub mod versions;
pub mod writing;

#[cfg(test)]
pub(crate) mod tests;

use super::{
    effect::Effect,
    model::{Link, Model, Tone},
    msg::{Msg, Timer},
    view,
};
use crate::{desk::Trouble, say};

/// What a console does before anything happened: ask for the list, which takes longest, who it is, and for the queues.
#[must_use]
pub fn start(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    loading::load(model, crate::desk::From::Start, &mut effects);
    effects.extend([Effect::LoadMe, Effect::LoadQueues]);
    effects
}

/// Takes in one fact; what the world is to do about it comes back as orders, in order.
#[must_use]
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Clock(now) => {
            model.now = now;
            return effects;
        }
        Msg::Painted => {
            surprise::painted(model);
            some::painted(model);
            return effects;
        }
        Msg::Shown => {
            surprise::shown(model);
            some::seen(model);
            return effects;
        }
        Msg::Input(arrived) => input::handle(model, arrived, &mut effects),
        Msg::Resized(columns, rows) => model.size = (columns, rows),
        Msg::Suspending => {
            delaying::interrupted(model);
            there::suspending(model);
        }
        Msg::Resumed => {
            there::resumed(model);
            model.selecting = false; // Entered again, the terminal reports the mouse.
            effects.push(Effect::Redraw);
        }
        Msg::Me(Ok(me)) => {
            let before = model.me.replace(*me);
            if before.is_none() {
                model.there.pressed = model.now;
            }
            if let Some(warning) = model.warning.take() {
                model.say(Tone::Warning, warning);
            }
            versions::heard(model, before.is_some());
            locking::known(model, None);
            returning::arrived(model, &mut effects);
        }
        Msg::Me(Err(trouble)) => {
            locking::known(model, Some(&trouble));
            not_known(model, trouble, &mut effects);
        }
        Msg::Listed(ticket, result) => {
            if let Some(result) = leaving::arrived(model, ticket, result, &mut effects) {
                listing::arrived(model, ticket, result, &mut effects);
            }
        }
        Msg::Found(ticket, result) => finding::arrived(model, ticket, result, &mut effects),
        Msg::Queues(Ok(queues)) => {
            resuming::queues(model, &queues, &mut effects);
            model.queues = queues;
        }
        Msg::Queues(Err(_)) => {} // The list says already that the desk does not answer.
        Msg::People(None, result) => {
            finding::people(model, &result);
            some::people(model, result, &mut effects);
        }
        Msg::People(Some(id), result) => {
            some::able(model, &id, result.as_deref());
            choosing::people(model, &id, result);
        }
        Msg::Statuses(result) => choosing::statuses(model, result),
        Msg::Outlook(ticket, result) => some::outlook(model, ticket, result, &mut effects),
        Msg::Mine(ticket, result) => returning::mine(model, ticket, result),
        Msg::Bookmark(left, seen) => resuming::found(model, left, seen, &mut effects),
        Msg::Acts(ticket, result) if returning::asked(model, ticket) => {
            returning::acts(model, ticket, result);
        }
        Msg::Acts(ticket, result) if model.bounces.as_ref().is_some_and(|b| b.ticket == ticket) => {
            bouncing::acts(model, result);
        }
        Msg::Acts(ticket, result) => acts::arrived(model, ticket, result),
        Msg::Opened {
            conversation,
            oldest,
            messages,
            history,
        } => {
            reading::opened(
                model,
                &conversation,
                oldest,
                messages,
                history,
                &mut effects,
            );
            crossing::read(model, &conversation, &mut effects);
            doubt::read(model, &conversation, &mut effects);
        }
        Msg::Messages(id, part, result) => {
            reading::messages(model, &id, &part, result, &mut effects);
            crossing::read(model, &id, &mut effects);
            doubt::read(model, &id, &mut effects);
        }
        Msg::History(id, part, result) => {
            reading::history(model, &id, &part, result, &mut effects);
            doubt::read(model, &id, &mut effects);
        }
        Msg::Whole(id, message, result) => alone::whole(model, &id, &message, result),
        Msg::Known(id, known, history) => panel::known(model, &id, known, history),
        Msg::Earlier(id, part, result) => panel::earlier(model, &id, &part, result),
        Msg::Detail(id, result) => {
            drafts::detail(model, &id, &result, &mut effects);
            reading::detail(model, &id, result);
            verdict::heard(model, &id);
        }
        Msg::Answered(operation, answer) => answers::one(model, &operation, answer, &mut effects),
        Msg::ManyAnswered(operation, result) => {
            answers::many(model, &operation, result, &mut effects)
        }
        Msg::News(news) => news::hear(model, news, &mut effects),
        Msg::Timer(Timer::Rest(id)) => reading::rested(model, &id, &mut effects),
        Msg::Timer(Timer::AskAgain(operation)) => {
            answers::ask_again(model, &operation, &mut effects)
        }
        Msg::Timer(Timer::Refetch(ticket)) => loading::refetch(model, ticket, &mut effects),
        Msg::Timer(Timer::Find(ticket)) => finding::rested(model, ticket, &mut effects),
        Msg::Timer(Timer::Look(ticket)) => some::due(model, ticket, &mut effects),
        Msg::Timer(Timer::Renew(ticket)) => {
            some::renew(model, ticket, &mut effects);
            acts::renew(model, ticket, &mut effects);
        }
        Msg::Timer(Timer::WindowEnds(id)) => verdict::may_be_over(model, &id, &mut effects),
        Msg::Timer(Timer::Tick(ticket)) => {
            if delaying::is_over(model, ticket, &mut effects) {
                writing::go_out(model, &mut effects);
            }
        }
        Msg::Timer(Timer::Ages(ticket)) => {
            if model
                .composer
                .as_ref()
                .is_some_and(|c| c.ages == Some(ticket))
            {
                crossing::age(model, &mut effects);
            }
        }
        Msg::Timer(Timer::StillThere(ticket)) => there::still_there(model, ticket, &mut effects),
        Msg::Timer(Timer::StillAwake) => there::still_awake(model),
        Msg::Timer(Timer::Lock) => locking::due(model),
        Msg::Timer(Timer::Bounced(ticket)) => bouncing::gathered(model, ticket, &mut effects),
        Msg::Timer(Timer::Attend) => attending::told_with(model, None),
        Msg::Drafts(kept) => {
            keeping::found(model, kept);
            resuming::drafts(model);
            if let Some(id) = model.open.as_ref().map(|open| open.row.id.clone()) {
                doubt::read(model, &id, &mut effects);
            }
            drafts::settle(model, &mut effects);
        }
        Msg::Phrases(result) => phrasing::arrived(model, result),
        Msg::Exported(name, export, result) => exporting::done(model, &name, export, result),
        Msg::Copied(what, Ok(())) => model.say(Tone::Plain, say!("Copied {what}")),
        Msg::Copied(what, Err(why)) => {
            model.say(Tone::Warning, say!("Not copied: {what}, {why}"));
        }
        Msg::DraftNotKept(why) => {
            resuming::drafts(model);
            model.say(
                Tone::Warning,
                say!("The draft is not on disk: {why} · it stays on the screen"),
            );
        }
    }
    resuming::settle(model, &mut effects);
    returning::settle(model);
    alone::settle(model, &mut effects);
    listing::let_go(model, &mut effects);
    there::settle(model, &mut effects);
    resuming::keep(model, &mut effects);
    locking::settle(model, &mut effects);
    model.list.top = view::window::top_for(model);
    effects
}

/// The desk did not say who we are: without that there is no console.
fn not_known(model: &mut Model, trouble: Trouble, effects: &mut Vec<Effect>) {
    match trouble {
        Trouble::NotSignedIn(why) if model.me.is_none() => effects.push(Effect::TurnAway(why)),
        trouble => {
            let why = say!("{trouble}");
            if model.link == Link::Connecting {
                model.link = Link::Lost {
                    since: model.now,
                    why,
                };
            }
        }
    }
}
