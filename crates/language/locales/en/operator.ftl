# Settlement and audit, for administrators.

settlement-admin-title = Settlement
settlement-admin-lead = A month that is over is closed by itself within a minute. You can also start it here; started twice, it does nothing twice.
settlement-due = Over and not settled yet: { $months }.
settlement-run = Settle now
settlement-started = The settlement has started. This page shows how far it has come.
settlement-nothing-due = Every month that is over has been settled.
settlement-under-way = { $month } is being settled
settlement-stage-freezing = Recording what each patron can give
settlement-stage-sharing = Sharing the budgets out over the clicks
settlement-stage-booking = Taking what each gave from the wallets
settlement-stage-crediting = Crediting the creators
settlement-stage-done = Done
settlement-done-title = Settled months
settlement-none-title = No month has been settled yet
settlement-none = The first one is settled when the month of the first click is over.
settlement-month = Month
settlement-given = Given
settlement-fee = Fee
settlement-clicks = Clicks
settlement-patrons = Patrons
settlement-works = Works
settlement-finished = Settled on

audit-title = Audit
audit-lead = The audit asks every rule of the ledger again: that each entry adds up to zero, that no wallet is overdrawn, that every share is what the frozen clicks say. It runs once a day, and before and after each settlement.
audit-clean = Everything holds. Last audit: { $at }.
audit-broken = { $count ->
    [one] One rule does not hold. Last audit: { $at }.
   *[other] { $count_text } findings. Last audit: { $at }.
}
audit-run = Audit now
audit-breaches = What does not hold
audit-checked = Checked: { $rules }.
audit-held-title = Settlement and payouts wait for you
audit-held = Look into the cause first. A wrong amount is corrected by a new entry, never by editing the database.
audit-release = I have looked: go on
audit-released = Settlement and payouts go on.

backups-lead = A backup holds everything in one sealed file. It counts only after it was read back into a scratch database and audited.
backups-last = The last one is the state of { $at }, with { $rows_text } rows: { $file }
backups-none = None has been taken yet. A serving instance takes one within a minute.
backups-off = None is taken by itself: name a folder on another disk as backup.folder in the configuration, and start the instance again.
backups-failed = The backup of { $at } failed: { $reason }
backups-unsafe = This database may lose at a power cut what it has confirmed (database.unsafe_durability). That is for tests, never for money.

quarantine-warning = This instance was restored from the backup of { $at }. Payouts, refunds and settlement wait, so that nothing is paid twice: [see what was found and what to do].
quarantine-title = Restored: payouts, refunds and settlement wait
quarantine-why = The instance was restored on { $since } from the backup of { $backup }. Pages and clicks work as ever. What left in between is not in the backup: it has to be found before money moves again.
quarantine-compared = The outbound journal was compared on { $at }. What had left and was known here: { $known_text }. What was not: { $count_text }.
quarantine-absent = The outbound journal that belongs to the backup is not here. Put the file in its place and compare again. If it is lost, compare the bank statements since the backup and book by hand what is missing.
quarantine-found = What had left and was not in the backup
quarantine-what = What
quarantine-amount = Amount
quarantine-outcome = What became of it
quarantine-kind-payout = Payout
quarantine-kind-refund = Refund
quarantine-outcome-booked = booked
quarantine-outcome-owed = booked, partly owed
quarantine-outcome-stranger = booked, account unknown
quarantine-outcome-unclear = not booked: please look
quarantine-outcomes = “Partly owed”: the account has less than had left; the rest is taken off what comes next. A payout that the bank statement does not show can be reversed on the page of its bank file.
quarantine-compare = Compare again
quarantine-compared-again = The outbound journal was compared as far as it is here.
quarantine-reason-hint = How you know that nothing can be paid twice. It is kept in the log.
quarantine-checked = I compared the bank statements since the backup, and what had left is booked.
quarantine-end = Let payouts, refunds and settlement go on
quarantine-ended = Payouts, refunds and settlement go on.
