# What every page needs.

common-name = Obole
common-sentence = Set a budget, click on what you like, we share it out on the last day.
common-language = Language
common-skip = Skip to the content
common-sign-in = Sign in
common-sign-out = Sign out
common-save = Save
common-cancel = Cancel
common-undo = Undo
common-back = Back
common-next = Next
common-previous = Previous
common-clicks = { $count ->
    [one] { $count_text } click
   *[other] { $count_text } clicks
}
common-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
