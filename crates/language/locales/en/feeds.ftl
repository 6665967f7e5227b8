# Feeds: what they tell, and the settings of one's own.

feeds-tab = Feeds
feeds-works = New works to thank
feeds-works-title = New works on { $instance }
feeds-creator = News of this creator’s works
feeds-patrons = { $count ->
    [one] The works had { $count_text } patron or more.
   *[other] The works had { $count_text } patrons or more.
}

feeds-own = What you click on, day by day, and what your months came to
feeds-own-title = My { $instance }
feeds-day = { $count ->
    [one] { $day }: { $count_text } click
   *[other] { $day }: { $count_text } clicks
}
feeds-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
feeds-settled = The month is shared out. Given: { $given }. Newly promised: { $promised }.

feeds-own-heading = Your private feed
feeds-own-lead = A feed for your feed reader: what you clicked on, once each day is over, and what each month came to.
feeds-own-secret = It needs no sign-in: whoever knows its address can read whom you support. Give the address only to a reader that you trust, and make a new one if somebody else may have it.
feeds-own-hidden = There is an address. Sign in once more to see it.
feeds-own-since = since { $at }
feeds-own-make = Make a private feed
feeds-own-show = Show the address
feeds-own-renew = Make a new address
feeds-own-end = Switch it off
feeds-renewed = Your private feed has a new address. An earlier one opens nothing any more.
feeds-ended = Your private feed is switched off; its address opens nothing any more.
feeds-public-heading = The feed of your works
feeds-public-lead = Everybody can follow which works you have claimed. It names nobody who gives.
feeds-public-patrons = Also tell, month by month, how many patrons my works had
feeds-public-hint = Told from five patrons on, and rounded down.
