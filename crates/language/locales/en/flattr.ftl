# Flattr's old API and buttons: what programs answer to people.

flattrs-route-missing = Nothing can be called at this address. See the list of calls.
flattrs-user-missing = Nobody here has this name.
flattrs-thing-missing = No thing was found here.
flattrs-subscription-missing = There is no subscription to this thing.
flattrs-malformed = What was sent cannot be read. Send a form or a JSON object.
flattrs-url-missing = No address was sent. Send the page’s address as “url”.
flattrs-parameter = A parameter is missing or is none that there is. Nothing was changed.
flattrs-other-owner = The link names somebody else than who has proven to control this page. Nothing was given.
flattrs-unauthorized = A token is needed that is known here. Sign in to the program again.
flattrs-scope = The token does not allow this. Sign in to the program again and allow it.
flattrs-forbidden = Only who controls a thing may change it. Nothing was changed.
flattrs-no-means = There is no budget here with enough money. Nothing was given: set a budget and top up first.
flattrs-once = You have given to this thing this month. Nothing was added.
flattrs-owner = This is a thing of your own: nobody gives to themselves.
flattrs-thing-owner = This is a thing of your own: nobody subscribes to it themselves.
flattrs-not-acceptable = This format is not written here. Ask for JSON.
flattrs-button-word = Give
flattrs-button-words = Give to { $url }; opens in a new window
flattrs-button-give = Give to this page
flattrs-button-owner = @{ $handle } has proven to control this page.
flattrs-button-nobody = Nobody has claimed this page yet. What you give is promised, and costs you nothing until they say yes.
flattrs-button-about = Your monthly budget is shared out over what you click. The window that opens asks you before anything is given.
