# Ce qu’un compte emporte, et sa fin.

data-tab = Vos données
data-title = Vos données
data-export = Tout emporter
data-export-lead = Une archive avec tout ce que cette instance sait de votre compte : un fichier par sorte de chose, en CSV pour les tableurs et en JSON pour les programmes. Elle ne contient rien d’autrui et aucun secret.
data-export-go = Préparer l’archive
data-export-asked = L’archive se prépare. Un e-mail vous apportera le lien, en quelques minutes.
data-export-waits = Votre archive se prépare, depuis le { $at }.
data-export-ready = Une archive est prête jusqu’au { $at }. Le lien est dans l’e-mail.
data-export-taken = La dernière archive a été récupérée le { $at }.
data-export-ended = La dernière archive n’a pas été récupérée ; elle est effacée.
data-fetch-title = Vos données sont prêtes
data-fetch-lead = L’archive peut être récupérée une seule fois, jusqu’au { $at }. Gardez-la en lieu sûr.
data-fetch-go = Récupérer l’archive
data-fetch-size = Elle pèse { $size }.
data-leave = Partir
data-leave-lead = Vous pouvez supprimer votre compte. La page suivante dit exactement ce qui part et ce qui reste, avant que rien ne se passe.
data-leave-go = Supprimer le compte

leave-title = Supprimer votre compte
leave-goes = Ce qui part
leave-goes-profile = Votre profil, votre adresse e-mail, votre mot de passe, vos sessions et navigateurs connus
leave-goes-clicks = Vos clics du mois en cours, vos abonnements et vos mots de remerciement
leave-goes-keys = Jetons, applications, webhooks, flux, sites de confiance et tout le reste de vos réglages
leave-goes-works = { $count ->
    [0] Vos coordonnées bancaires
    [one] Vos coordonnées bancaires, et votre lien avec { $count_text } œuvre : ce qui lui vient est de nouveau promis
   *[other] Vos coordonnées bancaires, et vos liens avec { $count_text } œuvres : ce qui leur vient est de nouveau promis
}
leave-stays = Ce qui reste, et pourquoi
leave-stays-books = Les montants des livres, vos relevés mensuels et vos versements, sans votre nom, sous un numéro : la loi demande à l’équipe de les garder { $years } ans.
leave-stays-works = Les adresses et les titres des œuvres : ils concernent les œuvres.
leave-stays-log = Ce que l’équipe a fait, dans le journal, sous le même numéro : rien ne peut en être retiré.
leave-stays-backups = Les sauvegardes gardent vos données encore { $days } jours. Après une restauration, votre compte est de nouveau supprimé.
leave-money = Votre argent d’abord
leave-money-none = Il n’y a pas d’argent sur ce compte.
leave-money-wallet = Dans votre porte-monnaie : { $amount }
leave-money-earnings = Dans vos revenus : { $amount }
leave-money-held = Dont mis de côté : { $amount }
leave-money-under-way = Un versement ou un remboursement est encore en cours. Revenez quand il sera terminé.
leave-money-refund = Reprendre l’argent du porte-monnaie
leave-money-payout = Se faire verser ses revenus
leave-money-let-go = Renoncer à toutes les promesses
leave-money-let-go-done = Vous avez renoncé à vos promesses ; l’argent est libre.
leave-money-pool = Donner { $amount } au fonds commun
leave-money-pool-done = { $amount } sont allés au fonds commun. Merci.
leave-last-admin = Vous êtes la seule personne à administrer cette instance. Donnez d’abord ce rôle à quelqu’un d’autre.
leave-when = Ce qui se passe ensuite
leave-when-text = Votre compte est suspendu aussitôt : personne ne le voit et personne ne peut s’y connecter. Un e-mail vous apporte un lien qui permet d’annuler pendant { $days } jours. Puis tout ce qui précède est effacé. L’argent qui arriverait encore pendant ces jours va au fonds commun.
leave-agree = J’ai lu ce qui part et ce qui reste, et je veux supprimer mon compte
leave-go = Supprimer mon compte
leave-done = Votre compte est suspendu et sera supprimé. L’e-mail contient un lien, au cas où vous changeriez d’avis.
leave-undo-title = Garder votre compte ?
leave-undo-lead = @{ $handle } sera supprimé le { $day }. Vous pouvez encore annuler.
leave-undo-go = Garder le compte
leave-undo-done = Votre compte est conservé. Vous pouvez de nouveau vous connecter.

data-readme = Tout ce que cette instance sait de votre compte. Chaque sorte de chose est dans deux fichiers : .csv pour les tableurs, .json pour les programmes. Les moments sont en UTC (RFC 3339), les mois comme 2026-11, les montants en millionièmes entiers de l’unité (colonnes en _micros). Le fichier shares dit ce que chaque clic de chaque mois clos a donné. Le sens de chaque fichier et colonne est dans le manuel, docs/manual/privacy.md dans la source de l’instance.

giving-title = Ce que donne ce compte
giving-lead = Ce que donne @{ $handle } ne regarde personne. Avec une raison, vous le voyez pendant une heure. La raison reste dans le journal, et le compte apprend qui a regardé, quand et pourquoi.
giving-reason-hint = Par exemple une décision de justice, ou la demande du compte lui-même. Elle lui est envoyée par e-mail.
giving-go = Regarder, et prévenir le compte
giving-opened = Vous voyez pendant une heure ce que donne @{ $handle }. Le compte a été prévenu.
giving-until = Vous voyez ceci jusqu’au { $at }. Chaque consultation reste dans le journal.
giving-none = Ce compte n’a rien donné.
giving-work = Œuvre
giving-month = Mois
giving-points = Points
giving-seen = Qui, dans l’équipe, a regardé ce que vous donnez
