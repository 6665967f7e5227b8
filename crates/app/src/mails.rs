//! Mails (A2): each has its text in every language in `mails/`, the subject on its first line.
//! They are put into the outbox in the transaction of the command that writes them.

mod html;

use askama::Template;
use obole_domain::account::MailId;
use obole_domain::{AccountId, EmailAddress};
use obole_language::Language;
use obole_store::Tx;
use obole_store::accounts::AccountRow;
use obole_store::outbox::{self, NewMail};

use crate::app::App;
use crate::error::{Error, Result};

/// Who reads a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Whose matter it is.
    pub account: Option<AccountId>,
    /// Where it goes.
    pub email: EmailAddress,
    /// In which language.
    pub language: Language,
}

impl Recipient {
    /// An account at its own address, in the language that it chose.
    #[must_use]
    pub fn of(account: &AccountRow) -> Self {
        Self {
            account: Some(account.id),
            email: account.email.clone(),
            language: Language::from_code(&account.language).unwrap_or(Language::English),
        }
    }
}

/// Writes the enum of mails and finds the template of each. The values are ready to be read.
macro_rules! mails {
    ($(
        $(#[$about:meta])*
        $variant:ident { $($value:ident),* } $kind:tt $english:tt $french:tt;
    )+) => {
        /// A mail with its values. Every template also has the instance's name and address.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Mail {
            $($(#[$about])* #[allow(missing_docs)] $variant { $($value: String),* },)+
        }

        impl Mail {
            /// Its name in the outbox.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind),+ }
            }

            fn render(&self, language: Language, frame: Frame<'_>) -> askama::Result<String> {
                let Frame { instance, base } = frame;
                match self {$(
                    Self::$variant { $($value),* } => {
                        #[derive(Template)]
                        #[template(path = $english)]
                        struct English<'mail> {
                            instance: &'mail str,
                            base: &'mail str,
                            $($value: &'mail str,)*
                        }

                        #[derive(Template)]
                        #[template(path = $french)]
                        struct French<'mail> {
                            instance: &'mail str,
                            base: &'mail str,
                            $($value: &'mail str,)*
                        }

                        match language {
                            Language::English => English { instance, base, $($value,)* }.render(),
                            Language::French => French { instance, base, $($value,)* }.render(),
                        }
                    }
                )+}
            }
        }
    };
}

mails! {
    /// Asks a newcomer to confirm the address.
    Confirm { handle, code, link } "confirm" "en/confirm.txt" "fr/confirm.txt";
    /// Tells the reader that the address has an account already (A1).
    Known { handle, sign_in, reset } "known" "en/known.txt" "fr/known.txt";
    /// Asks to confirm a new address of an account.
    Change { handle, code, link } "change" "en/change.txt" "fr/change.txt";
    /// Tells the old address that a new one was asked for.
    Changing { handle, email, settings } "changing" "en/changing.txt" "fr/changing.txt";
    /// Tells both addresses that the new one is in use.
    Changed { handle, email, how } "changed" "en/changed.txt" "fr/changed.txt";
    /// Invites a stranger; `handle` is empty where the instance itself does.
    Invited { handle, link, days } "invited" "en/invited.txt" "fr/invited.txt";
    /// Asks to confirm an address on the waiting list.
    Waiting { link } "waiting" "en/waiting.txt" "fr/waiting.txt";
    /// Tells that everything about the account can be fetched.
    ExportReady { handle, link, hours }
        "export-ready" "en/export-ready.txt" "fr/export-ready.txt";
    /// Tells that the account will be erased, and how to undo that.
    DeletionAsked { handle, day, link }
        "deletion-asked" "en/deletion-asked.txt" "fr/deletion-asked.txt";
    /// Tells that an administrator looks at what the account gives (P3).
    Glimpsed { handle, admin, reason, until, page }
        "glimpsed" "en/glimpsed.txt" "fr/glimpsed.txt";
    /// Tells that the account will not be erased.
    DeletionUndone { handle, sign_in }
        "deletion-undone" "en/deletion-undone.txt" "fr/deletion-undone.txt";
    /// Lets the reader set a new password.
    Reset { handle, link } "reset" "en/reset.txt" "fr/reset.txt";
    /// Tells that the password was changed.
    PasswordChanged { handle, reset }
        "password-changed" "en/password-changed.txt" "fr/password-changed.txt";
    /// Tells that an administrator suspended the account.
    Suspended { handle, reason, how } "suspended" "en/suspended.txt" "fr/suspended.txt";
    /// Tells that the suspension is over.
    Restored { handle, sign_in } "restored" "en/restored.txt" "fr/restored.txt";
    /// Tells what a settled month came to; what does not apply is empty.
    Settled { handle, month, given, promised, carried, lapsed, received, statement }
        "settled" "en/settled.txt" "fr/settled.txt";
    /// Tells that payouts go to another bank account (M8).
    BankChanged { handle, last4, hours, page }
        "bank-changed" "en/bank-changed.txt" "fr/bank-changed.txt";
    /// Tells that a payout was asked for.
    PayoutRequested { handle, amount, page }
        "payout-requested" "en/payout-requested.txt" "fr/payout-requested.txt";
    /// Tells that a payout went to the bank.
    PayoutSent { handle, amount, page } "payout-sent" "en/payout-sent.txt" "fr/payout-sent.txt";
    /// Tells that a payout came back, and why.
    PayoutReversed { handle, amount, reason, page }
        "payout-reversed" "en/payout-reversed.txt" "fr/payout-reversed.txt";
    /// Tells that unspent money was given back.
    RefundExecuted { handle, amount, answer, page }
        "refund-executed" "en/refund-executed.txt" "fr/refund-executed.txt";
    /// Tells that unspent money was not given back, and why.
    RefundDeclined { handle, amount, answer, page }
        "refund-declined" "en/refund-declined.txt" "fr/refund-declined.txt";
    /// Tells that a work is the account's now, and that what it gave itself has come back; what
    /// does not apply is empty.
    ClaimGranted { handle, work, points, freed, page }
        "claim-granted" "en/claim-granted.txt" "fr/claim-granted.txt";
    /// Tells that a work is not the account's any more.
    ClaimRevoked { handle, work, reason, how }
        "claim-revoked" "en/claim-revoked.txt" "fr/claim-revoked.txt";
    /// Tells that an administrator removed the reader's note of thanks, and why.
    NoteRemoved { handle, work, note, reason, how }
        "note-removed" "en/note-removed.txt" "fr/note-removed.txt";
    /// Tells that an endpoint is switched off; `gone` is empty where nothing arrived there.
    WebhookOff { handle, host, gone, page }
        "webhook-off" "en/webhook-off.txt" "fr/webhook-off.txt";
}

/// What every template has.
#[derive(Clone, Copy)]
struct Frame<'app> {
    instance: &'app str,
    base: &'app str,
}

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML; it loads nothing (P4).
    pub html: String,
}

/// Writes a mail in a language.
pub fn write(app: &App, mail: &Mail, language: Language) -> Result<Written> {
    let base = app.config().base_url();
    let frame = Frame { instance: &app.config().instance.name, base: &base };
    let rendered = mail.render(language, frame).map_err(Error::internal)?;
    let (subject, text) = rendered.split_once('\n').unwrap_or((&rendered, ""));
    let text = format!("{}\n", text.trim());
    let html = html::of(language, subject, &text)?;
    Ok(Written { subject: subject.trim().to_owned(), text, html })
}

/// Puts a mail into the outbox in the caller's transaction (A2), and gives the id under which its
/// fate is found (A3).
pub async fn queue(tx: &mut Tx, app: &App, to: &Recipient, mail: &Mail) -> Result<MailId> {
    let now = app.now();
    let written = write(app, mail, to.language)?;
    let new = NewMail {
        id: MailId::new(app.chance().id(now)),
        account: to.account,
        recipient: to.email.as_str().to_owned(),
        kind: mail.kind(),
        language: to.language.code().to_owned(),
        subject: written.subject,
        text: written.text,
        html: written.html,
        created_at: now,
    };
    outbox::insert(tx, &new).await?;
    Ok(new.id)
}

/// An address of the instance for a mail: built from the configured base, never from a request
/// (W6).
pub(crate) fn address(app: &App, path: &str) -> String {
    format!("{}{path}", app.config().base_url())
}

/// One mail of each kind, for tests and previews.
#[cfg(feature = "testing")]
#[must_use]
pub fn samples() -> Vec<Mail> {
    let handle = || "ada".to_owned();
    let email = || "ada@new.example".to_owned();
    let code = || "ABCD-2345".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    vec![
        Mail::Confirm { handle: handle(), code: code(), link: page("/confirm/0123") },
        Mail::Known { handle: handle(), sign_in: page("/sign-in"), reset: page("/reset") },
        Mail::Change { handle: handle(), code: code(), link: page("/confirm/0123") },
        Mail::Changing { handle: handle(), email: email(), settings: page("/settings") },
        Mail::Changed { handle: handle(), email: email(), how: page("/how") },
        Mail::Reset { handle: handle(), link: page("/reset/0123") },
        Mail::PasswordChanged { handle: handle(), reset: page("/reset") },
        invited(handle(), page("/invitation/0123")),
        invited(String::new(), page("/invitation/0123")),
        Mail::Waiting { link: page("/waiting/0123") },
    ]
    .into_iter()
    .chain(data_samples())
    .chain(account_samples())
    .chain(money_samples())
    .collect()
}

/// The same for the mails about what an account takes along, and about its end.
#[cfg(feature = "testing")]
fn data_samples() -> [Mail; 4] {
    let handle = || "ada".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    [
        Mail::ExportReady { handle: handle(), link: page("/export/0123"), hours: "24".into() },
        Mail::DeletionAsked {
            handle: handle(),
            day: "22 January 2026".into(),
            link: page("/deletion/0123"),
        },
        Mail::DeletionUndone { handle: handle(), sign_in: page("/sign-in") },
        Mail::Glimpsed {
            handle: handle(),
            admin: "boss".into(),
            reason: "<court> & order".into(),
            until: "15 January 2026 at 13:00".into(),
            page: page("/settings/data"),
        },
    ]
}

/// The same for the mails about what becomes of an account.
#[cfg(feature = "testing")]
fn account_samples() -> [Mail; 3] {
    let handle = || "ada".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    [
        Mail::Suspended { handle: handle(), reason: "<spam> & more".into(), how: page("/how") },
        Mail::Restored { handle: handle(), sign_in: page("/sign-in") },
        Mail::Settled {
            handle: handle(),
            month: "2026-11".into(),
            given: "EUR 5.00".into(),
            promised: "EUR 1.00".into(),
            carried: "3".into(),
            lapsed: "1".into(),
            received: "EUR 2.70".into(),
            statement: page("/statements/2026-11"),
        },
    ]
}

/// The same for the mails about money.
#[cfg(feature = "testing")]
fn money_samples() -> [Mail; 11] {
    let handle = || "ada".to_owned();
    let amount = || "€12.34".to_owned();
    let reason = || "<closed> & gone".to_owned();
    let work = || "https://music.example/song".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    let (payouts, refund) = (|| page("/creator/payouts"), || page("/wallet/refund"));
    [
        Mail::BankChanged {
            handle: handle(),
            last4: "2606".to_owned(),
            hours: "72".to_owned(),
            page: page("/creator/bank"),
        },
        Mail::PayoutRequested { handle: handle(), amount: amount(), page: payouts() },
        Mail::PayoutSent { handle: handle(), amount: amount(), page: payouts() },
        Mail::PayoutReversed {
            handle: handle(),
            amount: amount(),
            reason: reason(),
            page: payouts(),
        },
        Mail::RefundExecuted {
            handle: handle(),
            amount: amount(),
            answer: reason(),
            page: refund(),
        },
        Mail::RefundDeclined {
            handle: handle(),
            amount: amount(),
            answer: reason(),
            page: refund(),
        },
        Mail::ClaimGranted {
            handle: handle(),
            work: work(),
            points: "3".to_owned(),
            freed: amount(),
            page: page("/creator"),
        },
        Mail::ClaimRevoked { handle: handle(), work: work(), reason: reason(), how: page("/how") },
        Mail::NoteRemoved {
            handle: handle(),
            work: work(),
            note: "Thanks <3".to_owned(),
            reason: reason(),
            how: page("/how"),
        },
        webhook("410", page("/settings/webhooks")),
        webhook("", page("/settings/webhooks")),
    ]
}

#[cfg(feature = "testing")]
fn invited(handle: String, link: String) -> Mail {
    Mail::Invited { handle, link, days: "30".to_owned() }
}

#[cfg(feature = "testing")]
fn webhook(gone: &str, page: String) -> Mail {
    let (handle, host) = ("ada".to_owned(), "hooks.example".to_owned());
    Mail::WebhookOff { handle, host, gone: gone.to_owned(), page }
}
