# Le porte-monnaie, le budget, les remboursements.
wallet-title = Porte-monnaie
wallet-to-spend = À dépenser
wallet-amount = Montant
wallet-currency = Monnaie
wallet-state = État
wallet-budget = Changer le budget mensuel

wallet-held-promises = { $amount } de plus sont mis de côté pour des promesses
wallet-held-settlement = { $amount } de plus attendent une clôture en cours
wallet-held-signals = { $amount } de plus attendent que quelqu’un ait regardé d’où ils viennent
wallet-held-give-to-receive = { $amount } de plus attendent que votre propre budget atteigne le minimum

wallet-moved = Mouvements
wallet-moved-nothing = Rien n’a encore bougé.
wallet-moved-date = Date
wallet-moved-what = Quoi
wallet-moved-vouchers-made = Bons créés
wallet-moved-voucher-redeemed = Bon utilisé
wallet-moved-voucher-voided = Bon annulé
wallet-moved-play-money = Monnaie fictive prise
wallet-moved-given = Vos clics, partagés
wallet-moved-promises-collected = Promesses recueillies par des œuvres désormais revendiquées
wallet-moved-to-pool = Budget non dépensé versé à la cagnotte commune
wallet-moved-received = Soutien reçu, moins les frais
wallet-moved-team-shared = Reçu par une équipe, réparti entre ses membres
wallet-moved-passed-on = Transmis d’une œuvre à une autre
wallet-moved-fee = Frais de l’instance
wallet-moved-earnings-moved = Revenus passés dans le porte-monnaie
wallet-moved-earnings-returned = Revenus repris du porte-monnaie
wallet-moved-payout-requested = Versement demandé
wallet-moved-payout-sent = Versement envoyé à la banque
wallet-moved-refund-requested = Remboursement demandé
wallet-moved-refund-executed = Remboursement effectué
wallet-moved-gifts-returned = Dons refusés, rendus
wallet-moved-suspense-cleared = Compensation : de l’argent parti avant la restauration de l’instance
wallet-moved-reversal = Retour d’un versement ou d’un remboursement qui n’a pas eu lieu

wallet-voucher = Utiliser un bon
wallet-voucher-code = Code
wallet-voucher-hint = Comme il est imprimé. Traits d’union, espaces et majuscules sont sans importance.
wallet-voucher-redeem = Utiliser
wallet-redeemed = Le bon est utilisé : { $amount } sont dans votre porte-monnaie.

wallet-play-money = Monnaie fictive
wallet-play-money-hint = Ceci est une démonstration. Vous pouvez en prendre jusqu’à { $most } par mois.
wallet-play-money-take = En prendre
wallet-play-money-taken = { $amount } de monnaie fictive sont dans votre porte-monnaie.

wallet-promises = Promesses
wallet-promises-lead = Personne n’a encore revendiqué ces œuvres. L’argent reste à vous, mis de côté pendant douze mois ; vous pouvez y renoncer à tout moment.
wallet-promise-work = Œuvre
wallet-promise-month = Mois
wallet-let-go-it = Renoncer
wallet-let-go-of = Renoncer à la promesse faite à { $work }
wallet-let-go = Vous avez renoncé à la promesse : { $amount } sont à nouveau à dépenser.
wallet-let-go-all = Vous avez renoncé à la promesse : l’argent est à nouveau à dépenser.

wallet-budget-title = Budget mensuel
wallet-budget-lead = Le plus que vous dépensez en un mois. Il compte tout de suite, pour ce mois-ci aussi.
wallet-budget-now = Votre budget est de { $amount } par mois.
wallet-budget-none = Vous n’avez pas encore de budget en { $currency }.
wallet-budget-amount = Au plus, chaque mois
wallet-budget-hint = Au moins { $minimum }. 0 y met fin.
wallet-budget-set = Votre budget est désormais de { $amount } par mois.
wallet-budget-ended = Votre budget a pris fin. Les clics d’un mois sans budget passent au mois suivant.
wallet-budget-wallet = Le mois est payé de [votre porte-monnaie] : jamais plus que ce qui s’y trouve.

wallet-refund = Retirer de l’argent
wallet-refund-lead = Ce que vous n’avez pas dépensé est à vous. [Redemandez-le] à tout moment.
wallet-refund-about = Ce que vous n’avez pas dépensé est à vous. L’équipe de l’instance le rend là d’où il est venu.
wallet-refund-note = Comment le rendre
wallet-refund-note-hint = Par exemple : par virement sur le compte d’où l’argent est venu, ou en espèces là où vous avez acheté le bon.
wallet-refund-ask = Le demander
wallet-refund-asked = Vous avez redemandé { $amount }. L’équipe vous répondra par e-mail.
wallet-refund-earlier = Ce que vous avez demandé jusqu’ici
wallet-refund-requested = en attente
wallet-refund-executed = rendu
wallet-refund-declined = refusé
wallet-refundable = Peut repartir
wallet-return = Ce qui vient de vos revenus
wallet-return-about = Vous l’avez passé dans votre porte-monnaie pour le redonner, et vos clics s’en servent d’abord. Ce qui reste retourne dans vos revenus, et de là à votre banque par un versement.
wallet-return-do = Reprendre { $amount } dans les revenus
wallet-returned = { $amount } sont à nouveau dans vos revenus.
