# Administration : bons, versements, remboursements, œuvres, règles, journal.
admin-tab-overview = Vue d’ensemble
admin-tab-settlement = Clôture
admin-tab-vouchers = Bons
admin-tab-payouts = Versements
admin-tab-refunds = Remboursements
admin-tab-works = Œuvres
admin-tab-notes = Mots
admin-tab-accounts = Comptes
admin-tab-invitations = Invitations
admin-tab-mails = E-mails
admin-tab-policy = Règles
admin-tab-audit = Audit
admin-tab-backups = Sauvegardes
admin-tab-log = Journal

admin-account = Compte
admin-reason = Raison
admin-reason-hint = Elle est conservée dans le journal.
admin-held = La clôture et les versements vous attendent. [Voir l’audit].
admin-nothing-waits = Rien ne vous attend.
admin-payouts-count = { $count ->
    [one] { $count_text } versement
   *[other] { $count_text } versements
}
admin-refunds-count = { $count ->
    [one] { $count_text } remboursement
   *[other] { $count_text } remboursements
}
admin-refunds-waiting = Remboursements demandés
admin-batches-open = Fichiers bancaires à envoyer

admin-voucher-none = Aucun bon n’a encore été créé.
admin-voucher-make = Créer des bons
admin-voucher-make-hint = Contre de l’argent que vous avez encaissé : la somme est inscrite à votre banque ou caisse.
admin-voucher-each = Valeur de chacun
admin-voucher-count = Combien
admin-voucher-count-hint = Au plus { $most } à la fois.
admin-voucher-end = Dernier jour
admin-voucher-end-hint = Vide : ils n’expirent jamais.
admin-voucher-made = Créé le
admin-voucher-made-before = Ces bons ont déjà été créés et leurs codes montrés. Ils ne peuvent pas l’être à nouveau.
admin-voucher-redeemed = Utilisés
admin-voucher-void = Annulés
admin-voucher-state-redeemed = utilisé
admin-voucher-state-void = annulé
admin-voucher-expired = expiré
admin-voucher-open = valable
admin-voucher-codes = Codes des bons
admin-voucher-once = Ces codes ne sont montrés que maintenant. Imprimez cette page ou notez-les ; seules leurs empreintes sont gardées.
admin-voucher-redeem-at = À utiliser sur { $address }.
admin-voucher-until = Valable jusqu’au { $day }.
admin-voucher-batch = Un lot de bons
admin-voucher-number = Numéro
admin-voucher-void-it = Annuler
admin-voucher-void-number = Annuler le bon numéro { $number_text }
admin-voucher-void-all = { $count ->
    [one] Annuler le { $count_text } bon encore valable
   *[other] Annuler les { $count_text } bons encore valables
}
admin-voucher-voided = Le bon est annulé.
admin-voucher-voided-all = { $count ->
    [one] { $count_text } bon est annulé.
   *[other] { $count_text } bons sont annulés.
}

admin-payouts-waiting = Versements demandés
admin-payouts-none = Aucun versement n’attend.
admin-payout-reverse = Contre-passer
admin-payout-reversed = Le versement est contre-passé : l’argent est à nouveau dans les revenus, et le créateur en est averti par e-mail.
admin-batch = Un fichier bancaire
admin-batches = Fichiers bancaires
admin-batches-none = Aucun fichier bancaire n’a encore été créé.
admin-batch-lines = Versements
admin-batch-make = Créer un fichier bancaire
admin-batch-make-hint = Tous les versements demandés vont dans un fichier pour votre banque (SEPA, pain.001).
admin-batch-made = Le fichier bancaire est créé : { $amount } au total.
admin-batch-approval = attend une approbation
admin-batch-ready = prêt
admin-batch-handed = téléchargé
admin-batch-sent = envoyé
admin-batch-discarded = abandonné
admin-batch-needs-approval = Au-delà de { $limit }, un fichier a besoin d’un second administrateur : quelqu’un d’autre que son auteur doit l’approuver.
admin-batch-approve = Approuver
admin-batch-approved = Vous avez approuvé le fichier bancaire.
admin-batch-download = Télécharger le fichier
admin-batch-mark = Marquer comme envoyé
admin-batch-marked = Le fichier bancaire est marqué comme envoyé. Les créateurs en sont avertis par e-mail.
admin-batch-discard = Abandonner
admin-batch-given-up = Le fichier bancaire est abandonné ; ses versements attendent à nouveau.
admin-batch-order = Téléchargez le fichier, remettez-le à votre banque, puis marquez-le comme envoyé. Une fois téléchargé, il ne peut plus être abandonné : la banque l’a peut-être. Une ligne que la banque refuse peut être contre-passée quand le fichier est marqué comme envoyé.

admin-refunds-none = Aucun remboursement n’attend.
admin-refund-words = Ce que vous dites au mécène
admin-refund-words-hint = Comment vous avez rendu l’argent, ou pourquoi vous refusez.
admin-refund-execute = J’ai rendu l’argent
admin-refund-decline = Refuser
admin-refund-begun = Quelqu’un a indiqué l’avoir rendu, et cela n’a pas abouti. Si l’argent est parti, indiquez-le à nouveau dans une minute.
admin-refund-executed = Le remboursement est inscrit, et le mécène en est averti par e-mail.
admin-refund-declined = Le remboursement est refusé : l’argent est à nouveau dans le porte-monnaie, et le mécène en est averti par e-mail.

admin-work-search = Adresse ou titre
admin-work-search-do = Chercher
admin-work-none = Aucune œuvre ne correspond.
admin-work-owner = Contrôlée par
admin-work-nobody = personne pour l’instant
admin-work-grant = Se porter garant d’une revendication
admin-work-grant-hint = Le compte contrôle désormais l’œuvre et recueille ce qui lui a été promis.
admin-work-address = Adresse de l’œuvre
admin-work-handle = Pseudo du compte
admin-work-granted = L’œuvre est désormais contrôlée par @{ $handle }.
admin-work-revoke = Mettre fin à la revendication
admin-work-revoked = La revendication a pris fin. Ce qui vient désormais est à nouveau promis.

admin-policy-lead = Chaque règle est montrée à tous sur [comment ça marche]. Un mois est clos selon les règles du moment où il se ferme.
admin-policy-set = { $count ->
    [0] Aucune règle n’a changé.
    [one] { $count_text } règle a changé.
   *[other] { $count_text } règles ont changé.
}
admin-policy-preset = Préréglage { $preset }
admin-policy-preset-now = Ce sont les règles actuelles.
admin-policy-preset-changes = Il changerait :
admin-policy-preset-use = Utiliser ces règles
admin-policy-preset-set = Les règles sont désormais celles du préréglage { $preset }.
admin-rule-points-max = Points par clic, au plus
admin-rule-clicks-once = Un seul clic sur une œuvre par mois
admin-rule-budget-min = Plus petit budget
admin-rule-give-to-receive = Ne reçoit que qui donne
admin-rule-unspent = Budget non dépensé
admin-rule-fee = Frais
admin-rule-registration = Inscription
admin-rule-invitations = Invitations de chaque compte
admin-rule-invite-from = Mécènes en attente à partir desquels un site est invité (0 : jamais)
admin-rule-dislikes = Désaveux
admin-rule-payout-min = Plus petit versement
admin-rule-second-admin-above = Fichiers bancaires à approuver par un second administrateur, au-delà de
admin-choice-yes = oui
admin-choice-no = non
admin-choice-choice = selon le choix de chaque mécène
admin-choice-pool = à la cagnotte commune
admin-choice-open = ouverte
admin-choice-invitation = sur invitation
admin-choice-closed = fermées, avec liste d’attente

admin-log-lead = Tout ce que font les administrateurs. Chaque ligne est enchaînée à la précédente : aucune ne peut être changée ou retirée sans que cela se voie.
admin-log-when = Quand
admin-log-who = Qui
admin-log-what = Quoi
