//! What is said of a fault in handback itself. A panic's text may hold what strangers wrote, so it goes out as
//! [`Safe`] (R1), and without the environment (R42).

use color_eyre::config::{HookBuilder, Theme};

use super::print::note;
use crate::domain::text::Safe;

/// Reports panics. The report is prepared when there is one, so that a start costs nothing.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let (hook, _) = HookBuilder::blank()
            .theme(Theme::new())
            .display_env_section(false)
            .into_hooks();
        note(&Safe::text(&hook.panic_report(panic).to_string()));
    }));
}
