# Teams, and what works pass on to the works that they build on.

teams-title = Teams
teams-lead = A team receives for its works together and shares it out by percentages. You keep your own account; a team has none to sign in to.
teams-found = Found a team
teams-handle-hint = The team’s public name, like your own: letters, digits, hyphens.
teams-name = Name that is shown
teams-found-go = Found it
teams-founded = The team is there, and you own it. Invite the others.
teams-owner = owner
teams-keeper = keeper
teams-member = member
teams-viewer = viewer
teams-role-is = Your role: { $role }
teams-gone = somebody who left
teams-members = Members and their parts
teams-who = Who
teams-role = Role
teams-part = Part
teams-part-of = Part of @{ $handle }, in percent
teams-keeps = Kept by the team
teams-parts-hint = What each receives of what the team’s works bring, from the next settlement on. Every member is told.
teams-parts-go = Save the parts
teams-parts-set = The parts are set. They count from the next settlement on, and every member is told.
teams-history = How it was shared out before
teams-set-by = { $at }, by { $by }
teams-all-kept = The team keeps everything.
teams-works = Works of the team
teams-works-none = The team controls nothing yet. Claim a work, and choose the team there.
teams-money = Money
teams-statements = Statements of the team
teams-kept-explained = What the team kept and has not shared out:
teams-share = Share out { $amount }
teams-shared = { $amount } is shared out among the members by their parts.
teams-is-open = Every member sees what every other one received.
teams-is-shut = Members see only what is theirs; owners and keepers see all.
teams-open-go = Open the statements to all members
teams-shut-go = Close the statements again
teams-opened = Every member sees the statements now, and was told.
teams-shut = Members see only what is theirs again, and were told.
teams-invite = Invite somebody
teams-invite-to = @handle or mail address
teams-invite-hint = They get a mail, and join when they say yes.
teams-invite-go = Send the invitation
teams-invited = The invitation is on its way.
teams-roles = Roles
teams-roles-hint = Owners decide about members and money. Keepers look after works and claims. Members may receive. Viewers only look.
teams-role-set = The role is changed, and every member was told.
teams-remove = Remove
teams-removed = They do not belong to the team any more, and were told.
teams-end = Leave
teams-leave-hint = What you received stays yours. Your part is the team’s from then on.
teams-leave = Leave the team
teams-left = You left the team.
teams-close-hint = A team can be closed when it controls nothing and has no money left.
teams-close = Close the team
teams-closed = The team is closed, and its members were told.
teams-invitation = Invitation to a team
teams-asked = { $by } invites you to the team { $team } as { $role }.
teams-asked-receives = You may receive a part of what its works bring; how much, its owners decide, and you are told.
teams-asked-looks = You can see what belongs to the team; you do not receive for it.
teams-accept = Join
teams-decline = No, thank you
teams-joined = Welcome to the team.
teams-declined = You declined. Nobody will ask you again by this mail.
teams-sees-all = You see what everybody received.
teams-sees-own = You see what you received; owners and keepers see all.
teams-statements-none = Nothing has come of this team yet.
teams-month = Month
teams-month-nothing = Nothing came of this team in that month.
teams-by-member = What each received

passing-title = Who passes on to whom
passing-from = From
passing-to = To
passing-part = Part
passing-more = { $count ->
    [one] and one other
   *[other] and { $count_text } others
}
passing-stays = { $part } stays with whoever receives for it
passing-edit = What it passes on
passing-lead = A work can hand up to half of what it receives to the works that it builds on. It is your thanks to them, everybody sees it, and it goes one step a month.
passing-part-label = How much of what the work receives, after the fee
passing-part-hint = From 0 to 50. Nothing is passed on at 0.
passing-targets = To which works
passing-targets-hint = One address a line. Put a whole number behind it where one should weigh more than another.
passing-set = Saved. It counts from the next settlement on, and stands on the work’s page.
passing-file-title = From a lockfile or SBOM
passing-file = File
passing-file-hint = Cargo.lock, package-lock.json, composer.lock, poetry.lock, uv.lock, go.mod, Gemfile.lock, requirements.txt, CycloneDX or SPDX as JSON. It is only read; nothing is saved before you say so.
passing-file-go = Add its works to the list
passing-brought = { $count ->
    [0] Everything in the file stands in the list already.
    [one] One work came from the file. Look at it, then save.
   *[other] { $count_text } works came from the file. Look them through, then save.
}
passing-standing = Promised onwards
passing-standing-link = [What your works have promised] and nobody has collected yet.
passing-standing-lead = What your works pass on to works that nobody has claimed stays yours, set aside, until somebody does. After twelve months it is free.
passing-standing-none = Nothing is promised at the moment.
passing-since = Since
passing-let-go = Let go
passing-let-gone = You let go of it: the money is free again.
passing-committed = collected at the next settlement
