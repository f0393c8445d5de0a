//! A customer says STOP, and is left alone (S5).

use super::{
    Result,
    writing::{Line, Writing},
};
use crate::domain::{channel::is_stop, id::ConversationId};

impl Writing<'_> {
    /// Puts the contact of a conversation on the blocklist for good if this message of theirs is a STOP, whoever had
    /// put them there until when. Answers what the history says of it; nothing if they were there for good already.
    pub(super) async fn heed_stop(
        &mut self,
        conversation: &ConversationId,
        body: &str,
    ) -> Result<Option<Line>> {
        if !is_stop(body) {
            return Ok(None);
        }
        let sql = "INSERT INTO blocked (owner, channel, address, until_at, at, by_person, operation) \
                   SELECT k.owner, k.channel, k.address, NULL, $2, '', '' \
                   FROM conversation c JOIN contact k ON k.id = c.contact WHERE c.id = $1 \
                   ON CONFLICT (owner, channel, address) DO UPDATE \
                   SET until_at = NULL, at = $2, by_person = '', operation = '' \
                   WHERE blocked.until_at IS NOT NULL";
        let news = sqlx::query(sql)
            .bind(conversation.as_str())
            .bind(self.now.0)
            .execute(&mut *self.tx)
            .await?
            .rows_affected();
        Ok((news > 0).then(|| Line {
            kind: "block",
            became: "blocked".to_owned(),
            ..Line::default()
        }))
    }
}
