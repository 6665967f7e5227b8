//! One's own claims and those of teams that one acts for: where each stands, what has to stand
//! where, looking for it now, leaving a part to somebody else, giving it away (C1 to C4).

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::{claims, teams};
use obole_domain::ClaimId;
use obole_domain::claim::{ClaimMethod, ClaimState, Evidence, Finding, Reach, Way};
use obole_store::claims::{self as stored, ClaimRow};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::claim_begin::title;
use crate::pages::claim_disputes::{self, Dispute};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// The most claims that the list shows.
const CLAIMS_MAX: i64 = 200;

#[derive(Template)]
#[template(path = "pages/claims_mine.html")]
struct ListPage {
    page: Page,
    claims: Vec<Line>,
}

/// A claim in the list.
struct Line {
    id: ClaimId,
    reach: String,
    method: String,
    class: &'static str,
    state: String,
    /// The team that it is of; empty for one's own.
    team: String,
}

#[derive(Template)]
#[template(path = "pages/claim_show.html")]
struct ClaimPage {
    page: Page,
    claim: Line,
    /// What the state means.
    meaning: String,
    /// What the last look came to; empty before the first.
    finding: String,
    is_found: bool,
    checked: String,
    next: String,
    evidence: Option<Evidence>,
    /// What to do with it, step by step.
    steps: Vec<String>,
    /// How common hosts and programs call it: name, and what to do there.
    hosts: Vec<(&'static str, String)>,
    yields: String,
    /// Claims of others within this one.
    rivals: Vec<Rival>,
    can_end: bool,
    /// Whether it stands, and whether nothing is collected for what it reaches.
    stands: bool,
    is_refusing: bool,
    /// Disputes over it or by it, and whether one can be filed.
    disputes: Vec<Dispute>,
    can_dispute: bool,
    filled: Filled,
}

/// Somebody else's claim of a part.
struct Rival {
    id: ClaimId,
    handle: String,
    reach: String,
    is_left: bool,
}

/// `GET /claims/mine`
pub async fn list(patron: Patron) -> Answer {
    let mut claims = Vec::new();
    for acting in teams::acting(&patron.app, patron.account()).await? {
        let account = acting.account;
        let found = patron.app.read((), move |read, ()| {
            Box::pin(
                async move { Ok(stored::of_account(read, account, (None, CLAIMS_MAX)).await?) },
            )
        });
        claims.extend(found.await?.iter().map(|claim| line(&patron, claim)));
    }
    let page = patron.page(Place::Creator, patron.text("claims-mine"));
    answer::html(&ListPage { page, claims })
}

/// `GET /claims/mine/{id}`
pub async fn show(patron: Patron, Path(id): Path<String>) -> Answer {
    let claim = find(&patron, &id).await?;
    answer::html(&page(&patron, &claim, Filled::default()).await?)
}

/// The page again with what was refused.
pub(super) async fn refused(patron: &Patron, claim: &ClaimRow, form: &Form) -> Answer {
    answer::unprocessable(&page(patron, claim, form.filled()).await?)
}

/// `POST /claims/mine/{id}/check`
pub async fn check(patron: Patron, Path(id): Path<String>, _form: Form) -> Answer {
    let claim = find(&patron, &id).await?;
    let claim = claims::check(&patron.app, Actor::Page(patron.account()), claim.id).await?;
    let key = match (claim.life.state, claim.finding) {
        (ClaimState::Contested, _) => "claims-checked-contested",
        (_, Some(Finding::Found)) => "claims-checked-found",
        _ => "claims-checked-not",
    };
    Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new(key)))
}

/// `POST /claims/mine/{id}/leave`: needs a fresh sign-in (W3).
pub async fn leave(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    patron.proved()?;
    let mine = ClaimId::parse(&id).ok_or_else(Problem::not_found)?;
    let theirs = ClaimId::parse(form.text("claim")).ok_or_else(Problem::malformed)?;
    claims::leave(&patron.app, Actor::Page(patron.account()), (mine, theirs)).await?;
    Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new("claims-left")))
}

/// `POST /claims/mine/{id}/give-away`: needs a fresh sign-in (W3).
pub async fn give_away(patron: Patron, Path(id): Path<String>, _form: Form) -> Answer {
    patron.proved()?;
    let claim = find(&patron, &id).await?;
    claims::give_away(&patron.app, Actor::Page(patron.account()), claim.id).await?;
    Ok(patron.done("/claims/mine", &Done::new("claims-given-away")))
}

/// `POST /claims/mine/{id}/refuse`: no money for all that it reaches, or money again (C7); needs a
/// fresh sign-in, as what was promised is let go of.
pub async fn set_refuses(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    patron.proved()?;
    let claim = find(&patron, &id).await?;
    let refuses = match form.text("refuses") {
        "yes" => true,
        "no" => false,
        _ => return Err(Problem::malformed()),
    };
    claims::set_refuses(&patron.app, Actor::Page(patron.account()), claim.id, refuses).await?;
    let key = if refuses { "claims-refused" } else { "claims-collects" };
    Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new(key)))
}

/// A claim that the reader acts for; to others it is not there.
pub(super) async fn find(patron: &Patron, id: &str) -> Result<ClaimRow, Problem> {
    let id = ClaimId::parse(id).ok_or_else(Problem::not_found)?;
    let found = patron
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(stored::find(read, id).await?) }));
    let found = found.await?.ok_or_else(Problem::not_found)?;
    if teams::may_act(&patron.app, patron.account(), found.account).await? {
        return Ok(found);
    }
    Err(Problem::not_found())
}

async fn rivals(patron: &Patron, claim: &ClaimRow) -> Result<Vec<Rival>, Problem> {
    if !claim.life.state.stands() {
        return Ok(Vec::new());
    }
    let found = patron.app.read(claim.reach.clone(), |read, reach| {
        Box::pin(async move { Ok(stored::overlapping(read, reach).await?) })
    });
    let is_rival = |other: &ClaimRow| {
        other.account != claim.account
            && other.reach != claim.reach
            && claim.reach.holds(&other.reach)
    };
    let others = found.await?.into_iter().filter(is_rival);
    let rival = |other: ClaimRow| Rival {
        id: other.id,
        handle: other.handle.to_string(),
        reach: other.reach.to_string(),
        is_left: other.life.state == ClaimState::Proven && other.yields.is_none(),
    };
    Ok(others.map(rival).collect())
}

async fn page(patron: &Patron, claim: &ClaimRow, form: Filled) -> Result<ClaimPage, Problem> {
    let rivals = rivals(patron, claim).await?;
    let (disputes, can_dispute) = claim_disputes::of(patron, claim).await?;
    let id = claim.id;
    let has_refused = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(stored::has_refused(read, id).await?) })
    });
    let has_refused = has_refused.await?;
    let config = patron.app.config();
    let (base, instance) = (config.base_url(), config.instance.name.as_str());
    let way = Way { method: claim.method, reach: claim.reach.clone() };
    let is_open = claim.life.state != ClaimState::Lost;
    let evidence = claim.token.as_ref().filter(|_| is_open).map(|token| {
        let link = token.link(&base, claim.handle.as_str());
        way.evidence(token, (&link, instance))
    });
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| patron.moment(at)).unwrap_or_default();
    let yields = claim
        .yields
        .map(|(_, at)| patron.with("claims-yields", &[("date", patron.moment(at).into())]));
    Ok(ClaimPage {
        page: patron.page(Place::Creator, claim.reach.to_string()),
        claim: line(patron, claim),
        meaning: patron.text(meaning(claim)),
        finding: claim.finding.map(|f| patron.text(found(claim, f))).unwrap_or_default(),
        is_found: claim.finding == Some(Finding::Found),
        checked: moment(claim.checked_at),
        next: moment(claim.next_check_at),
        steps: evidence.as_ref().map(|_| steps(patron, &way)).unwrap_or_default(),
        hosts: evidence.as_ref().map(|_| hosts(patron, &way)).unwrap_or_default(),
        evidence,
        yields: yields.unwrap_or_default(),
        rivals,
        can_end: is_open,
        stands: claim.life.state.stands(),
        is_refusing: claim.refuses_since.is_some() || has_refused,
        disputes,
        can_dispute,
        filled: form,
    })
}

fn line(visitor: &Visitor, claim: &ClaimRow) -> Line {
    let is_own = visitor.session.as_ref().is_some_and(|s| s.account == claim.account);
    let (class, key) = match claim.life.state {
        ClaimState::Challenged => ("waiting", "claims-challenged"),
        ClaimState::Contested => ("waiting", "claims-contested"),
        ClaimState::Proven if claim.yields.is_some() => ("bad", "claims-yielding"),
        ClaimState::Proven if claim.life.confirmed_at.is_none() => ("waiting", "claims-new"),
        ClaimState::Proven => ("good", "claims-proven"),
        ClaimState::Stale => ("bad", "claims-stale"),
        ClaimState::Lost => ("", "claims-lost"),
    };
    Line {
        id: claim.id,
        reach: claim.reach.to_string(),
        method: visitor.text(title(claim.method)),
        class,
        state: visitor.text(key),
        team: if is_own { String::new() } else { claim.handle.to_string() },
    }
}

fn meaning(claim: &ClaimRow) -> &'static str {
    match claim.life.state {
        ClaimState::Challenged => "claims-challenged-means",
        ClaimState::Contested => "claims-contested-means",
        ClaimState::Proven if claim.method == ClaimMethod::Operator => "claims-operator-means",
        ClaimState::Proven if claim.life.confirmed_at.is_none() => "claims-new-means",
        ClaimState::Proven => "claims-proven-means",
        ClaimState::Stale => "claims-stale-means",
        ClaimState::Lost => "claims-lost-means",
    }
}

/// What a look came to, in a sentence that says what to do.
fn found(claim: &ClaimRow, finding: Finding) -> &'static str {
    match (finding, claim.method) {
        (Finding::Found, _) => "claims-found",
        (Finding::Other, ClaimMethod::Dns) => "claims-other-dns",
        (Finding::Other, _) => "claims-other",
        (Finding::Missing, ClaimMethod::Dns) => "claims-missing-dns",
        (Finding::Missing, ClaimMethod::File) => "claims-missing-file",
        (Finding::Missing, ClaimMethod::Funding) => "claims-missing-funding",
        (Finding::Missing, ClaimMethod::Meta) => "claims-missing-meta",
        (Finding::Missing, _) => "claims-missing-rel-me",
        (Finding::Unsafe, _) => "claims-unsafe",
        (Finding::Unclear, ClaimMethod::Dns) => "claims-unclear-dns",
        (Finding::Unclear, _) => "claims-unclear",
    }
}

fn steps(visitor: &Visitor, way: &Way) -> Vec<String> {
    let keys: &[&str] = match (way.method, &way.reach) {
        (ClaimMethod::Dns, _) => &["claims-dns-1", "claims-dns-2", "claims-dns-3"],
        (ClaimMethod::File, _) => &["claims-file-1", "claims-file-2"],
        (ClaimMethod::Funding, _) => &["claims-funding-1", "claims-funding-2"],
        (ClaimMethod::Meta, _) => &["claims-meta-1", "claims-meta-2"],
        (ClaimMethod::RelMe, Reach::Below(_)) => &["claims-profile-1", "claims-profile-2"],
        (ClaimMethod::RelMe | ClaimMethod::Operator, _) => &["claims-rel-me-1"],
    };
    keys.iter().map(|key| visitor.text(key)).collect()
}

/// How it is done at common hosts and with common programs. Their names are theirs.
fn hosts(visitor: &Visitor, way: &Way) -> Vec<(&'static str, String)> {
    let keys: &[(&'static str, &str)] = match (way.method, &way.reach) {
        (ClaimMethod::Dns, _) => &[
            ("OVHcloud", "claims-host-ovh"),
            ("Gandi", "claims-host-gandi"),
            ("Cloudflare", "claims-host-cloudflare"),
            ("Infomaniak", "claims-host-infomaniak"),
            ("BIND, Knot, NSD", "claims-host-zone"),
        ],
        (ClaimMethod::File, _) => &[
            ("Apache, nginx, Caddy", "claims-host-server"),
            ("WordPress", "claims-host-wordpress-file"),
            ("Hugo, Jekyll, Eleventy", "claims-host-static-file"),
            ("GitHub Pages, Codeberg Pages", "claims-host-pages-file"),
        ],
        (ClaimMethod::Meta, _) => &[
            ("WordPress", "claims-host-wordpress-meta"),
            ("Ghost", "claims-host-ghost"),
            ("Hugo, Jekyll, Eleventy", "claims-host-static-meta"),
            ("SPIP", "claims-host-spip"),
        ],
        (ClaimMethod::RelMe, Reach::Below(_)) => &[
            ("Mastodon, Pixelfed", "claims-host-mastodon"),
            ("GitHub", "claims-host-github"),
            ("Codeberg, Forgejo", "claims-host-forgejo"),
        ],
        _ => &[],
    };
    keys.iter().map(|(name, key)| (*name, visitor.text(key))).collect()
}
