# One sentence or two for each refusal: what is wrong, then what to do. The key is its code.

problem-missing = This is still empty. Please fill it in.
problem-too-long = This is too long. Please keep it to { $limit_text } characters.
problem-not-text = Some characters here cannot be kept. Please take them out, or type the text again.

problem-amount-malformed = This amount could not be read for certain. Please write it in digits, like 12 or 12.50.
problem-amount-too-fine = { $decimals ->
    [0] This currency has no decimals. Please write a whole amount.
    [one] This currency has { $decimals_text } decimal. Please round the amount to it.
   *[other] This currency has { $decimals_text } decimals. Please round the amount to them.
}
problem-amount-too-large = This is more than can be handled at once. Please choose an amount up to { $limit }.
problem-amount-zero = With an amount of zero nothing would move. Please choose an amount above zero.
problem-currency-unknown = This instance does not have the currency “{ $code }”. Please choose one of its own.
problem-overflow = This adds up to more than can be counted, so nothing was changed. Please choose a smaller amount.

problem-period-malformed = This is not a month. Please write the year and the month, like 2026-11.
problem-details-gone = Which works were given to in { $period } is no longer kept: fourteen months after a settlement only its sums are. A backup from before still has it.
problem-period-not-over = { $period } is not over yet, and its clicks still count. Please close it once the next month has begun.

problem-url-malformed = This is not the address of a page. Please copy it whole from your browser, like https://example.org/song.
problem-url-scheme = Only pages of the web can be clicked. Please use an address that begins with https:// or http://.
problem-url-too-long = This address is too long. Please find one of at most { $limit_text } characters for the same page.

problem-points-malformed = Points are whole numbers. Please choose one from 1 to { $limit_text }.
problem-points-out-of-range = { $limit ->
    [1] Here every click carries exactly 1 point. Please leave the points at 1.
   *[other] Here a click carries 1 to { $limit_text } points. Please choose a number in between.
}
problem-points-full = In one month you can give a work at most { $limit_text } points, and this would be more. Those you gave before still count; please add fewer.
problem-nothing-to-bring = No address was found in it. Please bring an OPML, HTML or JSON file, or a text with an address in each line.
problem-proposals-full = { $limit_text } proposals wait already, and no more can. Please answer some of them first.
problem-nothing-chosen = Nothing is chosen. Please tick at least one.
problem-sites-full = You trust { $limit_text } sites already, and more cannot be kept. Please remove one that you visit no longer.
problem-site-asks = This site does not give at once now: you do not trust it, or it has done so often enough today. Please press the button yourself if you want to give.
problem-clicked-already = You have already clicked on this work this month, and it counts. You are welcome to click again next month.
problem-own-work = This work is yours, and nobody can click on a work of their own. Please keep your click for somebody else’s.
problem-work-refused = The owner of this work does not wish to receive money for it, so your click was not added. Please keep it for another work.
problem-sign-in-over = This took too long, or began in another browser. Nothing was done; please sign in again from the start.
problem-second-code-wrong = This is neither the code that your app shows now nor a recovery code that you have left. Each works once. If codes of your app never fit, check the time on your telephone.
problem-second-factor-moved = The second factor was switched on or off meanwhile. Please look at the page again.
problem-passkey-wrong = This passkey did not fit, or the page had been open for too long. Nothing was done; please try again.
problem-passkey-known = This passkey is an account’s already. Please use another device or key.
problem-passkey-stopped = This passkey was stopped, because a copy of it may be about. Please sign in another way and make a new one.
problem-passkeys-full = You have { $limit_text } passkeys already, and more cannot be kept. Please remove one that you do not use.
problem-passkeys-impossible = Passkeys cannot be used on this instance: they need an address with a name and https. Please use your password.
problem-last-means = Nothing else opens your account, so this passkey stays. Please set a password or make another passkey first.
problem-subscribed = You have a subscription to this work already. You can change its points or stop it on the page of your subscriptions.
problem-subscription-missing = There is no such subscription of yours. Perhaps the link is old: please look at the page of your subscriptions.
problem-subscription-ended = This subscription has ended, and what has ended cannot be changed. You are welcome to subscribe to the work again.
problem-subscriptions-full = { $limit_text } subscriptions stand already, and no more can. Please stop one of them first.
problem-subscription-length = A subscription runs for 1, 3, 6 or 12 months, or until you stop it. Please choose one of these.
problem-work-language-unknown = This language is not among those that works can be in. Nothing was changed: send a code such as “en_GB” or “fr_FR”.
problem-described-already = You describe this page already. Change what is there instead; nothing was added.
problem-click-missing = You have no click on this work this month; perhaps it was taken back already. Please reload the page.

problem-handle-malformed = A handle has 2 to 30 letters, digits or hyphens. Please choose one like that.
problem-handle-taken = Somebody already has this handle. Please choose another.
problem-email-malformed = This is not a mail address. Please check it; it should look like name@example.org.
problem-email-taken = An account with this mail address already exists. Please use another address.
problem-email-unconfirmed = Your mail address is not confirmed yet. Please open the link in the mail we sent you, or ask for a new one.
problem-password-too-short = This password is too short to keep your account safe. Please choose one of at least { $limit_text } characters.
problem-password-common = This password is among the first that thieves try. Please choose another; a few words that do not belong together make a good one.
problem-password-wrong = This is not your password. Please type it again, or set a new one if you have forgotten it.
problem-sign-in-wrong = Mail address and password do not fit together. Please check both, or set a new password if you have forgotten it.
problem-account-suspended = This account has been suspended. Please write to the operator of this instance, who can tell you why and what to do.
problem-code-wrong = This code is wrong, already used or too old. Please check it, or ask for a new one.
problem-registration-by-invitation = One needs an invitation to join this instance. Ask somebody who is here for one, or put your address on the waiting list.
problem-registration-closed = Nobody can join this instance at the moment. Put your address on the waiting list, and you will be told when you can.
problem-invitation-unusable = This invitation cannot be used: it is not known, used, withdrawn or too old. Check the code, or ask whoever invited you for another one.
problem-invitations-used-up = You have no invitations left. Withdraw one that nobody has used, or ask the operator for more.
problem-invitation-count = That number does not fit here. Type a whole number, { $limit_text } at most.

problem-budget-too-small = The smallest budget here is { $minimum } a month. Please choose at least that.
problem-not-enough = This needs more than the { $available } that are available, so nothing was moved. Please choose a smaller amount, or add money first.
problem-refund-of-earnings = At most { $refundable } can go back this way, so nothing was moved. The rest came from your earnings: move it back to them, and it leaves as a payout.
problem-nothing-to-return = Nothing in your wallet came from your earnings and is free, so nothing was moved.
problem-voucher-unusable = This voucher cannot be redeemed: it is unknown, already used, withdrawn or expired. Please check the code, or ask the person who gave it to you.
problem-voucher-mistyped = There is a typing mistake in this voucher’s code. Please compare it with the voucher and try again.
problem-voucher-count = One batch holds 1 to { $limit_text } vouchers. Please choose a number in between, or make several batches.
problem-date-malformed = This is not a date in the future. Please choose a later day, like 2026-11-30.

problem-iban-malformed = This is not an IBAN of a country in the SEPA area. Please compare it with the one on your bank statement.
problem-holder-malformed = Banks have no letters for this name. Please write the account holder’s name as it stands on the bank statement, in Latin letters.
problem-bank-account-missing = There is no bank account to pay to yet. Please add your IBAN first.
problem-bank-account-resting = { $hours ->
    [one] New bank details rest before money goes there, so that no thief can gain by changing them. Please try again in { $hours_text } hour at the latest.
   *[other] New bank details rest before money goes there, so that no thief can gain by changing them. Please try again in { $hours_text } hours at the latest.
}
problem-payout-too-small = A payout begins at { $threshold }. Your earnings stay yours and add up; please ask again when they have reached it.
problem-payout-currency = Payouts go to a bank in euros, not in { $code }. Your { $code } earnings stay yours; you can move them to your wallet.
problem-operator-bank-missing = This instance does not say yet which bank account it pays from. Please set bank.holder and bank.iban in its configuration, and start it again.
problem-threshold-too-small = On this instance a payout begins at { $minimum }. Please choose a threshold of at least that.
problem-money-left = There is still money on this account. Let it go first, by one of the ways on this page; none of it is lost silently.
problem-money-under-way = A payout or a withdrawal of this account has not ended yet. Please wait until it has.
problem-last-admin = You are the only administrator of this instance. Make somebody else an administrator first.
problem-state-moved = This has changed in the meantime, so nothing was done. Please reload the page and look again.
problem-second-admin-needed = Above { $limit } two administrators have to agree. Please ask another administrator to approve this too.
problem-nothing-to-pay = Nothing is waiting to be paid. Please come back when a payout has been asked for.

problem-proof-impossible = This kind of proof cannot work for this address. Please choose another one.
problem-claims-full = { $limit } claims of yours wait for their proofs. Put one of those in place or give it up before you begin another.
problem-claim-stands = This work already belongs to @{ $handle }. If that is not right, please write to the operator of this instance.
problem-account-unknown = No account has this handle or mail address. Please check the spelling.
problem-work-unknown = No work has this address yet. Please check it; a work comes into being with its first click.

problem-policy-malformed = The rule “{ $rule }” cannot have this value. Please choose one that it allows.
problem-play-money-off = This instance has no play money. Please choose another way to top up.
problem-play-money-limit = You can take at most { $limit } of play money a month. Please choose a smaller amount, or come back next month.
problem-scope-unknown = There is no permission called “{ $scope }”. Please choose one from the documentation of the API.
problem-redirect-malformed = Answers cannot be sent to this address. Please type a full https address without fragment, one of this machine over http, or a scheme of your program’s own such as com.example.app:/callback.
problem-redirects-full = { $limit_text } addresses are the most that an app can have. Please take some away.
problem-clients-full = You have registered { $limit_text } apps, the most that one account can have. Please delete one that is not used.
problem-app-unknown = No app with a secret has this id. Please copy it from its developer, or ask them to register one that runs on a server.
problem-device-code-unknown = No device shows this code now. Please compare it with what the device shows; after ten minutes it shows a new one.
problem-webhook-url = This address cannot be reached from here. Please give one that begins with https:// and names a public site, without a number for an address.
problem-webhooks-full = You have { $limit_text } endpoints, the most that there can be. Please delete one that you do not need any more.
problem-webhook-event-unknown = There is no event called “{ $kind }”. Please choose one from the documentation.
problem-webhook-events-missing = This endpoint would be told nothing. Please choose at least one event.
problem-webhook-rotating = Two secrets are valid already. Please end the old one first.
problem-webhook-off = This endpoint is switched off, so nothing was sent. Please switch it on first.
problem-file-malformed = Line { $line_text } of this file is not as it should be, so nothing was taken in. Please check that it is the right file, or fetch it again.
problem-held = Money rests on this instance until an administrator has checked something; none is lost. Please try again later.
problem-quarantined = This instance was restored from a backup. Payouts, refunds and settlement wait until an administrator has seen that nothing is paid twice; none is lost. Please try again later.
problem-bank-unchecked = The outbound journal that belongs to the backup is not here, so the instance cannot know what was paid since. Please compare the bank statements first, book what is missing, and confirm that you did.
problem-backup-foreign = This file is not a backup of Obole, so nothing was done. Please check that it is the right one.
problem-backup-newer = This backup was made by a newer Obole, so nothing was done. Please install at least that version and try again.
problem-backup-key-other = This backup belongs to an instance with another secret key than the one in { $path }, so nothing was done. Please put its key there, or name it as files.secret.
problem-backup-key-missing = The secret key { $path } is not there, so nothing was done. Please put the key of the instance that made the backup there, or name it as files.secret.
problem-backup-damaged = This backup is damaged or its end is missing, so nothing was done. Please fetch the file again, or take another backup.
problem-backup-unsound = What was read back from this backup breaks the rule { $rule }, so it does not count. Please run obole audit to see what is wrong.
problem-backup-exists = There is a file { $path } already, and a backup replaces none. Please choose another name.
problem-database-not-empty = There is something in this database already, so nothing was done. Please restore into a new one; move what is there away first, with every file beside it that begins with its name except the key and the journal.
problem-cluster-needs-server = This database is a file, which neither lies on several machines nor knows roles. Please move it to PostgreSQL first: obole backup, then obole restore with the server’s address.
problem-cluster-needs-citus = This PostgreSQL has no Citus, so nothing was done. Please install Citus on every machine and run “create extension citus” in this database, then try again.
problem-idempotency-key-reused = This key was already used for another request, so nothing was done. Please reload the page; a program should take a new key for each request.
problem-too-many = Those were many tries in a short time. Please wait { $wait }, then try again.

problem-wait-seconds = { $count ->
    [one] { $count_text } second
   *[other] { $count_text } seconds
}
problem-wait-minutes = { $count ->
    [one] { $count_text } minute
   *[other] { $count_text } minutes
}
problem-wait-hours = { $count ->
    [one] { $count_text } hour
   *[other] { $count_text } hours
}
problem-percentages-too-large = Together these parts are more than 100%, or one of them is below zero. Please make them smaller; what nobody gets, the team keeps.
problem-percent-malformed = This is not a percentage from 0 to 100. Type a number such as 12.5, with two decimals at most.
problem-percentages-missing = Nobody of the team has a part yet. Set the percentages first, then share out what the team kept.
problem-passed-too-much = A work passes on half of what it receives at most. Please choose a number from 0 to 50.
problem-passed-to-too-many = A work passes on to { $limit_text } others at most. Please keep those that matter most.
problem-passed-to-itself = A work cannot pass on to itself. Please take its own address out of the list.
problem-weight-out-of-range = A weight is a whole number from 1 to { $limit_text }. Please correct it.
problem-line-malformed = Line { $line_text } is not the address of a page, with a weight behind it if you like. Please correct it.
problem-team-last-owner = A team needs an owner. Make somebody else an owner first, or close the team.
problem-team-not-empty = The team controls works, or has money that is not shared out. Give away its claims and share out what it kept, then close it.
problem-team-members-full = A team has { $limit_text } members at most, those included who are invited. Somebody must leave before you invite another.
problem-teams-full = You have founded { $limit_text } teams, which is the most. Close one that you do not need any more.
problem-team-member-already = This account belongs to the team already. Nothing was changed.
problem-team-invitation-unusable = This invitation cannot be answered: it was answered before, taken back or is too old. Ask the team for another one.
problem-disputes-full = { $limit_text } disputes of yours are open, which is the most. Wait until one is decided, or take one back.
problem-dispute-open = This was disputed before. What you want to add, write to the operator, who can open it again.
problem-dispute-too-early = The other side has not answered yet, and their fourteen days are not over. Please wait.
problem-nothing-to-dispute = Nobody else controls this page, so there is nothing to dispute. Claim it instead.
problem-month-unjudged = The month has just been settled and is still looked over. Please try again in a few minutes; nothing was moved.
problem-proof-missing = The proof for { $reach } was not found just now, so no payout was made. Put it back in place, or give that claim away; what you earned stays yours.
problem-report-own = This is yours. What you do not want to be seen, you can change or delete yourself.
problem-report-open = You have reported this already, and it waits for an answer.
problem-reports-full = { $limit_text } reports of yours wait, which is the most. Wait until one is answered.
problem-words-hidden = An administrator has hidden this. You can appeal by the link in the mail that told you; until then it cannot be changed.
problem-appeal-own = You decided this yourself. Another administrator judges the appeal.
problem-giving-private = Nothing was shown: your settings keep what you give private, or this work does not show who supports it.
problem-own-matter = This concerns yourself, or an account that you act for. Another administrator decides.
problem-claim-unsettled = Only a claim that is confirmed and that nobody disputes can refuse for everything it reaches. Please wait until it is; single works can refuse at once.
problem-claim-refuses = The claim that decides about this work does not collect at all. Change that on the page of the claim.
