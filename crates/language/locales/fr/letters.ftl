# Lettres aux personnes d’un site : pour qu’elles cessent.

letters-title = Lettres à votre site
letters-lead = Cette instance écrit aux contacts que { $site } nomme lui-même : quand quelqu’un prouve qu’une partie du site lui appartient, et une fois par an au plus quand beaucoup aimeraient le soutenir.
letters-stop = Ne plus nous écrire
letters-stopped = Plus personne ne recevra de lettre.
letters-none = Plus personne ne recevra de lettre à { $site }, même si quelqu’un prouve qu’une partie du site lui appartient. Cela reste pour de bon.
letters-robot = On peut tout de même promettre quelque chose. [Comment refuser, et comment tenir notre robot à l’écart].
