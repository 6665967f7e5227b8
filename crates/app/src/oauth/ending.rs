//! Grants end, and the developers of the apps hear of it (H1).

use obole_store::Tx;
use obole_store::oauth_grants::{self, Standing, Which};

use crate::app::App;
use crate::error::Result;
use crate::webhooks::{self, News};

/// Ends grants that their accounts, or what happened to their tokens, put an end to, with all that
/// came of them. Says which stood.
pub(crate) async fn end_with_word(app: &App, tx: &mut Tx, which: Which) -> Result<Vec<Standing>> {
    let ended = oauth_grants::revoke(tx, which, app.now()).await?;
    for one in &ended {
        let Some(owner) = one.owner else { continue };
        let news = News::grant_revoked(one.client, one.id);
        webhooks::tell(app, tx, owner, &news).await?;
    }
    Ok(ended)
}
