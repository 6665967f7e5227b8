# Les abonnements : des clics qui reviennent chaque mois.

subscriptions-title = Abonnements
subscriptions-lead = Un abonnement clique pour vous au début de chaque mois, avec les points que vous avez choisis. Son clic se trouve avec tous les autres sur la page du mois : vous pouvez l’y modifier ou le reprendre.
subscriptions-link = Vos abonnements
subscriptions-none-title = Pas encore d’abonnement
subscriptions-none = Y a-t-il quelque chose que vous remercieriez chaque mois ? Cliquez dessus et choisissez « chaque mois » sur la page de remerciement, ou collez son lien ici.
subscriptions-standing = { $count ->
    [one] { $count_text } abonnement
   *[other] { $count_text } abonnements
}
subscriptions-points = { $count ->
    [one] { $count_text } point chaque mois
   *[other] { $count_text } points chaque mois
}
subscriptions-left = { $count ->
    [one] encore { $count_text } mois
   *[other] encore { $count_text } mois
}
subscriptions-until-stopped = jusqu’à ce que vous l’arrêtiez
subscriptions-paused = en pause
subscriptions-given = Donné pour la dernière fois pour { $month }.
subscriptions-first = Donne pour la première fois au début de { $month }.
subscriptions-missed-clicked-already = Rien pour { $month } : vous aviez déjà cliqué, et cette instance compte un clic par mois.
subscriptions-missed-points-full = Rien pour { $month } : l’œuvre aurait eu de vous plus de points qu’elle ne peut en avoir en un mois.
subscriptions-missed-points-out-of-range = Rien pour { $month } : il a plus de points qu’un clic ne peut en porter ici désormais. Choisissez-en moins.
subscriptions-missed-suspended = Rien pour { $month } : votre compte était suspendu.
subscriptions-missed-given-already = Rien pour { $month } : un de vos abonnements précédents avait donné, et une fois par mois suffit.
subscriptions-will-end-own-work = L’œuvre est à vous maintenant : cet abonnement ne donne plus rien et se termine avec le mois.
subscriptions-will-end-work-refused = La personne à qui appartient l’œuvre ne souhaite pas d’argent pour elle : cet abonnement ne donne plus rien et se termine avec le mois.
subscriptions-pause = Mettre en pause
subscriptions-start = Reprendre
subscriptions-stop = Arrêter
subscriptions-change = Modifier
subscriptions-change-hint = Compte à partir du prochain clic. Celui de ce mois-ci se modifie sur la page du mois.
subscriptions-take-back = Reprendre les clics que tous les abonnements ont donnés ce mois-ci
subscriptions-ended-title = Terminés
subscriptions-ended-stopped = Vous l’avez arrêté le { $day }.
subscriptions-ended-over = Il a donné aussi longtemps que vous le vouliez, jusqu’au { $day }.
subscriptions-ended-own-work = Il s’est terminé le { $day } : l’œuvre est à vous maintenant.
subscriptions-ended-work-refused = Il s’est terminé le { $day } : la personne à qui appartient l’œuvre ne souhaite pas d’argent pour elle.
subscriptions-ended-disliked = Il s’est terminé le { $day } : l’œuvre ne vous a pas plu.
subscriptions-add = S’abonner à quelque chose
subscriptions-points-label = Points chaque mois
subscriptions-length = Pour combien de temps
subscriptions-length-months = { $count ->
    [one] { $count_text } mois
   *[other] { $count_text } mois
}
subscriptions-length-until-stopped = jusqu’à ce que je l’arrête
subscriptions-go = S’abonner
subscriptions-every-month = Chaque mois
subscriptions-every-month-next = Ce clic compte pour ce mois-ci. Un abonnement donne le suivant de lui-même, au début de chaque mois.
subscriptions-every-month-now = Un abonnement donne un clic maintenant, puis de lui-même au début de chaque mois.
subscriptions-standing-here = { $count ->
    [one] Vous avez un abonnement : { $count_text } point chaque mois.
   *[other] Vous avez un abonnement : { $count_text } points chaque mois.
}
subscriptions-made-given = L’abonnement est pris. « { $title } » a son clic pour { $month }, et le suivant viendra de lui-même.
subscriptions-made-once = « { $title } » a son clic pour { $month }. C’était le seul mois que vous vouliez.
subscriptions-made-next = L’abonnement est pris. « { $title } » aura son prochain clic au début de { $month }.
subscriptions-made-missed = L’abonnement à « { $title } » est pris, mais rien n’a encore été donné ; sa ligne ici dit pourquoi.
subscriptions-done-paused = « { $title } » est en pause. Rien n’est donné jusqu’à ce que vous le repreniez.
subscriptions-done-started = « { $title } » a repris.
subscriptions-done-stopped = « { $title } » est arrêté ; le clic de ce mois-ci reste. Si c’était une erreur, reprenez-le ci-dessous.
subscriptions-done-changed = « { $title } » est modifié à partir du prochain clic.
subscriptions-done-taken-back = { $count ->
    [0] Il n’y avait pas de clic d’abonnement ce mois-ci.
    [one] { $count_text } clic est repris, pour ce mois-ci.
   *[other] { $count_text } clics sont repris, pour ce mois-ci.
}
