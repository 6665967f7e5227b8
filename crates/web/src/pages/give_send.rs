//! `POST /give`: the confirmed click of who is signed in; who is not signs in or up, and comes back
//! to the same click.

use obole_app::{clicks, sites};
use obole_domain::click::Way;
use obole_domain::{CanonicalUrl, Refusal, Site, WorkId};

use crate::address::with_query;
use crate::answer::{self, Answer, see_other};
use crate::form::Form;
use crate::pages::clicks_change::{policy, read_give};
use crate::pages::give_kept::way_in;
use crate::pages::give_show;
use crate::visitor::{Patron, Visitor};

/// The most characters of a note that is kept while its author signs in.
const NOTE_KEPT: i64 = 200;

/// `POST /give`
pub async fn give(visitor: Visitor, mut form: Form) -> Answer {
    let policy = policy(&visitor.app).await?;
    let Some(give) = read_give(&mut form, &policy) else { return refused(&visitor, form).await };
    let Some(session) = visitor.session.clone() else { return enter(&visitor, form).await };
    let key = form.key()?;
    let patron = Patron { visitor, session };
    let way = match at_once(&patron, &form).await {
        Ok(way) => way,
        Err(error) => {
            form.refused(error)?;
            return refused(&patron, form).await;
        }
    };
    match clicks::give(&patron.app, patron.account(), &key, clicks::Give { way, ..give }).await {
        Ok(given) => {
            let work = WorkId::new(given.value.work).to_string();
            let from = form.text("from");
            Ok(see_other(&with_query("/give/done", &[("work", &work), ("from", from)])))
        }
        Err(error) => {
            form.refused(error)?;
            refused(&patron, form).await
        }
    }
}

/// The way of a click: by itself from the work's own site, which the patron trusts and which is
/// counted (B5), or pressed on the page.
async fn at_once(patron: &Patron, form: &Form) -> obole_app::Result<Way> {
    if form.text("way") != &*Way::Site.code() {
        return Ok(Way::Page);
    }
    let (site, url) = (Site::parse(form.text("from"))?, CanonicalUrl::parse(form.text("url"))?);
    if !site.holds(&url) {
        return Err(Refusal::SiteAsks {}.into());
    }
    sites::count(&patron.app, patron.account(), site).await?;
    Ok(Way::Site)
}

/// The doors, with the click to come back to.
async fn enter(visitor: &Visitor, mut form: Form) -> Answer {
    if let Some(way_in) = way_in(&visitor.app, &form) {
        return Ok(see_other(&way_in));
    }
    form.refuse("note", &Refusal::TooLong { limit: NOTE_KEPT });
    refused(visitor, form).await
}

async fn refused(visitor: &Visitor, form: Form) -> Answer {
    let Ok(url) = CanonicalUrl::parse(form.text("url")) else {
        return give_show::ask(visitor, &form);
    };
    answer::unprocessable_window(&give_show::refused(visitor, url, form.filled()).await?)
}
