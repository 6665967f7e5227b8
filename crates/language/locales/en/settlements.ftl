# The public record of settled months.

settlements-lead = Each month that was shared out, with its sums. Who gave to whom stays private.
settlements-none-title = No month is settled yet
settlements-none = The first record appears when the first month has ended.
settlements-given = Given
settlements-fee = Fee
settlements-fee-of = Fee, { $fee }
settlements-net = To creators
settlements-promised = Newly promised
settlements-pool = To the common pool
settlements-patrons = Patrons
settlements-works = Works
settlements-clicks = Clicks
settlements-closed = Closed on { $moment }
settlements-nothing = Nothing was shared out.
settlements-hashes = Fingerprints
settlements-hashes-text = SHA-256 of what was frozen when the month closed, and of what came of it. The same inputs always give the same result.
settlements-inputs = Inputs
settlements-plan = Result
