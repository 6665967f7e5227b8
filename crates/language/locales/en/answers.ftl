# What a page says when it cannot do what was asked: what happened, whether anything was saved,
# what to do.

answer-not-found-title = There is nothing here
answer-not-found = No page has this address, or it is not yours to see. Nothing was changed. Please check the address.
answer-refused-title = This did not work
answer-too-many-title = One moment, please
answer-busy-title = Busy at the moment
answer-busy = Right now too much is going on here, so this was not done and nothing was taken from you. Please try again in a few seconds.
answer-internal-title = This is our fault
answer-internal = Something broke on our side; we have been told. If you were about to change something, please look whether it is there before you do it again.
answer-forbidden = You may not do this, so nothing was changed. If you think that you should, please write to the operator of this instance.
answer-foreign-form = This form is too old, or it was not sent from a page of this instance, so nothing was changed. Please go back, reload the page and send it again; cookies have to be allowed.
answer-sign-in-needed = Please sign in first. Nothing was changed.
answer-proof-needed = Please prove again that it is you. Nothing was changed.
answer-operation-missing = This form came without its number, so it could not be told from one that was sent twice. Nothing was changed. Please reload the page and send it again.
answer-malformed = What was sent could not be read, so nothing was changed. Please go back and try again.
answer-too-large = This is more than can be taken in at once, so nothing was changed. Please send less.
answer-too-slow = This took too long to arrive, so nothing was changed. Please try again.
answer-connections = There are very many open connections from where you are. Please close some, or try again in a few seconds.
answer-unsupported-type = This was not sent as a form of this page is, so nothing was changed. Please go back and use the form.
answer-method = This page cannot be used like that, so nothing was changed. Please open it as a page.
answer-misdirected = This instance does not go by the name that your browser asked for. Please check the address.
answer-conflict = Something else was changed at the same moment, so this was not done. Please reload the page and look again.
answer-still-running = The same request is still being worked on. It will be done once. Please ask again in a few seconds.
answer-home = Go on
answer-request = If you write to us about it, please give this number:
