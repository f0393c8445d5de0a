//! Why the database did not do what was asked.

/// What went wrong below the rules: never a rule's *no*, which is an
/// [`Outcome`](super::operation::Outcome). Its words name no secret and no customer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL is of no form we know.
    #[error("{0:?} is no database: sqlite:PATH or postgres://USER@HOST/NAME")]
    Url(String),
    /// A newer handback made this database.
    #[error("this database was made by a newer handback (schema {0}); use that version")]
    Newer(i64),
    /// An older handback made this database, and nobody said yet that it is to be brought up to date.
    #[error(
        "this database was made by an older handback (schema {has}, this one wants {wants}): stop the desk and run `handback admin migrate`"
    )]
    Older {
        /// The schema it has.
        has: i64,
        /// The one this handback wants.
        wants: i64,
    },
    /// A desk serves this database, which is to be put back or changed.
    #[error("a desk is serving this database: stop it first, on every host where one runs")]
    Served,
    /// Somebody has this database alone.
    #[error("this database is being put back, or its schema changed: wait until that is done")]
    UnderWay,
    /// The database does not answer, is full, or said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// Its schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date: {0}")]
    Schema(sqlx::migrate::MigrateError),
    /// A row holds what no row can: another program wrote to it.
    #[error("the database holds {what} {value:?}, which is none")]
    Corrupt {
        /// What should have been there.
        what: &'static str,
        /// What is there.
        value: String,
    },
    /// A team file is wrong.
    #[error(transparent)]
    TeamFile(#[from] super::TeamFileError),
    /// The operation id was used before, for something else (R20).
    #[error("this operation id was used for something else")]
    OtherContent,
    /// A cursor that this desk never gave.
    #[error("this is no cursor of this desk")]
    NotACursor,
    /// Others changed what this was decided by before it could be done; it may simply be run again, whole.
    #[error("others were faster again and again")]
    Overtaken,
    /// More was asked at once than one transaction takes.
    #[error("at most {0} at once")]
    TooMany(usize),
    /// No randomness to make ids and tokens from.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl StoreError {
    pub(super) fn corrupt(what: &'static str, value: impl Into<String>) -> Self {
        Self::Corrupt {
            what,
            value: value.into(),
        }
    }

    /// There is no room for it on the disk, or the disk takes nothing any more (R30).
    pub(crate) fn is_for_want_of_room(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // SQLite: full; what could not be written, made sure of, or lengthened. PostgreSQL: disk full.
        matches!(
            error.code().as_deref(),
            Some("13" | "778" | "1034" | "1546" | "4874" | "53100")
        )
    }

    /// The line to the database is dead, and nothing was asked on it that could have been done.
    pub(super) fn is_of_a_dead_line(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => true,
            // PostgreSQL: told to go by an administrator, by a crash of another one, or because the server starts.
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code.starts_with("57P"))
            }
            _ => false,
        }
    }

    /// Two transactions were in each other's way and this one lost, having changed nothing: it may
    /// simply be run again, whole.
    pub(super) fn lost_a_race(&self) -> bool {
        if matches!(self, Self::Overtaken) {
            return true;
        }
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // PostgreSQL: serialization failure, deadlock, unique violation; SQLite: busy, and
        // constraint on a key that another process inserted first.
        error.is_unique_violation()
            || matches!(
                error.code().as_deref(),
                Some("40001" | "40P01" | "5" | "6" | "261" | "517")
            )
    }
}

/// What every call of the store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
