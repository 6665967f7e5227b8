# Arriver sur invitation, et la liste d’attente.

signup-invitation = Code de votre invitation
signup-with-invitation = On vous a invité ?
signup-invitation-hint = Quatre groupes de quatre lettres et chiffres. Un lien avec le code ouvre directement le formulaire.
signup-invitation-go = Continuer

waitlist-title = Liste d’attente
waitlist-lead = Laissez votre adresse e-mail : nous vous écrirons quand vous pourrez nous rejoindre. Elle ne sert à rien d’autre.
waitlist-go = M’inscrire sur la liste
waitlist-sent = Un e-mail est en route. Ouvrez le lien qu’il contient pour confirmer.
waitlist-ask = { $email } sur la liste d’attente
waitlist-confirm = Oui, prévenez-moi
waitlist-stands = Cette adresse est sur la liste. Un e-mail vous dira quand vous pourrez nous rejoindre.
waitlist-leave = Retirer cette adresse de la liste
waitlist-kept = L’adresse est oubliée au bout d’un an, ou un mois après l’invitation.
waitlist-confirmed = Vous êtes sur la liste d’attente. Un e-mail vous dira quand vous pourrez nous rejoindre.
waitlist-left = L’adresse est retirée de la liste et oubliée.

invitations-tab = Invitations
invitations-title = Vos invitations
invitations-left = { $count ->
    [0] Il ne vous reste plus d’invitations.
    [one] Vous pouvez encore inviter { $count_text } personne.
   *[other] Vous pouvez encore inviter { $count_text } personnes.
}
invitations-lead = Une invitation permet à une personne de s’inscrire. Elle sert une fois, pendant 30 jours ; l’équipe de l’instance voit qui est venu par qui.
invitations-email-hint = Nous y envoyons le lien. Sans adresse, vous recevez un lien à transmettre vous-même.
invitations-go = Créer une invitation
invitations-made = Voici une nouvelle invitation. Transmettez son lien.
invitations-sent = L’invitation est en route.
invitations-open = valable jusqu’au { $at }
invitations-used = utilisée
invitations-taken = retirée
invitations-expired = trop ancienne
invitations-since = Créée le { $at }
invitations-withdraw = Retirer
invitations-withdrawn = L’invitation est retirée ; son lien n’ouvre plus rien.

invitations-tree = Qui est venu par qui
invitations-tree-none = Personne n’est encore venu sur invitation.
invitations-tree-cut = Seuls les premiers venus sont montrés.
invitations-waiting = { $count ->
    [0] Personne n’attend.
    [one] { $count_text } adresse confirmée attend.
   *[other] { $count_text } adresses confirmées attendent.
}
invitations-next = Combien en faire entrer
invitations-next-hint = Celles qui attendent depuis le plus longtemps, 100 au plus à la fois. Chacune reçoit une invitation par e-mail.
invitations-next-go = Inviter les suivantes
invitations-next-done = { $count ->
    [0] Personne n’attendait.
    [one] { $count_text } invitation est en route.
   *[other] { $count_text } invitations sont en route.
}
invitations-more = En donner plus, ou en retirer
invitations-more-count = En plus de la règle
invitations-more-hint = Tant de plus que chaque compte ; avec un moins, tant de moins.
invitations-more-go = Fixer
invitations-more-done = @{ $handle } a désormais un autre nombre d’invitations.
