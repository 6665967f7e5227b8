# Letters to the people of a site: no more of them.

letters-title = Letters to your site
letters-lead = This instance writes to contacts that { $site } names itself: when somebody proves control of a part of it, and once a year at most where many people would like to support it.
letters-stop = Write to us no more
letters-stopped = Nobody is written to any more.
letters-none = Nobody at { $site } is written to any more, not even when somebody proves control of a part of it. That is kept for good.
letters-robot = Promises are made all the same. [How to refuse them, and how to keep our robot out].
