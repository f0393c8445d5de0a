//! The zone times are shown in: the one `TZ` names, else the host's.
//!
//! Read from its one file. jiff's own search first reads the names of all zones of the world, folder by folder,
//! which is a good part of what a console does before its first frame.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use jiff::tz::TimeZone;

use super::{Exit, Failure};
use crate::config::Config;

/// Where a host keeps its zones.
const FOLDERS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"];
/// The host's own zone.
const LOCAL: &str = "/etc/localtime";
/// The largest zone of the world takes 4 kB.
const MOST_BYTES: u64 = 64 * 1024;

/// The zone of this account, as it was when first asked for; UTC where nothing says one.
pub(super) fn zone() -> TimeZone {
    static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
        let text = |name| std::env::var(name).ok();
        find(text("TZ").as_deref(), text("TZDIR").as_deref(), read)
    });
    ZONE.clone()
}

/// The zone that the settings ask for, else that of this account.
///
/// # Errors
/// There is none of that name, with the line that asks for it.
pub(super) fn of(config: &Config) -> Result<TimeZone, Failure> {
    let Some(wanted) = &config.console.zone else {
        return Ok(zone());
    };
    named(&wanted.value).ok_or_else(|| {
        let what = format!(
            "this host knows no zone `{}`: one such as \"Europe/London\" or \"UTC\"",
            wanted.value
        );
        Failure::new(Exit::Usage, wanted.spot.complaint(what))
    })
}

/// The zone of a name, as the settings give it.
fn named(name: &str) -> Option<TimeZone> {
    let is_utc = ["UTC", "Etc/UTC"].contains(&name);
    let zone = find(Some(name), None, read);
    (is_utc || zone != TimeZone::UTC).then_some(zone)
}

/// As the C library reads `TZ`: unset is the host's zone, empty is UTC, else the name of a zone, the path of its
/// file, or its rules in the words of POSIX.
fn find(
    tz: Option<&str>,
    folder: Option<&str>,
    read: impl Fn(&Path) -> Option<Vec<u8>>,
) -> TimeZone {
    let parsed = |path: &Path| TimeZone::tzif(&path.to_string_lossy(), &read(path)?).ok();
    let Some(tz) = tz else {
        return parsed(Path::new(LOCAL)).unwrap_or(TimeZone::UTC);
    };
    let name = tz.strip_prefix(':').unwrap_or(tz);
    if name.is_empty() {
        return TimeZone::UTC;
    }
    let folders = folder.into_iter().chain(FOLDERS);
    // Joined to an absolute path, a folder is no part of it.
    let mut files = folders.map(|folder| PathBuf::from(folder).join(name));
    files
        .find_map(|path| parsed(&path))
        .or_else(|| TimeZone::posix(name).ok())
        .unwrap_or(TimeZone::UTC)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let is_small = fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST_BYTES);
    is_small.then(|| fs::read(path).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zone of version 1 that is ever so many hours ahead of UTC.
    fn file(hours: i32) -> Vec<u8> {
        let mut bytes = b"TZif\0".to_vec();
        bytes.extend([0; 15]);
        // No leap seconds or transitions; one kind of time, whose name takes 4 bytes.
        for count in [0_u32, 0, 0, 0, 1, 4] {
            bytes.extend(count.to_be_bytes());
        }
        bytes.extend((hours * 3600).to_be_bytes());
        bytes.extend(b"\0\0ABC\0");
        bytes
    }

    /// The hours ahead of UTC, on a host whose zone is 1, that has a zone of 2 in its folder and one of 3 elsewhere.
    fn hours(tz: Option<&str>, folder: Option<&str>) -> i32 {
        let zone = find(tz, folder, |path| {
            Some(file(match path.to_str()? {
                LOCAL => 1,
                "/usr/share/zoneinfo/Some/Where" => 2,
                "/else/where" => 3,
                _ => return None,
            }))
        });
        zone.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds() / 3600
    }

    #[test]
    fn tz_is_read_as_the_c_library_reads_it() {
        assert_eq!(hours(None, None), 1);
        assert_eq!(hours(Some(""), None), 0);
        assert_eq!(hours(Some("Some/Where"), None), 2);
        assert_eq!(hours(Some(":Some/Where"), Some("/nothing/here")), 2);
        assert_eq!(hours(Some("/else/where"), None), 3);
        assert_eq!(hours(Some("where"), Some("/else")), 3);
        assert_eq!(hours(Some("EST5"), None), -5);
        assert_eq!(hours(Some("No/Such Zone"), None), 0);
    }

    #[test]
    fn a_zone_there_is_not_is_said_with_its_line() {
        let parse = |text: &str| Config::parse(text, Path::new("config.toml")).unwrap();
        let why = of(&parse("[console]\nzone = \"Mars/Base\""))
            .unwrap_err()
            .why;
        assert!(
            why.as_str()
                .starts_with("config.toml:2: this host knows no zone"),
            "{why}"
        );
        assert!(of(&parse("console.zone = \"UTC\"")).is_ok());
    }

    #[test]
    fn a_zone_of_the_settings_is_one_there_is() {
        assert!(named("UTC").is_some());
        assert_eq!(named("No/Such Zone"), None);
        assert_eq!(named(""), None);
        let rules = named("EST5").map(|zone| zone.to_offset(jiff::Timestamp::UNIX_EPOCH));
        assert_eq!(rules.map(|offset| offset.seconds()), Some(-5 * 3600));
    }

    #[test]
    fn what_is_no_file_or_no_zone_is_not_read() {
        assert_eq!(read(Path::new("/dev/zero")), None);
        assert_eq!(read(Path::new("/usr")), None);
        let junk = find(None, None, |_| Some(b"junk".to_vec()));
        assert_eq!(junk, TimeZone::UTC);
    }
}
