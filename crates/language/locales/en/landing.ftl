# The first page.

landing-sentence = Set a budget, click on what you like, we share it out on the last day.
landing-lead = Thank an article, a song, a piece of free software in one click. You never pay more than your budget, and you see where every cent went.
landing-so-far = This instance, so far
landing-months = { $count ->
    [one] month shared out
   *[other] months shared out
}
landing-given = given to creators
landing-creators = { $count ->
    [one] creator who received
   *[other] creators who received
}
landing-fee = fee, all in
landing-steps = Small thanks that arrive
landing-step-budget = Set a budget
landing-step-budget-text = It is the most that a month can cost you. Change it, or stop, whenever you like.
landing-step-click = Click on what you like
landing-step-click-text = Anything with an address on the web. Its creator need not be here yet.
landing-step-share = We share it out
landing-step-share-text = On the last day, by your points, to the millionth. Nothing is rounded away.
