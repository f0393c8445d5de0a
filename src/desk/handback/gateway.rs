//! Handing in what customers write, for whoever speaks for a channel rather than for an advisor.

use super::{Handback, answer::read};
use crate::{
    desk::Trouble,
    wire::inbound::{Inbound, Received},
};

impl Handback {
    /// Hands in a customer's message; handing it in twice does nothing twice.
    ///
    /// # Errors
    /// [`Trouble`]; whether the desk has it is then unknown, and handing it in again is safe.
    pub async fn hand_in(&self, inbound: &Inbound) -> Result<Received, Trouble> {
        read(&self.post("v1/inbound", None, inbound).await?)
    }
}
