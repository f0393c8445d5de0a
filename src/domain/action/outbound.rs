//! Writing to a customer first (S2), which programs do as well as people.

use super::{Circumstances, Refusal};
use crate::domain::{
    access::Team,
    conversation::{Conversation, Handler},
    id::QueueId,
    person::Person,
};

/// What we want to say to a customer who did not ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning<'a> {
    /// The queue the conversation is to be in, if it is a new one; whose contact it is in any case.
    pub queue: &'a QueueId,
    /// What it says.
    pub body: &'a str,
    /// It is of a form that the channel's provider approved, and so no free text (S6).
    pub template: bool,
}

/// Whether a message may be sent to a contact whose open conversation, if they have one, is `open`. It takes nothing
/// over (A5). A bot's conversation is a bot's to go on with: people, who have the Conversation screen, are refused (S4).
///
/// # Errors
/// Why not; then nothing is sent.
pub fn outbound(
    team: &Team,
    by: &Person,
    open: Option<&Conversation>,
    around: Circumstances,
    beginning: Beginning<'_>,
) -> Result<(), Refusal> {
    if beginning.body.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let queue = team.queues.get(beginning.queue).filter(|q| !q.deleted);
    let queue = queue.filter(|q| team.has_access(by, q));
    let queue = queue.ok_or(Refusal::NoSuchQueue)?;
    match open {
        Some(c) if c.handler == Handler::Bot && by.permissions.conversations => {
            return Err(Refusal::BotHandles);
        }
        None if !queue.active => return Err(Refusal::QueueInactive),
        _ => {}
    }
    if around.blocked {
        return Err(Refusal::Blocked);
    }
    if around.window_closed && !beginning.template {
        return Err(Refusal::WindowClosed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        conversation::State,
        id::{ConversationId, OrganisationId, UserId},
        moment::Moment,
        organisation::Tree,
        person::Permissions,
        queue::{Queue, Rule, Turnover},
    };

    fn org(name: &str) -> OrganisationId {
        OrganisationId::parse(name).unwrap()
    }

    fn team(active: bool) -> Team {
        let queue = Queue {
            id: QueueId::parse("q").unwrap(),
            owner: org("cardiff"),
            teams: vec![],
            rule: Rule::default(),
            on_login: Turnover::default(),
            on_logout: Turnover::default(),
            max_open: None,
            active,
            deleted: false,
        };
        Team {
            tree: Tree::new([(org("cardiff"), None), (org("swansea"), None)]).unwrap(),
            queues: [(queue.id.clone(), queue)].into(),
            ..Team::default()
        }
    }

    fn somebody(of: &str, conversations: bool) -> Person {
        Person {
            id: UserId::parse("u").unwrap(),
            organisation: org(of),
            permissions: Permissions {
                conversations,
                outbound: true,
                ..Permissions::default()
            },
            suspended: false,
        }
    }

    fn open(handler: Handler) -> Conversation {
        Conversation {
            id: ConversationId::parse("c").unwrap(),
            queue: QueueId::parse("q").unwrap(),
            assignee: None,
            state: State::Open,
            handler,
            status: None,
            touched: false,
            unanswered: true,
            just_entered: true,
            since: Moment(0),
            version: 1,
            acted: 1,
        }
    }

    #[test]
    fn s2_who_has_the_queue_begins_and_nobody_else_does() {
        let queue = QueueId::parse("q").unwrap();
        let say = |body, template| Beginning {
            queue: &queue,
            body,
            template,
        };
        let hello = say("Hello", false);
        let (fine, none) = (team(true), Circumstances::default());
        let bot = somebody("cardiff", false);
        assert_eq!(outbound(&fine, &bot, None, none, hello), Ok(()));
        let stranger = outbound(&fine, &somebody("swansea", false), None, none, hello);
        assert_eq!(stranger, Err(Refusal::NoSuchQueue));
        let inactive = outbound(&team(false), &bot, None, none, hello);
        assert_eq!(inactive, Err(Refusal::QueueInactive));
        let theirs = open(Handler::Person);
        let going_on = outbound(&team(false), &bot, Some(&theirs), none, hello);
        assert_eq!(going_on, Ok(()), "it enters nothing");
        let empty = outbound(&fine, &bot, None, none, say(" ", false));
        assert_eq!(empty, Err(Refusal::Empty));
    }

    #[test]
    fn s4_s5_s6_a_bot_goes_on_by_itself_the_blocked_are_left_alone_and_a_template_is_no_free_text()
    {
        let queue = QueueId::parse("q").unwrap();
        let say = |template| Beginning {
            queue: &queue,
            body: "Hello",
            template,
        };
        let team = team(true);
        let (person, program) = (somebody("cardiff", true), somebody("cardiff", false));
        let (bots, none) = (open(Handler::Bot), Circumstances::default());
        let ask = |by, open, around, template| outbound(&team, by, open, around, say(template));
        assert_eq!(
            ask(&person, Some(&bots), none, false),
            Err(Refusal::BotHandles)
        );
        assert_eq!(ask(&program, Some(&bots), none, false), Ok(()));
        let blocked = Circumstances {
            blocked: true,
            ..none
        };
        assert_eq!(ask(&program, None, blocked, true), Err(Refusal::Blocked));
        let late = Circumstances {
            window_closed: true,
            ..none
        };
        assert_eq!(ask(&program, None, late, false), Err(Refusal::WindowClosed));
        assert_eq!(ask(&program, None, late, true), Ok(()));
    }
}
