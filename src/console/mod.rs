//! Floor 3a: the console an advisor sits in front of.
//!
//! The heart is two pure functions: [`update::update`] takes a fact and changes the [`model::Model`],
//! [`view::view`] draws the model. What the world is to do comes out as [`effect::Effect`]s, what
//! it did comes back as [`msg::Msg`]s. Only [`runtime`], [`errands`], [`drafts`], [`bookmarks`],
//! [`export`] and [`terminal`] touch the world.
//!
//! In reading order, from the ground: [`command`] wishes, and the one table of keys · [`keymap`] what an advisor changed of it ·
//! [`numbers`] what tells one wish from another · [`compose`] the reply or note being written · [`bookmark`] where one is ·
//! [`menu`] the three dots · [`model`] what a console knows · [`msg`] facts · [`effect`] orders · [`words`] how acts, keys and times
//! are written · [`choices`] what pickers offer · [`view`] and [`theme`] what is shown · [`update`] what each fact changes. Nothing
//! reaches up.

pub mod bookmark;
pub mod bookmarks;
pub mod choices;
pub mod command;
pub mod compose;
pub mod draft;
pub mod drafts;
pub mod effect;
pub mod errands;
pub mod export;
mod guard;
pub mod input;
mod keeper;
pub mod key;
pub mod keymap;
pub mod menu;
pub mod model;
pub mod msg;
pub mod numbers;
mod pace;
pub mod pending;
pub mod runtime;
pub mod terminal;
pub mod theme;
#[cfg(test)]
mod trip;
pub mod update;
pub mod view;
pub mod words;
