# Works, profiles.

work-eyebrow = A work
work-unclaimed = not claimed: nobody has proved control of it yet
work-patrons = Patrons
work-patrons-text = { $count ->
    [one] { $count_text } or more in its best month
   *[other] { $count_text } or more in its best month
}
work-refused = Its owner does not collect for this work, so it takes no clicks.
work-claim = It is yours? Claim it
work-yours = This work is yours
work-title = Its title
work-title-hint = Empty shows the address.
work-refuse-explained = You do not want money for this work? Then nobody can click on it any more, and promises that still stand are let go of.
work-refuse = Do not collect
work-collect-explained = This work takes no clicks, because you do not collect for it.
work-collect = Collect again
work-title-set = The title is saved.
work-refused-set = This work takes no clicks any more. Promises that stood are let go of.
work-refused-ended = This work takes clicks again.

works-title = Works to thank
works-search = Part of a title, an address or a name, or a code
works-find = Find
works-work = Work
works-mark = Proof
works-none-title = Nothing found
works-none = Only works that somebody has claimed are listed. You can click on any page of the web all the same.
works-give = Click on this address

profile-works = Works
profile-no-works = No works here yet.
profile-private = What this account gives is private, unless it shows it on a work’s own page.
profile-own = This is what others see of you. What you give is private, unless you show it on a work’s own page.
profile-refused = does not collect
supporters-title = Who supports it
supporters-explained = Nobody sees who supports this. You can show those who want that: each says so themselves, and can take it back.
supporters-are-shown = Those who want it are shown on this page. Each said so themselves.
supporters-show = Show those who want it
supporters-hide = Show nobody
supporters-of = Supported by
supporters-you-are = Your support is shown here once a month with your click is settled.
supporters-me = Show that I support this
supporters-me-hint = Your handle alone: no amount, no date. You can take it back.
supporters-not-me = Do not show me
supporters-private = Who supports this and wants it is shown. [Your settings] keep what you give private.
supporters-you-shown = You are shown here once a month with your click is settled.
supporters-you-hidden = You are not shown here any more.
supporters-shown = Those who want it are shown from now on.
supporters-hidden = Nobody is shown any more.
