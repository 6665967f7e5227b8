# Coming in by invitation, and the waiting list.

signup-invitation = Code of your invitation
signup-with-invitation = You are invited?
signup-invitation-hint = Four groups of four letters and digits. A link with a code opens the form by itself.
signup-invitation-go = Go on

waitlist-title = Waiting list
waitlist-lead = Leave your mail address, and we will write when you can join. It is used for nothing else.
waitlist-go = Put me on the list
waitlist-sent = A mail is on its way to you. Please open the link in it to confirm.
waitlist-ask = { $email } on the waiting list
waitlist-confirm = Yes, tell me when I can join
waitlist-stands = This address is on the list. You will get a mail when you can join.
waitlist-leave = Take this address off the list
waitlist-kept = The address is forgotten after a year, or a month after you were invited.
waitlist-confirmed = You are on the waiting list. A mail will tell you when you can join.
waitlist-left = The address is off the waiting list and forgotten.

invitations-tab = Invitations
invitations-title = Your invitations
invitations-left = { $count ->
    [0] You have no invitations left.
    [one] You can invite { $count_text } more person.
   *[other] You can invite { $count_text } more people.
}
invitations-lead = An invitation lets one person join. It works once, for 30 days; whoever runs this instance can see who came by whom.
invitations-email-hint = We send the link there. Leave it empty, and you get a link to pass on yourself.
invitations-go = Make an invitation
invitations-made = Here is a new invitation. Pass its link on.
invitations-sent = The invitation is on its way.
invitations-open = can be used until { $at }
invitations-used = used
invitations-taken = withdrawn
invitations-expired = too old
invitations-since = Made { $at }
invitations-withdraw = Withdraw
invitations-withdrawn = The invitation is withdrawn; its link opens nothing any more.

invitations-tree = Who came by whom
invitations-tree-none = Nobody has come by invitation yet.
invitations-tree-cut = Only the first who came are shown.
invitations-waiting = { $count ->
    [0] Nobody waits.
    [one] { $count_text } confirmed address waits.
   *[other] { $count_text } confirmed addresses wait.
}
invitations-next = How many to let in
invitations-next-hint = Those who have waited longest, 100 at most at a time. Each gets an invitation by mail.
invitations-next-go = Invite the next ones
invitations-next-done = { $count ->
    [0] Nobody waited.
    [one] { $count_text } invitation is on its way.
   *[other] { $count_text } invitations are on their way.
}
invitations-more = Give more, or take away
invitations-more-count = More than the rule
invitations-more-hint = So many more than each account has; with a minus, so many fewer.
invitations-more-go = Set
invitations-more-done = @{ $handle } has another number of invitations now.
