# The month: budget, clicks, what each would come to.

month-budget = Budget
month-shared-in = Shared out in
month-days = { $count ->
    [0] a few hours
    [one] { $count_text } day
   *[other] { $count_text } days
}
month-clicks = Your clicks
month-no-budget-title = You have no budget yet
month-no-budget = The budget is the most that you spend in a month. Clicks divide it; they never make it larger. Until there is one, your clicks wait.
month-set-budget = Set a budget
month-no-clicks-title = No clicks yet this month
month-no-clicks = Paste the link of something you like, or press the Obole button beside it. Each click gets its part of your budget on the last day.
month-unfunded = Your wallet has { $available }, and a month needs at least { $minimum }. If it ended now, your clicks would move on to the next month, three times at most. Please add money to your wallet.
month-behind = Your wallet has { $available }, less than your budget of { $budget }. Only what is there is shared out.
month-left-waits = { $amount } waits for your first click
month-left-wallet = { $amount } of your budget is not in the wallet
month-left-stays = { $amount } stays yours
month-promise = promise
month-refused = gets no share
month-carried = from last month
month-take-back = Take back
month-explained = What each would come to if the month ended now. Until { $day } you can change everything here.
month-paste-title = Something you like?
month-url = Its address
month-url-hint = Paste the link of a page, a song, a repository. A code of two words and two digits will do too.
month-points = Points
month-points-hint = Empty is one point. Points decide how your budget is divided.
month-note = A note of thanks
month-note-optional = optional; its creator sees it with your name
month-click = Click
month-promise-explained = A promise is for a work that nobody has claimed yet. It costs you nothing until its creator says yes.

click-given = { $count ->
    [one] Your click is in: “{ $title }” has { $count_text } point from you this month.
   *[other] Your click is in: “{ $title }” has { $count_text } points from you this month.
}
click-taken-back = Your click on “{ $title }” is taken back.
click-undone = “{ $title }” is as it was before.
