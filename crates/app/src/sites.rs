//! Trusted sites (security.md B5): their buttons give at once, on their own works, so often a day.

use obole_domain::click::Way;
use obole_domain::{AccountId, Period, Refusal, Site};
use obole_store::clicks::{self, ClickKey};
use obole_store::{limits as counts, trusted_sites};

use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::SITE;
use crate::secrets::hex;

/// A trusted site, and how many clicks of the open period it posted by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// Which.
    pub site: Site,
    /// Since when.
    pub at: jiff::Timestamp,
    /// How many clicks can be taken back.
    pub clicks: usize,
}

/// Trusts a site. Doing it again changes nothing, so it needs no key. Refused where as many are
/// trusted as can be.
pub async fn trust(app: &App, account: AccountId, site: Site) -> Result<()> {
    let now = app.now();
    app.write(site, move |tx, site| {
        Box::pin(async move {
            let trusted = trusted_sites::of(tx, account).await?;
            let is_there = trusted.iter().any(|(there, _)| there == site);
            if !is_there && trusted.len() as i64 >= Site::TRUSTED_MAX {
                return Err(Refusal::SitesFull { limit: Site::TRUSTED_MAX }.into());
            }
            trusted_sites::add(tx, account, site, now).await?;
            Ok(())
        })
    })
    .await
}

/// Trusts a site no more: its buttons ask again.
pub async fn distrust(app: &App, account: AccountId, site: Site) -> Result<()> {
    app.write(site, move |tx, site| {
        Box::pin(async move {
            trusted_sites::remove(tx, account, site).await?;
            Ok(())
        })
    })
    .await
}

/// The sites that an account trusts, by name.
pub async fn list(app: &App, account: AccountId) -> Result<Vec<Trusted>> {
    let clock = app.clock_period();
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let period = clicks::shown_period(read, clock).await?;
            let sites = trusted_sites::of(read, account).await?;
            Ok((sites, clicks::begun(read, (period, account), Way::Site).await?))
        })
    });
    let (sites, clicks) = read.await?;
    let trusted = sites.into_iter().map(|(site, at)| {
        let clicks = clicks.iter().filter(|(_, url)| site.holds(url)).count();
        Trusted { site, at, clicks }
    });
    Ok(trusted.collect())
}

/// Whether a page that a site sent a patron to may post by itself now: the site is trusted, and has
/// not done so too often today.
pub async fn may_post(app: &App, account: AccountId, site: Site) -> Result<bool> {
    let (subject, begins) = (subject(app, account, &site), SITE.begins(app.now()));
    let limits_off = app.config().limits.off;
    app.read((site, subject), move |read, (site, subject)| {
        Box::pin(async move {
            if !trusted_sites::is_trusted(read, account, site).await? {
                return Ok(false);
            }
            let count = counts::stands_at(read, SITE.name, subject, begins).await?;
            Ok(limits_off || count < SITE.count)
        })
    })
    .await
}

/// Counts a click that a site is about to post by itself. Refused where the site is not trusted,
/// and over the day's limit: then the patron is asked.
pub async fn count(app: &App, account: AccountId, site: Site) -> Result<()> {
    if !may_post(app, account, site.clone()).await? {
        return Err(Refusal::SiteAsks {}.into());
    }
    // Of many at once those beyond the limit come so far: they are asked like any other.
    let counted = app.limit_subject(SITE, subject(app, account, &site)).await;
    counted.map_err(|error| match error {
        Error::Refused(_) => Refusal::SiteAsks {}.into(),
        other => other,
    })
}

/// Takes back all clicks of the open period that a site posted by itself, and gives how many (B6).
pub async fn take_back_all(app: &App, patron: AccountId, site: Site) -> Result<i64> {
    let clock = app.clock_period();
    app.write(site, move |tx, site| {
        Box::pin(async move {
            let period: Period = clicks::open_period(tx, clock).await?;
            let mut count = 0;
            for (work, url) in clicks::begun(tx, (period, patron), Way::Site).await? {
                if site.holds(&url) {
                    clicks::remove(tx, ClickKey { period, patron, work }).await?;
                    count += 1;
                }
            }
            Ok(count)
        })
    })
    .await
}

/// What a patron's clicks from a site are counted under: who gives where is nobody's business, not
/// even that of who reads the limits (P1).
fn subject(app: &App, account: AccountId, site: &Site) -> String {
    let hash = app.secrets().mac("site", format!("{account} {site}").as_bytes());
    hex(&hash[..16])
}
