# Settings of an account.

settings-title = Settings
settings-profile = Profile
settings-signin = Signing in
settings-tokens = API tokens
settings-saved = Saved.
settings-name = Name
settings-name-hint = Shown beside @{ $handle }. It may stay empty.
settings-language = Language
settings-language-none = As the browser says
settings-language-hint = For pages and mails.
settings-privacy = Privacy
settings-public = Show what I give where the creator agrees too
settings-public-hint = Whom one supports can tell a lot about a person. It stays private unless you say otherwise here and, for each work, on its own page. Switched off, nothing is shown any more.
settings-past = Old months
settings-details = Keep which works I gave to
settings-details-hint = Otherwise that is forgotten fourteen months after a settlement; what you gave in all stays on your statements. What is forgotten does not come back, and is not shown on works’ pages any more.
settings-unspent = A month without clicks
settings-unspent-give = Give my budget of such a month to the common pool
settings-unspent-pool = On this instance the budget of a month without clicks goes to the common pool.

settings-email-confirmed = confirmed
settings-email-waits = not confirmed
settings-email-confirm = Type the code
settings-email-change-waits = { $email } waits to be confirmed.
settings-email-new = New mail address
settings-email-hint = It gets a code. The address above stays in use until the code is typed, and is told.
settings-email-go = Change the address
settings-password-now = Present password
settings-password-go = Change the password
settings-password-done = Your password is changed, and all other browsers are signed out.
settings-sessions = Where you are signed in
settings-sessions-hint = End what you do not recognise, then change your password.
settings-session-browser = Browser
settings-session-unknown = A browser that does not say its name
settings-session-began = since { $at }
settings-session-seen = Last used
settings-session-this = this one
settings-session-end = End
settings-session-done = That browser is signed out.
settings-sessions-end-others = Sign out everywhere else
settings-sessions-others-done = { $count ->
    [one] { $count_text } other browser is signed out.
   *[other] { $count_text } other browsers are signed out.
}

tokens-lead = A token lets a program of yours act for you through the [API]. Give it no more than it needs.
tokens-none = You have no tokens.
tokens-new = Your new token
tokens-new-once = It is shown only now. Keep it like a password.
tokens-new-done = I have kept it
tokens-name = Name
tokens-name-hint = So that you know it again, such as “backup script”.
tokens-unnamed = Without a name
tokens-made = since { $at }
tokens-scopes = What it may do
tokens-scopes-missing = Choose at least one.
tokens-used = Last used
tokens-unused = never
tokens-revoke = Revoke
tokens-revoked = The token is revoked; it opens nothing any more.
tokens-make = Make a token
tokens-make-go = Make the token
tokens-profile = Read your name and handle
tokens-email = Read your mail address
tokens-click = Click, change and take back clicks
tokens-clicks-read = Read your clicks and what your budget of the month comes to
tokens-stats-read = Read your statements
tokens-works-write = Change your works
tokens-webhooks = Register web hooks
tokens-wallet = Read your wallets and redeem vouchers
tokens-budget = Set your budgets
tokens-settings = Change your name, language and public page, what your works take, the sites and apps that you trust
