# Administration of accounts and mails.

accounts-title = Comptes
accounts-search = Chercher
accounts-search-hint = Pseudo, nom ou adresse e-mail
accounts-none = Aucun compte ne correspond
accounts-none-hint = Essayez un morceau plus court du pseudo, du nom ou de l’adresse.
accounts-all = Tous les comptes
accounts-name = Nom
accounts-nameless = aucun
accounts-state = État
accounts-admin = administration
accounts-suspended = suspendu
accounts-made = Depuis
accounts-profile = Profil public
accounts-suspend = Suspendre ce compte
accounts-suspend-hint = Toutes ses sessions prennent fin, ses jetons ne fonctionnent plus et personne ne peut s’y connecter. Son argent reste où il est.
accounts-reason = Raison
accounts-reason-hint = Elle est envoyée au compte par e-mail et gardée dans le journal d’audit.
accounts-suspend-go = Suspendre
accounts-suspend-done = @{ $handle } est suspendu et en connaît la raison.
accounts-restore = Lever la suspension
accounts-restore-go = Rouvrir le compte
accounts-restore-done = @{ $handle } peut à nouveau se connecter.
accounts-factor = Aide pour la double authentification
accounts-factor-hint = Pour une personne qui a perdu son téléphone et tous ses codes de secours. Assurez-vous autrement que c’est bien elle : avec sa boîte aux lettres et cette aide, n’importe qui entre. La double authentification est désactivée dans trois jours ; le compte en est informé dès maintenant, et une connexion avec un code annule tout.
accounts-factor-go = La faire désactiver
accounts-factor-asked = @{ $handle } en est informé. La double authentification sera désactivée dans trois jours, sauf annulation.
accounts-factor-goes = Elle sera désactivée le { $at }.
accounts-factor-stop = La laisser active
accounts-factor-stopped = La double authentification de @{ $handle } reste active.

mails-title = E-mails
mails-folder = Aucun serveur de messagerie n’est configuré : les e-mails vont dans un dossier et peuvent être lus ici. Chaque lecture est gardée dans le journal d’audit.
mails-waiting = { $count ->
    [one] { $count_text } e-mail attend, depuis le { $at }.
   *[other] { $count_text } e-mails attendent, le plus ancien depuis le { $at }.
}
mails-none = Pas encore d’e-mails
mails-none-hint = Ce que l’instance écrit à ses comptes sera listé ici.
mails-subject = Objet
mails-recipient = À
mails-written = Écrit
mails-state = État
mails-queued = en attente
mails-handed = remis
mails-refused = refusé
mails-given-up = abandonné
mails-act = Essayer maintenant
mails-hurried = L’e-mail sera essayé dans quelques secondes.
