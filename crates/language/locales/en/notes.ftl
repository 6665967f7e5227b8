# Notes of thanks: what creators read, hide and report; what administrators judge.
notes-title = Notes of thanks
notes-latest-all = All notes of thanks
notes-shown = To read
notes-hidden = Hidden
notes-only = Only { $month }.
notes-all = All months
notes-none-title = No notes yet
notes-none = Whoever clicks on a work of yours can sign the click with a few words. They appear here.
notes-hidden-none = You have not hidden any note.
notes-of = (note by @{ $handle })
notes-hide = Hide
notes-show = Show again
notes-hidden-now = The note is hidden. You find it under “Hidden” and can show it again.
notes-shown-again = The note is shown again.
notes-report = Report
notes-report-hint = An administrator reads the note and your reason, not who signed it. The note is hidden from you at once.
notes-report-reason = What is wrong with it?
notes-report-do = Report the note
notes-reported = reported
notes-reported-now = The note is reported to the administrators, and hidden.
notes-in-month = { $count ->
    [one] { $count_text } note of thanks this month
   *[other] { $count_text } notes of thanks this month
}

notes-admin-none = No note has been reported.
notes-admin-lead = Creators reported these notes. You see what they say, not who signed them: who supports whom is private. Whoever signed a note that you remove is told your reason by mail; the click stands.
notes-admin-on = On
notes-admin-reported = Reported by
notes-admin-words = Your reason
notes-admin-words-hint = It is kept in the log. If you remove the note, whoever signed it reads it.
notes-admin-remove = Remove the note
notes-admin-keep = Leave it
notes-admin-removed = The note is removed.
notes-admin-kept = The note stays.
notes-admin-waiting = Reported notes
notes-admin-look = Look at them
