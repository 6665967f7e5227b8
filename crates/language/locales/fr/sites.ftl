# Les sites auxquels une personne se fie.

settings-sites = Sites de confiance
sites-lead = Sur un site de confiance, le bouton donne aussitôt, sans demander : seulement pour les œuvres de ce site, au plus { $count_text } fois par jour. Chaque clic peut être repris jusqu’à la clôture du mois.
sites-none = Aucun site de confiance pour l’instant : chaque bouton demande d’abord.
sites-site = Site
sites-since = de confiance depuis le { $at }
sites-clicks = Donnés aussitôt ce mois-ci
sites-take-back = Tout reprendre
sites-remove = Redemander
sites-add = Ajouter un site de confiance
sites-address = Adresse du site
sites-address-hint = Par exemple chansons.example. Seules ses propres pages comptent, pas celles de ses sous-domaines.
sites-add-go = Faire confiance
sites-trusted = Désormais, les boutons de { $host } donnent aussitôt.
sites-removed = Les boutons de { $host } demandent de nouveau d’abord.
sites-taken-back = { $count ->
    [one] { $count_text } clic donné ce mois-ci par { $host } est repris.
   *[other] { $count_text } clics donnés ce mois-ci par { $host } sont repris.
}
