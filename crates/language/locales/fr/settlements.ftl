# Le registre public des mois clos.

settlements-lead = Chaque mois partagé, avec ses sommes. Qui a donné à qui reste privé.
settlements-none-title = Aucun mois n’est encore clos
settlements-none = Le premier apparaît quand le premier mois est terminé.
settlements-given = Donné
settlements-fee = Frais
settlements-fee-of = Frais, { $fee }
settlements-net = Aux créateurs
settlements-promised = Nouvelles promesses
settlements-pool = À la cagnotte commune
settlements-patrons = Mécènes
settlements-works = Œuvres
settlements-clicks = Clics
settlements-closed = Clos le { $moment }
settlements-nothing = Rien n’a été partagé.
settlements-hashes = Empreintes
settlements-hashes-text = SHA-256 de ce qui a été figé à la clôture du mois, et de ce qui en est venu. Les mêmes données donnent toujours le même résultat.
settlements-inputs = Données
settlements-plan = Résultat
