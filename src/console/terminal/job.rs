//! Job control: to be stopped, and whether anybody could continue us (R12).

use rustix::process::{self, Signal};

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
/// system does not tell (it has no `/proc`), the answer is `true`: to stay is better than to be stopped for ever.
pub(super) fn is_orphaned() -> bool {
    let ours = Kin::of(process::getpid().as_raw_pid());
    !ours.is_some_and(|ours| ours.has_shell(Kin::of))
}

/// Where a process belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kin {
    parent: i32,
    group: i32,
    session: i32,
}

impl Kin {
    /// As the system tells it. (The calls for it answer 0 for what is outside of our container, which rustix does not
    /// expect.)
    fn of(process: i32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The second field is the program's name in parentheses, and may itself hold spaces and parentheses. The
        // state follows, and then the three numbers.
        let after_name = &stat[stat.rfind(')')? + 1..];
        let mut numbers = after_name
            .split_ascii_whitespace()
            .skip(1)
            .map(|number| number.parse().ok());
        Some(Self {
            parent: numbers.next()??,
            group: numbers.next()??,
            session: numbers.next()??,
        })
    }

    fn has_shell(self, of: impl Fn(i32) -> Option<Self>) -> bool {
        let mut child = self;
        while let Some(parent) = of(child.parent).filter(|parent| parent.session == self.session) {
            if parent.group != self.group {
                return true;
            }
            child = parent;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells_where_we_belong() {
        let ours = Kin::of(process::getpid().as_raw_pid()).unwrap();
        assert_eq!(
            Some(ours.parent),
            process::getppid().map(process::Pid::as_raw_pid)
        );
        assert_eq!(ours.group, process::getpgrp().as_raw_pid());
    }

    /// A line of parents, each with its group and session; the first is ourselves, and the last has no parent.
    fn has_shell(line: &[(i32, i32)]) -> bool {
        let of = |nth: i32| {
            let (group, session) = *line.get(nth as usize)?;
            Some(Kin {
                parent: nth + 1,
                group,
                session,
            })
        };
        of(0).unwrap().has_shell(of)
    }

    #[test]
    fn r12_a_shell_of_our_session_with_a_group_of_its_own_can_continue_us() {
        assert!(has_shell(&[(7, 3), (3, 3), (1, 1)]));
        // Run by a script that the shell runs.
        assert!(has_shell(&[(7, 3), (7, 3), (3, 3), (1, 1)]));
    }

    #[test]
    fn r12_without_a_shell_nobody_could() {
        // `ForceCommand`: the parent belongs to another session.
        assert!(!has_shell(&[(7, 7), (1, 1)]));
        // A script in between helps nothing.
        assert!(!has_shell(&[(7, 7), (7, 7), (1, 1)]));
        // The first process of a container.
        assert!(!has_shell(&[(1, 1)]));
    }
}
