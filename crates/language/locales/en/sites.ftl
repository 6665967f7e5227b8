# Sites that a patron trusts.

settings-sites = Trusted sites
sites-lead = On a site that you trust, its button gives at once, without asking: only for works of that site, at most { $count_text } times a day. Each click can be taken back until the month closes.
sites-none = You trust no site yet: every button asks first.
sites-site = Site
sites-since = trusted since { $at }
sites-clicks = Given at once this month
sites-take-back = Take all back
sites-remove = Ask again
sites-add = Trust another site
sites-address = Address of the site
sites-address-hint = Such as songs.example. Only its own pages are meant, none of its sub-domains.
sites-add-go = Trust it
sites-trusted = Buttons on { $host } give at once from now on.
sites-removed = Buttons on { $host } ask first again.
sites-taken-back = { $count ->
    [one] { $count_text } click that { $host } gave this month is taken back.
   *[other] { $count_text } clicks that { $host } gave this month are taken back.
}
