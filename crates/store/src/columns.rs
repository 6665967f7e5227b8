//! The domain's types as columns: what is stored for each, and how it is read back.

use jiff::Timestamp;
use obole_domain::account::{ConfirmationId, MailId, PasskeyId, SessionId};
use obole_domain::claim::DisputeId;
use obole_domain::client::ClientId;
use obole_domain::grant::GrantId;
use obole_domain::note::NoteReportId;
use obole_domain::payout::{BatchId, PayoutId, RefundId};
use obole_domain::report::ReportId;
use obole_domain::signal::SignalHoldId;
use obole_domain::token::TokenId;
use obole_domain::voucher::{VoucherBatchId, VoucherId};
use obole_domain::{
    AccountId, CanonicalUrl, ClaimId, Currency, EmailAddress, Handle, InvitationId, Micros, Period,
    Points, Site, SubscriptionId, TeamInvitationId, UrlPrefix, WaitingId, WebhookEventId,
    WebhookId, WorkCode, WorkId,
};
use uuid::Uuid;

use crate::db::{Cell, Column, Value};

/// A text without a copy.
const fn text(cell: Cell<'_>) -> Option<&str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

/// Maps an identifier to its UUID.
macro_rules! id_columns {
    ($($id:ident),+) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Uuid(id.uuid())
            }
        }

        impl Column for $id {
            #[inline]
            fn read(cell: Cell<'_>) -> Option<Self> {
                Uuid::read(cell).map(Self::new)
            }
        }
    )+};
}

id_columns!(
    AccountId,
    BatchId,
    ClientId,
    ConfirmationId,
    MailId,
    ClaimId,
    DisputeId,
    GrantId,
    InvitationId,
    NoteReportId,
    PasskeyId,
    PayoutId,
    RefundId,
    SessionId,
    ReportId,
    SignalHoldId,
    SubscriptionId,
    TeamInvitationId,
    TokenId,
    VoucherBatchId,
    VoucherId,
    WaitingId,
    WebhookEventId,
    WebhookId,
    WorkId
);

impl From<Micros> for Value {
    fn from(amount: Micros) -> Self {
        Self::Integer(amount.get())
    }
}

impl Column for Micros {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).map(Self::new)
    }
}

impl From<Period> for Value {
    fn from(period: Period) -> Self {
        Self::Integer(period.number())
    }
}

impl Column for Period {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).and_then(Self::from_number)
    }
}

impl From<Points> for Value {
    fn from(points: Points) -> Self {
        Self::Integer(points.get())
    }
}

impl Column for Points {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).and_then(Self::new)
    }
}

/// Microseconds since 1970: text would sort wrongly (style.md section 5).
impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Integer(moment.as_microsecond())
    }
}

impl Column for Timestamp {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).and_then(|micros| Self::from_microsecond(micros).ok())
    }
}

impl From<&Handle> for Value {
    fn from(handle: &Handle) -> Self {
        Self::Text(handle.as_str().to_owned())
    }
}

impl Column for Handle {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        text(cell).and_then(|text| Self::parse(text).ok())
    }
}

impl From<&EmailAddress> for Value {
    fn from(email: &EmailAddress) -> Self {
        Self::Text(email.as_str().to_owned())
    }
}

impl Column for EmailAddress {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        text(cell).and_then(|text| Self::parse(text).ok())
    }
}

impl From<&CanonicalUrl> for Value {
    fn from(url: &CanonicalUrl) -> Self {
        Self::Text(url.as_str().to_owned())
    }
}

impl Column for CanonicalUrl {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        text(cell).and_then(|text| Self::parse(text).ok())
    }
}

impl From<&Site> for Value {
    fn from(site: &Site) -> Self {
        Self::Text(site.as_str().to_owned())
    }
}

impl Column for Site {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        text(cell).and_then(|text| Self::parse(text).ok())
    }
}

impl From<WorkCode> for Value {
    fn from(code: WorkCode) -> Self {
        Self::Text(code.to_string())
    }
}

impl Column for WorkCode {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        text(cell).and_then(|text| Self::parse(text).ok())
    }
}

impl From<UrlPrefix> for Value {
    fn from(prefix: UrlPrefix) -> Self {
        Self::Integer(prefix.number())
    }
}

/// Code and decimals in one text, `EUR/2`: a community currency reads back without a look-up.
impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        Self::Text(format!("{}/{}", currency.code(), currency.decimals()))
    }
}

impl Column for Currency {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        let (code, decimals) = text(cell)?.split_once('/')?;
        Self::community(code, decimals.parse().ok()?).ok()
    }
}
