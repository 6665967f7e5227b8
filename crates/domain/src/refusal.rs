//! Why something is not done: a closed list of facts, each with a stable code that programs rely
//! on (security.md E1) and the values that the sentence for people needs. The sentences are in
//! the language crate under `problem-<code>`.

mod value;

use crate::money::Money;
use crate::period::Period;

pub use value::Value;

/// Writes the enum, its codes, its fields and its values from one table.
macro_rules! refusals {
    ($(
        $(#[$about:meta])*
        $variant:ident { $($value:ident : $kind:ty),* } $code:literal $field:literal;
    )+) => {
        /// A fact that stands in the way of a command.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $(
                $(#[$about])*
                #[error($code)]
                #[allow(missing_docs)]
                $variant { $($value: $kind),* },
            )+
        }

        impl Refusal {
            /// Every code, for the page that lists them and the test that each has its sentence.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// Every code with the names of its sentence's values, in the same order.
            pub const VALUES: &'static [(&'static str, &'static [&'static str])] =
                &[$(($code, &[$(stringify!($value)),*])),+];

            /// The stable code.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),+ }
            }

            /// The form field that it is about; empty where it is about the whole.
            #[must_use]
            pub fn field(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $field),+ }
            }

            /// The values of its sentence, by name.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static str, Value)> {
                match self {
                    $(Self::$variant { $($value),* } => {
                        vec![$((stringify!($value), $value.clone().into())),*]
                    }),+
                }
            }
        }
    };
}

refusals! {
    /// Nothing was typed where something is needed.
    Missing {} "missing" "";
    /// Longer than the limit.
    TooLong { limit: i64 } "too_long" "";
    /// Control characters or broken text.
    NotText {} "not_text" "";
    /// Not a colour such as #85540f.
    ColorMalformed {} "color_malformed" "color";
    /// Not an amount: digits with a decimal separator.
    AmountMalformed {} "amount_malformed" "amount";
    /// More decimals than the currency has.
    AmountTooFine { decimals: i64 } "amount_too_fine" "amount";
    /// More than can be handled in one go.
    AmountTooLarge { limit: Money } "amount_too_large" "amount";
    /// Zero where something must move.
    AmountZero {} "amount_zero" "amount";
    /// The instance does not have this currency.
    CurrencyUnknown { code: String } "currency_unknown" "currency";
    /// A sum or product left the range of an amount.
    Overflow {} "overflow" "amount";
    /// Not a month such as 2026-11.
    PeriodMalformed {} "period_malformed" "period";
    /// The month is not over.
    PeriodNotOver { period: Period } "period_not_over" "period";
    /// What the month was made of is forgotten (P5).
    DetailsGone { period: Period } "details_gone" "period";
    /// An address that no page can have.
    UrlMalformed {} "url_malformed" "url";
    /// Only pages of the web can be given to.
    UrlScheme {} "url_scheme" "url";
    /// Longer than 2 048 characters.
    UrlTooLong { limit: i64 } "url_too_long" "url";
    /// Not a whole number of points.
    PointsMalformed { limit: i64 } "points_malformed" "points";
    /// Outside what the policy allows in one click.
    PointsOutOfRange { limit: i64 } "points_out_of_range" "points";
    /// Too many points for one work in one month.
    PointsFull { limit: i64 } "points_full" "points";
    /// Nothing in what was brought along is an address.
    NothingToBring {} "nothing_to_bring" "file";
    /// No box is ticked where one has to be.
    NothingChosen {} "nothing_chosen" "take";
    /// No more proposals can wait.
    ProposalsFull { limit: i64 } "proposals_full" "file";
    /// No more sites can be trusted.
    SitesFull { limit: i64 } "sites_full" "site";
    /// A site may not give by itself now.
    SiteAsks {} "site_asks" "";
    /// The policy allows one click on a work in a month.
    ClickedAlready {} "clicked_already" "points";
    /// Nobody can click a work of their own.
    OwnWork {} "own_work" "url";
    /// The owner does not want money for this work.
    WorkRefused {} "work_refused" "url";
    /// Works are in none of these languages.
    WorkLanguageUnknown {} "work_language_unknown" "language";
    /// The account describes this work already.
    DescribedAlready {} "described_already" "url";
    /// There is no such click in the open month.
    ClickMissing {} "click_missing" "";
    /// There is a subscription to the work already.
    Subscribed {} "subscribed" "";
    /// No such subscription, or not the asker's.
    SubscriptionMissing {} "subscription_missing" "";
    /// The subscription has ended.
    SubscriptionEnded {} "subscription_ended" "";
    /// No more subscriptions stand at once.
    SubscriptionsFull { limit: i64 } "subscriptions_full" "";
    /// Not a number of months that a subscription can run for.
    SubscriptionLength {} "subscription_length" "periods";
    /// A handle has 2 to 30 letters, digits, hyphens.
    HandleMalformed {} "handle_malformed" "handle";
    /// The handle belongs to somebody.
    HandleTaken {} "handle_taken" "handle";
    /// Not a mail address.
    EmailMalformed {} "email_malformed" "email";
    /// The address belongs to an account (told to administrators only).
    EmailTaken {} "email_taken" "email";
    /// The mail address has not been confirmed.
    EmailUnconfirmed {} "email_unconfirmed" "";
    /// Fewer characters than the minimum.
    PasswordTooShort { limit: i64 } "password_too_short" "password";
    /// Among the passwords that are tried first.
    PasswordCommon {} "password_common" "password";
    /// Not the account's password.
    PasswordWrong {} "password_wrong" "password";
    /// Address and password do not fit.
    SignInWrong {} "sign_in_wrong" "";
    /// The second step came too late, or in another browser than the first.
    SignInOver {} "sign_in_over" "";
    /// Neither the code that the app shows now nor a recovery code; or used already.
    SecondCodeWrong {} "second_code_wrong" "code";
    /// The second factor was switched on or off meanwhile.
    SecondFactorMoved {} "second_factor_moved" "";
    /// What the passkey answered does not fit, or was not asked by this page.
    PasskeyWrong {} "passkey_wrong" "";
    /// The passkey is an account's already.
    PasskeyKnown {} "passkey_known" "";
    /// The passkey was stopped: a copy of it may be about.
    PasskeyStopped {} "passkey_stopped" "";
    /// No more passkeys.
    PasskeysFull { limit: i64 } "passkeys_full" "";
    /// The instance's address is none that a passkey can be made for.
    PasskeysImpossible {} "passkeys_impossible" "";
    /// Without it nobody could sign in to the account.
    LastMeans {} "last_means" "";
    /// An administrator suspended the account.
    AccountSuspended {} "account_suspended" "";
    /// The code is wrong, used or too old.
    CodeWrong {} "code_wrong" "code";
    /// Registration is not open.
    RegistrationByInvitation {} "registration_by_invitation" "";
    /// Nobody can join now.
    RegistrationClosed {} "registration_closed" "";
    /// The invitation is not known, used, withdrawn or too old.
    InvitationUnusable {} "invitation_unusable" "invitation";
    /// The account has invited as many as it may.
    InvitationsUsedUp {} "invitations_used_up" "";
    /// Not a number of invitations that an account can have.
    InvitationCount { limit: i64 } "invitation_count" "count";
    /// Under the instance's minimum.
    BudgetTooSmall { minimum: Money } "budget_too_small" "amount";
    /// Less is available than was asked for.
    NotEnough { available: Money } "not_enough" "amount";
    /// Part of what is available came from earnings: that leaves as a payout.
    RefundOfEarnings { refundable: Money } "refund_of_earnings" "amount";
    /// Nothing in the wallet came from earnings and can go back to them.
    NothingToReturn {} "nothing_to_return" "";
    /// The voucher is not known, used, void or expired.
    VoucherUnusable {} "voucher_unusable" "code";
    /// The voucher's check symbol does not fit: a typing error.
    VoucherMistyped {} "voucher_mistyped" "code";
    /// More vouchers than one batch holds.
    VoucherCount { limit: i64 } "voucher_count" "count";
    /// A date in the past, or not a date.
    DateMalformed {} "date_malformed" "expires";
    /// Not an IBAN of a SEPA country with fitting check digits.
    IbanMalformed {} "iban_malformed" "iban";
    /// The holder's name has no letter that banks can write.
    HolderMalformed {} "holder_malformed" "holder";
    /// No bank account to pay to.
    BankAccountMissing {} "bank_account_missing" "iban";
    /// New bank details rest before money goes there.
    BankAccountResting { hours: i64 } "bank_account_resting" "iban";
    /// Under the payout threshold.
    PayoutTooSmall { threshold: Money } "payout_too_small" "amount";
    /// Banks move euros only (SEPA); other earnings can be moved to the wallet.
    PayoutCurrency { code: String } "payout_currency" "currency";
    /// The operator's own bank account is not configured.
    OperatorBankMissing {} "operator_bank_missing" "";
    /// The threshold cannot be set below the instance's.
    ThresholdTooSmall { minimum: Money } "threshold_too_small" "threshold";
    /// The batch, payout or withdrawal has moved on.
    StateMoved {} "state_moved" "";
    /// Above the limit a second administrator approves.
    SecondAdminNeeded { limit: Money } "second_admin_needed" "";
    /// Nothing waits to be paid.
    NothingToPay {} "nothing_to_pay" "";
    /// An account that has money left cannot go.
    MoneyLeft {} "money_left" "";
    /// Money of the account is on its way out.
    MoneyUnderWay {} "money_under_way" "";
    /// The only administrator cannot go.
    LastAdmin {} "last_admin" "";
    /// The work has an owner already.
    ClaimStands { handle: String } "claim_stands" "account";
    /// This kind of proof cannot work for this address.
    ProofImpossible {} "proof_impossible" "method";
    /// An account has begun as many claims as can wait for their proofs.
    ClaimsFull { limit: i64 } "claims_full" "";
    /// No account has this handle or address.
    AccountUnknown {} "account_unknown" "account";
    /// No work has this address.
    WorkUnknown {} "work_unknown" "url";
    /// Not two words and two digits.
    WorkCodeMalformed {} "work_code_malformed" "code";
    /// A word that no code has.
    WorkCodeWord { word: String } "work_code_word" "code";
    /// A word that no code has, and words that are like it.
    WorkCodeWordNear { word: String, near: String } "work_code_word_near" "code";
    /// Words of two languages.
    WorkCodeMixed {} "work_code_mixed" "code";
    /// The check digit does not fit; the other way round it would.
    WorkCodeSwapped { code: String } "work_code_swapped" "code";
    /// The check digit does not fit.
    WorkCodeMistyped {} "work_code_mistyped" "code";
    /// A sound code that no work has.
    WorkCodeUnknown { code: String } "work_code_unknown" "code";
    /// Every code that was drawn is another work's.
    WorkCodesFull {} "work_codes_full" "code";
    /// A rule's value is not one it can have.
    PolicyMalformed { rule: String } "policy_malformed" "value";
    /// This instance has no play money.
    PlayMoneyOff {} "play_money_off" "";
    /// More play money than one can take in a month.
    PlayMoneyLimit { limit: Money } "play_money_limit" "amount";
    /// A scope that does not exist.
    ScopeUnknown { scope: String } "scope_unknown" "scope";
    /// Not an address that answers to a client can be sent to.
    RedirectMalformed {} "redirect_malformed" "redirects";
    /// More addresses than a client can have.
    RedirectsFull { limit: i64 } "redirects_full" "redirects";
    /// No more clients can be registered by one account.
    ClientsFull { limit: i64 } "clients_full" "name";
    /// No app with a secret has this id.
    AppUnknown {} "app_unknown" "app";
    /// No device shows this code now.
    DeviceCodeUnknown {} "device_code_unknown" "code";
    /// Not an address that an instance reaches: https, a public name.
    WebhookUrl {} "webhook_url" "url";
    /// No more endpoints.
    WebhooksFull { limit: i64 } "webhooks_full" "url";
    /// An event that does not exist.
    WebhookEventUnknown { kind: String } "webhook_event_unknown" "events";
    /// An endpoint that is told nothing.
    WebhookEventsMissing {} "webhook_events_missing" "events";
    /// Two secrets are valid already.
    WebhookRotating {} "webhook_rotating" "";
    /// The endpoint is switched off.
    WebhookOff {} "webhook_off" "";
    /// A file that is not in the layout it should have.
    FileMalformed { line: i64 } "file_malformed" "file";
    /// The instance waits for an administrator to confirm the clock (D13) or a breach (audit).
    Held {} "held" "";
    /// The instance was restored and waits for an administrator to end the quarantine (V3).
    Quarantined {} "quarantined" "";
    /// Without the outbound journal somebody must have looked at the bank statements (V3).
    BankUnchecked {} "bank_unchecked" "checked";
    /// Not a backup.
    BackupForeign {} "backup_foreign" "file";
    /// A backup that a newer program made.
    BackupNewer {} "backup_newer" "file";
    /// A backup of an instance with another secret key.
    BackupKeyOther { path: String } "backup_key_other" "file";
    /// The secret key that a backup is opened with is not there.
    BackupKeyMissing { path: String } "backup_key_missing" "file";
    /// The account has disputes enough.
    DisputesFull { limit: i64 } "disputes_full" "words";
    /// The same was disputed before.
    DisputeOpen {} "dispute_open" "words";
    /// The holder can answer still.
    DisputeTooEarly {} "dispute_too_early" "";
    /// Nobody else controls the page.
    NothingToDispute {} "nothing_to_dispute" "url";
    /// The account keeps what it gives private, or the work does not show its patrons.
    GivingPrivate {} "giving_private" "";
    /// A report of what is one's own.
    ReportOwn {} "report_own" "words";
    /// The account's earlier report of the same waits.
    ReportOpen {} "report_open" "words";
    /// The account has reports enough that wait.
    ReportsFull { limit: i64 } "reports_full" "words";
    /// An administrator has hidden what somebody wants to change.
    WordsHidden {} "words_hidden" "";
    /// Who decided does not judge the appeal.
    AppealOwn {} "appeal_own" "reason";
    /// Nobody decides about themselves while another administrator could.
    OwnMatter {} "own_matter" "reason";
    /// A claim that is not confirmed, or is disputed, does not refuse for all that it reaches.
    ClaimUnsettled {} "claim_unsettled" "";
    /// The claim that decides about a work refuses for all that it reaches.
    ClaimRefuses {} "claim_refuses" "";
    /// A settled month is still looked over before anything of it leaves (X5).
    MonthUnjudged {} "month_unjudged" "";
    /// The proof of a claim was not there when a payout was asked for (C4).
    ProofMissing { reach: String } "proof_missing" "";
    /// Together more than the whole.
    PercentagesTooLarge {} "percentages_too_large" "parts";
    /// Not a percentage from 0 to 100 with two decimals at most.
    PercentMalformed {} "percent_malformed" "part";
    /// Nobody of the team has a part.
    PercentagesMissing {} "percentages_missing" "";
    /// More than half.
    PassedTooMuch {} "passed_too_much" "part";
    /// More works than one passes on to.
    PassedToTooMany { limit: i64 } "passed_to_too_many" "targets";
    /// A work that passes on to itself.
    PassedToItself {} "passed_to_itself" "targets";
    /// A weight that is not a whole number from 1 on.
    WeightOutOfRange { limit: i64 } "weight_out_of_range" "targets";
    /// A line of a list that is not an address of a page.
    LineMalformed { line: i64 } "line_malformed" "targets";
    /// A team without an owner.
    TeamLastOwner {} "team_last_owner" "";
    /// The team controls works, or has money.
    TeamNotEmpty {} "team_not_empty" "";
    /// The team has members enough.
    TeamMembersFull { limit: i64 } "team_members_full" "to";
    /// The account founded teams enough.
    TeamsFull { limit: i64 } "teams_full" "";
    /// Somebody belongs to the team already.
    TeamMemberAlready {} "team_member_already" "to";
    /// An invitation to a team that was answered, taken back or is too old.
    TeamInvitationUnusable {} "team_invitation_unusable" "";
    /// Some of the backup is not as it was written, or its end is missing.
    BackupDamaged {} "backup_damaged" "file";
    /// The audit of what was read back from the backup found a breach (V1).
    BackupUnsound { rule: String } "backup_unsound" "file";
    /// A backup never replaces a file.
    BackupExists { path: String } "backup_exists" "file";
    /// Only an empty database is restored into.
    DatabaseNotEmpty {} "database_not_empty" "database";
    /// A file cannot be spread over machines, and knows no roles.
    ClusterNeedsServer {} "cluster_needs_server" "database";
    /// The server has no Citus.
    ClusterNeedsCitus {} "cluster_needs_citus" "database";
    /// The same key was used for another request (K3).
    IdempotencyKeyReused {} "idempotency_key_reused" "";
    /// Too many tries; wait.
    TooMany { seconds: i64 } "too_many" "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_plain() {
        let mut codes = Refusal::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::CODES.len());
        let is_plain = |code: &&str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(codes.iter().all(is_plain));
    }

    #[test]
    fn a_refusal_names_its_field_and_values() {
        let refusal = Refusal::PointsFull { limit: 1_000_000 };
        assert_eq!(refusal.code(), "points_full");
        assert_eq!(refusal.field(), "points");
        assert_eq!(refusal.values(), [("limit", Value::Number(1_000_000))]);
    }
}
