//! Job control: to be stopped, and whether anybody could continue us (R12).

use rustix::process::{self, Pid, Signal};

/// Stops our whole process group until it is continued.
///
/// Not SIGTSTP: we listen to that one, and a handler once installed cannot be taken back without `unsafe`. To the
/// shell both look alike. The whole group, because a script that runs us must stop too, or its shell would wait on.
pub(super) fn stop() {
    let _ = process::kill_current_process_group(Signal::STOP);
}

/// Whether no process of our session outside our group is the parent of somebody in it, so that no shell could ever
/// continue us: under `ForceCommand`, as a container's first process, in a terminal multiplexer without a shell.
///
/// Only our own line of parents is looked at: whoever else is in the group was started by one of them. Where the
/// system does not tell, the answer is `true`: to stay is better than to be stopped for ever.
pub(super) fn is_orphaned() -> bool {
    !has_shell(process::getppid())
}

fn has_shell(parent: Option<Pid>) -> bool {
    let Some(parent) = parent else { return false };
    let (Ok(session), Ok(theirs)) = (process::getsid(None), process::getsid(Some(parent))) else {
        return false;
    };
    if session != theirs {
        return false;
    }
    match process::getpgid(Some(parent)) {
        Ok(group) if group == process::getpgrp() => has_shell(parent_of(parent)),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// The parent of another process, where the system tells.
fn parent_of(child: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    let after_name = &stat[stat.rfind(')')? + 1..];
    Pid::from_raw(after_name.split_ascii_whitespace().nth(1)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_of_ourselves_is_what_the_system_says() {
        assert_eq!(parent_of(process::getpid()), process::getppid());
    }

    #[test]
    fn r12_the_first_process_of_all_has_no_shell() {
        assert!(!has_shell(None));
        assert!(!has_shell(Pid::from_raw(1)));
    }
}
