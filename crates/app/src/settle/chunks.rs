//! Chunks in turn: what can be read of the next ones is read while one is written. Nobody is
//! assigned a chunk: each run begins somewhere else and leaves out what is done, so that several
//! nodes share the work, and none waits for one that died (D9, D14).

use std::future::Future;

use futures_util::stream::{self, Stream, StreamExt};
use obole_domain::Period;
use obole_store::Engine;
use obole_store::freeze::Range;
use obole_store::settlements::{self, Step};

use super::Run;
use crate::app::App;
use crate::error::{Error, Result};

/// How many chunks are held at a time: one is written, the others are read ahead.
pub(super) const AHEAD: usize = 4;

/// A chunk of patrons: its number and its range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) number: i64,
    pub(super) range: Range,
}

/// The chunks of patrons of a step that are not done, from somewhere on, and how many rows of the
/// step are done already.
pub(super) async fn undone(run: &Run<'_>, step: Step) -> Result<(Vec<Chunk>, i64)> {
    let period = run.period;
    let known = run.app.read((), move |read, ()| {
        Box::pin(async move {
            let ranges = settlements::ranges(read, period).await?;
            Ok((ranges, settlements::chunks(read, period, step).await?))
        })
    });
    let (ranges, done) = known.await?;
    let rows = done.iter().map(|chunk| chunk.rows).sum();
    let is_done = |number| done.binary_search_by_key(&number, |chunk| chunk.number).is_ok();
    let chunks = ranges.into_iter().map(|(number, range)| Chunk { number, range });
    let chunks = chunks.filter(|chunk| !is_done(chunk.number)).collect();
    Ok((from_somewhere(chunks, run.app), rows))
}

/// The same in their order, from a random one on and round where other nodes may be at work; a file
/// is filled from its beginning, where it grows best.
pub(super) fn from_somewhere<C>(mut chunks: Vec<C>, app: &App) -> Vec<C> {
    let random = match app.store().engine() {
        Engine::Sqlite => 0,
        Engine::Postgres => usize::from_le_bytes(app.chance().bytes()),
    };
    if let Some(first) = random.checked_rem(chunks.len()) {
        chunks.rotate_left(first);
    }
    chunks
}

/// What is prepared of each, so many at a time, in their order.
pub(super) fn ahead<C, P, F>(
    chunks: Vec<C>,
    count: usize,
    prepare: impl Fn(C) -> F,
) -> impl Stream<Item = Result<P>> + Unpin
where
    F: Future<Output = Result<P>> + Send + 'static,
    P: Send + 'static,
{
    let prepared = stream::iter(chunks).map(move |chunk| tokio::spawn(prepare(chunk)));
    prepared.buffered(count).map(|ended| ended.map_err(Error::internal)?)
}

/// Whether a step's chunk was done by somebody else meanwhile.
pub(super) async fn is_done(
    read: &mut obole_store::Read,
    of: (Period, Step),
    number: i64,
) -> Result<bool> {
    Ok(settlements::is_taken(read, of.0, of.1, number).await?)
}
