# Bringing along what one already likes.

import-title = Bring what you already like
import-lead = Podcasts that you subscribe to, bookmarks, repositories that you starred: each entry becomes a proposal that only you see. Nothing is clicked before you say yes, and nothing is opened.
import-waiting = { $count ->
    [one] { $count_text } proposal
   *[other] { $count_text } proposals
}
import-choose = What would you like to give to?
import-first = { $count ->
    [one] Choose it, or not.
   *[other] Here are { $count_text }. Choose those that you mean.
}
import-choose-all = Choose all of these
import-choose-none = Choose none
import-give = Give 1 point to each
import-dismiss = Remove those chosen
import-dismiss-all = Remove all that wait
import-bring = Bring something along
import-file = File
import-file-hint = What a podcast program or feed reader exports (OPML), bookmarks of a browser (HTML), a list of starred repositories (JSON), or a text with an address in each line. At most 2 MB.
import-text = Or paste it
import-text-hint = The same, or simply addresses, one a line.
import-go = Make proposals of it
import-brought = { $count ->
    [0] Nothing new was in it.
    [one] { $count_text } proposal is new.
   *[other] { $count_text } proposals are new.
} { $known ->
    [0] {""}
    [one] { $known_text } was known already.
   *[other] { $known_text } were known already.
} { $unusable ->
    [0] {""}
    [one] { $unusable_text } has no address that can be given to.
   *[other] { $unusable_text } have no address that can be given to.
} { $left ->
    [0] {""}
    [one] For { $left_text } there was no room any more.
   *[other] For { $left_text } there was no room any more.
}
import-given = { $count ->
    [0] Nothing was given: those proposals are gone already.
    [one] Thank you: { $count_text } click is given.
   *[other] Thank you: { $count_text } clicks are given.
}
import-given-some = { $count ->
    [one] { $count_text } click is given,
   *[other] { $count_text } clicks are given,
} { $refused ->
    [one] { $refused_text } is not.
   *[other] { $refused_text } are not.
} { $first }: { $why }
import-dismissed = { $count ->
    [one] { $count_text } proposal is gone.
   *[other] { $count_text } proposals are gone.
}
