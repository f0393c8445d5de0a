//! `handback man`: the manual page, of the same command line that is parsed.

use clap::CommandFactory;

use super::{Cli, Exit, Failure, Outcome, print::Out};
use crate::console::command::{Place, TABLE};

pub(super) fn run() -> Outcome {
    let page = page().map_err(|error| Failure::new(Exit::Unknown, error))?;
    let mut out = Out::stdout();
    out.made(&page)?;
    out.finish()?;
    Ok(Exit::Done)
}

/// One page: handback itself, then each verb with its options, those of its own verbs after it.
fn page() -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    verbs(&mut page, &command, "HANDBACK")?;
    page.extend_from_slice(keys().as_bytes());
    Ok(page)
}

/// The console's keys, from the one table.
fn keys() -> String {
    let mut part = String::from(".SH \"KEYS\"\n");
    for place in Place::ALL {
        part.push_str(&format!(".SS \"{}\"\n", place.title()));
        for binding in TABLE.iter().filter(|b| b.place == place) {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            // A full stop or a dash is a sign of the manual's own language.
            let keys = keys.join(" ").replace('-', "\\-");
            part.push_str(&format!(".TP\n\\fB\\&{keys}\\fR\n{}\n", binding.what));
        }
    }
    part
}

fn verbs(page: &mut Vec<u8>, command: &clap::Command, above: &str) -> std::io::Result<()> {
    for verb in command
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help")
    {
        let name = format!("{above} {}", verb.get_name().to_uppercase());
        let man = clap_mangen::Man::new(verb.clone());
        let mut part = Vec::new();
        man.render_synopsis_section(&mut part)?;
        man.render_description_section(&mut part)?;
        man.render_options_section(&mut part)?;
        // A section of its own inside a verb's is one too many.
        let part = String::from_utf8_lossy(&part).replace(".SH ", ".SS ");
        page.extend_from_slice(format!(".SH \"{name}\"\n{part}").as_bytes());
        verbs(page, verb, &name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_tells_every_verb_and_every_exit_status() {
        let page = String::from_utf8(page().unwrap()).unwrap();
        for verb in Cli::command().get_subcommands() {
            assert!(page.contains(&format!("HANDBACK {}", verb.get_name().to_uppercase())));
        }
        for exit in Exit::ALL {
            assert!(page.contains(&format!("{}", *exit as u8)), "{exit:?}");
        }
        assert!(page.contains("Exit status"));
    }

    #[test]
    fn the_manual_tells_every_key() {
        let page = String::from_utf8(page().unwrap()).unwrap();
        for binding in TABLE {
            assert!(page.contains(binding.what), "{}", binding.name);
        }
        assert!(page.contains("\\fB\\&.\\fR"), "a full stop is text");
    }
}
