//! `handback take` (A6).

use super::{
    Global, Outcome,
    acting::{self, Plain},
};
use crate::domain::action::Deed;

pub(super) async fn run(global: &Global, verb: &Plain) -> Outcome {
    acting::plainly(global, verb, &Deed::Take).await
}
