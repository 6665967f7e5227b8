//! A connection's bytes, watched: whether a head was begun and not answered, and whether an answer
//! is taken at all (security.md section 12).

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// For how long a client may take nothing of an answer.
const STALLED: Duration = Duration::from_secs(30);

/// What is known of a connection after it has ended.
#[derive(Clone)]
pub(super) struct Watched {
    /// The connection itself.
    pub(super) stream: Arc<TcpStream>,
    /// Whether something came that was not answered.
    is_asked: Arc<AtomicBool>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream: Arc::new(stream), is_asked: Arc::default() }
    }

    /// Whether something came that was not answered.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Relaxed)
    }
}

/// The connection as the protocol reads and writes it.
pub(super) struct Guarded {
    watched: Watched,
    /// For how long a client may take nothing of an answer.
    patience: Duration,
    /// Runs while it takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Guarded {
    pub(super) const fn new(watched: Watched) -> Self {
        Self { watched, patience: STALLED, stalled: None }
    }

    /// Writes as soon as the client takes something; an error when it takes nothing for too long.
    fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        send: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.watched.stream.poll_write_ready(context) {
                Poll::Ready(ended) => ended?,
                Poll::Pending => {
                    let patience = self.patience;
                    let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
                    ready!(stalled.as_mut().poll(context));
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
            match send(&self.watched.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                sent => {
                    self.stalled = None;
                    self.watched.is_asked.store(false, Ordering::Relaxed);
                    return Poll::Ready(sent);
                }
            }
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Watched { stream, is_asked } = &self.watched;
        loop {
            ready!(stream.poll_read_ready(context))?;
            match stream.try_read(buffer.initialize_unfilled()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok(read) => {
                    buffer.advance(read);
                    if read > 0 {
                        is_asked.store(true, Ordering::Relaxed);
                    }
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_send(context, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_send(context, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The connection closes with its last owner.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("connected");
        (client, listener.accept().await.expect("accepted").0)
    }

    #[tokio::test]
    async fn who_takes_nothing_of_an_answer_is_left() {
        let (client, server) = connected().await;
        let patience = Duration::from_millis(20);
        let mut guarded = Guarded { patience, ..Guarded::new(Watched::new(server)) };
        let much = vec![b'x'; 64 << 20];
        let error = guarded.write_all(&much).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }

    #[tokio::test]
    async fn what_was_asked_and_not_answered_is_known() {
        let (mut client, server) = connected().await;
        let watched = Watched::new(server);
        let mut guarded = Guarded::new(watched.clone());
        assert!(!watched.is_asked());
        client.write_all(b"GET").await.expect("sent");
        let mut three = [0; 3];
        guarded.read_exact(&mut three).await.expect("read");
        assert!(watched.is_asked() && &three == b"GET");
        guarded.write_all(b"answer").await.expect("sent");
        assert!(!watched.is_asked());
        client.read_exact(&mut [0; 6]).await.expect("the answer");
        drop(client);
        assert_eq!(guarded.read(&mut three).await.expect("the end"), 0);
        assert!(!watched.is_asked());
    }
}
