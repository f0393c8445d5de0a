//! A search through every state a small world can get into: breadth first, so that what is found is the shortest way
//! there.
//!
//! Written here because what must be shown is that *every unknown can still be resolved*, from each state there is; the
//! model checkers there are for Rust look for such things along single paths, and overlook them where paths meet.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Debug,
    hash::Hash,
};

/// Something that can be searched.
pub trait World {
    /// All there is at one moment.
    type State: Clone + Eq + Hash;
    /// Something that can happen.
    type Step: Clone + Debug;

    /// How it begins.
    fn begin(&self) -> Self::State;

    /// Everything that can happen next, and what is so then. `true`: it happens by itself sooner or later, if it can
    /// go on happening; what goes wrong, and what people wish, does not.
    fn next(&self, state: &Self::State, tell: &mut dyn FnMut(Self::Step, bool, Self::State));

    /// What must never be so, if it is.
    fn wrong(&self, state: &Self::State) -> Option<&'static str>;

    /// Whether nothing is left open.
    fn is_resolved(&self, state: &Self::State) -> bool;
}

/// What a search came to.
#[derive(Debug)]
pub enum Found {
    /// Nothing is ever wrong, and whatever is open can be resolved by what happens by itself.
    Holds {
        /// States there are.
        states: usize,
        /// Ways from one to the next.
        steps: usize,
    },
    /// Something is wrong, after these steps.
    Wrong {
        /// What.
        what: &'static str,
        /// How it came to that.
        after: Vec<String>,
    },
}

/// Searches all of it.
pub fn search<W: World>(world: &W) -> Found {
    let mut known: HashMap<W::State, u32> = HashMap::new();
    let mut came: Vec<Option<(u32, W::Step)>> = vec![None];
    let mut resolved: Vec<u32> = Vec::new();
    let mut by_itself: Vec<(u32, u32)> = Vec::new();
    let mut steps = 0;
    let begin = world.begin();
    known.insert(begin.clone(), 0);
    let mut waiting = VecDeque::from([(0, begin)]);
    while let Some((number, state)) = waiting.pop_front() {
        if let Some(what) = world.wrong(&state) {
            return Found::Wrong {
                what,
                after: way(&came, number),
            };
        }
        if world.is_resolved(&state) {
            resolved.push(number);
        }
        world.next(&state, &mut |step, happens, next| {
            steps += 1;
            let fresh = u32::try_from(came.len()).expect("fewer than four thousand million");
            let to = *known.entry(next.clone()).or_insert(fresh);
            if to == fresh {
                came.push(Some((number, step)));
                waiting.push_back((fresh, next));
            }
            if happens {
                by_itself.push((to, number));
            }
        });
    }
    match never_resolved(came.len(), resolved, by_itself) {
        Some(number) => Found::Wrong {
            what: "something stays unknown for ever",
            after: way(&came, number),
        },
        None => Found::Holds {
            states: came.len(),
            steps,
        },
    }
}

/// A state from which nothing that happens by itself leads to one where nothing is open.
fn never_resolved(states: usize, resolved: Vec<u32>, mut backward: Vec<(u32, u32)>) -> Option<u32> {
    backward.sort_unstable();
    let mut leads = vec![false; states];
    let mut at = resolved;
    while let Some(to) = at.pop() {
        if !std::mem::replace(&mut leads[to as usize], true) {
            let first = backward.partition_point(|(of, _)| *of < to);
            at.extend(
                backward[first..]
                    .iter()
                    .take_while(|(of, _)| *of == to)
                    .map(|(_, from)| *from),
            );
        }
    }
    let first = leads.iter().position(|leads| !leads)?;
    Some(u32::try_from(first).expect("a state"))
}

fn way<S: Debug>(came: &[Option<(u32, S)>], mut number: u32) -> Vec<String> {
    let mut steps = Vec::new();
    while let Some((before, step)) = &came[number as usize] {
        steps.push(format!("{step:?}"));
        number = *before;
    }
    steps.reverse();
    steps
}
