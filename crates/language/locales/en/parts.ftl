# Parts that many pages share.
part-form-refused = Nothing was saved yet. Please look at the marked fields.
part-stepper-set = Set the points
part-stepper-less = One point less: { $title }
part-stepper-more = One point more: { $title }
part-stepper-points = Points: { $title }
part-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
part-crumbs = You are here
part-pages = Pages of this list
part-pages-previous = Previous
part-pages-next = Next
part-bar-title = Your budget, divided over your clicks
part-bar-others = { $count ->
    [one] { $count_text } smaller click
   *[other] { $count_text } smaller clicks
}
part-chart-table = The same figures as a table
part-chart-month = Month
part-chart-amount = Amount
part-chart-open = Dashed: still open, what it may come to
part-chart-empty = Nothing to show yet.
part-flow-title = How a month’s budget is shared out
part-flow-budget = Your budget
part-flow-last-day = on the last day
part-flow-article = An article
part-flow-software = Free software
part-flow-song = A song
part-flow-podcast = A podcast
