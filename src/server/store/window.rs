//! Until when a channel lets us answer (S6).

use sqlx::{Any, Transaction};

use super::Result;
use crate::domain::{channel::Window, id::ConversationId, moment::Moment};

/// Whether a conversation's channel takes no free text now.
pub(super) async fn is_closed(
    tx: &mut Transaction<'static, Any>,
    conversation: &ConversationId,
    now: Moment,
) -> Result<bool> {
    let sql = "SELECT k.kind, c.customer_at FROM conversation c JOIN channel k ON k.name = c.channel \
               WHERE c.id = $1";
    let found: Option<(String, Option<i64>)> = sqlx::query_as(sql)
        .bind(conversation.as_str())
        .fetch_optional(&mut **tx)
        .await?;
    let closed =
        |(kind, wrote): (String, Option<i64>)| Window::of(&kind, wrote.map(Moment)).is_closed(now);
    Ok(found.is_some_and(closed))
}
