# One sentence or two for each refusal: what is wrong, then what to do. The key is its code.

problem-missing = Ce champ est encore vide. Merci de le remplir.
problem-too-long = C’est trop long. Tenez-vous à { $limit_text } caractères, s’il vous plaît.
problem-not-text = Certains caractères ne peuvent pas être conservés. Retirez-les, ou saisissez le texte à nouveau.

problem-amount-malformed = Ce montant n’a pas pu être lu avec certitude. Écrivez-le en chiffres, par exemple 12 ou 12,50.
problem-amount-too-fine = { $decimals ->
    [0] Cette monnaie n’a pas de décimales. Indiquez un montant entier, s’il vous plaît.
    [one] Cette monnaie a { $decimals_text } décimale. Arrondissez le montant, s’il vous plaît.
   *[other] Cette monnaie a { $decimals_text } décimales. Arrondissez le montant, s’il vous plaît.
}
problem-amount-too-large = C’est plus que ce qui peut être traité en une fois. Choisissez un montant d’au plus { $limit }.
problem-amount-zero = Avec un montant nul, rien ne bougerait. Choisissez un montant supérieur à zéro.
problem-currency-unknown = Cette instance n’a pas la monnaie « { $code } ». Choisissez l’une des siennes, s’il vous plaît.
problem-overflow = Le total dépasse ce qui peut être compté : rien n’a été changé. Choisissez un montant plus petit.

problem-period-malformed = Ce n’est pas un mois. Écrivez l’année puis le mois, par exemple 2026-11.
problem-details-gone = On ne garde plus ce qui a été donné à chaque œuvre ce mois-là ({ $period }) : quatorze mois après une clôture, il n’en reste que les sommes. Une sauvegarde d’avant l’a encore.
problem-period-not-over = Le mois n’est pas terminé ({ $period }) et ses clics comptent encore. Vous pourrez le clore dès que le mois suivant aura commencé.

problem-url-malformed = Ce n’est pas l’adresse d’une page. Copiez-la en entier depuis votre navigateur, par exemple https://example.org/chanson.
problem-url-scheme = Seules les pages du web peuvent recevoir un clic. Utilisez une adresse qui commence par https:// ou http://.
problem-url-too-long = Cette adresse est trop longue. Trouvez-en une d’au plus { $limit_text } caractères pour la même page.

problem-points-malformed = Les points sont des nombres entiers. Choisissez-en un de 1 à { $limit_text }.
problem-points-out-of-range = { $limit ->
    [1] Ici, chaque clic porte exactement 1 point. Laissez les points à 1, s’il vous plaît.
   *[other] Ici, un clic porte de 1 à { $limit_text } points. Choisissez un nombre entre les deux.
}
problem-points-full = En un mois, une œuvre peut recevoir de vous au plus { $limit_text } points, et ce serait davantage. Ceux que vous avez déjà donnés comptent toujours ; ajoutez-en moins.
problem-nothing-to-bring = Aucune adresse n’y figure. Apportez un fichier OPML, HTML ou JSON, ou un texte avec une adresse par ligne.
problem-proposals-full = { $limit_text } propositions attendent déjà, et il ne peut y en avoir davantage. Répondez d’abord à quelques-unes.
problem-nothing-chosen = Rien n’est choisi. Cochez au moins une proposition.
problem-sites-full = Vous faites déjà confiance à { $limit_text } sites, et il ne peut y en avoir davantage. Retirez-en un que vous ne visitez plus.
problem-site-asks = Ce site ne donne pas aussitôt maintenant : vous ne lui faites pas confiance, ou il l’a fait assez souvent aujourd’hui. Appuyez vous-même sur le bouton si vous voulez donner.
problem-clicked-already = Vous avez déjà cliqué sur cette œuvre ce mois-ci, et cela compte. Vous pourrez cliquer à nouveau le mois prochain.
problem-own-work = Cette œuvre est à vous, et personne ne peut cliquer sur sa propre œuvre. Gardez votre clic pour celle de quelqu’un d’autre.
problem-work-refused = La personne à qui appartient cette œuvre ne souhaite pas recevoir d’argent pour elle : votre clic n’a pas été ajouté. Gardez-le pour une autre œuvre.
problem-sign-in-over = Cela a pris trop de temps, ou avait commencé dans un autre navigateur. Rien n’a été fait ; connectez-vous en reprenant au début.
problem-second-code-wrong = Ce n’est ni le code que votre application affiche en ce moment, ni un code de secours qui vous reste. Chacun sert une fois. Si les codes de votre application ne conviennent jamais, vérifiez l’heure de votre téléphone.
problem-second-factor-moved = La double authentification a été activée ou désactivée entre-temps. Regardez la page à nouveau.
problem-passkey-wrong = Cette clé d’accès ne convient pas, ou la page est restée ouverte trop longtemps. Rien n’a été fait ; réessayez.
problem-passkey-known = Cette clé d’accès est déjà celle d’un compte. Utilisez un autre appareil ou une autre clé.
problem-passkey-stopped = Cette clé d’accès a été bloquée, car il en existe peut-être une copie. Connectez-vous autrement et créez-en une nouvelle.
problem-passkeys-full = Vous avez déjà { $limit_text } clés d’accès, et il ne peut pas y en avoir plus. Retirez-en une que vous n’utilisez pas.
problem-passkeys-impossible = Les clés d’accès ne fonctionnent pas sur cette instance : il leur faut une adresse avec un nom et https. Utilisez votre mot de passe.
problem-last-means = Rien d’autre n’ouvre votre compte : cette clé d’accès reste. Choisissez d’abord un mot de passe ou créez une autre clé.
problem-subscribed = Vous avez déjà un abonnement à cette œuvre. Vous pouvez en changer les points ou l’arrêter sur la page de vos abonnements.
problem-subscription-missing = Vous n’avez pas d’abonnement de ce genre. Le lien est peut-être ancien : regardez la page de vos abonnements.
problem-subscription-ended = Cet abonnement est terminé, et ce qui est terminé ne peut plus être modifié. Vous pouvez vous abonner de nouveau à l’œuvre.
problem-subscriptions-full = { $limit_text } abonnements sont déjà en cours, et il ne peut y en avoir davantage. Arrêtez-en d’abord un.
problem-subscription-length = Un abonnement dure 1, 3, 6 ou 12 mois, ou jusqu’à ce que vous l’arrêtiez. Choisissez l’une de ces durées.
problem-work-language-unknown = Cette langue n’est pas de celles que peuvent avoir les œuvres. Rien n’a été modifié : envoyez un code comme « en_GB » ou « fr_FR ».
problem-described-already = Vous décrivez déjà cette page. Modifiez plutôt ce qui s’y trouve ; rien n’a été ajouté.
problem-click-missing = Vous n’avez pas de clic sur cette œuvre ce mois-ci ; il a peut-être déjà été repris. Rechargez la page, s’il vous plaît.

problem-handle-malformed = Un pseudo compte de 2 à 30 lettres, chiffres ou traits d’union. Choisissez-en un de cette forme.
problem-handle-taken = Ce pseudo est déjà pris. Choisissez-en un autre, s’il vous plaît.
problem-email-malformed = Ce n’est pas une adresse e-mail. Vérifiez-la ; elle devrait ressembler à nom@example.org.
problem-email-taken = Un compte avec cette adresse e-mail existe déjà. Utilisez une autre adresse, s’il vous plaît.
problem-email-unconfirmed = Votre adresse e-mail n’est pas encore confirmée. Ouvrez le lien que nous vous avons envoyé, ou demandez-en un nouveau.
problem-password-too-short = Ce mot de passe est trop court pour bien protéger votre compte. Choisissez-en un d’au moins { $limit_text } caractères.
problem-password-common = Ce mot de passe est parmi les premiers que les voleurs essaient. Choisissez-en un autre ; quelques mots sans rapport entre eux en font un bon.
problem-password-wrong = Ce n’est pas votre mot de passe. Saisissez-le à nouveau, ou choisissez-en un nouveau si vous l’avez oublié.
problem-sign-in-wrong = L’adresse e-mail et le mot de passe ne vont pas ensemble. Vérifiez les deux, ou choisissez un nouveau mot de passe si vous l’avez oublié.
problem-account-suspended = Ce compte a été suspendu. Écrivez à l’équipe de cette instance, qui vous dira pourquoi et que faire.
problem-code-wrong = Ce code est erroné, déjà utilisé ou trop ancien. Vérifiez-le, ou demandez-en un nouveau.
problem-registration-by-invitation = Il faut une invitation pour rejoindre cette instance. Demandez-en une à quelqu’un d’ici, ou inscrivez votre adresse sur la liste d’attente.
problem-registration-closed = Personne ne peut rejoindre cette instance pour le moment. Inscrivez votre adresse sur la liste d’attente : nous vous préviendrons.
problem-invitation-unusable = Cette invitation ne peut pas servir : elle est inconnue, déjà utilisée, retirée ou trop ancienne. Vérifiez le code, ou demandez-en une autre à la personne qui vous a invité.
problem-invitations-used-up = Il ne vous reste plus d’invitations. Retirez-en une que personne n’a utilisée, ou demandez-en d’autres à l’équipe de l’instance.
problem-invitation-count = Ce nombre ne convient pas ici. Saisissez un nombre entier, { $limit_text } au plus.

problem-budget-too-small = Ici, le plus petit budget est de { $minimum } par mois. Choisissez au moins ce montant.
problem-not-enough = Il faudrait plus que les { $available } disponibles : rien n’a été prélevé. Choisissez un montant plus petit, ou ajoutez d’abord de l’argent.
problem-refund-of-earnings = Au plus { $refundable } peuvent repartir par cette voie : rien n’a été prélevé. Le reste vient de vos revenus : reprenez-le dans vos revenus, et il partira par un versement.
problem-nothing-to-return = Rien dans votre porte-monnaie ne vient de vos revenus et n’est libre : rien n’a été déplacé.
problem-voucher-unusable = Ce bon ne peut pas être utilisé : il est inconnu, déjà utilisé, annulé ou périmé. Vérifiez le code, ou adressez-vous à la personne qui vous l’a donné.
problem-voucher-mistyped = Il y a une faute de frappe dans le code de ce bon. Comparez-le avec le bon et réessayez.
problem-voucher-count = Un lot contient de 1 à { $limit_text } bons. Choisissez un nombre entre les deux, ou faites plusieurs lots.
problem-date-malformed = Ce n’est pas une date à venir. Choisissez un jour plus tardif, par exemple 2026-11-30.

problem-iban-malformed = Ce n’est pas l’IBAN d’un pays de la zone SEPA. Comparez-le avec celui de votre relevé bancaire.
problem-holder-malformed = Les banques n’ont pas de lettres pour ce nom. Écrivez le nom du titulaire comme sur votre relevé bancaire, en lettres latines.
problem-bank-account-missing = Il n’y a pas encore de compte bancaire où verser l’argent. Ajoutez d’abord votre IBAN, s’il vous plaît.
problem-bank-account-resting = { $hours ->
    [one] De nouvelles coordonnées bancaires attendent avant de recevoir de l’argent, pour qu’un voleur ne gagne rien à les changer. Réessayez dans { $hours_text } heure au plus tard.
   *[other] De nouvelles coordonnées bancaires attendent avant de recevoir de l’argent, pour qu’un voleur ne gagne rien à les changer. Réessayez dans { $hours_text } heures au plus tard.
}
problem-payout-too-small = Un versement commence à { $threshold }. Vos revenus restent à vous et s’ajoutent ; redemandez quand ils auront atteint ce seuil.
problem-payout-currency = Les versements bancaires se font en euros, pas en { $code }. Vos revenus en { $code } restent à vous ; vous pouvez les passer dans votre porte-monnaie.
problem-operator-bank-missing = Cette instance ne dit pas encore de quel compte bancaire elle verse l’argent. Renseignez bank.holder et bank.iban dans sa configuration, puis redémarrez-la.
problem-threshold-too-small = Sur cette instance, un versement commence à { $minimum }. Choisissez un seuil d’au moins ce montant.
problem-money-left = Il reste de l’argent sur ce compte. Faites-le d’abord partir par l’une des voies de cette page ; rien ne se perd en silence.
problem-money-under-way = Un versement ou un remboursement de ce compte est encore en cours. Attendez qu’il soit terminé, s’il vous plaît.
problem-last-admin = Vous êtes la seule personne à administrer cette instance. Donnez d’abord ce rôle à quelqu’un d’autre.
problem-state-moved = Les choses ont changé entre-temps : rien n’a été fait. Rechargez la page et regardez à nouveau.
problem-second-admin-needed = Au-delà de { $limit }, deux administrateurs doivent être d’accord. Demandez à un autre d’approuver à son tour.
problem-nothing-to-pay = Rien n’attend d’être versé. Revenez quand un versement aura été demandé.

problem-proof-impossible = Ce type de preuve ne peut pas marcher pour cette adresse. Choisissez-en un autre.
problem-claims-full = { $limit } de vos revendications attendent leur preuve. Mettez-en une en place ou renoncez-y avant d’en commencer une autre.
problem-claim-stands = Cette œuvre appartient déjà à @{ $handle }. Si ce n’est pas juste, écrivez à l’équipe de cette instance.
problem-account-unknown = Aucun compte n’a ce pseudo ni cette adresse e-mail. Vérifiez l’orthographe, s’il vous plaît.
problem-work-unknown = Aucune œuvre n’a encore cette adresse. Vérifiez-la ; une œuvre naît avec son premier clic.

problem-policy-malformed = La règle « { $rule } » ne peut pas avoir cette valeur. Choisissez-en une qu’elle permet.
problem-play-money-off = Cette instance n’a pas de monnaie fictive. Choisissez une autre façon de recharger, s’il vous plaît.
problem-play-money-limit = Vous pouvez prendre au plus { $limit } de monnaie fictive par mois. Choisissez un montant plus petit, ou revenez le mois prochain.
problem-scope-unknown = Il n’y a pas d’autorisation nommée « { $scope } ». Choisissez-en une dans la documentation de l’API.
problem-redirect-malformed = Les réponses ne peuvent pas être envoyées à cette adresse. Indiquez une adresse https complète sans fragment, une adresse http de cette machine, ou un schéma propre au programme comme com.example.app:/callback.
problem-redirects-full = Une application a au plus { $limit_text } adresses. Retirez-en quelques-unes.
problem-clients-full = Vous avez enregistré { $limit_text } applications, le maximum pour un compte. Supprimez-en une qui ne sert pas.
problem-app-unknown = Aucune application qui garde un secret n’a cet identifiant. Copiez-le auprès de qui l’a faite, ou demandez-lui d’en enregistrer une pour un serveur.
problem-device-code-unknown = Aucun appareil n’affiche ce code en ce moment. Comparez-le avec celui de l’appareil ; après dix minutes, il en affiche un nouveau.
problem-webhook-url = Cette adresse ne peut pas être atteinte d’ici. Donnez-en une qui commence par https:// et nomme un site public, sans adresse numérique.
problem-webhooks-full = Vous avez { $limit_text } points d’accès, le maximum. Supprimez-en un dont vous n’avez plus besoin.
problem-webhook-event-unknown = Il n’y a pas d’événement nommé « { $kind } ». Choisissez-en un dans la documentation.
problem-webhook-events-missing = Ce point d’accès ne recevrait rien. Choisissez au moins un événement.
problem-webhook-rotating = Deux secrets sont déjà valables. Mettez d’abord fin à l’ancien.
problem-webhook-off = Ce point d’accès est désactivé : rien n’a été envoyé. Réactivez-le d’abord.
problem-file-malformed = La ligne { $line_text } de ce fichier n’est pas comme elle devrait être : rien n’a été importé. Vérifiez que c’est le bon fichier, ou récupérez-le à nouveau.
problem-held = Sur cette instance, l’argent attend qu’un administrateur ait vérifié quelque chose ; rien n’est perdu. Réessayez plus tard, s’il vous plaît.
problem-quarantined = Cette instance a été restaurée depuis une sauvegarde. Versements, remboursements et clôture attendent qu’un administrateur ait vu que rien n’est payé deux fois ; rien n’est perdu. Réessayez plus tard, s’il vous plaît.
problem-bank-unchecked = Le journal des sorties qui va avec la sauvegarde n’est pas là : l’instance ne peut pas savoir ce qui a été payé depuis. Comparez d’abord les relevés bancaires, inscrivez ce qui manque, puis confirmez que c’est fait.
problem-backup-foreign = Ce fichier n’est pas une sauvegarde d’Obole : rien n’a été fait. Vérifiez que c’est le bon.
problem-backup-newer = Cette sauvegarde vient d’un Obole plus récent : rien n’a été fait. Installez au moins cette version, puis réessayez.
problem-backup-key-other = Cette sauvegarde est celle d’une instance dont la clé secrète n’est pas celle de { $path } : rien n’a été fait. Mettez-y sa clé, ou nommez-la dans files.secret.
problem-backup-key-missing = La clé secrète { $path } n’est pas là : rien n’a été fait. Mettez-y la clé de l’instance sauvegardée, ou nommez-la dans files.secret.
problem-backup-damaged = Cette sauvegarde est abîmée, ou il en manque la fin : rien n’a été fait. Récupérez le fichier à nouveau, ou prenez une autre sauvegarde.
problem-backup-unsound = Ce qui a été relu de cette sauvegarde enfreint la règle { $rule } : elle ne compte pas. Lancez obole audit pour voir ce qui ne va pas.
problem-backup-exists = Il y a déjà un fichier { $path }, et une sauvegarde n’en remplace aucun. Choisissez un autre nom.
problem-database-not-empty = Il y a déjà quelque chose dans cette base de données : rien n’a été fait. Restaurez dans une nouvelle ; écartez d’abord ce qui s’y trouve, avec tous les fichiers voisins qui commencent par son nom, sauf la clé et le journal.
problem-cluster-needs-server = Cette base de données est un fichier : elle ne peut ni se répartir sur plusieurs machines ni avoir de rôles. Passez-la d’abord sur PostgreSQL : obole backup, puis obole restore avec l’adresse du serveur.
problem-cluster-needs-citus = Ce PostgreSQL n’a pas Citus : rien n’a été fait. Installez Citus sur chaque machine, exécutez « create extension citus » dans cette base, puis réessayez.
problem-idempotency-key-reused = Cette clé a déjà servi pour une autre requête : rien n’a été fait. Rechargez la page ; un programme doit prendre une nouvelle clé pour chaque requête.
problem-too-many = Cela fait beaucoup d’essais en peu de temps. Patientez { $wait }, puis réessayez.

problem-wait-seconds = { $count ->
    [one] { $count_text } seconde
   *[other] { $count_text } secondes
}
problem-wait-minutes = { $count ->
    [one] { $count_text } minute
   *[other] { $count_text } minutes
}
problem-wait-hours = { $count ->
    [one] { $count_text } heure
   *[other] { $count_text } heures
}
problem-percentages-too-large = Ensemble, ces parts dépassent 100 %, ou l’une d’elles est négative. Réduisez-les ; ce que personne ne reçoit reste à l’équipe.
problem-percent-malformed = Ce n’est pas un pourcentage de 0 à 100. Tapez un nombre comme 12,5, avec deux décimales au plus.
problem-percentages-missing = Personne n’a encore de part dans l’équipe. Fixez d’abord les pourcentages, puis répartissez ce que l’équipe a gardé.
problem-passed-too-much = Une œuvre transmet au plus la moitié de ce qu’elle reçoit. Choisissez un nombre de 0 à 50.
problem-passed-to-too-many = Une œuvre transmet à { $limit_text } autres au plus. Gardez celles qui comptent le plus.
problem-passed-to-itself = Une œuvre ne peut pas se transmettre à elle-même. Retirez sa propre adresse de la liste.
problem-weight-out-of-range = Un poids est un nombre entier de 1 à { $limit_text }. Corrigez-le.
problem-line-malformed = La ligne { $line_text } n’est pas l’adresse d’une page, suivie d’un poids si vous le souhaitez. Corrigez-la.
problem-team-last-owner = Une équipe a besoin d’un propriétaire. Donnez d’abord ce rôle à quelqu’un d’autre, ou fermez l’équipe.
problem-team-not-empty = L’équipe contrôle des œuvres, ou a de l’argent qui n’est pas réparti. Abandonnez ses revendications et répartissez ce qu’elle a gardé, puis fermez-la.
problem-team-members-full = Une équipe compte { $limit_text } membres au plus, personnes invitées comprises. Quelqu’un doit partir avant une nouvelle invitation.
problem-teams-full = Vous avez fondé { $limit_text } équipes, le maximum. Fermez-en une dont vous n’avez plus besoin.
problem-team-member-already = Ce compte fait déjà partie de l’équipe. Rien n’a été changé.
problem-team-invitation-unusable = On ne peut pas répondre à cette invitation : elle a déjà sa réponse, a été retirée ou est trop ancienne. Demandez-en une autre à l’équipe.
problem-disputes-full = { $limit_text } de vos litiges sont ouverts, le maximum. Attendez qu’un soit tranché, ou retirez-en un.
problem-dispute-open = Ceci a déjà été contesté. Ce que vous voulez ajouter, écrivez-le à l’opérateur, qui peut rouvrir le litige.
problem-dispute-too-early = L’autre partie n’a pas encore répondu, et ses quatorze jours ne sont pas passés. Patientez.
problem-nothing-to-dispute = Personne d’autre ne contrôle cette page, il n’y a donc rien à contester. Revendiquez-la plutôt.
problem-month-unjudged = Le mois vient d’être clos et il est encore examiné. Réessayez dans quelques minutes ; rien n’a été déplacé.
problem-proof-missing = La preuve pour { $reach } est introuvable à l’instant, aucun versement n’a donc été fait. Remettez-la en place, ou abandonnez cette revendication ; ce que vous avez gagné vous reste.
problem-report-own = Ceci est à vous. Ce que vous ne voulez pas montrer, vous pouvez le changer ou le supprimer vous-même.
problem-report-open = Vous l’avez déjà signalé, et une réponse viendra.
problem-reports-full = { $limit_text } de vos signalements attendent, c’est le maximum. Attendez une réponse.
problem-words-hidden = L’équipe a masqué ceci. Vous pouvez faire un recours par le lien de l’e-mail qui vous en a informé ; d’ici là, rien ne peut être changé.
problem-appeal-own = Vous avez décidé cela vous-même. Une autre personne de l’équipe juge le recours.
problem-giving-private = Rien n’a été montré : vos réglages gardent privé ce que vous donnez, ou cette œuvre ne montre pas qui la soutient.
problem-own-matter = Cela vous concerne vous-même, ou un compte pour lequel vous agissez. Une autre personne de l’équipe décide.
problem-claim-unsettled = Seule une revendication confirmée et que personne ne conteste peut refuser pour tout ce qu’elle couvre. Attendez qu’elle le soit ; une œuvre seule peut refuser tout de suite.
problem-claim-refuses = La revendication dont dépend cette œuvre ne collecte rien du tout. Changez cela sur la page de la revendication.
