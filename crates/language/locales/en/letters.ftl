# Letters to the people of sites: no more of them.

letters-title = Letters about your site
letters-lead = This instance writes to contacts that a site names itself: when somebody proves control of a part of it, and once a year at most where many people would like to support it. You had such a letter.
letters-stop = Write to me no more
letters-stopped = You are not written to any more.
letters-none = You are not written to any more about any site, not even when somebody proves control of a part of it. That is kept for good, by a number that does not tell your address.
letters-robot = Promises are made all the same. [How to refuse them, and how to keep our robot out].
