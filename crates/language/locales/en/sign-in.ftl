# Passkeys, the second factor and its recovery codes.

signin-passkey = Sign in with a passkey
signin-password = With a password
signin-code-title = One more step
signin-code-lead = Your password is right. Please type the code that your app shows now.
signin-code = Code
signin-code-hint = Six digits of your app, or one of your recovery codes.
signin-code-again = Begin again
signin-code-lost = You can do neither?
signin-code-lost-how = A passkey signs in without a code. If you have none, write to [who runs this instance]: an administrator can switch the second factor off for you. That takes three days, and you will be told by mail. Setting a new password does not help here: it is the same question afterwards.

proof-passkey = Prove it with a passkey

passkeys-title = Passkeys
passkeys-lead = A passkey signs you in with your device: by fingerprint, face or PIN, without a password to type, and on no page that only pretends to be this one. It is kept by your device or by what keeps your passwords.
passkeys-count = { $count ->
    [0] No passkey opens your account yet.
    [one] { $count_text } passkey opens your account.
   *[other] { $count_text } passkeys open your account.
}
passkeys-go = Look at the passkeys
passkeys-none = You have no passkeys yet.
passkeys-one = Passkey
passkeys-made = Made on { $at }.
passkeys-used = Last used: { $at }.
passkeys-change = Rename or remove
passkeys-name = Name of the passkey
passkeys-name-hint = So that you know it again, such as “telephone” or “blue key”.
passkeys-rename = Rename
passkeys-rename-one = Rename { $name }
passkeys-remove = Remove
passkeys-remove-one = Remove { $name }
passkeys-make = Another passkey
passkeys-make-go = Make a passkey
passkeys-unlock = Make or change passkeys
passkeys-added = The passkey is made. From now on it signs you in.
passkeys-removed = The passkey opens nothing any more. You may delete it on your device, too.
passkeys-stopped = stopped
passkeys-stopped-why = Its counter went back, which happens when there is a copy of it. It opens nothing any more: remove it and make another one.
passkeys-failed = Nothing came of it. Please try again, or use your password.
passkeys-known = This device has a passkey of your account already.
passkeys-without = Passkeys need scripts and a browser that knows them. Your password works here in any case.
passkeys-elsewhere = Passkeys cannot be used at a number like this one. Open [this instance by its name] for them; your password works here too.
passkeys-nowhere = Passkeys cannot be used on this instance: they need an address with a name and https. Your password does as well.

factor-title = Second factor
factor-lead = With a second factor your password alone is not enough to sign in: an app on your telephone shows a code that changes every half minute. Passkeys need no code.
factor-on = on
factor-is-on = Signing in with your password asks for a code, too.
factor-is-off = Your password alone signs in.
factor-go = Look at the second factor
factor-begin = Set up a second factor
factor-begun = Here is your seed: scan it with your app.
factor-scan = Scan this with your app
factor-scan-how = Any app for one-time codes does. Scan the picture, or open or type what stands below it.
factor-picture = The picture that your app scans
factor-open = Open it in an app on this device
factor-typed = To type it instead:
factor-first-code = First code
factor-first-code-hint = The six digits that the app shows now.
factor-switch-on = Switch it on
factor-since = Since { $at }.
factor-codes-left = { $count ->
    [0] You have no recovery codes left. Please make new ones.
    [one] { $count_text } recovery code is left.
   *[other] { $count_text } recovery codes are left.
}
factor-codes-renew = Make new recovery codes
factor-codes-renew-hint = The codes that you have are worth nothing then.
factor-end = Switch the second factor off
factor-end-hint = Your password alone signs in then. To move to another telephone, switch it off and on again.
factor-change = Change the second factor
factor-ended = The second factor is off.
factor-goes = An administrator was asked to switch your second factor off, and it will be off on { $at }. If it was not you who asked, keep it and change your password.
factor-keep = Keep the second factor
factor-kept = The second factor stays on.
factor-lost = When the telephone is lost
factor-lost-codes = Each recovery code stands in for a code of the app, once. Sign in with one, switch the second factor off, and set it up on the next telephone.
factor-lost-passkey = A passkey signs in without a code.
factor-lost-help = With neither, write to who runs this instance. An administrator can have the second factor switched off, with a reason that is recorded. You are told by mail, and it takes three days, in which a sign-in with a code stops it.
factor-lost-reset = A new password by mail changes nothing of this: the code is asked for all the same.

recovery-title = Your recovery codes
recovery-once = They are shown only now. Keep them where you will find them without your telephone.
recovery-how = Each stands in for a code of your app, once.
recovery-copy = Copy
recovery-copied = Copied
recovery-print = Print
recovery-download = Save as a file
recovery-file = recovery-codes.txt
recovery-kept = I have kept them
