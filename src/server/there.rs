//! Who is in which conversation right now, and who keeps a draft there (L3): what every row tells of it.
//!
//! Kept in memory, since it is true for half a minute at most; only drafts are the database's as well. Whether
//! somebody may be told is asked where a row is shown and where it is sent, by the rules of that moment.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
    row::Activity,
};

/// How long somebody is there unless they say so again.
pub(crate) const FORGOTTEN_AFTER: Duration = Duration::from_secs(30);
/// In how many consoles one person can be at once; beyond, one of the others is forgotten.
const CONSOLES: usize = 16;

/// What one console says of where its person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Who.
    pub(crate) person: UserId,
    /// In which of their consoles; `None`: wherever they are.
    pub(crate) console: Option<String>,
    /// In which conversation, if in any.
    pub(crate) open: Option<ConversationId>,
    /// Doing what; `None`: nothing, and no draft is kept there either.
    pub(crate) what: Option<Activity>,
}

/// Who is where. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct There(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    board: Mutex<Board>,
    /// Rises when what some conversation shows has changed.
    changes: watch::Sender<u64>,
}

impl There {
    pub(crate) fn new(drafts: Vec<(UserId, ConversationId)>) -> Self {
        let mut board = Board::default();
        board.drafts_are(drafts);
        board.changed.clear();
        Self(Arc::new(Shared {
            board: Mutex::new(board),
            changes: watch::Sender::new(0),
        }))
    }

    /// Takes in what was said.
    pub(crate) fn hear(&self, word: &Word, now: Moment) {
        self.change(|board| board.hear(word, now));
    }

    /// Forgets who has not said for a while that they are still there.
    pub(crate) fn expire(&self, now: Moment) {
        self.change(|board| board.expire(now));
    }

    /// What was drafted is sent, or given up.
    pub(crate) fn drop_draft(&self, person: &UserId, conversation: &ConversationId) {
        self.change(|board| board.drop_draft(person, conversation));
    }

    /// The drafts as the database has them, read since [`There::drafts_version`] said `seen`: a picture that was
    /// overtaken meanwhile is not put up.
    pub(crate) fn drafts_are(&self, seen: u64, drafts: Vec<(UserId, ConversationId)>) {
        self.change(|board| {
            if board.drafts_version == seen {
                board.drafts_are(drafts);
            }
        });
    }

    pub(crate) fn drafts_version(&self) -> u64 {
        self.lock().drafts_version
    }

    /// Who is in a conversation, each once and with the most they do there: those who answer it first.
    pub(crate) fn at(&self, conversation: &ConversationId) -> Vec<(UserId, Activity)> {
        self.lock().at(conversation)
    }

    /// Whether somebody keeps a draft for a conversation.
    pub(crate) fn keeps_draft(&self, person: &UserId, conversation: &ConversationId) -> bool {
        let board = self.lock();
        let drafts = board.drafts.get(conversation);
        drafts.is_some_and(|drafts| drafts.contains(person))
    }

    /// Every conversation somebody writes an answer to right now, and every one they keep a draft for, with who.
    pub(crate) fn writing(&self) -> Vec<(ConversationId, UserId, Activity)> {
        self.lock().writing()
    }

    /// The conversations that show something else than when this was last asked.
    pub(crate) fn changed(&self) -> BTreeSet<ConversationId> {
        std::mem::take(&mut self.lock().changed)
    }

    /// These could not be shown: they are changed still.
    pub(crate) fn changed_still(&self, these: impl IntoIterator<Item = ConversationId>) {
        self.lock().changed.extend(these);
    }

    /// Wakes when [`There::changed`] has something.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    fn change(&self, change: impl FnOnce(&mut Board)) {
        let news = {
            let mut board = self.lock();
            change(&mut board);
            !board.changed.is_empty()
        };
        if news {
            self.0.changes.send_modify(|changes| *changes += 1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Board> {
        self.0.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody in one of their consoles.
type Seat = (UserId, String);

/// What they do there, and until when it is believed.
#[derive(Clone, Copy, Debug)]
struct Stay {
    what: Activity,
    until: Moment,
}

#[derive(Debug, Default)]
struct Board {
    /// In which conversation each is.
    seats: BTreeMap<Seat, ConversationId>,
    /// Who is in each conversation.
    stays: HashMap<ConversationId, BTreeMap<Seat, Stay>>,
    /// Who keeps a draft for each.
    drafts: HashMap<ConversationId, BTreeSet<UserId>>,
    /// Rises when a draft comes or goes.
    drafts_version: u64,
    /// Conversations that show something else than they did.
    changed: BTreeSet<ConversationId>,
}

impl Board {
    fn hear(&mut self, word: &Word, now: Moment) {
        let seats: Vec<Seat> = self.seats_of(&word.person, word.console.as_deref());
        let before = seats
            .iter()
            .filter_map(|seat| self.seats.get(seat))
            .chain(&word.open);
        let before = self.shown(before.cloned().collect::<Vec<_>>());
        match (&word.open, word.what) {
            (Some(open), Some(what @ (Activity::Viewing | Activity::Replying))) => {
                seats.iter().for_each(|seat| self.leave(seat));
                let seat = (
                    word.person.clone(),
                    word.console.clone().unwrap_or_default(),
                );
                let until = now.after(FORGOTTEN_AFTER);
                self.seats.insert(seat.clone(), open.clone());
                let stays = self.stays.entry(open.clone()).or_default();
                stays.insert(seat, Stay { what, until });
                self.no_more_than_a_few(&word.person);
            }
            (Some(open), what) => {
                // Gone from this one; what another console of theirs is in is not said.
                let there = |seat: &&Seat| self.seats.get(*seat) == Some(open);
                let there: Vec<&Seat> = seats.iter().filter(there).collect();
                there.into_iter().for_each(|seat| self.leave(seat));
                self.keep(&word.person, open, what == Some(Activity::Draft));
            }
            (None, _) => seats.iter().for_each(|seat| self.leave(seat)),
        }
        self.compare(before);
    }

    fn expire(&mut self, now: Moment) {
        let over: Vec<Seat> = self
            .stays
            .values()
            .flatten()
            .filter(|(_, stay)| stay.until <= now)
            .map(|(seat, _)| seat.clone())
            .collect();
        let places = over.iter().filter_map(|seat| self.seats.get(seat));
        let before = self.shown(places.cloned().collect::<Vec<_>>());
        over.iter().for_each(|seat| self.leave(seat));
        self.compare(before);
    }

    fn drop_draft(&mut self, person: &UserId, conversation: &ConversationId) {
        let before = self.shown([conversation.clone()]);
        self.keep(person, conversation, false);
        self.compare(before);
    }

    fn drafts_are(&mut self, drafts: Vec<(UserId, ConversationId)>) {
        let mut now: HashMap<ConversationId, BTreeSet<UserId>> = HashMap::new();
        for (person, conversation) in drafts {
            now.entry(conversation).or_default().insert(person);
        }
        let all = self.drafts.keys().chain(now.keys());
        let other = all.filter(|id| self.drafts.get(*id) != now.get(*id));
        let before = self.shown(other.cloned().collect::<Vec<_>>());
        self.drafts = now;
        self.compare(before);
    }

    fn at(&self, conversation: &ConversationId) -> Vec<(UserId, Activity)> {
        let stays = self.stays.get(conversation).into_iter().flatten();
        let stays = stays.map(|((person, _), stay)| (person, stay.what));
        let drafts = self.drafts.get(conversation).into_iter().flatten();
        let drafts = drafts.map(|person| (person, Activity::Draft));
        let mut most: BTreeMap<&UserId, Activity> = BTreeMap::new();
        for (person, what) in stays.chain(drafts) {
            let known = most.entry(person).or_insert(what);
            if rank(what) < rank(*known) {
                *known = what;
            }
        }
        let mut at: Vec<_> = most
            .into_iter()
            .map(|(p, what)| (p.clone(), what))
            .collect();
        at.sort_by_key(|(_, what)| rank(*what)); // Stable: those who do the same stay in the order of ids.
        at
    }

    fn writing(&self) -> Vec<(ConversationId, UserId, Activity)> {
        let stays = self.stays.iter().flat_map(|(c, stays)| {
            let replying = stays
                .iter()
                .filter(|(_, stay)| stay.what == Activity::Replying);
            replying.map(move |((person, _), stay)| (c.clone(), person.clone(), stay.what))
        });
        let drafts = self.drafts.iter().flat_map(|(c, people)| {
            let people = people.iter();
            people.map(move |person| (c.clone(), person.clone(), Activity::Draft))
        });
        let mut all: Vec<_> = stays.chain(drafts).collect();
        let key = |(c, person, what): &(ConversationId, UserId, Activity)| {
            (c.clone(), person.clone(), rank(*what))
        };
        all.sort_by_key(key);
        all.dedup(); // One who answers in two consoles answers once
        all
    }

    /// The seats meant by a console's name: that one, or all of the person's.
    fn seats_of(&self, person: &UserId, console: Option<&str>) -> Vec<Seat> {
        match console {
            Some(console) => vec![(person.clone(), console.to_owned())],
            None => {
                let from = (person.clone(), String::new());
                let theirs = self.seats.range(from..).map(|(seat, _)| seat);
                let theirs = theirs.take_while(|(whose, _)| whose == person);
                theirs.cloned().collect()
            }
        }
    }

    fn no_more_than_a_few(&mut self, person: &UserId) {
        let theirs = self.seats_of(person, None);
        let until = |seat: &&Seat| {
            let stays = self.seats.get(*seat).and_then(|open| self.stays.get(open));
            stays
                .and_then(|stays| stays.get(*seat))
                .map(|stay| stay.until)
        };
        if theirs.len() > CONSOLES
            && let Some(oldest) = theirs.iter().min_by_key(until)
        {
            if let Some(open) = self.seats.get(oldest) {
                self.changed.insert(open.clone());
            }
            self.leave(oldest);
        }
    }

    fn leave(&mut self, seat: &Seat) {
        let Some(open) = self.seats.remove(seat) else {
            return;
        };
        if let Some(stays) = self.stays.get_mut(&open) {
            stays.remove(seat);
            if stays.is_empty() {
                self.stays.remove(&open);
            }
        }
    }

    fn keep(&mut self, person: &UserId, conversation: &ConversationId, kept: bool) {
        let drafts = self.drafts.entry(conversation.clone()).or_default();
        let changed = if kept {
            drafts.insert(person.clone())
        } else {
            drafts.remove(person)
        };
        if drafts.is_empty() {
            self.drafts.remove(conversation);
        }
        self.drafts_version += u64::from(changed);
    }

    /// What these conversations show, to be compared with later.
    fn shown(&self, of: impl IntoIterator<Item = ConversationId>) -> Shown {
        of.into_iter()
            .map(|id| {
                let at = self.at(&id);
                (id, at)
            })
            .collect()
    }

    fn compare(&mut self, before: Shown) {
        for (id, at) in before {
            if self.at(&id) != at {
                self.changed.insert(id);
            }
        }
    }
}

/// What some conversations show.
type Shown = BTreeMap<ConversationId, Vec<(UserId, Activity)>>;

/// What is told first of somebody who does several things at once.
fn rank(what: Activity) -> u8 {
    match what {
        Activity::Replying => 0,
        Activity::Viewing => 1,
        Activity::Draft => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(name: &str) -> UserId {
        UserId::parse(name).unwrap()
    }

    fn conversation(name: &str) -> ConversationId {
        ConversationId::parse(name).unwrap()
    }

    fn word(who: &str, console: &str, open: &str, what: Option<Activity>) -> Word {
        Word {
            person: person(who),
            console: Some(console.to_owned()).filter(|c| !c.is_empty()),
            open: Some(open).filter(|o| !o.is_empty()).map(conversation),
            what,
        }
    }

    fn at(board: &Board, open: &str) -> Vec<(String, Activity)> {
        let at = board.at(&conversation(open)).into_iter();
        at.map(|(who, what)| (who.to_string(), what)).collect()
    }

    fn secs(secs: i64) -> Moment {
        Moment(secs * 1_000_000)
    }

    const VIEWING: Option<Activity> = Some(Activity::Viewing);
    const REPLYING: Option<Activity> = Some(Activity::Replying);
    const DRAFT: Option<Activity> = Some(Activity::Draft);

    #[test]
    fn l3_each_is_there_once_with_the_most_they_do() {
        let mut board = Board::default();
        board.hear(&word("ben", "b1", "c", VIEWING), secs(0));
        board.hear(&word("anna", "a1", "c", VIEWING), secs(0));
        board.hear(&word("anna", "a2", "c", REPLYING), secs(0));
        board.hear(&word("carl", "c1", "c", DRAFT), secs(0));
        let (viewing, replying) = (Activity::Viewing, Activity::Replying);
        let all = [
            ("anna", replying),
            ("ben", viewing),
            ("carl", Activity::Draft),
        ];
        assert_eq!(
            at(&board, "c"),
            all.map(|(who, what)| (who.to_owned(), what))
        );
        assert_eq!(board.changed, [conversation("c")].into());
        // One who goes elsewhere is there, and here no more.
        board.changed.clear();
        board.hear(&word("ben", "b1", "d", VIEWING), secs(1));
        assert_eq!(at(&board, "c").len(), 2);
        assert_eq!(board.changed, [conversation("c"), conversation("d")].into());
        // Anna's other console is still in it.
        board.hear(&word("anna", "a2", "", None), secs(1));
        assert_eq!(at(&board, "c")[0], ("anna".to_owned(), viewing));
        // Without a console, all of hers are meant.
        board.hear(&word("anna", "", "", None), secs(1));
        assert_eq!(at(&board, "c"), [("carl".to_owned(), Activity::Draft)]);
        assert!(
            board.stays.len() == 1 && board.seats.len() == 1,
            "{board:?}"
        );
    }

    #[test]
    fn l3_what_is_not_said_again_is_forgotten_and_that_is_news() {
        let mut board = Board::default();
        board.hear(&word("anna", "a1", "c", REPLYING), secs(0));
        board.hear(&word("ben", "b1", "c", DRAFT), secs(0));
        board.changed.clear();
        board.hear(&word("anna", "a1", "c", REPLYING), secs(20));
        board.expire(secs(49));
        assert_eq!(board.changed, BTreeSet::new(), "said again: no news");
        board.expire(secs(50));
        assert_eq!(board.changed, [conversation("c")].into());
        assert_eq!(
            at(&board, "c"),
            [("ben".to_owned(), Activity::Draft)],
            "a draft stays"
        );
        board.changed.clear();
        board.hear(&word("ben", "b1", "c", None), secs(9_000));
        assert_eq!(at(&board, "c"), []);
        assert_eq!(board.changed, [conversation("c")].into());
    }

    #[test]
    fn drafts_read_from_the_database_are_put_up_unless_something_was_heard_since() {
        let there = There::new(vec![(person("anna"), conversation("c"))]);
        assert_eq!(
            there.at(&conversation("c")),
            [(person("anna"), Activity::Draft)]
        );
        assert_eq!(
            there.changed(),
            BTreeSet::new(),
            "nobody was told otherwise yet"
        );
        let seen = there.drafts_version();
        there.hear(&word("ben", "b1", "c", DRAFT), secs(0));
        there.drafts_are(seen, Vec::new());
        assert_eq!(there.at(&conversation("c")).len(), 2, "overtaken");
        there.drafts_are(
            there.drafts_version(),
            vec![(person("ben"), conversation("d"))],
        );
        assert_eq!(there.at(&conversation("c")), []);
        assert_eq!(
            there.changed(),
            [conversation("c"), conversation("d")].into()
        );
    }

    #[test]
    fn one_person_cannot_fill_the_memory() {
        let mut board = Board::default();
        for n in 0..100 {
            board.hear(
                &word("anna", &format!("a{n}"), &format!("c{n}"), VIEWING),
                secs(n),
            );
        }
        assert_eq!((board.seats.len(), board.stays.len()), (CONSOLES, CONSOLES));
        assert_eq!(at(&board, "c99").len(), 1);
        assert_eq!(at(&board, "c0").len(), 0);
    }

    fn any_word() -> impl Strategy<Value = (Word, i64)> {
        let what = prop::option::of(prop::sample::select(vec![
            Activity::Viewing,
            Activity::Replying,
            Activity::Draft,
        ]));
        let place = prop::sample::select(vec!["", "c", "d", "e"]);
        ("[ab]", "[12]?", place, what, 0..15i64)
            .prop_map(|(who, console, open, what, wait)| (word(&who, &console, open, what), wait))
    }

    proptest! {
        /// Whoever follows `changed` knows what is shown, however it came about.
        #[test]
        fn l3_every_change_of_what_is_shown_is_told(words in prop::collection::vec(any_word(), 1..40)) {
            let mut board = Board::default();
            let mut known: BTreeMap<ConversationId, Vec<(UserId, Activity)>> = BTreeMap::new();
            let mut now = 0;
            for (word, wait) in words {
                now += wait;
                board.expire(secs(now));
                board.hear(&word, secs(now));
                for id in std::mem::take(&mut board.changed) {
                    known.insert(id.clone(), board.at(&id));
                }
                for id in ["c", "d", "e"].map(conversation) {
                    prop_assert_eq!(board.at(&id), known.get(&id).cloned().unwrap_or_default());
                }
            }
            board.expire(secs(now + 30));
            prop_assert!(board.seats.is_empty() && board.stays.is_empty(), "gone after 30 seconds");
        }
    }
}
