# What every page needs.

common-save = Save
common-clicks = { $count ->
    [one] { $count_text } click
   *[other] { $count_text } clicks
}
common-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
