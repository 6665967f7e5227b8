# Comment marche cette instance.

how-share = Les clics comptent pour le mois où vous les faites. Jusqu’à son dernier jour, vous pouvez reprendre chacun ou changer ses points, et vous voyez ce que chacun recevrait. Ensuite, votre budget, ou ce que contient votre porte-monnaie si c’est moins, est partagé entre eux selon les points. La somme des parts est exacte.
how-promise = Un clic sur une œuvre que personne n’a encore revendiquée devient une promesse : l’argent reste à vous, mis de côté dans votre porte-monnaie. Si la personne qui l’a créée prouve qu’elle la contrôle dans les douze mois, la promesse est encaissée. Vous pouvez y renoncer à tout moment.
how-unfunded = Quand il y a moins d’argent que le plus petit budget, les clics d’un mois passent au mois suivant, trois fois au plus, et vous en êtes averti chaque fois.
how-rules = Les règles d’ici
how-points-max = Points par clic
how-points-max-text = { $count ->
    [1] Chaque clic porte 1 point.
   *[other] Un clic porte de 1 à { $count_text } points.
}
how-clicks-once = Clics sur une œuvre en un mois
how-clicks-once-yes = Un seul.
how-clicks-once-no = Autant que vous voulez ; leurs points s’ajoutent.
how-budget-min = Plus petit budget
how-budget-min-text = { $amount } par mois
how-give-to-receive = Qui peut recevoir
how-give-to-receive-yes = Qui donne aussi : ce que reçoivent les autres est gardé pour eux jusqu’à ce qu’ils aient fixé leur propre budget.
how-give-to-receive-no = Toute personne qui contrôle une œuvre.
how-unspent = Un mois sans clic
how-unspent-choice = Votre budget reste dans votre porte-monnaie, sauf si vous choisissez de le donner à la cagnotte commune.
how-unspent-pool = Votre budget va à la cagnotte commune.
how-fee = Frais
how-fee-text = { $fee } de ce que reçoivent les créateurs, tout compris
how-registration = Qui peut s’inscrire
how-registration-open = Tout le monde.
how-registration-invitation = Les personnes invitées par quelqu’un d’ici, ou par l’équipe.
how-registration-closed = Personne pour le moment ; il y a une liste d’attente.
how-invitations = Invitations
how-invitations-text = { $count ->
    [0] Les comptes ne peuvent pas inviter.
    [one] Chaque compte peut inviter { $count_text } personne, sauf avis contraire de l’équipe.
   *[other] Chaque compte peut inviter { $count_text } personnes, sauf avis contraire de l’équipe.
}
how-invite-from = Lettres aux sites
how-invite-from-never = On n’écrit à personne parce que des mécènes attendent.
how-invite-from-text = { $count ->
    [one] Là où { $count_text } mécène attend, un contact nommé par le site l’apprend, une fois par an au plus.
   *[other] Là où { $count_text } mécènes attendent, un contact nommé par le site l’apprend, une fois par an au plus.
}
how-dislikes = « Je n’aime pas »
how-dislikes-yes = Permis. C’est privé, et cela ne déplace pas d’argent.
how-dislikes-no = Pas ici.
how-payout-min = Plus petit versement
how-payout-min-text = { $amount }. Des revenus plus petits s’ajoutent et restent à vous.
how-second-admin = Versements à deux signatures
how-second-admin-text = Au-delà de { $amount }, un fichier de versements est approuvé par deux administrateurs.
how-instance = Cette instance
how-currencies = Monnaies
how-zone = Les mois commencent
how-zone-text = à minuit, dans le fuseau horaire { $zone }
how-operator = Gérée par
how-operator-unknown = L’équipe de l’instance ne l’a pas encore dit.
how-contact = Contact
how-money = Argent
how-money-play = Ceci est une démonstration en monnaie fictive : rien ne peut y entrer ni en sortir.
how-money-real = Ce que vous ajoutez est gardé par l’équipe de l’instance jusqu’à ce que ce soit donné, versé ou repris. Vous pouvez redemander à tout moment l’argent non dépensé.
how-version = Logiciel
how-promises = Ce que promet cette instance
how-promise-button = Un bouton s’affiche sans cookie, sans requête à qui que ce soit d’autre, et ne laisse aucune trace de qui l’a vu.
how-promise-private = Qui donne à qui reste privé. Les créateurs voient des totaux et les mots que vous signez. Les compteurs publics sont des nombres, à partir de cinq mécènes et arrondis vers le bas, jamais des noms.
how-promise-claims = Personne ne reçoit pour une œuvre sans prouver qu’il la contrôle. Un litige gèle l’argent, pas l’œuvre.
how-promise-crash = Chaque clic confirmé et chaque centime survivent à une panne.
how-promise-leave = On peut partir avec toutes ses données. Le registre garde les montants qu’il doit garder, sans le nom.
how-promise-cookies = Les cookies ne servent qu’à se connecter, aux formulaires et à la langue. Rien n’est chargé d’ailleurs, et personne n’est pisté.
