//! What was written down is kept: every rule of `docs/rules.md` and every promise of `docs/promises.md` has a test that
//! says so by its name: `q3_…`, `u3_u5_…`, `v1_to_v6_…`, `r10_…`.

mod faults;
mod promises;
mod rules;
mod tests_named;

use std::path::Path;

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
