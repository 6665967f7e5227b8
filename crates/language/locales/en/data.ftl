# What an account takes along, and its end.

data-tab = Your data
data-title = Your data
data-export = Take everything along
data-export-lead = One archive with all that this instance knows about your account: a file for each kind of thing, as CSV for spreadsheets and as JSON for programs. It holds nothing of others and no secret.
data-export-go = Make the archive
data-export-asked = The archive is being made. A mail brings you the link, within minutes.
data-export-waits = Your archive is being made, since { $at }.
data-export-ready = An archive is ready until { $at }. The link is in the mail.
data-export-taken = The last archive was fetched on { $at }.
data-export-ended = The last archive was not fetched and is deleted.
data-fetch-title = Your data are ready
data-fetch-lead = The archive can be fetched once, until { $at }. Keep it somewhere safe.
data-fetch-go = Fetch the archive
data-fetch-size = It is { $size } large.
data-leave = Leave
data-leave-lead = You can delete your account. The next page says exactly what goes and what stays, before anything happens.
data-leave-go = Delete the account

leave-title = Delete your account
leave-goes = What goes
leave-goes-profile = Your profile, mail address, password, sessions and known browsers
leave-goes-clicks = Your clicks of the open month, your subscriptions and your notes of thanks
leave-goes-keys = Tokens, apps, webhooks, feeds, trusted sites and everything else in your settings
leave-goes-works = { $count ->
    [0] Your bank details
    [one] Your bank details, and your claim on { $count_text } work: what comes for it is promised again
   *[other] Your bank details, and your claims on { $count_text } works: what comes for them is promised again
}
leave-stays = What stays, and why
leave-stays-books = The amounts in the books, your monthly statements and payouts, without your name, under a number: the law asks the operator to keep them for { $years } years.
leave-stays-works = Addresses and titles of works: they are about the works.
leave-stays-log = What administrators did, in the log, under the same number: nobody can take anything out of it.
leave-stays-backups = Backups hold your data for { $days } days more. After a restore your account is deleted again.
leave-money = Your money first
leave-money-none = There is no money on this account.
leave-money-wallet = In your wallet: { $amount }
leave-money-earnings = In your earnings: { $amount }
leave-money-held = Of that, set aside: { $amount }
leave-money-under-way = A payout or a withdrawal is still under way. When it has ended, come back.
leave-money-refund = Take money out of the wallet
leave-money-payout = Have earnings paid out
leave-money-let-go = Let go of all promises
leave-money-let-go-done = Your promises are let go of; the money is free.
leave-money-pool = Give { $amount } to the common pool
leave-money-pool-done = { $amount } went to the common pool. Thank you.
leave-last-admin = You are the only administrator here. Make somebody else one first.
leave-when = What happens then
leave-when-text = Your account is suspended at once: nobody sees it, and nobody can sign in to it. A mail brings you a link with which you can undo that for { $days } days. Then everything above is erased. Money that still arrives in those days goes to the common pool.
leave-agree = I have read what goes and what stays, and want my account deleted
leave-go = Delete my account
leave-done = Your account is suspended and will be deleted. The mail has a link in case you change your mind.
leave-undo-title = Keep your account?
leave-undo-lead = @{ $handle } will be deleted on { $day }. You can still undo that.
leave-undo-go = Keep the account
leave-undo-done = Your account stays. You can sign in again.

data-readme = Everything that this instance knows about your account. Each kind of thing is in two files: .csv for spreadsheets, .json for programs. Moments are in UTC (RFC 3339), months as 2026-11, amounts in whole millionths of the unit (columns that end in _micros). The file shares has what each click of each settled month came to. What each file and column means is in the manual, docs/manual/privacy.md of the instance’s source.

giving-title = What this account gives
giving-lead = What @{ $handle } gives is private. With a reason you see it for an hour. The reason is kept in the log, and the account is told who looked, when and why.
giving-reason-hint = Such as a court’s order, or the account’s own request. It is mailed to the account.
giving-go = Look, and tell the account
giving-opened = You see what @{ $handle } gives for an hour. The account was told.
giving-until = You see this until { $at }. Each look is kept in the log.
giving-none = This account has given nothing.
giving-work = Work
giving-month = Month
giving-points = Points
giving-seen = Administrators who looked at what you give
