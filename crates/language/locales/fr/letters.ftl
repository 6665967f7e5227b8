# Lettres aux personnes des sites : pour qu’elles cessent.

letters-title = Lettres au sujet de votre site
letters-lead = Cette instance écrit aux contacts qu’un site nomme lui-même : quand quelqu’un prouve qu’il en contrôle une partie, et une fois par an au plus quand beaucoup aimeraient le soutenir. Vous avez reçu une telle lettre.
letters-stop = Ne plus m’écrire
letters-stopped = Vous ne recevrez plus de lettre.
letters-none = Vous ne recevrez plus de lettre au sujet d’aucun site, même si quelqu’un prouve qu’il en contrôle une partie. Cela reste pour de bon, sous un nombre qui ne dit pas votre adresse.
letters-robot = On peut tout de même promettre quelque chose. [Comment refuser, et comment tenir notre robot à l’écart].
