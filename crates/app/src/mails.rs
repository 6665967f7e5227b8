//! Mails (A2): each has its text in every language in `mails/`, the subject on its first line.
//! They are put into the outbox in the transaction of the command that writes them.

mod html;
#[cfg(feature = "testing")]
mod samples;

use askama::Template;
use obole_domain::account::MailId;
use obole_domain::{AccountId, EmailAddress};
use obole_language::Language;
use obole_store::Tx;
use obole_store::accounts::AccountRow;
use obole_store::outbox::{self, NewMail};

use crate::app::App;
use crate::error::{Error, Result};

#[cfg(feature = "testing")]
pub use samples::samples;

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
    /// Tells of a sign-in in a browser that the account had not used; `browser` may be empty.
    NewDevice { handle, browser, at, page }
        "new-device" "en/new-device.txt" "fr/new-device.txt";
    /// Tells what changed of how one signs in. `change` is one of [`MEANS_CHANGES`]; `name` is the
    /// passkey's, or how many codes are left.
    MeansChanged { handle, change, name, page, reset }
        "means-changed" "en/means-changed.txt" "fr/means-changed.txt";
    /// Tells that an administrator is about to switch the second factor off.
    FactorHelp { handle, reason, at, sign_in }
        "second-factor-help" "en/second-factor-help.txt" "fr/second-factor-help.txt";
    /// Tells that an administrator suspended the account.
    Suspended { handle, reason, how } "suspended" "en/suspended.txt" "fr/suspended.txt";
    /// Tells that the suspension is over.
    Restored { handle, sign_in } "restored" "en/restored.txt" "fr/restored.txt";
    /// Tells what a settled month came to; what does not apply is empty.
    Settled { handle, month, given, collected, promised, carried, lapsed, received, statement }
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
    /// Tells what became of a claim; `news` is a word of the templates, what does not apply is
    /// empty.
    ClaimNews { handle, reach, news, other, part, page }
        "claim-news" "en/claim-news.txt" "fr/claim-news.txt";
    /// Tells a side what became of a dispute; `news` and `side` are words of the templates, what
    /// does not apply is empty.
    DisputeNews { handle, reach, news, side, other, words, answer, reason, until, page }
        "dispute-news" "en/dispute-news.txt" "fr/dispute-news.txt";
    /// Tells that earnings wait because of signals, or do not any more; `state` and `signals` are
    /// words of the templates, what does not apply is empty.
    EarningsWait { handle, amount, month, state, signals, reason, until, page }
        "earnings-wait" "en/earnings-wait.txt" "fr/earnings-wait.txt";
    /// Tells that gifts were refused and came back, and why.
    GiftsReturned { handle, amount, reason, page }
        "gifts-returned" "en/gifts-returned.txt" "fr/gifts-returned.txt";
    /// Tells what became of a report or an appeal; `news` is a word of the templates, what does not
    /// apply is empty.
    Moderated { handle, work, of, news, reason, page }
        "moderated" "en/moderated.txt" "fr/moderated.txt";
    /// Asks whether the reader joins a team; `role` is a word of the templates.
    TeamInvited { handle, team, role, link, days }
        "team-invited" "en/team-invited.txt" "fr/team-invited.txt";
    /// Tells what changed of a team; `news` and `role` are words of the templates, what does not
    /// apply is empty.
    TeamNews { handle, team, news, other, role, parts, kept, page }
        "team-news" "en/team-news.txt" "fr/team-news.txt";
    /// Tells that an administrator removed the reader's note of thanks, and why.
    NoteRemoved { handle, work, note, reason, how }
        "note-removed" "en/note-removed.txt" "fr/note-removed.txt";
    /// Tells the people of a site who proved control of what there; `claims` is a list, a line
    /// each.
    SiteNotice { site, claims, page, claim, stop }
        "site-notice" "en/site-notice.txt" "fr/site-notice.txt";
    /// Tells one of them, once a year, that patrons wait.
    SiteInvited { site, work, patrons, page, how, robot, stop }
        "site-invited" "en/site-invited.txt" "fr/site-invited.txt";
    /// Tells that an endpoint is switched off; `gone` is empty where nothing arrived there.
    WebhookOff { handle, host, gone, page }
        "webhook-off" "en/webhook-off.txt" "fr/webhook-off.txt";
}

impl Mail {
    /// Where whoever never asked for it ends such mails with one click; empty for other mails.
    fn unsubscribe(&self) -> String {
        match self {
            Self::SiteNotice { stop, .. } | Self::SiteInvited { stop, .. } => {
                format!("{stop}{}", crate::site_letters::NOW)
            }
            _ => String::new(),
        }
    }
}

/// What [`Mail::MeansChanged`] can tell.
pub const MEANS_CHANGES: [&str; 10] = [
    "passkey_added",
    "passkey_removed",
    "passkey_stopped",
    "factor_on",
    "factor_off",
    "factor_off_help",
    "factor_help_stopped",
    "factor_codes_renewed",
    "code_used",
    "codes_wrong",
];

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
        unsubscribe: mail.unsubscribe(),
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
