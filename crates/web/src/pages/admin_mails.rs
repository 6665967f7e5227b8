//! Administration: every mail and what became of it; where mails go into a folder, their text.

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::{outbox, suspensions};
use obole_domain::account::MailId;
use obole_store::outbox::{self as rows, Fate, State};

use crate::address::with_query;
use crate::answer::{Answer, Done, html};
use crate::form::{Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Admin, Visitor};

/// Mails on a page.
const COUNT: usize = 50;

#[derive(Template)]
#[template(path = "pages/admin_mails.html")]
struct ListPage {
    page: Page,
    mails: Vec<Line>,
    next: String,
    /// How many wait and since when; empty where none does.
    waiting: String,
    is_folder: bool,
}

#[derive(Template)]
#[template(path = "pages/admin_mail.html")]
struct MailPage {
    page: Page,
    recipient: String,
    text: String,
    date: String,
}

/// A mail in words.
struct Line {
    id: MailId,
    recipient: String,
    subject: String,
    written: String,
    class: &'static str,
    state: String,
    /// What the server said, and when it is tried next.
    reply: String,
    /// Where its text can be read; empty where it cannot.
    text: String,
    is_waiting: bool,
}

/// `GET /admin/mails?before=`
pub async fn list(admin: Admin, query: Query) -> Answer {
    log(&admin, "outbox").await?;
    let before = MailId::parse(query.0.text("before"));
    let limit = i64::try_from(COUNT).unwrap_or_default() + 1;
    let found = admin.app.read((), move |read, ()| {
        Box::pin(async move {
            Ok((rows::before(read, before, limit).await?, rows::waiting(read).await?))
        })
    });
    let (found, (count, oldest)) = found.await?;
    let last = found.get(COUNT - 1).filter(|_| found.len() > COUNT);
    let next = last.map(|last| with_query("/admin/mails", &[("before", &last.id.to_string())]));
    let waiting = oldest.map(|oldest| {
        let values = [("count", count.into()), ("at", admin.moment(oldest).into())];
        obole_language::text_with(admin.language, "mails-waiting", &values)
    });
    html(&ListPage {
        page: admin.page(Place::Admin, admin.text("mails-title")),
        mails: found.iter().take(COUNT).map(|fate| line(&admin, fate)).collect(),
        next: next.unwrap_or_default(),
        waiting: waiting.unwrap_or_default(),
        is_folder: admin.app.mailer().as_folder().is_some(),
    })
}

/// `GET /admin/mails/{id}`: the text, where mails go into a folder.
pub async fn show(admin: Admin, Path(id): Path<String>) -> Answer {
    let id = MailId::parse(&id).ok_or_else(Problem::not_found)?;
    let folder = admin.app.mailer().as_folder().ok_or_else(Problem::not_found)?;
    let name = outbox::message_id(&admin.app, id);
    let letter = folder.read(&name).await.map_err(Problem::internal)?;
    let letter = letter.ok_or_else(Problem::not_found)?;
    log(&admin, &id.to_string()).await?;
    let (page, date) = (admin.page(Place::Admin, letter.subject), admin.moment(letter.date));
    html(&MailPage { page, recipient: letter.to, text: letter.text, date })
}

/// `POST /admin/mails/try`: tries one that waits at once.
pub async fn hurry(admin: Admin, form: Form) -> Answer {
    let id = MailId::parse(form.text("mail")).ok_or_else(Problem::malformed)?;
    outbox::hurry(&admin.app, actor(&admin), id).await?;
    Ok(admin.done("/admin/mails", &Done::new("mails-hurried")))
}

fn actor(admin: &Admin) -> Actor {
    Actor::Page(admin.account())
}

async fn log(admin: &Admin, object: &str) -> Result<(), Problem> {
    Ok(suspensions::log_reading(&admin.app, actor(admin), "mails.read", object).await?)
}

fn line(visitor: &Visitor, fate: &Fate) -> Line {
    let (class, key) = match fate.state {
        State::Queued => ("waiting", "mails-queued"),
        State::Handed => ("good", "mails-handed"),
        State::Refused => ("bad", "mails-refused"),
        State::GivenUp => ("bad", "mails-given-up"),
    };
    let is_kept = visitor.app.mailer().as_folder().is_some() && fate.state == State::Handed;
    let words = [fate.server.as_str(), fate.reply.as_str()];
    let reply = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(": ");
    Line {
        id: fate.id,
        recipient: fate.recipient.clone(),
        subject: fate.subject.clone(),
        written: visitor.moment(fate.created_at),
        class,
        state: visitor.text(key),
        reply: if is_kept { String::new() } else { reply },
        text: if is_kept { format!("/admin/mails/{}", fate.id) } else { String::new() },
        is_waiting: fate.state == State::Queued,
    }
}
