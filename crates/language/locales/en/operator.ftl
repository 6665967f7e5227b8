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
