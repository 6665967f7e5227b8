# Apps: what developers register, what accounts grant, and what the protocol answers.

apps-tab = Apps
apps-title = Your apps
apps-lead = An app of yours acts for others who allow it, through [OAuth 2 and the API].
apps-none = You have registered no app.
apps-name = App
apps-name-hint = People see this name when the app asks them.
apps-accounts = Allowed by
apps-accounts-count = { $count ->
    [one] { $count_text } account allows this app something.
   *[other] { $count_text } accounts allow this app something.
}
apps-register = Register an app
apps-register-go = Register the app
apps-registered = The app is registered.
apps-kind = Where it runs
apps-public = On people’s own devices: it keeps no secret
apps-confidential = On a server: it keeps a secret
apps-legacy = An old program written for Flattr: it clicks and reads only
apps-redirects = Addresses that answers go to
apps-redirects-hint = One in each line, exactly as the app sends it. On this machine (http://127.0.0.1) the port is free.
apps-site = Web page of the app
apps-site-hint = If you control it here as a work, people see its domain as proven; answers may then go to no other host.
apps-id = Its id (client_id):
apps-unproven = Its domain is not proven: people see “unproven”.
apps-change = Change the app
apps-change-go = Save
apps-secret = Its secret (client_secret)
apps-secret-new = A new secret
apps-secret-lead = The one before stays good for 24 hours, so that you can change it everywhere.
apps-secret-go = Make a new secret
apps-delete = Delete the app
apps-delete-lead = Everything that people allowed it ends at once. What they clicked stands.
apps-delete-go = Delete the app
apps-deleted = { $name } is deleted.
apps-granted-lead = What you allowed apps of others. None of them can spend more than your budget.
apps-granted-none = You have allowed no app anything.
apps-clicks = Clicked this month
apps-revoked = { $name } can do nothing for you any more. What it clicked stands.
apps-taken-back = { $count ->
    [one] { $count_text } click that { $name } made this month is taken back.
   *[other] { $count_text } clicks that { $name } made this month are taken back.
}
apps-device-link = A device shows you a code? [Type it here].

admin-tab-apps = Apps
admin-app-kind = Old programs written for Flattr
admin-app-hint = A legacy app may do without PKCE. It keeps a secret, sends a state, clicks and reads only, and cannot refresh. What people allowed it until now ends.
admin-app-id = Id of the app (client_id)
admin-app-make = Mark as legacy
admin-app-stateless = Mark as legacy, without state
admin-app-stateless-hint = Some old programs send no state either. Then somebody could make a person’s program give from another account than they think: mark so only programs that you know and that cannot be changed.
admin-app-stateless-done = The app is marked as legacy and need not send a state.
admin-app-end = Legacy no more
admin-app-legacy = The app is marked as legacy.
admin-app-usual = The app is like the others again.

consent-title = Allow this app?
consent-unproven = Unproven: nobody knows who is behind this app.
consent-own = This is Obole’s own program for the command line. Any program can call itself that, so say yes only if you have just started it yourself.
consent-proven = Its developer controls { $host }.
consent-asks = It wants to do this for you, @{ $handle }:
consent-never = It can never move money out, raise a budget, or change how you sign in.
consent-goes-to = After your answer you go on to { $host }.
consent-goes-to-device = After your answer a program on this device goes on.
consent-device = Say yes only if the device that shows the code is in front of you.
consent-ends = What you allow ends after 90 days, or when you revoke it in your settings.
consent-yes = Allow
consent-no = Do not allow

device-title = Connect a device
device-lead = A device without a browser shows you a code. Type it here to see what it asks for.
device-code = Code
device-code-hint = Eight letters, such as BCDF-GHJK.
device-go = Continue
device-granted = The device is connected in a few seconds. You can revoke it here at any time.
device-refused = The device was told no.

oauth-client-unknown = The app that sent you here is not registered with this instance, so nothing was allowed. Please tell its developer.
oauth-redirect-unknown = The app wants the answer at an address that its developer did not register, so nothing was allowed and you were not sent there. Please tell its developer.
oauth-scope = The app asks for a permission that there is not, or that it cannot have.
oauth-response-type = Only codes are given: response_type has to be “code”.
oauth-response-mode = Answers go into the query of the address only.
oauth-grant-type = Only a code, a refresh token or the code of a device can be exchanged.
oauth-challenge = A code_challenge with code_challenge_method “S256” is needed (PKCE).
oauth-state-missing = A state is needed.
oauth-field-missing = Something that is needed was not sent.
oauth-field-twice = Something was sent twice, is too long, or cannot be read.
oauth-malformed = The body cannot be read: send a form, or a JSON object of texts.
oauth-client = The client is not known, or this is not its secret.
oauth-client-twice = Send the client’s secret once: in the Authorization header or in the body.
oauth-client-may-not = This client may not ask in this way.
oauth-grant = This code or token is wrong, used, too old, or another client’s.
oauth-refused = The answer was no.
oauth-pending = Nobody has answered yet. Please ask again in a few seconds.
oauth-slow-down = You ask too often. Please wait five seconds longer each time from now on.
oauth-expired = The code is too old. Please begin again.
