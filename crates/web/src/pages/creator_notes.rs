//! Notes of thanks on a creator's works: to read, hide, report. The day and the handle of who
//! signed, nothing more (P3).

use askama::Template;
use obole_app::notes::{self as commands, Signed};
use obole_domain::{AccountId, Handle, Period, WorkId};
use obole_store::notes::{self, NoteRow, Which};

use crate::address::with_query;
use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};
use crate::words::{month_title, shorten};

/// How many notes a page shows.
const PAGE: usize = 50;

/// The last page that can be asked for.
const PAGES_MAX: i64 = 10_000;

/// Where the page is.
const PATH: &str = "/creator/notes";

#[derive(Template)]
#[template(path = "pages/creator_notes.html")]
struct NotesPage {
    page: Page,
    months: Vec<Group>,
    is_hidden: bool,
    /// The only month that is shown; empty for all.
    only: String,
    /// The address of this page, to which its forms come back.
    here: String,
    /// What was refused of the report of one note.
    form: Filled,
    previous: String,
    next: String,
}

/// The notes of a month.
struct Group {
    title: String,
    notes: Vec<Thanks>,
}

/// A note as a page shows it.
pub struct Thanks {
    /// The day it was signed.
    pub day: String,
    /// The same for machines.
    pub date: String,
    /// Tells it from the others of a page.
    pub id: String,
    /// The work, short enough for a line.
    pub title: String,
    /// The note.
    pub row: NoteRow,
}

/// What a page shows of a note.
#[must_use]
pub fn thanks(visitor: &Visitor, row: NoteRow) -> Thanks {
    let date = row.at.to_zoned(visitor.app.zone().clone()).date();
    let key = &row.key;
    Thanks {
        day: obole_language::date(visitor.language, date),
        date: date.to_string(),
        id: format!("{}-{}-{}", key.period, key.work, row.handle),
        title: shorten(row.shown_title(), 90),
        row,
    }
}

/// `GET /creator/notes?period=&hidden=&page=`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    answer::html(&page(&patron, &query, Filled::default()).await?)
}

async fn page(patron: &Patron, query: &Form, form: Filled) -> Result<NotesPage, Problem> {
    let period = Period::parse(query.text("period")).ok();
    let which = Which { period, is_hidden: query.is_checked("hidden") };
    let number = query.text("page").parse().unwrap_or(1).clamp(1, PAGES_MAX);
    let (found, is_more) = read(patron, which, number).await?;
    let address = |number: i64| {
        let period = period.map(|period| period.to_string()).unwrap_or_default();
        let hidden = if which.is_hidden { "yes" } else { "" };
        let number = if number > 1 { number.to_string() } else { String::new() };
        with_query(PATH, &[("period", &period), ("hidden", hidden), ("page", &number)])
    };
    Ok(NotesPage {
        page: patron.page(Place::Creator, patron.text("notes-title")),
        months: by_month(patron, found),
        is_hidden: which.is_hidden,
        only: period.map(|period| month_title(patron.language, period)).unwrap_or_default(),
        here: address(number),
        form,
        previous: if number > 1 { address(number - 1) } else { String::new() },
        next: if is_more { address(number + 1) } else { String::new() },
    })
}

/// A page of notes, and whether there are more.
async fn read(patron: &Patron, which: Which, number: i64) -> Result<(Vec<NoteRow>, bool), Problem> {
    let (size, owner) = (i64::try_from(PAGE).unwrap_or(i64::MAX - 1), patron.account());
    let rows = (size + 1, (number - 1) * size);
    let mut found = of_owner(patron, owner, which, rows).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    Ok((found, is_more))
}

async fn of_owner(
    patron: &Patron,
    owner: AccountId,
    which: Which,
    rows: (i64, i64),
) -> Result<Vec<NoteRow>, Problem> {
    let found = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(notes::of_owner(read, owner, which, rows).await?) })
    });
    Ok(found.await?)
}

fn by_month(visitor: &Visitor, rows: Vec<NoteRow>) -> Vec<Group> {
    let mut months: Vec<Group> = Vec::new();
    for row in rows {
        let title = month_title(visitor.language, row.key.period);
        let note = thanks(visitor, row);
        match months.last_mut().filter(|month| month.title == title) {
            Some(month) => month.notes.push(note),
            None => months.push(Group { title, notes: vec![note] }),
        }
    }
    months
}

/// `POST /creator/notes?period=&hidden=&page=`: the form's button says what to do with the note.
pub async fn answer(patron: Patron, Query(query): Query, mut form: Form) -> Answer {
    let (app, owner) = (&patron.app, patron.account());
    let signed = signed(&form).ok_or_else(Problem::not_found)?;
    let done = match form.text("answer") {
        "hide" => {
            commands::set_hidden(app, owner, signed, true).await?;
            "notes-hidden-now"
        }
        "show" => {
            commands::set_hidden(app, owner, signed, false).await?;
            "notes-shown-again"
        }
        "report" => {
            let Some(reason) = form.reason() else {
                let page = page(&patron, &query, form.filled()).await?;
                let mut notes = page.months.iter().flat_map(|month| &month.notes);
                let is_there = notes.any(|note| note.id == form.text("note"));
                return answer::unprocessable_one(&page, is_there);
            };
            commands::report(app, owner, signed, &reason).await?;
            "notes-reported-now"
        }
        _ => return Err(Problem::malformed()),
    };
    let is_list = patron.back == PATH || patron.back.starts_with("/creator/notes?");
    let back = if is_list { patron.back.as_str() } else { PATH };
    Ok(patron.done(back, &Done::new(done)))
}

fn signed(form: &Form) -> Option<Signed> {
    Some(Signed {
        period: Period::parse(form.text("period")).ok()?,
        work: WorkId::parse(form.text("work"))?,
        handle: Handle::parse(form.text("handle")).ok()?,
    })
}
