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
