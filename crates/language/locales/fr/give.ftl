# La page du clic.

give-title = Donner un clic
give-ask-title = Que voulez-vous remercier ?
give-look = Continuer
give-about = Vous allez cliquer sur
give-address = Adresse
give-controlled-by = Contrôlée par
give-controls = contrôle { $host }
give-unclaimed = personne encore : une promesse, qui ne vous coûte rien tant qu’on ne dit pas oui
give-own = vous : personne ne peut cliquer sur sa propre œuvre
give-refused = quelqu’un qui ne collecte pas : cette œuvre ne prend pas de clics
give-from = Vous venez de
give-standing = Ce mois-ci, de vous
give-other-site = La page qui vous a amené ici est sur { $site }, mais ce clic va à { $host }. Ne continuez que si c’est bien ce que vous voulez.
give-international = Le nom { $host } remplace des lettres qui peuvent ressembler à d’autres. Assurez-vous que c’est bien le site auquel vous pensez.
give-sign-in = Votre clic est gardé pendant que vous vous connectez ou vous inscrivez. Vous reviendrez ici, et rien n’est donné avant que vous le confirmiez.
give-sign-in-go = Se connecter pour donner
give-sign-up-go = S’inscrire pour donner
give-kept = Voici le clic que vous aviez choisi. Une pression, et il est donné.
give-at-once = Vous faites confiance à ce site : le clic est donné aussitôt. Vous pourrez le reprendre à la page suivante.
give-trust-about = Quand vous appuierez de nouveau sur le bouton de { $host }, cette fenêtre peut donner aussitôt, sans demander. Vous pourrez reprendre chaque clic.
give-trust = Faire confiance à { $host }
give-points-hint = Votre budget ne change pas : les points décident du partage.
give-other-points = Ou un nombre à vous
give-name = Comment cela s’appelle-t-il ?
give-name-hint = Vous cliquez en premier. Le titre sera montré quand quelqu’un aura revendiqué l’œuvre.
give-optional = facultatif
give-explained = Ce que cela pourrait donner change avec vos autres clics jusqu’au dernier jour du mois. D’ici là, vous pouvez reprendre le clic.
give-unfunded = Il n’y a pas encore d’argent derrière votre budget : le clic attend et passe au mois suivant, trois fois au plus.
give-button = Donner
give-not-now = Pas maintenant
give-thanks = Merci
give-counted = { $count ->
    [one] Votre clic est compté. « { $title } » a { $count_text } point de vous ce mois-ci.
   *[other] Votre clic est compté. « { $title } » a { $count_text } points de vous ce mois-ci.
}
give-may-come-to = Si le mois finissait maintenant, cela ferait
give-to-month = Voir ce mois-ci
give-back = Retour à la page
give-undo = Le reprendre
