# Le mois : budget, clics, ce que chacun recevrait.

month-budget = Budget
month-shared-in = Partage dans
month-days = { $count ->
    [0] quelques heures
    [one] { $count_text } jour
   *[other] { $count_text } jours
}
month-clicks = Vos clics
month-no-budget-title = Vous n’avez pas encore de budget
month-no-budget = Le budget est le maximum que vous dépensez en un mois. Les clics le divisent ; ils ne l’augmentent jamais. Tant qu’il n’y en a pas, vos clics attendent.
month-set-budget = Fixer un budget
month-no-clicks-title = Pas encore de clic ce mois-ci
month-no-clicks = Collez le lien de quelque chose qui vous plaît, ou appuyez sur le bouton Obole à côté. Le dernier jour, chaque clic reçoit sa part de votre budget.
month-unfunded = Votre porte-monnaie contient { $available }, et il faut au moins { $minimum } pour un mois. S’il finissait maintenant, vos clics passeraient au mois suivant, trois fois au plus. Ajoutez de l’argent à votre porte-monnaie, s’il vous plaît.
month-behind = Votre porte-monnaie contient { $available }, moins que votre budget de { $budget }. Seul ce qui s’y trouve est partagé.
month-left-waits = { $amount } attendent votre premier clic
month-left-wallet = { $amount } de votre budget ne sont pas dans le porte-monnaie
month-left-stays = { $amount } restent à vous
month-promise = promesse
month-refused = ne reçoit pas de part
month-carried = du mois dernier
month-take-back = Reprendre
month-explained = Ce que chacun recevrait si le mois finissait maintenant. Jusqu’au { $day }, vous pouvez tout changer ici.
month-paste-title = Quelque chose vous plaît ?
month-url = Son adresse
month-url-hint = Collez le lien d’une page, d’une chanson, d’un dépôt. Un code de deux mots et deux chiffres convient aussi.
month-points = Points
month-points-hint = Vide, cela fait un point. Les points décident du partage de votre budget.
month-note = Un mot de remerciement
month-note-optional = facultatif ; la personne qui l’a créée le voit avec votre nom
month-click = Cliquer
month-promise-explained = Une promesse est pour une œuvre que personne n’a encore revendiquée. Elle ne vous coûte rien tant que la personne qui l’a créée ne dit pas oui.

click-given = { $count ->
    [one] Votre clic est compté : « { $title } » a { $count_text } point de vous ce mois-ci.
   *[other] Votre clic est compté : « { $title } » a { $count_text } points de vous ce mois-ci.
}
click-taken-back = Votre clic sur « { $title } » est repris.
click-undone = « { $title } » : tout est comme avant.
