# What the API says to the programmers of scripts and clients when a request is not as the
# description has it. The key is the code.

api-not-found = There is nothing at this address, or it is not yours to see. Nothing was changed. Please check the address and the ids in it.
api-method-not-allowed = This address does not take this method, so nothing was changed. The header Allow names those that it takes.
api-token-missing = This needs a token, so nothing was done. Please send the header Authorization with “Bearer” and a token that you make in your settings.
api-token-in-address = An address of the API carries a token (access_token), so nothing was done. Send tokens in the Authorization header only, and revoke this one: addresses end up in logs.
api-token-unknown = This token is not known here: it is mistyped, revoked, or from another instance. Nothing was done. Please check it, or make a new one in your settings.
api-scope-missing = Your token does not have the permission “{ $scope }” that this needs, so nothing was done. Please make a token with it in your settings.
api-idempotency-key-missing = This request needs the header Idempotency-Key, so that sending it twice does it once. Nothing was done. Please send a new key for each thing that you do.
api-idempotency-key-malformed = The header Idempotency-Key must stand there once and hold 1 to 255 visible ASCII characters, bare or as a quoted string. Nothing was done.
api-idempotency-key-reused = This key was already used for another request, so nothing was done. Please take a new key for each thing that you do.
api-json-malformed = The body could not be read as JSON, so nothing was changed. Please check it with a JSON parser.
api-wrong-type = A value here is not of the kind that is described, so nothing was changed. Texts and amounts stand in quotation marks; whole numbers do not, and have no decimal point.
api-field-unknown = This request has no field “{ $field }”, so nothing was changed. Please check its spelling against the description.
api-field-missing = This field is missing, so nothing was changed. Please add it.
api-field-either = Please send either “url” or “work”, one of the two. Nothing was changed.
api-limit-malformed = A page of a list has 1 to 200 items. Please send such a number as “limit”.
api-cursor-malformed = “after” is not what a list of this API hands out. Please send what “next” said on the page before, or leave it out to begin anew.
api-cursor-foreign = “after” does not come from this list. Please send what “next” said on the page before, or leave it out to begin anew.
api-parameter-missing = This part of the address is missing, so nothing was changed. Please add it after the question mark.
api-choice-unknown = This can have only the values that are described, so nothing was done. Please choose one of them.
api-unsupported-type = The body must be JSON, and the header Content-Type must say application/json. Nothing was changed.
api-too-large = This is more than can be taken in at once, so nothing was changed. A body has at most 64 KiB, a head 16 KiB.
api-malformed = This request could not be read, so nothing was changed. Please check it against the description.
api-click-missing = You have no click on this work in the open month; perhaps it was taken back already. Nothing was changed.
