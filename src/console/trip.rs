//! Where the tests make a part of a console fail (R11). Nothing of it is in the program.

use std::{env, path::Path, thread::sleep, time::Duration};

/// Names the part that is to fail.
pub(in crate::console) const PART: &str = "HANDBACK_TRIP";
/// Names the file that is there as soon as it is to fail.
pub(in crate::console) const ARMED: &str = "HANDBACK_TRIP_ARMED";

/// Says that whoever fails takes their time between leaving the terminal and saying why.
pub(in crate::console) const DAWDLES: &str = "HANDBACK_TRIP_DAWDLES";

/// Takes its time, if that was said.
pub(in crate::console) fn dawdle() {
    if env::var_os(DAWDLES).is_some() {
        sleep(Duration::from_millis(100));
    }
}

/// Fails, if it is this part's turn.
pub(in crate::console) fn over(part: &str) {
    let is_it = env::var(PART).is_ok_and(|wanted| wanted == part);
    if is_it && env::var_os(ARMED).is_some_and(|file| Path::new(&file).exists()) {
        panic!("{part} tripped, and spilt the beans");
    }
}
