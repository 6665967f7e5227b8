# The click page.

give-title = Give a click
give-ask-title = What would you like to thank?
give-look = Go on
give-about = You are about to click on
give-address = Address
give-controlled-by = Controlled by
give-controls = controls { $host }
give-unclaimed = nobody yet: a promise that costs you nothing until they say yes
give-own = you: nobody can click on a work of their own
give-refused = somebody who does not collect: this work takes no clicks
give-from = You come from
give-standing = This month from you
give-other-site = The page that sent you here is on { $site }, but this click goes to { $host }. Go on only if that is what you want.
give-international = The name { $host } stands for letters that can look like others. Please make sure that it is the site you mean.
give-sign-in = Your click is kept while you sign in or up. You come back here, and nothing is given before you confirm it.
give-sign-in-go = Sign in to give
give-sign-up-go = Sign up to give
give-kept = Here is the click that you chose. One press, and it is given.
give-at-once = You trust this site, so the click is given at once. You can take it back on the next page.
give-trust-about = When you press the button on { $host } again, this window can give at once, without asking. You can take each click back.
give-trust = Trust { $host }
give-points-hint = Your budget stays the same: points decide how it is divided.
give-other-points = Or your own number
give-name = What is it called?
give-name-hint = You are the first to click on it. The title is shown once somebody has claimed it.
give-optional = optional
give-explained = What it may come to changes with your other clicks until the last day of the month. You can take the click back until then.
give-unfunded = There is no money behind your budget yet, so the click waits: it moves on to the next month, three times at most.
give-button = Give
give-not-now = Not now
give-thanks = Thank you
give-counted = { $count ->
    [one] Your click is in. “{ $title }” has { $count_text } point from you this month.
   *[other] Your click is in. “{ $title }” has { $count_text } points from you this month.
}
give-may-come-to = If the month ended now, it would come to
give-to-month = See this month
give-back = Back to the page
give-undo = Take it back
