//! The audit log for administrators (G1): who did what, newest first.

use std::collections::BTreeMap;

use askama::Template;
use obole_domain::{AccountId, Handle};
use obole_store::accounts;
use obole_store::audit_log::{self, Chained};

use crate::answer::{self, Answer};
use crate::form::Query;
use crate::page::{Page, Place};
use crate::visitor::Admin;

/// How many records a page shows.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "pages/admin_log.html")]
struct LogPage {
    page: Page,
    lines: Vec<Line>,
    previous: &'static str,
    next: String,
}

struct Line {
    when: String,
    /// A handle with `@`, or the way in where no account acted.
    who: String,
    chained: Chained,
}

/// `GET /admin/log`
pub async fn show(admin: Admin, Query(query): Query) -> Answer {
    let before: Option<i64> = query.text("before").parse().ok();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let found = admin.app.read((), move |read, ()| {
        Box::pin(async move {
            let records = audit_log::before(read, before.unwrap_or(i64::MAX), limit).await?;
            let mut handles = BTreeMap::<AccountId, Handle>::new();
            for actor in records.iter().filter_map(|chained| chained.record.actor) {
                if let (false, Some(row)) =
                    (handles.contains_key(&actor), accounts::find(read, actor).await?)
                {
                    handles.insert(actor, row.handle);
                }
            }
            Ok((records, handles))
        })
    });
    let (mut records, handles) = found.await?;
    let is_more = records.len() > PAGE;
    records.truncate(PAGE);
    let last = records.last().filter(|_| is_more);
    let next = last.map(|last| format!("/admin/log?before={}", last.seq)).unwrap_or_default();
    let line = |chained: Chained| {
        let actor = chained.record.actor.and_then(|actor| handles.get(&actor));
        Line {
            when: obole_language::moment(admin.language, chained.record.at, admin.app.zone()),
            who: actor.map_or_else(|| chained.record.way.clone(), |handle| format!("@{handle}")),
            chained,
        }
    };
    answer::html(&LogPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-log")),
        lines: records.into_iter().map(line).collect(),
        previous: if before.is_some() { "/admin/log" } else { "" },
        next,
    })
}
