# The wallet, the budget, refunds.
wallet-title = Wallet
wallet-to-spend = To spend
wallet-amount = Amount
wallet-currency = Currency
wallet-state = State
wallet-budget = Change the monthly budget

wallet-held-promises = { $amount } more is set aside for promises
wallet-held-settlement = { $amount } more is waiting for a settlement that is under way
wallet-held-signals = { $amount } more waits until somebody has looked where it comes from
wallet-held-give-to-receive = { $amount } more waits until your own budget reaches the minimum

wallet-moved = What moved
wallet-moved-nothing = Nothing has moved yet.
wallet-moved-date = Date
wallet-moved-what = What
wallet-moved-vouchers-made = Vouchers made
wallet-moved-voucher-redeemed = Voucher redeemed
wallet-moved-voucher-voided = Voucher made void
wallet-moved-play-money = Play money taken
wallet-moved-given = Your clicks, shared out
wallet-moved-promises-collected = Promises collected by works that are claimed now
wallet-moved-to-pool = Unspent budget passed to the common pool
wallet-moved-received = Support received, less the fee
wallet-moved-team-shared = Received by a team, shared out among its members
wallet-moved-passed-on = Passed on from one work to another
wallet-moved-fee = The instance’s fee
wallet-moved-earnings-moved = Earnings moved to the wallet
wallet-moved-earnings-returned = Earnings moved back from the wallet
wallet-moved-payout-requested = Payout asked for
wallet-moved-payout-sent = Payout sent to the bank
wallet-moved-refund-requested = Refund asked for
wallet-moved-refund-executed = Refund given back
wallet-moved-gifts-returned = Refused gifts sent back
wallet-moved-suspense-cleared = Evened out: money that had left before the instance was restored
wallet-moved-reversal = Came back: a payout or refund that was not carried out

wallet-voucher = Redeem a voucher
wallet-voucher-code = Code
wallet-voucher-hint = As it is printed. Hyphens, spaces and capitals do not matter.
wallet-voucher-redeem = Redeem
wallet-redeemed = The voucher is redeemed: { $amount } is in your wallet.

wallet-play-money = Play money
wallet-play-money-hint = This is a demonstration. You can take up to { $most } a month.
wallet-play-money-take = Take it
wallet-play-money-taken = { $amount } of play money is in your wallet.

wallet-promises = Promises
wallet-promises-lead = Nobody has claimed these works yet. The money stays yours, set aside for twelve months; you can let go of it at any time.
wallet-promise-work = Work
wallet-promise-month = Month
wallet-let-go-it = Let go
wallet-let-go-of = Let go of the promise to { $work }
wallet-let-go = You let go of the promise: { $amount } is yours to spend again.
wallet-let-go-all = You let go of the promise: the money is yours to spend again.

wallet-budget-title = Monthly budget
wallet-budget-lead = The most that you spend in a month. It counts at once, for this month too.
wallet-budget-now = Your budget is { $amount } a month.
wallet-budget-none = You have no budget in { $currency } yet.
wallet-budget-amount = At most, each month
wallet-budget-hint = { $minimum } or more. 0 ends it.
wallet-budget-set = Your budget is { $amount } a month from now on.
wallet-budget-ended = Your budget has ended. Clicks in a month without a budget move to the next month.
wallet-budget-wallet = A month is paid from [your wallet]: never more than is there.

wallet-refund = Take money out
wallet-refund-lead = What you have not spent is yours. [Ask for it back] at any time.
wallet-refund-about = What you have not spent is yours. The operator gives it back to where it came from.
wallet-refund-note = How to give it back
wallet-refund-note-hint = For example: by transfer to the account that the money came from, or in cash where you bought the voucher.
wallet-refund-ask = Ask for it
wallet-refund-asked = You asked for { $amount } back. The operator will answer by mail.
wallet-refund-earlier = What you asked for so far
wallet-refund-requested = waiting
wallet-refund-executed = given back
wallet-refund-declined = declined
wallet-refundable = Can go back
wallet-return = What came from your earnings
wallet-return-about = You moved it to your wallet to give it on, and your clicks use it first. What is left goes back to your earnings, and from there to your bank as a payout.
wallet-return-do = Move { $amount } back to the earnings
wallet-returned = { $amount } is in your earnings again.
