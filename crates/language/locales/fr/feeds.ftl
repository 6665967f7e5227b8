# Les flux : ce qu’ils racontent, et les réglages du sien.

feeds-tab = Flux
feeds-works = De nouvelles œuvres à remercier
feeds-works-title = Nouvelles œuvres sur { $instance }
feeds-creator = Des nouvelles des œuvres de ce créateur
feeds-patrons = { $count ->
    [one] Les œuvres ont eu au moins { $count_text } mécène.
   *[other] Les œuvres ont eu au moins { $count_text } mécènes.
}

feeds-own = Vos clics, jour après jour, et ce que vos mois ont donné
feeds-own-title = Mon { $instance }
feeds-day = { $count ->
    [one] { $day } : { $count_text } clic
   *[other] { $day } : { $count_text } clics
}
feeds-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
feeds-settled = Le mois est partagé. Donné : { $given }. Nouvellement promis : { $promised }.

feeds-own-heading = Votre flux privé
feeds-own-lead = Un flux pour votre lecteur : vos clics, une fois chaque jour passé, et ce que chaque mois a donné.
feeds-own-secret = Il ne demande pas de connexion : qui connaît son adresse peut lire qui vous soutenez. Ne la donnez qu’à un lecteur de confiance, et faites-en une nouvelle si quelqu’un d’autre a pu l’avoir.
feeds-own-hidden = Il y a une adresse. Connectez-vous encore une fois pour la voir.
feeds-own-since = depuis le { $at }
feeds-own-make = Créer un flux privé
feeds-own-show = Afficher l’adresse
feeds-own-renew = Créer une nouvelle adresse
feeds-own-end = Le désactiver
feeds-renewed = Votre flux privé a une nouvelle adresse. La précédente n’ouvre plus rien.
feeds-ended = Votre flux privé est désactivé ; son adresse n’ouvre plus rien.
feeds-public-heading = Le flux de vos œuvres
feeds-public-lead = Chacun peut suivre quelles œuvres vous avez revendiquées. Il ne nomme personne qui donne.
feeds-public-patrons = Dire aussi, mois après mois, combien de mécènes ont eu mes œuvres
feeds-public-hint = C’est dit à partir de cinq mécènes, et arrondi vers le bas.
