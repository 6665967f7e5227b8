# Sayable codes of works, and the sheet to print.

problem-work-code-malformed = A code is two words and two digits, such as apple-river-42. Please type all of it.
problem-work-code-word = “{ $word }” is not a word of codes. Please check the spelling.
problem-work-code-word-near = “{ $word }” is not a word of codes. Perhaps you mean: { $near }.
problem-work-code-mixed = The two words of a code are of one language, and these are of two. Please check both.
problem-work-code-swapped = This is not a code the way it stands. Perhaps two parts are the wrong way round: { $code }.
problem-work-code-mistyped = The digits do not fit the words, so one of them is not right. Please compare all of it.
problem-work-code-unknown = No work has the code { $code }. Please check that it is a code of this instance.
problem-work-codes-full = No free code was found. Please try again.
