# The button on other sites. The word is short: it stands in a small picture.

button-word = Give
button-title = Give through { $instance }
button-title-count = { $count ->
    [one] Give through { $instance }. { $count_text } patron or more in the best month
   *[other] Give through { $instance }. { $count_text } patrons or more in the best month
}
