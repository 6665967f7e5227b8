# The API for people: every operation, and every code that a problem can have.

reference-title = The API
reference-lead = Every request that this instance takes, what it needs and what comes back.
reference-description = The same for programs: [the OpenAPI document]. The words below are its own.
reference-token = Most requests need a token with the scopes named. [Make one in your settings].
reference-codes = When something goes wrong, the answer has a code. [All codes and what they mean].
reference-groups = Groups of requests
reference-your-token = Your token
reference-your-token-hint = It is sent with the requests below and kept nowhere else. Requests that change something really change it.
reference-public = No token needed.
reference-scope = Needs a token with one of these scopes:
reference-parameters = Parameters
reference-body = Body
reference-answers = Answers
reference-try = Try it
reference-send = Send
reference-problems = Problems of the API
reference-problems-lead = Every code that an answer can have, with its status and its sentence. What stands in ‹angle quotes› is filled in.
