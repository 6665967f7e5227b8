# Administration: vouchers, payouts, refunds, works, rules, the audit log.
admin-tab-overview = Overview
admin-tab-settlement = Settlement
admin-tab-vouchers = Vouchers
admin-tab-payouts = Payouts
admin-tab-refunds = Refunds
admin-tab-works = Works
admin-tab-notes = Notes
admin-tab-accounts = Accounts
admin-tab-invitations = Invitations
admin-tab-mails = Mails
admin-tab-policy = Rules
admin-tab-audit = Audit
admin-tab-backups = Backups
admin-tab-log = Log

admin-account = Account
admin-reason = Reason
admin-reason-hint = It is kept in the log.
admin-held = Settlement and payouts are waiting for you. [Look at the audit].
admin-nothing-waits = Nothing is waiting for you.
admin-payouts-count = { $count ->
    [one] { $count_text } payout
   *[other] { $count_text } payouts
}
admin-refunds-count = { $count ->
    [one] { $count_text } refund
   *[other] { $count_text } refunds
}
admin-refunds-waiting = Refunds asked for
admin-batches-open = Bank files not sent yet

admin-voucher-none = No vouchers have been made yet.
admin-voucher-make = Make vouchers
admin-voucher-make-hint = Against money that you took: the sum is booked to your bank or till.
admin-voucher-each = Each worth
admin-voucher-count = How many
admin-voucher-count-hint = At most { $most } at a time.
admin-voucher-end = Last day
admin-voucher-end-hint = Empty: they never end.
admin-voucher-made = Made
admin-voucher-made-before = These vouchers were made already, and their codes were shown. They cannot be shown again.
admin-voucher-redeemed = Redeemed
admin-voucher-void = Void
admin-voucher-state-redeemed = redeemed
admin-voucher-state-void = void
admin-voucher-expired = ended
admin-voucher-open = open
admin-voucher-codes = Voucher codes
admin-voucher-once = These codes are shown only now. Print this page or write them down; only their fingerprints are kept.
admin-voucher-redeem-at = Redeem at { $address }.
admin-voucher-until = Good until { $day }.
admin-voucher-batch = A batch of vouchers
admin-voucher-number = Number
admin-voucher-void-it = Make void
admin-voucher-void-number = Make voucher number { $number_text } void
admin-voucher-void-all = { $count ->
    [one] Make the { $count_text } open voucher void
   *[other] Make all { $count_text } open vouchers void
}
admin-voucher-voided = The voucher is void.
admin-voucher-voided-all = { $count ->
    [one] { $count_text } voucher is void now.
   *[other] { $count_text } vouchers are void now.
}

admin-payouts-waiting = Payouts asked for
admin-payouts-none = No payout is waiting.
admin-payout-reverse = Reverse
admin-payout-reversed = The payout is reversed: the money is in the earnings again, and the creator is told by mail.
admin-batch = A bank file
admin-batches = Bank files
admin-batches-none = No bank file has been made yet.
admin-batch-lines = Payouts
admin-batch-make = Make a bank file
admin-batch-make-hint = All payouts asked for go into one file for your bank (SEPA, pain.001).
admin-batch-made = The bank file is made: { $amount } in all.
admin-batch-approval = waits for approval
admin-batch-ready = ready
admin-batch-handed = downloaded
admin-batch-sent = sent
admin-batch-discarded = given up
admin-batch-needs-approval = Files above { $limit } need a second administrator: somebody other than who made it has to approve.
admin-batch-approve = Approve
admin-batch-approved = You approved the bank file.
admin-batch-download = Download the file
admin-batch-mark = Mark as sent
admin-batch-marked = The bank file is marked as sent. The creators are told by mail.
admin-batch-discard = Give it up
admin-batch-given-up = The bank file is given up; its payouts are waiting again.
admin-batch-order = Download the file, hand it to your bank, then mark it as sent. Once it is downloaded it cannot be given up: the bank may have it. A line that the bank refuses can be reversed when the file is marked as sent.

admin-refunds-none = No refund is waiting.
admin-refund-words = What you tell the patron
admin-refund-words-hint = How you gave it back, or why you decline.
admin-refund-execute = I gave the money back
admin-refund-decline = Decline
admin-refund-begun = Somebody said that this was given back, and it was not finished. If the money went, say so again in a minute.
admin-refund-executed = The refund is booked, and the patron is told by mail.
admin-refund-declined = The refund is declined: the money is in the wallet again, and the patron is told by mail.

admin-work-search = Address or title
admin-work-search-do = Search
admin-work-none = No work fits.
admin-work-owner = Controlled by
admin-work-nobody = nobody yet
admin-work-grant = Vouch for a claim
admin-work-grant-hint = The account controls the work from now on and collects what was promised to it.
admin-work-address = Address of the work
admin-work-handle = Handle of the account
admin-work-granted = The work is controlled by @{ $handle } now.
admin-work-revoke = End the claim
admin-work-revoked = The claim has ended. What comes from now on is promised again.

admin-policy-lead = Every rule is shown to everybody on [how it works]. A month is settled by the rules of the moment in which it closes.
admin-policy-set = { $count ->
    [0] No rule has changed.
    [one] { $count_text } rule has changed.
   *[other] { $count_text } rules have changed.
}
admin-policy-preset = Preset { $preset }
admin-policy-preset-now = These are the rules now.
admin-policy-preset-changes = It would change:
admin-policy-preset-use = Use these rules
admin-policy-preset-set = The rules are those of the preset { $preset } now.
admin-rule-points-max = Points in one click, at most
admin-rule-clicks-once = One click on a work in a month
admin-rule-budget-min = Smallest budget
admin-rule-give-to-receive = Receive only if you give
admin-rule-unspent = Unspent budget
admin-rule-fee = Fee
admin-rule-registration = Registration
admin-rule-invitations = Invitations of each account
admin-rule-invite-from = Sites are invited from so many waiting patrons on (0: never)
admin-rule-dislikes = Dislikes
admin-rule-payout-min = Smallest payout
admin-rule-second-admin-above = Bank files that need a second administrator, above
admin-choice-yes = yes
admin-choice-no = no
admin-choice-choice = as each patron chose
admin-choice-pool = to the common pool
admin-choice-open = open
admin-choice-invitation = by invitation
admin-choice-closed = closed, with a waiting list

admin-log-lead = Everything that administrators do. Each record is chained to the one before, so that none can be changed or taken out unseen.
admin-log-when = When
admin-log-who = Who
admin-log-what = What
