# How this instance works.

how-share = Clicks count in the month in which you make them. Until its last day you can take each back or change its points, and you see what each would come to. Then your budget, or what your wallet has if that is less, is shared out over them by points. The shares add up exactly.
how-promise = A click on a work that nobody has claimed yet becomes a promise: the money stays yours, set aside in your wallet. When its creator proves control of the work within twelve months, the promise is collected. You can let go of it at any time.
how-unfunded = Where there is less money than the smallest budget, the clicks of a month move on to the next one, three times at most, and you are told each time.
how-rules = The rules here
how-points-max = Points in one click
how-points-max-text = { $count ->
    [1] Each click carries 1 point.
   *[other] A click carries 1 to { $count_text } points.
}
how-clicks-once = Clicks on one work in a month
how-clicks-once-yes = One.
how-clicks-once-no = Any number; their points add up.
how-budget-min = Smallest budget
how-budget-min-text = { $amount } a month
how-give-to-receive = Who can receive
how-give-to-receive-yes = Who gives too: what others receive is kept for them until they have set a budget of their own.
how-give-to-receive-no = Everybody who controls a work.
how-unspent = A month without clicks
how-unspent-choice = Your budget stays in your wallet, unless you choose to give it to the common pool.
how-unspent-pool = Your budget goes to the common pool.
how-fee = Fee
how-fee-text = { $fee } of what creators receive, everything included
how-registration = Who can join
how-registration-open = Everybody.
how-registration-invitation = Those who are invited by somebody here, or by the operator.
how-registration-closed = Nobody at the moment; there is a waiting list.
how-invitations = Invitations
how-invitations-text = { $count ->
    [0] Accounts cannot invite.
    [one] Each account can invite { $count_text } person, as long as the operator says nothing else.
   *[other] Each account can invite { $count_text } people, as long as the operator says nothing else.
}
how-invite-from = Letters to sites
how-invite-from-never = Nobody is written to because patrons wait.
how-invite-from-text = { $count ->
    [one] Where { $count_text } patron waits, a contact that the site names is told so, once a year at most.
   *[other] Where { $count_text } patrons wait, a contact that the site names is told so, once a year at most.
}
how-dislikes = Dislikes
how-dislikes-yes = Allowed. A dislike is private and moves no money of its own.
how-dislikes-no = Not here.
how-payout-min = Smallest payout
how-payout-min-text = { $amount }. Smaller earnings add up and stay yours.
how-second-admin = Payouts with two signatures
how-second-admin-text = Files of payouts above { $amount } are approved by two administrators.
how-instance = This instance
how-currencies = Currencies
how-zone = Months begin
how-zone-text = at midnight in the time zone { $zone }
how-operator = Run by
how-operator-unknown = The operator has not said so yet.
how-contact = Contact
how-money = Money
how-money-play = This is a demonstration with play money: nothing can be paid in or out.
how-money-real = What you top up is held by the operator until it is given, paid out or taken back. You can ask for unspent money back at any time.
how-version = Software
how-promises = What this instance promises
how-promise-button = A button shows without cookies, without a request to anybody else, and leaves no log of who saw it.
how-promise-private = Who gives to whom is private. Creators see totals and the notes that you sign. Public counters are counts, from five patrons on and rounded down, never names.
how-promise-claims = Nobody receives for a work without proving control of it. A dispute freezes the money, not the work.
how-promise-crash = Every click that was confirmed and every cent survive a crash.
how-promise-leave = Anyone can leave with all their data. The ledger keeps the amounts that it must, without the name.
how-promise-cookies = Cookies are only for signing in, for forms and for the language. Nothing is loaded from anybody else, and nobody is tracked.
