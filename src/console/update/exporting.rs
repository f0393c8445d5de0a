//! A transcript of the conversation shown, into a file: which form, which file, and never over another one unasked (T1).

use std::path::{Path, PathBuf};

use super::choosing;
use crate::{
    console::{
        command::{Command, Place},
        effect::Effect,
        export::{Export, NotExported},
        model::{Choosing, Field, FileName, Layer, Model, Tone},
        words::keys,
    },
    desk::{Form, Transcript},
    domain::{row::Row, text::Safe},
    say,
};

/// `. e`: asks in which form.
pub(super) fn form(model: &mut Model, row: Row) {
    choosing::form(model, Choosing::Transcript(Box::new(row)));
}

/// The form is known: asks for the file.
pub(super) fn file(model: &mut Model, row: &Row, form: Form, notes: bool) {
    let name = format!("conversation-{}.{}", row.id, form.ending());
    let file = Path::new(&model.exports).join(name).display().to_string();
    model.layers.push(Layer::FileName(FileName {
        of: Transcript {
            conversation: row.id.clone(),
            form,
            notes,
        },
        name: row.contact.shown().clone(),
        typed: Field { text: file },
        there: None,
        writing: false,
    }));
}

/// The file is named: it is written, over another one only if that was said.
pub(super) fn write(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Layer::FileName(name)) = model.layers.last_mut() else {
        return;
    };
    let typed = name.typed.text.trim().to_owned();
    if typed.is_empty() || name.writing {
        return;
    }
    name.writing = true;
    let export = Export {
        of: name.of.clone(),
        overwrite: name.there.as_ref() == Some(&typed),
        file: place(&model.exports, &typed),
    };
    effects.push(Effect::Export(name.name.clone(), export));
}

/// What was typed is a file in the usual folder, unless it says where.
fn place(folder: &str, typed: &str) -> PathBuf {
    Path::new(folder).join(typed)
}

/// It is written, or is not.
pub(super) fn done(
    model: &mut Model,
    name: &Safe,
    export: Export,
    result: Result<(), NotExported>,
) {
    let file = Safe::line(&export.file.display().to_string());
    let asked = model.layers.iter().rposition(
        |layer| matches!(layer, Layer::FileName(open) if open.writing && open.of == export.of),
    );
    match result {
        Ok(()) => {
            if let Some(at) = asked {
                model.layers.remove(at);
            }
            model.left_text = Some(model.now);
            model.say(
                Tone::Plain,
                say!("The transcript of {name} is in {file}, for you alone"),
            );
        }
        Err(not) => {
            if let Some(Layer::FileName(open)) = asked.and_then(|at| model.layers.get_mut(at)) {
                open.writing = false;
                if not == NotExported::Exists {
                    open.there = Some(open.typed.text.trim().to_owned());
                }
            }
            let text = match not {
                NotExported::Exists => {
                    let write = keys::here(model, Place::FileName, Command::Enter);
                    say!("{file} is there already: {write} again writes over it, or name another")
                }
                not => say!("Not written: the transcript of {name}, {}", not.words()),
            };
            model.say(Tone::Warning, text);
        }
    }
}
