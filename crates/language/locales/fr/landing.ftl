# La première page.

landing-sentence = Fixez un budget, cliquez sur ce qui vous plaît, nous le partageons le dernier jour.
landing-lead = Remerciez un article, une chanson, un logiciel libre en un clic. Vous ne payez jamais plus que votre budget, et vous voyez où va chaque centime.
landing-so-far = Cette instance, jusqu’ici
landing-months = { $count ->
    [one] mois partagé
   *[other] mois partagés
}
landing-given = donnés aux créateurs
landing-creators = { $count ->
    [one] créateur a reçu
   *[other] créateurs ont reçu
}
landing-fee = frais, tout compris
landing-steps = De petits mercis qui arrivent
landing-step-budget = Fixez un budget
landing-step-budget-text = C’est le maximum qu’un mois peut vous coûter. Changez-le, ou arrêtez, quand vous voulez.
landing-step-click = Cliquez sur ce qui vous plaît
landing-step-click-text = Tout ce qui a une adresse sur le web. La personne qui l’a créé n’a pas besoin d’être déjà ici.
landing-step-share = Nous le partageons
landing-step-share-text = Le dernier jour, selon vos points, au millionième près. Rien ne se perd en arrondis.
