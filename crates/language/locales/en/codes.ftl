# Sayable codes of works, and the sheet to print.

code-title = The code of a work
code-code = Code
code-hint = Two words and two digits, as they were printed or said to you.
code-go = Go on
code-works = Look for it among the works

sheet-title = A sheet to print: { $title }
sheet-link = A sheet to print, with its code
sheet-layouts = Layout
sheet-poster = One page (A4)
sheet-small = Small (A6)
sheet-cards = Eight cards
sheet-print = Print this page from your browser. Only the sheet is printed.
sheet-download = The QR code as a file
sheet-code-explained = A code of two words and two digits can be said aloud and typed anywhere. It stands for this work for good.
sheet-code-make = Make a code
sheet-code-sign-in = Sign in to make a code
sheet-code-made = The code is { $code }.
sheet-language = The sheet speaks your language; choose another one at the foot of the page.
sheet-thank = Thank this work
sheet-how = Set a budget for the month, click on what you like: it is shared out on the last day.
sheet-scan = Scan this with your telephone
sheet-type = or type this code at { $place }
sheet-open = or open { $place }
sheet-picture = QR code that leads to the page to thank this work
sheet-unclaimed = Nobody has claimed this work yet: a click is a promise.
sheet-refused = Its owner does not collect for this work, so there is nothing to print.

problem-work-code-malformed = A code is two words and two digits, such as apple-river-42. Please type all of it.
problem-work-code-word = “{ $word }” is not a word of codes. Please check the spelling.
problem-work-code-word-near = “{ $word }” is not a word of codes. Perhaps you mean: { $near }.
problem-work-code-mixed = The two words of a code are of one language, and these are of two. Please check both.
problem-work-code-swapped = This is not a code the way it stands. Perhaps two parts are the wrong way round: { $code }.
problem-work-code-mistyped = The digits do not fit the words, so one of them is not right. Please compare all of it.
problem-work-code-unknown = No work has the code { $code }. Please check that it is a code of this instance.
problem-work-codes-full = No free code was found. Please try again.
