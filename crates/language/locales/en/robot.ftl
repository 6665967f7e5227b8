# The page that explains who reads other sites' pages.

robot-title = Who reads your pages
robot-lead = When people here click on a page, this instance looks once at what the page says of itself: what it is called, and where it asks to be supported.
robot-off = At present this instance reads no pages.
robot-what = What it reads
robot-what-only = Only pages that somebody has clicked on, each at most once in 30 days. It follows no links from one page to the next.
robot-what-head = Of a page only its head, in the first 256 KB: title, description, language, the address of its picture, and links that say who is behind it or where payment is accepted.
robot-what-shown = It copies no text and loads no pictures. Nothing of it is shown of a page that nobody has claimed.
robot-pace = How often it comes
robot-pace-rest = { $count ->
    [0] It asks a host for one thing at a time.
    [one] It asks a host for one thing at a time, and waits { $count_text } second before it asks again.
   *[other] It asks a host for one thing at a time, and waits { $count_text } seconds before it asks again.
}
robot-pace-delay = If your robots.txt has a Crawl-delay, it waits that long, up to a minute.
robot-name = How you recognise it
robot-name-text = It names itself and this page in each request. It sends no cookies, and does not say who clicked.
robot-forbid = How you keep it out
robot-forbid-text = It obeys robots.txt (RFC 9309), asks for it before any page, and remembers it for a day. These two lines keep it out of everything:
robot-forbid-click = People can click on your pages all the same; their address is then all that is known here.
robot-decline = How you say “no, thank you”
robot-decline-text = Until somebody proves that a page is theirs, what people give to it is only promised, and costs them nothing. If you want none of it, put this line into the page’s head. It is read like the rest, what was promised is let go of, and nobody can click there any more. That is kept for good.
robot-decline-claim = For a whole site at once, [claim it] and choose “Do not collect”; whoever proves control can change their mind later.
robot-letters = Letters to your site
robot-letters-text = When somebody proves control of a part of your site, and once a year at most where many people would like to support it, this instance looks for whom to tell: in /.well-known/security.txt (for proofs only), in /funding.json, and in links to mail addresses with rel="me" on your first page. It writes to nobody else, keeps an address for 30 days, to answer for its letter, and each letter has a link that ends them for good; the line for a page without money, on your first page, ends invitations to the whole site. On a host that many people share, only what is on a person’s own page counts.
robot-contact = Questions? Write to { $contact }.
