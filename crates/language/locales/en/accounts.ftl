# Coming in: signing up and in, confirming the address, a new password.

account-account = Account
account-email = Mail address
account-handle = Handle
account-handle-hint = 2 to 30 letters, digits and hyphens. Your profile will be at /@handle.
account-password = Password
account-password-hint = At least 10 characters. A few plain words do well.

signup-title = Sign up
signup-known = Already here?
signup-rules = By signing up you accept [how this instance works].
signup-confirm-later = Welcome! A mail is on its way to you: please confirm your address when you have the time.

signin-title = Sign in
signin-new = New here?
signin-name = Mail address or handle
signin-forgotten = Forgotten your password?

proof-title = Is it you?
proof-why = What comes next is safe only if nobody else sits at your browser. Please prove it again; that counts for ten minutes.
proof-go = Go on

confirm-title = Confirm your mail address
confirm-lead = We are sending a mail with a code and a link to { $email }.
confirm-fate-unknown = What became of this mail is not known any more. You can send another one below.
confirm-fate-queued = The mail is about to leave. Reload this page in a moment to see what became of it.
confirm-fate-postponed = The mail has not left yet. { $server } said: “{ $reply }”. The next try is on { $at }; you need not do anything.
confirm-fate-handed = The mail was handed to { $server } on { $at }. If it does not arrive within a few minutes, look into the folder for unwanted mail.
confirm-fate-folder = This instance keeps its mails in a folder instead of sending them. Its administrators can read them there.
confirm-fate-refused = { $server } refused the mail on { $at } and said: “{ $reply }”. Please check the address.
confirm-fate-given-up = No mail server took the mail for three days, until { $at }. The last answer came from { $server }: “{ $reply }”. Please check the address, or send another mail.
confirm-code = Code from the mail
confirm-code-hint = 8 letters and digits. It works until { $at }.
confirm-go = Confirm
confirm-later = Later
confirm-missing = The mail did not come?
confirm-missing-hint = You can look around, click and hold a little money before; only to be paid you need a confirmed address.
confirm-resend = Send another mail
confirm-correct = The address, if it has a mistake
confirm-correct-go = Correct the address
confirm-nothing = No mail address waits to be confirmed.
confirm-ask = Is this mail address yours, and this account too?
confirm-ask-go = Yes, confirm the address
confirm-ask-not = If not, close this page. Nothing happens then.
confirm-done = Your mail address is confirmed.
confirm-sent = Another mail is on its way.

reset-title = Set a new password
reset-lead = Type the mail address of your account. We will send a link to set a new password.
reset-go = Send the link
reset-sent = If an account has this address, a mail with a link is on its way. It may take a few minutes.
reset-set-lead = Choose a new password for @{ $handle }. Every browser that is signed in will be signed out. A second factor stays: its code is asked for when you sign in.
reset-new = New password
reset-set-go = Set the password
reset-done = Your new password is set. Please sign in with it.

setup-title = Set up this instance
setup-lead = You are the first here. This makes the account that administers the instance; the link works once.
setup-go = Make the account
