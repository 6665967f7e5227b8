//! Names of ledger accounts in the exports: what it is, then whose, by handle with a piece of the
//! account's id, which keeps two apart whatever a format makes of their letters.

use std::collections::HashMap;

use obole_domain::ledger::{LedgerAccount, LedgerKind};
use obole_domain::{AccountId, Handle};
use obole_store::ledger_chart::Charted;

/// How names are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Handles as they are.
    Plain,
    /// A capital or a digit first, no underscores: what Beancount takes.
    Beancount,
}

/// The ledger accounts and whose they are.
pub(super) struct Chart {
    charted: Vec<Charted>,
    handles: HashMap<AccountId, Handle>,
}

impl Chart {
    /// A chart of these ledger accounts.
    pub(super) fn new(charted: Vec<Charted>) -> Self {
        let named = |line: &Charted| Some((line.owner?, line.handle.clone()?));
        let handles = charted.iter().filter_map(named).collect();
        Self { charted, handles }
    }

    /// The names of all, each once.
    pub(super) fn names(&self, spelling: Spelling) -> impl Iterator<Item = String> {
        self.charted.iter().map(move |line| {
            let period = line.period.map(|period| period.to_string());
            self.spell(line.kind, (line.owner, period), spelling)
        })
    }

    /// The name of one.
    pub(super) fn name(&self, account: &LedgerAccount, spelling: Spelling) -> String {
        let period = account.period.map(|period| period.to_string());
        self.spell(account.kind, (account.owner, period), spelling)
    }

    fn spell(
        &self,
        kind: LedgerKind,
        whose: (Option<AccountId>, Option<String>),
        spelling: Spelling,
    ) -> String {
        let head = match kind {
            LedgerKind::Wallet => "Liabilities:Wallets",
            LedgerKind::Earnings => "Liabilities:Earnings",
            LedgerKind::Pool => "Liabilities:Pool",
            LedgerKind::Vouchers => "Liabilities:Vouchers",
            LedgerKind::InTransit => "Liabilities:InTransit",
            LedgerKind::Clearing => "Liabilities:Clearing",
            LedgerKind::Fees => "Income:Fees",
            LedgerKind::Bank => "Assets:Bank",
            LedgerKind::PlayMoney => "Assets:PlayMoney",
            LedgerKind::Suspense => "Assets:Suspense",
        };
        let owner = whose.0.map(|owner| self.owner(owner, spelling));
        let parts = [Some(head.to_owned()), owner, whose.1];
        parts.into_iter().flatten().collect::<Vec<_>>().join(":")
    }

    fn owner(&self, owner: AccountId, spelling: Spelling) -> String {
        let handle = self.handles.get(&owner).map_or("account", Handle::as_str);
        let suffix = owner.uuid().as_u128() & 0xFFFF_FFFF;
        let name = format!("{handle}-{suffix:08x}");
        match spelling {
            Spelling::Plain => name,
            Spelling::Beancount => {
                let name = name.replace('_', "-");
                let (first, rest) = name.split_at(1);
                format!("{}{rest}", first.to_ascii_uppercase())
            }
        }
    }
}
