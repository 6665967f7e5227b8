# What every page needs.

common-save = Save
common-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
