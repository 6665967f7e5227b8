# Subscriptions: clicks that come back each month.

subscriptions-title = Subscriptions
subscriptions-lead = A subscription clicks for you at the start of each month, with the points that you chose. Its click stands with all others on the month’s page: change it or take it back there.
subscriptions-link = Your subscriptions
subscriptions-none-title = No subscriptions yet
subscriptions-none = Is there something that you would thank every month? Click on it and choose “every month” on the thanks, or paste its link here.
subscriptions-standing = { $count ->
    [one] { $count_text } subscription
   *[other] { $count_text } subscriptions
}
subscriptions-points = { $count ->
    [one] { $count_text } point each month
   *[other] { $count_text } points each month
}
subscriptions-left = { $count ->
    [one] { $count_text } month to go
   *[other] { $count_text } months to go
}
subscriptions-until-stopped = until you stop it
subscriptions-paused = paused
subscriptions-given = Last given for { $month }.
subscriptions-first = First given at the start of { $month }.
subscriptions-missed-clicked-already = Not given for { $month }: you had clicked on it, and this instance counts one click a month.
subscriptions-missed-points-full = Not given for { $month }: the work would have had more points from you than it can have in a month.
subscriptions-missed-points-out-of-range = Not given for { $month }: it has more points than a click can carry here now. Please choose fewer.
subscriptions-missed-suspended = Not given for { $month }: your account was suspended.
subscriptions-missed-given-already = Not given for { $month }: an earlier subscription of yours had given, and once a month is enough.
subscriptions-will-end-own-work = The work is yours now, so this gives nothing more and ends with the month.
subscriptions-will-end-work-refused = The work’s owner wants no money for it, so this gives nothing more and ends with the month.
subscriptions-pause = Pause
subscriptions-start = Start again
subscriptions-stop = Stop
subscriptions-change = Change
subscriptions-change-hint = Counts from the next click on. This month’s click is changed on the month’s page.
subscriptions-take-back = Take back this month’s clicks of all subscriptions
subscriptions-ended-title = Ended
subscriptions-ended-stopped = You stopped it on { $day }.
subscriptions-ended-over = It gave for as long as you wanted, until { $day }.
subscriptions-ended-own-work = It ended on { $day }: the work is yours now.
subscriptions-ended-work-refused = It ended on { $day }: the work’s owner wants no money for it.
subscriptions-ended-disliked = It ended on { $day }: you disliked the work.
subscriptions-add = Subscribe to something
subscriptions-points-label = Points each month
subscriptions-length = For how long
subscriptions-length-months = { $count ->
    [one] { $count_text } month
   *[other] { $count_text } months
}
subscriptions-length-until-stopped = until I stop it
subscriptions-go = Subscribe
subscriptions-every-month = Every month
subscriptions-every-month-next = This click counts for this month. A subscription gives the next one by itself at the start of each month.
subscriptions-every-month-now = A subscription gives a click now, and by itself at the start of each month.
subscriptions-standing-here = { $count ->
    [one] You are subscribed: { $count_text } point each month.
   *[other] You are subscribed: { $count_text } points each month.
}
subscriptions-made-given = You are subscribed. “{ $title }” has its click for { $month }, and the next comes by itself.
subscriptions-made-once = “{ $title }” has its click for { $month }. That was the one month that you wanted.
subscriptions-made-next = You are subscribed. “{ $title }” has its next click at the start of { $month }.
subscriptions-made-missed = You are subscribed to “{ $title }”, but it gave nothing yet; its line here says why.
subscriptions-done-paused = “{ $title }” is paused. Nothing is given until you start it again.
subscriptions-done-started = “{ $title }” is started again.
subscriptions-done-stopped = “{ $title }” is stopped; this month’s click stands. If that was a slip, start it again below.
subscriptions-done-changed = “{ $title }” is changed from the next click on.
subscriptions-done-taken-back = { $count ->
    [0] There was no click of a subscription this month.
    [one] { $count_text } click is taken back, for this month.
   *[other] { $count_text } clicks are taken back, for this month.
}
