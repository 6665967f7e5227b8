//! Administration: who came by whom, the waiting list, and who may invite more or fewer.

use std::collections::BTreeMap;

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::invitations::{self, TREE_MAX};
use obole_app::waiting::{self, NEXT_MAX};
use obole_domain::invitation::INVITED_MAX;
use obole_domain::{AccountId, Handle, Refusal};
use obole_store::invitations::Came;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

const HERE: &str = "/admin/invitations";

#[derive(Template)]
#[template(path = "pages/admin_invitations.html")]
struct InvitationsPage {
    page: Page,
    filled: Filled,
    waiting: i64,
    twigs: Vec<Twig>,
    /// Whether more came than the picture shows.
    is_cut: bool,
}

/// A piece of the tree, in the order in which it is read: lists within lists.
#[derive(Debug, PartialEq, Eq)]
enum Twig {
    /// Somebody's entry begins.
    Begin { handle: String, since: String },
    /// The list of those whom they invited begins.
    Open,
    /// It ends.
    Close,
    /// The entry ends.
    End,
}

/// `GET /admin/invitations`
pub async fn show(admin: Admin) -> Answer {
    html(&page(&admin, Filled::default()).await?)
}

/// `POST /admin/invitations/next`: lets the next of the waiting list in.
pub async fn next(admin: Admin, mut form: Form) -> Answer {
    if let Some(count) = form.read("next", |typed| number(typed, NEXT_MAX)) {
        match waiting::invite_next(&admin.app, actor(&admin), count).await {
            Ok(count) => {
                let done = Done::new("invitations-next-done").with("count", count);
                return Ok(admin.done(HERE, &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&admin, form.filled()).await?)
}

/// `POST /admin/invitations/more`: gives one account more, or takes away.
pub async fn more(admin: Admin, mut form: Form) -> Answer {
    let whose = form.read("account", Handle::parse);
    let count = form.read("count", |typed| number(typed, INVITED_MAX));
    if let (Some(whose), Some(count)) = (whose, count) {
        let done = Done::new("invitations-more-done").with("handle", whose.to_string());
        match invitations::set_more(&admin.app, actor(&admin), whose, count).await {
            Ok(()) => return Ok(admin.done(HERE, &done)),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&admin, form.filled()).await?)
}

fn number(typed: &str, limit: i64) -> Result<i64, Refusal> {
    let typed = typed.trim().replace('\u{2212}', "-");
    if typed.is_empty() {
        return Err(Refusal::Missing {});
    }
    typed.parse().map_err(|_| Refusal::InvitationCount { limit })
}

fn actor(admin: &Admin) -> Actor {
    Actor::Page(admin.account())
}

async fn page(admin: &Admin, filled: Filled) -> Result<InvitationsPage, Problem> {
    let came = invitations::tree(&admin.app, actor(admin)).await?;
    let tree = Tree::of(&came);
    let since = |one: &Came| day(admin, one.at);
    Ok(InvitationsPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-invitations")),
        filled,
        waiting: waiting::count(&admin.app).await?,
        is_cut: i64::try_from(came.len()).unwrap_or(TREE_MAX) >= TREE_MAX,
        twigs: tree.twigs(&since),
    })
}

/// Who came, by whom.
struct Tree<'came> {
    came: &'came [Came],
    by: BTreeMap<Option<AccountId>, Vec<&'came Came>>,
}

impl<'came> Tree<'came> {
    fn of(came: &'came [Came]) -> Self {
        let mut by: BTreeMap<Option<AccountId>, Vec<&Came>> = BTreeMap::new();
        for one in came {
            by.entry(one.by).or_default().push(one);
        }
        Self { came, by }
    }

    /// Those who invited and came some other way: the first ones.
    fn roots(&self) -> Vec<(AccountId, String)> {
        let is_guest = |id: AccountId| self.came.iter().any(|one| one.account == id);
        let mut roots: Vec<(AccountId, String)> = Vec::new();
        for one in self.came {
            let (Some(by), Some(handle)) = (one.by, &one.by_handle) else { continue };
            if !is_guest(by) && roots.iter().all(|(known, _)| *known != by) {
                roots.push((by, handle.to_string()));
            }
        }
        roots
    }

    /// The tree in the order in which it is read. Without recursion: a chain may be long.
    fn twigs(&self, since: &dyn Fn(&Came) -> String) -> Vec<Twig> {
        enum Step<'step> {
            Guest(&'step Came),
            Guests(AccountId),
            Say(Twig),
        }
        let mut twigs = Vec::new();
        let mut steps = Vec::new();
        let invited = self.by.get(&None).map_or(&[][..], Vec::as_slice);
        steps.extend(invited.iter().rev().map(|one| Step::Guest(one)));
        for (id, handle) in self.roots().into_iter().rev() {
            steps.push(Step::Guests(id));
            steps.push(Step::Say(Twig::Begin { handle, since: String::new() }));
        }
        while let Some(step) = steps.pop() {
            match step {
                Step::Say(twig) => twigs.push(twig),
                Step::Guest(one) => {
                    let (handle, since) = (one.handle.to_string(), since(one));
                    twigs.push(Twig::Begin { handle, since });
                    steps.push(Step::Guests(one.account));
                }
                Step::Guests(id) => {
                    steps.push(Step::Say(Twig::End));
                    let Some(guests) = self.by.get(&Some(id)) else { continue };
                    twigs.push(Twig::Open);
                    steps.push(Step::Say(Twig::Close));
                    steps.extend(guests.iter().rev().map(|one| Step::Guest(one)));
                }
            }
        }
        twigs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> AccountId {
        AccountId::new(uuid::Uuid::from_u128(number))
    }

    fn came(number: u128, by: Option<u128>) -> Came {
        let handle = |number: u128| Handle::parse(&format!("p{number}")).expect("a handle");
        Came {
            account: id(number),
            handle: handle(number),
            by: by.map(id),
            by_handle: by.map(handle),
            at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn drawn(came: &[Came]) -> String {
        let twigs = Tree::of(came).twigs(&|_| String::new());
        let letters = twigs.iter().map(|twig| match twig {
            Twig::Begin { handle, .. } => format!(" {handle}"),
            Twig::Open => "(".to_owned(),
            Twig::Close => " )".to_owned(),
            Twig::End => ";".to_owned(),
        });
        letters.collect()
    }

    #[test]
    fn guests_stand_under_those_who_invited_them() {
        let came = [came(2, Some(1)), came(3, Some(2)), came(4, Some(1)), came(5, None)];
        assert_eq!(drawn(&came), " p1( p2( p3; ); p4; ); p5;");
        assert_eq!(drawn(&[]), "");
    }

    #[test]
    fn a_long_chain_is_drawn_whole() {
        let came: Vec<Came> = (2..2_000).map(|number| came(number, Some(number - 1))).collect();
        assert_eq!(drawn(&came).matches(';').count(), 1_999);
    }
}
