# Flattr's old API and buttons: what programs answer to people.

flattr-route-missing = Nothing can be called at this address. See the list of calls.
flattr-user-missing = Nobody here has this name.
flattr-thing-missing = No thing was found here.
flattr-subscription-missing = There is no subscription to this thing.
flattr-malformed = What was sent cannot be read. Send a form or a JSON object.
flattr-url-missing = No address was sent. Send the page’s address as “url”.
flattr-parameter = A parameter is missing or is none that there is. Nothing was changed.
flattr-other-owner = The link names somebody else than who has proven to control this page. Nothing was given.
flattr-unauthorized = A token is needed that is known here. Sign in to the program again.
flattr-scope = The token does not allow this. Sign in to the program again and allow it.
flattr-forbidden = Only who controls a thing may change it. Nothing was changed.
flattr-no-means = There is no budget here with enough money. Nothing was given: set a budget and top up first.
flattr-once = You have given to this thing this month. Nothing was added.
flattr-owner = This is a thing of your own: nobody gives to themselves.
flattr-thing-owner = This is a thing of your own: nobody subscribes to it themselves.
flattr-not-acceptable = This format is not written here. Ask for JSON.
flattr-button-word = Give
flattr-button-words = Give to { $url }; opens in a new window
flattr-button-give = Give to this page
flattr-button-owner = @{ $handle } has proven to control this page.
flattr-button-nobody = Nobody has claimed this page yet. What you give is promised, and costs you nothing until they say yes.
flattr-button-about = Your monthly budget is shared out over what you click. The window that opens asks you before anything is given.
