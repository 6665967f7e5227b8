# Administration of accounts and mails.

accounts-title = Accounts
accounts-search = Search
accounts-search-hint = Handle, name or mail address
accounts-none = No account fits
accounts-none-hint = Try a shorter piece of the handle, name or address.
accounts-all = All accounts
accounts-name = Name
accounts-nameless = none
accounts-state = State
accounts-admin = administrator
accounts-suspended = suspended
accounts-made = Since
accounts-profile = Public profile
accounts-suspend = Suspend this account
accounts-suspend-hint = All its sessions end, its tokens stop working, and nobody can sign in. Its money stays where it is.
accounts-reason = Reason
accounts-reason-hint = It is mailed to the account and kept in the audit log.
accounts-suspend-go = Suspend
accounts-suspend-done = @{ $handle } is suspended and was told the reason.
accounts-restore = Lift the suspension
accounts-restore-go = Let the account in again
accounts-restore-done = @{ $handle } can sign in again.
accounts-factor = Help with the second factor
accounts-factor-hint = For who lost the telephone and every recovery code. Make sure by another way that it is them: whoever has the mailbox and this comes in. The second factor is switched off in three days; the account is told now, and a sign-in with a code stops it.
accounts-factor-go = Have it switched off
accounts-factor-asked = @{ $handle } is told. The second factor is switched off in three days unless it is stopped.
accounts-factor-goes = It will be switched off on { $at }.
accounts-factor-stop = Let it stand
accounts-factor-stopped = The second factor of @{ $handle } stays on.

mails-title = Mails
mails-folder = No mail server is configured: mails go into a folder and can be read here. Every reading is kept in the audit log.
mails-waiting = { $count ->
    [one] { $count_text } mail waits, since { $at }.
   *[other] { $count_text } mails wait, the oldest since { $at }.
}
mails-none = No mails yet
mails-none-hint = What the instance writes to its accounts will be listed here.
mails-subject = Subject
mails-recipient = To
mails-written = Written
mails-state = State
mails-queued = waiting
mails-handed = handed over
mails-refused = refused
mails-given-up = given up
mails-act = Try now
mails-hurried = The mail is tried within a few seconds.
