//! That the desk is closing: whoever has work under way hears of it here.

use tokio::sync::watch;

/// Waits until the desk closes.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}
