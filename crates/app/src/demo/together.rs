//! What the community does together: a team, and works that pass something on.

use obole_domain::{AccountId, CanonicalUrl, Handle, TeamRole};
use obole_store::teams as stored;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::{pass_on, teams};

/// The work that the team makes.
pub(super) const ALBUM: &str = "https://band.example/album";

/// The team's handle.
const BAND: &str = "demo-band";

/// Founds a team of some creators, the first of whom owns it. They do not wait for the mails of
/// invitations, which reach nobody in a demonstration.
pub(super) async fn found(app: &App, creators: &[AccountId]) -> Result<AccountId> {
    let owner = Actor::Page(creators.first().copied().ok_or(Error::NotFound)?);
    let handle = Handle::parse(BAND)?;
    let team = teams::found(app, owner, handle, "Demo Band").await?;
    let roles = [TeamRole::Keeper, TeamRole::Member, TeamRole::Viewer];
    let others: Vec<_> = creators.iter().copied().skip(1).zip(roles).collect();
    let now = app.now();
    let joined = app.write(others, move |tx, others| {
        Box::pin(async move {
            for (account, role) in others {
                stored::set_member(tx, (team, *account), (*role, now)).await?;
            }
            Ok(())
        })
    });
    joined.await?;
    let parts = creators.iter().copied().zip([5_000, 2_500, 1_500]);
    teams::set_percentages(app, owner, team, parts.collect()).await?;
    Ok(team)
}

/// Lets a work of a creator pass on a tenth to some others.
pub(super) async fn pass(
    app: &App,
    (owner, url): (AccountId, CanonicalUrl),
    to: Vec<CanonicalUrl>,
) -> Result<()> {
    let work = app.read(url, |read, url| {
        Box::pin(async move { Ok(obole_store::works::find_by_url(read, url).await?) })
    });
    let work = work.await?.ok_or(Error::NotFound)?.id;
    let targets = to.into_iter().zip([3, 2, 1]).collect();
    pass_on::set(app, Actor::Page(owner), work, (1_000, targets)).await
}
