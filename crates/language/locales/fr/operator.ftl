# Clôture et audit, pour l’administration.

settlement-admin-title = Clôture
settlement-admin-lead = Un mois écoulé est clos de lui-même en moins d’une minute. Vous pouvez aussi lancer la clôture ici ; lancée deux fois, elle ne fait rien deux fois.
settlement-due = Écoulés et pas encore clos : { $months }.
settlement-run = Clore maintenant
settlement-started = La clôture a commencé. Cette page montre où elle en est.
settlement-nothing-due = Tous les mois écoulés sont clos.
settlement-under-way = Clôture en cours : { $month }
settlement-stage-freezing = Relevé de ce que chaque mécène peut donner
settlement-stage-sharing = Partage des budgets entre les clics
settlement-stage-booking = Prélèvement sur les portefeuilles
settlement-stage-crediting = Versement aux créateurs
settlement-stage-done = Terminé
settlement-done-title = Mois clos
settlement-none-title = Aucun mois n’est encore clos
settlement-none = Le premier le sera quand le mois du premier clic sera écoulé.
settlement-month = Mois
settlement-given = Donné
settlement-fee = Frais
settlement-clicks = Clics
settlement-patrons = Mécènes
settlement-works = Œuvres
settlement-finished = Clos le

audit-title = Audit
audit-lead = L’audit vérifie à nouveau chaque règle du grand livre : chaque écriture tombe à zéro, aucun porte-monnaie n’est à découvert, chaque part est bien celle que donnent les clics relevés. Il a lieu une fois par jour, ainsi qu’avant et après chaque clôture.
audit-clean = Tout est juste. Dernier audit : { $at }.
audit-broken = { $count ->
    [one] Une règle n’est pas respectée. Dernier audit : { $at }.
   *[other] { $count_text } anomalies. Dernier audit : { $at }.
}
audit-run = Lancer l’audit
audit-breaches = Ce qui n’est pas respecté
audit-checked = Vérifié : { $rules }.
audit-held-title = La clôture et les versements vous attendent
audit-held = Cherchez d’abord la cause. Un montant faux se corrige par une nouvelle écriture, jamais en modifiant la base.
audit-release = J’ai vérifié : reprendre
audit-released = La clôture et les versements reprennent.

backups-lead = Une sauvegarde contient tout, dans un seul fichier scellé. Elle ne compte qu’après avoir été relue dans une base d’essai et vérifiée par l’audit.
backups-last = La dernière est l’état au { $at }, avec { $rows_text } lignes : { $file }
backups-none = Aucune n’a encore été prise. Une instance en service en prend une en moins d’une minute.
backups-off = Aucune n’est prise d’elle-même : nommez dans la configuration un dossier sur un autre disque, backup.folder, puis redémarrez l’instance.
backups-failed = La sauvegarde du { $at } a échoué : { $reason }
backups-unsafe = En cas de coupure de courant, cette base peut perdre ce qu’elle a confirmé (database.unsafe_durability). C’est fait pour des essais, jamais pour de l’argent.

quarantine-warning = Cette instance a été restaurée depuis la sauvegarde du { $at }. Versements, remboursements et clôture attendent, pour que rien ne soit payé deux fois : [voir ce qui a été trouvé et que faire].
quarantine-title = Restaurée : versements, remboursements et clôture attendent
quarantine-why = L’instance a été restaurée le { $since } depuis la sauvegarde du { $backup }. Les pages et les clics marchent comme toujours. Ce qui est parti entre-temps n’est pas dans la sauvegarde : il faut le retrouver avant que l’argent ne bouge à nouveau.
quarantine-compared = Le journal des sorties a été comparé le { $at }. Sorties connues ici : { $known_text }. Sorties inconnues : { $count_text }.
quarantine-absent = Le journal des sorties qui va avec la sauvegarde n’est pas là. Remettez le fichier à sa place, puis comparez à nouveau. S’il est perdu, comparez les relevés bancaires depuis la sauvegarde et inscrivez à la main ce qui manque.
quarantine-found = Ce qui était parti et n’était pas dans la sauvegarde
quarantine-what = Quoi
quarantine-amount = Montant
quarantine-outcome = Ce qu’il en est advenu
quarantine-kind-payout = Versement
quarantine-kind-refund = Remboursement
quarantine-outcome-booked = inscrit
quarantine-outcome-owed = inscrit, en partie dû
quarantine-outcome-stranger = inscrit, compte inconnu
quarantine-outcome-unclear = pas inscrit : à regarder
quarantine-outcomes = « En partie dû » : le compte a moins que ce qui était parti ; le reste est retenu sur ce qui viendra. Un versement que le relevé bancaire ne montre pas peut être annulé sur la page de son fichier bancaire.
quarantine-compare = Comparer à nouveau
quarantine-compared-again = Le journal des sorties a été comparé, dans la mesure où il est là.
quarantine-reason-hint = Comment vous savez que rien ne peut être payé deux fois. C’est gardé dans le journal.
quarantine-checked = J’ai comparé les relevés bancaires depuis la sauvegarde, et ce qui était parti est inscrit.
quarantine-end = Laisser reprendre versements, remboursements et clôture
quarantine-ended = Versements, remboursements et clôture reprennent.
