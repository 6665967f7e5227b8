# What other sites are told of our pages: previews, embeddings.

preview-picture = A coin with a hole in it, the mark of Obole
preview-work = @{ $handle } has shown control of { $host }. A click gives thanks out of a monthly budget.
preview-work-unclaimed = Not claimed: nobody has proved control of { $host } yet.
preview-profile = Works of @{ $handle } to thank with a click out of a monthly budget.
preview-settlement = { $count ->
    [one] { $period }: { $given } given to { $count_text } work.
   *[other] { $period }: { $given } given to { $count_text } works.
}

embed-url = The page is missing. Please name one of this instance, like url=https://…/w/….
embed-unknown = This is no work or profile of this instance. Please copy the address whole from your browser.
embed-format = There is no such format. Please ask for json or xml.
embed-room = maxwidth and maxheight are whole numbers of pixels. Please write them in digits.
