# What creators see: works, earnings, payouts, the bank account.
creator-title = Your works
creator-available = Earnings available
creator-received = What your works brought, after the fee

creator-works = Works that you control
creator-works-none = None yet. Paste the address of a page of yours on “Claim a work”, or ask the operator.
creator-work-open = takes support
creator-work-refused = does not collect

creator-payout = Payout
creator-payout-ask = Ask for { $amount }
creator-payout-asked = You asked for a payout of { $amount }. It goes out with the next bank file.
creator-payouts = Payouts so far
creator-payouts-none = You have not asked for a payout yet.
creator-payout-date = Asked for
creator-payout-to = To
creator-payout-requested = asked for
creator-payout-batched = in the bank file
creator-payout-sent = sent to the bank
creator-payout-reversed = came back

creator-earnings = What moved in your earnings

creator-bank = Bank account for payouts
creator-bank-none = There is no bank account for payouts yet.
creator-bank-now = { $holder }, account ending in { $last4 }.
creator-bank-change = Change
creator-bank-holder = Account holder
creator-bank-holder-hint = The name as the bank knows it: banks compare it before they pay.
creator-bank-iban = IBAN
creator-bank-iban-hint = It stands on each bank statement. It is kept sealed; only its last four characters are shown.
creator-bank-rest-hint = A new account rests for { $hours_text } hours before money goes there, and you are told by mail: so that nobody gains by changing it behind your back.
creator-bank-rests = { $hours ->
    [one] The new account rests for { $hours_text } hour more. Payouts wait until then.
   *[other] The new account rests for { $hours_text } hours more. Payouts wait until then.
}
creator-bank-set = The bank account is saved.

creator-move = Give it on
creator-move-hint = Earnings that you move to your wallet can be given to others.
creator-move-do = Move to the wallet
creator-moved = { $amount } is in your wallet now.

creator-threshold = When to pay out
creator-threshold-amount = Not before the earnings reach
creator-threshold-hint = { $minimum } or more. Nothing is ever forfeited.
creator-threshold-set = You can be paid out from { $amount } on.

creator-currencies = Currencies that you take
creator-currencies-hint = A work of yours gets no share in a currency that you do not take.
creator-currencies-set = Your choice of currencies is saved.
