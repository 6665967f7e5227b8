//! The ledger: double entry, append-only (product.md section 3, security.md L1 to L5). Nothing
//! else holds a balance. Debit is positive, credit negative; what the instance owes to somebody
//! (a wallet, earnings) is a credit.

use crate::account::AccountId;
use crate::money::{AMOUNT_MAX, Currency, Micros, Money};
use crate::period::Period;
use crate::refusal::Refusal;

/// The kinds of ledger account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerKind {
    /// Money that an account can spend.
    Wallet,
    /// Money that an account received.
    Earnings,
    /// Common money.
    Pool,
    /// Prepaid codes that nobody has redeemed yet.
    Vouchers,
    /// Payouts and refunds on their way.
    InTransit,
    /// The instance's part.
    Fees,
    /// The operator's bank account or till.
    Bank,
    /// Where a demonstration's play money comes from.
    PlayMoney,
    /// A period's settlement; zero when it is done (L9).
    Clearing,
    /// What left for an account beyond what the books say it had, found after a restore (V3);
    /// without an owner, what left for accounts that the books do not know (L12).
    Suspense,
}

impl LedgerKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Wallet,
        Self::Earnings,
        Self::Pool,
        Self::Vouchers,
        Self::InTransit,
        Self::Fees,
        Self::Bank,
        Self::PlayMoney,
        Self::Clearing,
        Self::Suspense,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Earnings => "earnings",
            Self::Pool => "pool",
            Self::Vouchers => "vouchers",
            Self::InTransit => "in_transit",
            Self::Fees => "fees",
            Self::Bank => "bank",
            Self::PlayMoney => "play_money",
            Self::Clearing => "clearing",
            Self::Suspense => "suspense",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it never goes below zero, counting what is on hold (L4). It must then be a credit.
    #[must_use]
    pub const fn is_guarded(self) -> bool {
        use LedgerKind::{Earnings, InTransit, Pool, Vouchers, Wallet};
        matches!(self, Wallet | Earnings | Pool | Vouchers | InTransit)
    }
}

/// A line of the chart of accounts: one kind, one owner or period, one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerAccount {
    /// What it is.
    pub kind: LedgerKind,
    /// Whose it is, for wallets, earnings and suspense.
    pub owner: Option<AccountId>,
    /// Which settlement it clears.
    pub period: Option<Period>,
    /// In what.
    pub currency: Currency,
}

impl LedgerAccount {
    /// An account's wallet.
    #[must_use]
    pub const fn wallet(owner: AccountId, currency: Currency) -> Self {
        Self { kind: LedgerKind::Wallet, owner: Some(owner), period: None, currency }
    }

    /// An account's earnings.
    #[must_use]
    pub const fn earnings(owner: AccountId, currency: Currency) -> Self {
        Self { kind: LedgerKind::Earnings, owner: Some(owner), period: None, currency }
    }

    /// A period's clearing account.
    #[must_use]
    pub const fn clearing(period: Period, currency: Currency) -> Self {
        Self { kind: LedgerKind::Clearing, owner: None, period: Some(period), currency }
    }

    /// What left for an account beyond what it had.
    #[must_use]
    pub const fn suspense(owner: AccountId, currency: Currency) -> Self {
        Self { kind: LedgerKind::Suspense, owner: Some(owner), period: None, currency }
    }

    /// The instance's one account of a kind.
    #[must_use]
    pub const fn common(kind: LedgerKind, currency: Currency) -> Self {
        Self { kind, owner: None, period: None, currency }
    }
}

/// Why money moves: what an account's history shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Vouchers were sold.
    VouchersMade,
    /// A voucher was redeemed.
    VoucherRedeemed,
    /// A voucher was made void.
    VoucherVoided,
    /// Play money was taken.
    PlayMoney,
    /// A settlement took what a patron's clicks came to.
    Given,
    /// A settlement collected promises.
    PromisesCollected,
    /// A settlement passed an unspent budget to the pool.
    ToPool,
    /// A settlement credited a creator.
    Received,
    /// A settlement shared out among its members what a team received.
    TeamShared,
    /// A settlement collected what one work passed on to another.
    PassedOn,
    /// A settlement booked the instance's part.
    Fee,
    /// A creator moved earnings to the wallet.
    EarningsMoved,
    /// A creator moved earnings that had not been given on back from the wallet.
    EarningsReturned,
    /// A creator asked for a payout.
    PayoutRequested,
    /// A payout went to the bank.
    PayoutSent,
    /// A patron asked for unspent money.
    RefundRequested,
    /// Unspent money was given back.
    RefundExecuted,
    /// A person refused gifts that look made (X5): they went back to their patrons, with the fee.
    GiftsReturned,
    /// What had left beyond what an account had was taken off, or came back.
    SuspenseCleared,
    /// An entry undid another.
    Reversal,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 20] = [
        Self::VouchersMade,
        Self::VoucherRedeemed,
        Self::VoucherVoided,
        Self::PlayMoney,
        Self::Given,
        Self::PromisesCollected,
        Self::ToPool,
        Self::Received,
        Self::TeamShared,
        Self::PassedOn,
        Self::Fee,
        Self::EarningsMoved,
        Self::EarningsReturned,
        Self::PayoutRequested,
        Self::PayoutSent,
        Self::RefundRequested,
        Self::RefundExecuted,
        Self::GiftsReturned,
        Self::SuspenseCleared,
        Self::Reversal,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::VouchersMade => "vouchers-made",
            Self::VoucherRedeemed => "voucher-redeemed",
            Self::VoucherVoided => "voucher-voided",
            Self::PlayMoney => "play-money",
            Self::Given => "given",
            Self::PromisesCollected => "promises-collected",
            Self::ToPool => "to-pool",
            Self::Received => "received",
            Self::TeamShared => "team-shared",
            Self::PassedOn => "passed-on",
            Self::Fee => "fee",
            Self::EarningsMoved => "earnings-moved",
            Self::EarningsReturned => "earnings-returned",
            Self::PayoutRequested => "payout-requested",
            Self::PayoutSent => "payout-sent",
            Self::RefundRequested => "refund-requested",
            Self::RefundExecuted => "refund-executed",
            Self::GiftsReturned => "gifts-returned",
            Self::SuspenseCleared => "suspense-cleared",
            Self::Reversal => "reversal",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// The outside fact that an entry books: it moves money at most once (L5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it came from: `voucher`, `payout`, `settlement` …
    pub source: &'static str,
    /// Which one.
    pub external_id: String,
    /// What it does.
    pub effect: &'static str,
}

impl Fact {
    /// The effect of one thing of a source.
    #[must_use]
    pub fn new(source: &'static str, external_id: impl ToString, effect: &'static str) -> Self {
        Self { source, external_id: external_id.to_string(), effect }
    }
}

/// A line of an entry: debit positive, credit negative, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Where.
    pub account: LedgerAccount,
    /// How much.
    pub amount: Micros,
}

/// A balanced journal entry; it cannot be built otherwise (L1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    reason: Reason,
    fact: Fact,
    postings: Vec<Posting>,
    reverses: Option<i64>,
}

impl Entry {
    /// An entry of postings that add up to zero in each currency: at least two, none zero, at most
    /// [`AMOUNT_MAX`] on a side. Several postings on one ledger account become one.
    pub fn new(reason: Reason, fact: Fact, postings: Vec<Posting>) -> Result<Self, Refusal> {
        let postings = joined(postings)?;
        let is_balanced = sides(&postings)?
            .iter()
            .all(|(debit, credit)| debit == credit && *debit <= i128::from(AMOUNT_MAX.get()));
        if postings.len() < 2 || !is_balanced {
            return Err(Refusal::Overflow {});
        }
        Ok(Self { reason, fact, postings, reverses: None })
    }

    /// An entry that moves money from one ledger account to another.
    pub fn transfer(
        reason: Reason,
        fact: Fact,
        between: (LedgerAccount, LedgerAccount),
        amount: Micros,
    ) -> Result<Self, Refusal> {
        let (from, to) = between;
        let postings = vec![
            Posting { account: from, amount },
            Posting { account: to, amount: amount.negated()? },
        ];
        if amount.is_positive() {
            Self::new(reason, fact, postings)
        } else {
            Err(Refusal::AmountZero {})
        }
    }

    /// The entry that undoes the entry `seq` with these postings (L2).
    pub fn reversal(seq: i64, fact: Fact, postings: &[Posting]) -> Result<Self, Refusal> {
        let undone = postings.iter().map(|posting| {
            Ok(Posting { account: posting.account, amount: posting.amount.negated()? })
        });
        let postings = undone.collect::<Result<Vec<_>, Refusal>>()?;
        Ok(Self { reverses: Some(seq), ..Self::new(Reason::Reversal, fact, postings)? })
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The fact that it books.
    #[must_use]
    pub const fn fact(&self) -> &Fact {
        &self.fact
    }

    /// Its lines, by ledger account in ascending order (D6).
    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// The entry that it undoes.
    #[must_use]
    pub const fn reverses(&self) -> Option<i64> {
        self.reverses
    }
}

/// One posting for each ledger account, in ascending order, without those that come to zero.
fn joined(mut postings: Vec<Posting>) -> Result<Vec<Posting>, Refusal> {
    postings.sort_by_key(|posting| posting.account);
    let mut joined: Vec<Posting> = Vec::with_capacity(postings.len());
    for posting in postings {
        match joined.last_mut().filter(|last| last.account == posting.account) {
            Some(last) => last.amount = last.amount.plus(posting.amount)?,
            None => joined.push(posting),
        }
    }
    joined.retain(|posting| posting.amount != Micros::ZERO);
    Ok(joined)
}

/// The sums of debits and credits, for each currency.
fn sides(postings: &[Posting]) -> Result<Vec<(i128, i128)>, Refusal> {
    let mut by_currency = std::collections::BTreeMap::<Currency, (i128, i128)>::new();
    for posting in postings {
        let (debit, credit) = by_currency.entry(posting.account.currency).or_default();
        let amount = i128::from(posting.amount.get());
        let side = if amount > 0 { debit } else { credit };
        *side = side.checked_add(amount.abs()).ok_or(Refusal::Overflow {})?;
    }
    Ok(by_currency.into_values().collect())
}

/// What a guarded ledger account has and can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// What it has, as a positive amount.
    pub total: Money,
    /// What waits: promises, holds.
    pub held: Micros,
}

impl Balance {
    /// Nothing at all.
    #[must_use]
    pub const fn empty(currency: Currency) -> Self {
        Self { total: Money::new(Micros::ZERO, currency), held: Micros::ZERO }
    }

    /// What can be moved: total less held (product.md section 3.5).
    #[must_use]
    pub fn available(&self) -> Money {
        let amount = self.total.amount.minus(self.held).unwrap_or(Micros::ZERO);
        Money::new(amount, self.total.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUR: Currency = Currency::EUR;

    fn fact() -> Fact {
        Fact::new("test", 1, "moves")
    }

    fn bank() -> LedgerAccount {
        LedgerAccount::common(LedgerKind::Bank, EUR)
    }

    fn vouchers() -> LedgerAccount {
        LedgerAccount::common(LedgerKind::Vouchers, EUR)
    }

    fn posting(account: LedgerAccount, micros: i64) -> Posting {
        Posting { account, amount: Micros::new(micros) }
    }

    #[test]
    fn an_entry_that_does_not_balance_cannot_be_built() {
        let new = |postings| Entry::new(Reason::Fee, fact(), postings);
        assert!(new(vec![posting(bank(), 5), posting(vouchers(), -5)]).is_ok());
        assert!(new(vec![posting(bank(), 5), posting(vouchers(), -4)]).is_err());
        assert!(new(vec![posting(bank(), 5), posting(bank(), -5)]).is_err());
        assert!(new(vec![]).is_err());
        let dollars = LedgerAccount { currency: Currency::iso("USD").expect("ISO"), ..vouchers() };
        assert!(new(vec![posting(bank(), 5), posting(dollars, -5)]).is_err());
    }

    #[test]
    fn an_entry_has_an_upper_limit() {
        let over = AMOUNT_MAX.get() + 1;
        let postings = vec![posting(bank(), over), posting(vouchers(), -over)];
        assert!(Entry::new(Reason::Fee, fact(), postings).is_err());
    }

    #[test]
    fn a_transfer_of_nothing_is_refused() {
        let between = (bank(), vouchers());
        let refused = Entry::transfer(Reason::Fee, fact(), between, Micros::ZERO);
        assert_eq!(refused, Err(Refusal::AmountZero {}));
        assert!(Entry::transfer(Reason::Fee, fact(), between, Micros::new(-1)).is_err());
    }

    #[test]
    fn a_reversal_undoes_every_posting() {
        let entry = Entry::transfer(Reason::Fee, fact(), (bank(), vouchers()), Micros::new(7));
        let entry = entry.expect("balanced");
        let undone = Entry::reversal(3, fact(), entry.postings()).expect("balanced");
        assert_eq!(undone.reverses(), Some(3));
        let sum = entry.postings().iter().chain(undone.postings()).map(|posting| posting.amount);
        assert_eq!(Micros::sum(sum), Ok(Micros::ZERO));
    }

    #[test]
    fn words_read_back() {
        assert!(
            LedgerKind::ALL.iter().all(|kind| LedgerKind::from_code(kind.code()) == Some(*kind))
        );
        assert!(Reason::ALL.iter().all(|reason| Reason::from_code(reason.code()) == Some(*reason)));
    }
}
