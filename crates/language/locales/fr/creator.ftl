# Ce que voient les créateurs : œuvres, revenus, versements, compte bancaire.
creator-title = Vos œuvres
creator-available = Revenus disponibles
creator-received = Ce que vos œuvres ont rapporté, après les frais

creator-works = Les œuvres que vous contrôlez
creator-works-none = Aucune pour l’instant. Collez l’adresse d’une de vos pages dans « Revendiquer une œuvre », ou demandez à l’équipe.
creator-work-open = reçoit du soutien
creator-work-refused = ne reçoit rien

creator-payout = Versement
creator-payout-ask = Demander { $amount }
creator-payout-asked = Vous avez demandé un versement de { $amount }. Il partira avec le prochain fichier bancaire.
creator-payouts = Versements jusqu’ici
creator-payouts-none = Vous n’avez pas encore demandé de versement.
creator-payout-date = Demandé le
creator-payout-to = Vers
creator-payout-requested = demandé
creator-payout-batched = dans le fichier bancaire
creator-payout-sent = envoyé à la banque
creator-payout-reversed = revenu

creator-earnings = Mouvements de vos revenus

creator-bank = Compte bancaire pour les versements
creator-bank-none = Il n’y a pas encore de compte bancaire pour les versements.
creator-bank-now = { $holder }, compte finissant par { $last4 }.
creator-bank-change = Changer
creator-bank-holder = Titulaire du compte
creator-bank-holder-hint = Le nom tel que la banque le connaît : les banques le comparent avant de payer.
creator-bank-iban = IBAN
creator-bank-iban-hint = Il figure sur chaque relevé bancaire. Il est gardé scellé ; seuls ses quatre derniers caractères sont montrés.
creator-bank-rest-hint = Un nouveau compte attend { $hours_text } heures avant de recevoir de l’argent, et vous en êtes averti par e-mail : ainsi personne ne gagne à le changer dans votre dos.
creator-bank-rests = { $hours ->
    [one] Le nouveau compte attend encore { $hours_text } heure. Les versements patientent jusque-là.
   *[other] Le nouveau compte attend encore { $hours_text } heures. Les versements patientent jusque-là.
}
creator-bank-set = Le compte bancaire est enregistré.

creator-move = Le redonner
creator-move-hint = Les revenus que vous passez dans votre porte-monnaie peuvent être donnés à d’autres.
creator-move-do = Passer dans le porte-monnaie
creator-moved = { $amount } sont désormais dans votre porte-monnaie.

creator-threshold = Quand verser
creator-threshold-amount = Pas avant que les revenus atteignent
creator-threshold-hint = Au moins { $minimum }. Rien n’est jamais perdu.
creator-threshold-set = Vous pouvez recevoir un versement dès { $amount }.

creator-currencies = Les monnaies que vous acceptez
creator-currencies-hint = Une de vos œuvres ne reçoit aucune part dans une monnaie que vous n’acceptez pas.
creator-currencies-set = Votre choix de monnaies est enregistré.
