# Éléments communs à beaucoup de pages.
part-form-refused = Rien n’est encore enregistré. Voyez les champs signalés.
part-stepper-set = Fixer les points
part-stepper-less = Un point de moins : { $title }
part-stepper-more = Un point de plus : { $title }
part-stepper-points = Points : { $title }
part-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
part-crumbs = Vous êtes ici
part-pages = Pages de cette liste
part-pages-previous = Précédent
part-pages-next = Suivant
part-bar-title = Votre budget, réparti entre vos clics
part-bar-others = { $count ->
    [one] { $count_text } clic plus petit
   *[other] { $count_text } clics plus petits
}
part-chart-table = Les mêmes chiffres en tableau
part-chart-month = Mois
part-chart-amount = Montant
part-chart-open = En pointillé : mois en cours, ce que cela pourrait donner
part-chart-empty = Rien à montrer pour l’instant.
part-flow-title = Comment le budget d’un mois est réparti
part-flow-budget = Votre budget
part-flow-last-day = le dernier jour
part-flow-article = Un article
part-flow-software = Un logiciel libre
part-flow-song = Une chanson
part-flow-podcast = Un podcast
