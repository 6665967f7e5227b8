//! Settings: the address of one's private feed, and what one's public feed tells.

use askama::Template;
use obole_app::feeds;

use crate::address::whole;
use crate::answer::{Answer, Done, html};
use crate::form::Form;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_feed.html")]
struct FeedPage {
    page: Page,
    tab: &'static str,
    /// Since when there is a private feed; empty without one.
    since: String,
    /// Its address; empty without one, and for who has not just proved to be its owner: it lasts
    /// longer than a sign-in.
    private: String,
    is_proved: bool,
    public: String,
    tells_patrons: bool,
    has_counters: bool,
}

/// `GET /settings/feed`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron).await?)
}

/// `POST /settings/feed`: a new address; the one before opens nothing any more.
pub async fn renew(patron: Patron, _form: Form) -> Answer {
    patron.proved()?;
    feeds::renew(&patron.app, patron.account()).await?;
    Ok(patron.done("/settings/feed", &Done::new("feeds-renewed")))
}

/// `POST /settings/feed/end`
pub async fn end(patron: Patron, _form: Form) -> Answer {
    feeds::end(&patron.app, patron.account()).await?;
    Ok(patron.done("/settings/feed", &Done::new("feeds-ended")))
}

/// `POST /settings/feed/public`
pub async fn set_public(patron: Patron, form: Form) -> Answer {
    let tells_patrons = form.is_checked("patrons");
    feeds::set_tells_patrons(&patron.app, patron.account(), tells_patrons).await?;
    Ok(patron.done("/settings/feed", &Done::new("settings-saved")))
}

async fn page(patron: &Patron) -> Result<FeedPage, Problem> {
    let row = feeds::find(&patron.app, patron.account()).await?;
    let config = patron.app.config();
    let address = |path: &str| whole(config, path, patron.language);
    let is_proved = patron.proved().is_ok();
    let secret = row.number.filter(|_| is_proved);
    let secret = secret.map(|number| feeds::secret_of(&patron.app, number));
    Ok(FeedPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/feed",
        since: row.made_at.map(|at| patron.moment(at)).unwrap_or_default(),
        private: secret
            .map(|secret| address(&format!("/feed/private/{secret}")))
            .unwrap_or_default(),
        is_proved,
        public: address(&format!("/feed/creator/{}", patron.session.handle)),
        tells_patrons: row.tells_patrons,
        has_counters: config.instance.public_counters,
    })
}
