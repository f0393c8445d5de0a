//! Whether anybody is there: a call without a question, for whoever looks into what is wrong.

use std::time::{Duration, Instant};

use reqwest::Method;

use super::{Handback, answer::trouble};
use crate::{desk::Trouble, domain::moment::Moment};

/// That somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knocked {
    /// How long the answer took, connecting included.
    pub took: Duration,
    /// What the desk's clock says, in whole seconds; `None` if it does not say.
    pub date: Option<Moment>,
}

impl Handback {
    /// Asks the desk whether it is ready, which it tells anybody.
    ///
    /// # Errors
    /// [`Trouble`], as any call.
    pub async fn knock(&self) -> Result<Knocked, Trouble> {
        let request = self.transport.request(Method::GET, "readyz", &[])?;
        let asked = Instant::now();
        let said = self.transport.exchange(request).await?;
        let took = asked.elapsed();
        if !(200..300).contains(&said.status) {
            return Err(trouble(&said));
        }
        Ok(Knocked {
            took,
            date: said.date,
        })
    }
}
