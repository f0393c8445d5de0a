//! Where a key has its meaning: the panes, and whatever lies over them.

/// Where a key has its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere but where text is typed.
    Everywhere,
    /// In the list and in the conversation.
    Panes,
    /// In the list.
    List,
    /// In the conversation.
    Conversation,
    /// In the three dots.
    Menu,
    /// In the help.
    Help,
    /// Where one of several is chosen by typing.
    Picker,
    /// Where the list is narrowed.
    Filter,
    /// Where one says what to look for.
    Find,
    /// In the composer.
    Composer,
    /// In the composer, writing a note.
    Note,
    /// In the composer, whatever is written.
    Writing,
    /// Where a reason is written.
    Reason,
    /// In the question before a contact is blocked or a bot is ended.
    Question,
    /// In the preview of an act on several.
    Preview,
    /// When asked about leaving.
    Leaving,
    /// Handing back some: whose.
    Load,
    /// Handing back some: what is chosen.
    Choice,
    /// Handing back some: what is typed.
    Words,
    /// Handing back some: what would move and stay.
    Moving,
    /// My acts.
    Acts,
    /// In the side panel.
    Panel,
    /// One message alone.
    Alone,
    /// A reply that goes out in a moment.
    Waiting,
    /// Every draft there is.
    Drafts,
    /// Where the file of a transcript is named.
    FileName,
    /// What was said lately.
    Notices,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 27] = [
        Self::Everywhere,
        Self::Panes,
        Self::List,
        Self::Conversation,
        Self::Menu,
        Self::Help,
        Self::Picker,
        Self::Filter,
        Self::Find,
        Self::Composer,
        Self::Note,
        Self::Writing,
        Self::Reason,
        Self::Question,
        Self::Preview,
        Self::Leaving,
        Self::Load,
        Self::Choice,
        Self::Words,
        Self::Moving,
        Self::Acts,
        Self::Panel,
        Self::Alone,
        Self::Waiting,
        Self::Drafts,
        Self::FileName,
        Self::Notices,
    ];

    /// What the help calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Panes => "List and conversation",
            Self::List => "List",
            Self::Conversation => "Conversation",
            Self::Menu => "Three dots",
            Self::Help => "Help",
            Self::Picker => "Choosing",
            Self::Filter => "Narrowing the list",
            Self::Find => "Looking for conversations",
            Self::Composer => "Writing a reply",
            Self::Note => "Writing a note",
            Self::Writing => "Writing either",
            Self::Reason => "Giving a reason",
            Self::Question => "Before blocking or intervening",
            Self::Preview => "Acting on several",
            Self::Leaving => "Leaving",
            Self::Load => "Hand back some: whose",
            Self::Choice => "Hand back some: which, and where to",
            Self::Words => "Hand back some: number and reason",
            Self::Moving => "Hand back some: what moves",
            Self::Acts => "My acts",
            Self::Panel => "Side panel",
            Self::Alone => "One message alone",
            Self::Waiting => "A reply that goes out in a moment",
            Self::Drafts => "Drafts",
            Self::FileName => "Exporting a transcript",
            Self::Notices => "What was said",
        }
    }

    /// What the configuration calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Panes => "panes",
            Self::List => "list",
            Self::Conversation => "conversation",
            Self::Menu => "menu",
            Self::Help => "help",
            Self::Picker => "picker",
            Self::Filter => "filter",
            Self::Find => "find",
            Self::Composer => "composer",
            Self::Note => "note",
            Self::Writing => "writing",
            Self::Reason => "reason",
            Self::Question => "question",
            Self::Preview => "preview",
            Self::Leaving => "leaving",
            Self::Load => "load",
            Self::Choice => "choice",
            Self::Words => "words",
            Self::Moving => "moving",
            Self::Acts => "acts",
            Self::Panel => "panel",
            Self::Alone => "alone",
            Self::Notices => "notices",
            Self::Waiting => "waiting",
            Self::Drafts => "drafts",
            Self::FileName => "file-name",
        }
    }

    /// Whether characters are typed here, so that they are text and not keys.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Picker
                | Self::Filter
                | Self::Find
                | Self::Composer
                | Self::Note
                | Self::Writing
                | Self::Reason
                | Self::Words
                | Self::FileName
        )
    }

    /// Whether Enter does something to a conversation here, so that it counts as an act in a burst of keys (R7). What
    /// it does in a picker depends on what is picked.
    #[must_use]
    pub fn enter_acts(self) -> bool {
        matches!(
            self,
            Self::Menu
                | Self::Reason
                | Self::Question
                | Self::Preview
                | Self::Drafts
                | Self::FileName
        )
    }

    /// Whether something is asked here that one must have read: keys typed ahead of it are dropped (R22).
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Question | Self::Preview | Self::Leaving)
    }

    /// The places whose keys count here, nearest first.
    #[must_use]
    pub fn reach(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::Panes => &[Self::Panes, Self::Everywhere],
            Self::List => &[Self::List, Self::Panes, Self::Everywhere],
            Self::Conversation => &[Self::Conversation, Self::Panes, Self::Everywhere],
            Self::Menu => &[Self::Menu, Self::Everywhere],
            Self::Help => &[Self::Help, Self::Everywhere],
            Self::Picker => &[Self::Picker],
            Self::Filter => &[Self::Filter],
            Self::Find => &[Self::Find],
            Self::Composer => &[Self::Composer, Self::Writing],
            Self::Note => &[Self::Note, Self::Writing],
            Self::Writing => &[Self::Writing],
            Self::Reason => &[Self::Reason],
            Self::Question => &[Self::Question, Self::Everywhere],
            Self::Preview => &[Self::Preview, Self::Everywhere],
            Self::Leaving => &[Self::Leaving, Self::Everywhere],
            Self::Load => &[Self::Load, Self::Everywhere],
            Self::Choice => &[Self::Choice, Self::Everywhere],
            Self::Words => &[Self::Words],
            Self::Moving => &[Self::Moving, Self::Everywhere],
            Self::Acts => &[Self::Acts, Self::Everywhere],
            Self::Panel => &[Self::Panel, Self::Panes, Self::Everywhere],
            Self::Alone => &[Self::Alone, Self::Everywhere],
            Self::Waiting => &[Self::Waiting],
            Self::Drafts => &[Self::Drafts, Self::Everywhere],
            Self::FileName => &[Self::FileName],
            Self::Notices => &[Self::Notices, Self::Everywhere],
        }
    }
}
