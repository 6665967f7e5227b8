//! What is handed over at an address that somebody pointed at, with POST: by the same rules as what
//! is fetched, and never where a redirect leads (H1).

use std::time::Duration;

use tokio::time::timeout;

use super::client::{self, Answer};
use super::target::Target;
use super::{FetchError, Fetcher};

/// What is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// Headers of its own, with their names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long it may take in all.
    pub time_max: Duration,
    /// How many bytes of the answer are kept.
    pub answer_max: usize,
}

impl Fetcher {
    /// Whether an address is written like one that is reached (F2). Whose it is, is asked when
    /// something is handed over there.
    #[must_use]
    pub fn may_reach(&self, url: &str) -> bool {
        Target::parse(url, &self.rules).is_some()
    }

    /// Hands a parcel over. The answer has whatever status there was, and the beginning of its
    /// body; a redirect is an answer like another. Whoever calls sees to it that one address is
    /// not reached by too many at once: no pause is kept (docs/decisions/0065).
    pub async fn hand_over(&self, url: &str, parcel: &Parcel) -> Result<Answer, FetchError> {
        let target = Target::parse(url, &self.rules).ok_or(FetchError::Refused)?;
        let _one_of_all = self.pace.one_of_all().await.ok_or(FetchError::Unreachable)?;
        let handing = async {
            let stream = self.connect(&target).await?;
            client::hand_over(stream, &target, (&self.agent, parcel)).await
        };
        timeout(parcel.time_max, handing).await.unwrap_or(Err(FetchError::Unreachable))
    }
}
