# Mots de remerciement : ce que les créateurs lisent, masquent et signalent ; ce que l’équipe juge.
notes-title = Mots de remerciement
notes-latest-all = Tous les mots de remerciement
notes-shown = À lire
notes-hidden = Masqués
notes-only = Seulement { $month }.
notes-all = Tous les mois
notes-none-title = Pas encore de mots
notes-none = Toute personne qui clique sur une de vos œuvres peut signer son clic de quelques mots. Ils apparaissent ici.
notes-hidden-none = Vous n’avez masqué aucun mot.
notes-of = (mot de @{ $handle })
notes-hide = Masquer
notes-show = Montrer à nouveau
notes-hidden-now = Le mot est masqué. Vous le trouvez sous « Masqués » et pouvez le montrer à nouveau.
notes-shown-again = Le mot est à nouveau montré.
notes-report = Signaler
notes-report-hint = L’équipe lit le mot et votre raison, mais ne voit pas qui l’a signé. Le mot vous est aussitôt masqué.
notes-report-reason = Qu’est-ce qui ne va pas ?
notes-report-do = Signaler le mot
notes-reported = signalé
notes-reported-now = Le mot est signalé à l’équipe, et masqué.
notes-in-month = { $count ->
    [one] { $count_text } mot de remerciement ce mois-ci
   *[other] { $count_text } mots de remerciement ce mois-ci
}

notes-admin-none = Aucun mot n’a été signalé.
notes-admin-lead = Des créateurs ont signalé ces mots. Vous voyez ce qu’ils disent, pas qui les a signés : qui soutient qui est privé. La personne qui a signé un mot que vous retirez en reçoit la raison par e-mail ; son clic reste valable.
notes-admin-on = Sur
notes-admin-reported = Signalé par
notes-admin-words = Votre raison
notes-admin-words-hint = Elle est gardée dans le journal. Si vous retirez le mot, la personne qui l’a signé la lit.
notes-admin-remove = Retirer le mot
notes-admin-keep = Le laisser
notes-admin-removed = Le mot est retiré.
notes-admin-kept = Le mot reste.
notes-admin-waiting = Mots signalés
notes-admin-look = Les examiner
