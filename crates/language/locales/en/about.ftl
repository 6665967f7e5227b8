# Pages that only tell: programs, the source.

developers-title = For programs
developers-lead = Everything that a patron does here a program can do with the patron’s own token.
developers-description = The API speaks JSON over HTTP. [Its reference] shows every request, and sends it if you like.
developers-token = [Your tokens] say what a program may do. None of them can move money out or change how you sign in.
developers-apps = Programs that act for others use OAuth 2: [register an app]. Its endpoints are described at /.well-known/oauth-authorization-server.
developers-key = Each request that adds points carries a key of its own, so that sending it twice counts once. Errors say in a sentence what to do, and have a stable code.
developers-link = A plain link is enough for a page of yours: it leads to a page where the visitor confirms the click. [The workshop of buttons] has the code for it, and for nicer ones.

source-licence = Obole { $version } is free software under the GNU Affero General Public License, version 3 or later. Its source is here:
source-rights = You may use, study, change and share it. Who runs a changed version for others offers its source to them as well.
