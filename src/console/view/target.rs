//! What a click can mean.

use crate::{
    console::model::some::{Column, Focus},
    desk::View,
    domain::id::ConversationId,
};

/// What lies where somebody clicks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The list, but no row of it: the wheel turns it.
    List,
    /// A row of the list.
    Row(ConversationId),
    /// The tab of a view.
    Tab(View),
    /// The tab of the drafts.
    Drafts,
    /// A draft in their view, as an index into [`all_drafts`](crate::console::model::Model::all_drafts).
    Draft(usize),
    /// The queue in the header.
    Queue,
    /// The open conversation: the wheel turns it.
    Conversation,
    /// The side panel: the wheel turns it.
    Panel,
    /// The three dots.
    Dots,
    /// The reply being written.
    Composer,
    /// A row of the three dots, as an index into [`menu::items`](crate::console::menu::items).
    MenuItem(usize),
    /// A row of a picker, as an index into [`choices`](crate::console::choices::choices).
    PickerItem(usize),
    /// An answer to a question, as an index into [`answers`](crate::console::model::About::answers).
    Answer(usize),
    /// A row of the help, as an index into [`command::TABLE`](crate::console::command::TABLE).
    HelpItem(usize),
    /// A row of the preview, as an index into its items.
    PreviewItem(usize),
    /// A place of the screen of handing back some.
    Some(Spot),
    /// What was said, counted from the newest.
    NoticeLine(usize),
    /// A line of my acts.
    ActLine(usize),
    /// The open layer, but nothing in it.
    Layer,
    /// Beside the open layer.
    Outside,
}

/// A place of the screen of handing back some that can be pressed with the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A person.
    Person(usize),
    /// A column's title.
    Title(Column),
    /// A part of the screen.
    Part(Focus),
    /// One that would move.
    Moving(usize),
    /// One that would stay.
    Staying(usize),
    /// A way it can go then.
    Then(usize),
}
