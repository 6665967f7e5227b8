//! Asking a site whether it wants to be read (RFC 9309) before it is, and remembering for a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::robots::Robots;
use super::target::Target;
use super::{BODY_MAX, Excess, FetchError, Fetcher, REDIRECTS_MAX, Redirects, Wanted};

/// For how long an answer counts (RFC 9309 section 2.4), and for how long that there was none.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
const KEPT_MISSING: Duration = Duration::from_secs(10 * 60);

/// Of how many sites answers are remembered.
const SITES_MAX: usize = 1_024;

const WANTED: Wanted = Wanted {
    accept: "text/plain",
    body_max: BODY_MAX,
    excess: Excess::Cut,
    redirects: Redirects::Anywhere,
    obeys_robots: false,
};

/// What sites asked for, by name and port.
#[derive(Debug, Default)]
pub(super) struct Asked(Mutex<HashMap<String, Known>>);

#[derive(Clone, Debug)]
struct Known {
    /// None where the site did not answer.
    robots: Option<Arc<Robots>>,
    until: Instant,
}

impl Asked {
    fn find(&self, site: &str) -> Option<Known> {
        let sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get(site).filter(|known| known.until > Instant::now()).cloned()
    }

    fn keep(&self, site: String, robots: Option<Arc<Robots>>) {
        let kept = if robots.is_some() { KEPT } else { KEPT_MISSING };
        let now = Instant::now();
        let Some(until) = now.checked_add(kept) else { return };
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() >= SITES_MAX {
            sites.retain(|_, known| known.until > now);
        }
        if sites.len() >= SITES_MAX {
            sites.clear();
        }
        sites.insert(site, Known { robots, until });
    }
}

impl Fetcher {
    /// Asks the site of a target whether it may be read: the pause that it wants between requests,
    /// `Unwelcome` where it does not want to be read, `Unreachable` where it does not say (RFC 9309
    /// section 2.3.1.4).
    pub(super) async fn welcome(&self, target: &Target) -> Result<Option<Duration>, FetchError> {
        let site = target.authority();
        let robots = match self.asked.find(&site) {
            Some(known) => known.robots,
            None => {
                let robots = self.robots(target).await.map(Arc::new);
                self.asked.keep(site, robots.clone());
                robots
            }
        };
        let robots = robots.ok_or(FetchError::Unreachable)?;
        let is_welcome = robots.allows(&target.path_and_query());
        if is_welcome { Ok(robots.delay()) } else { Err(FetchError::Unwelcome) }
    }

    /// What the file of a site says; none when there is no telling.
    async fn robots(&self, target: &Target) -> Option<Robots> {
        let mut target = target.join("/robots.txt", &self.rules)?;
        let mut time_left = self.config.time_max;
        for _ in 0..=REDIRECTS_MAX {
            let hop = self.hop(&target, &WANTED, (None, &mut time_left)).await;
            let answer = hop.ok()?;
            let Some(location) = &answer.location else {
                return match answer.status {
                    200..=299 => Some(Robots::parse(&answer.body)),
                    // There is no file, or it is nobody's business: nothing is forbidden.
                    300..=499 => Some(Robots::default()),
                    _ => None,
                };
            };
            let Some(next) = target.join(location, &self.rules) else {
                return Some(Robots::default());
            };
            target = next;
        }
        Some(Robots::default())
    }
}
