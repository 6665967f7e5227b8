# Les clés d’accès, la double authentification et ses codes de secours.

signin-passkey = Se connecter avec une clé d’accès
signin-password = Avec un mot de passe
signin-code-title = Encore une étape
signin-code-lead = Votre mot de passe est le bon. Saisissez le code que votre application affiche en ce moment.
signin-code = Code
signin-code-hint = Six chiffres de votre application, ou l’un de vos codes de secours.
signin-code-again = Recommencer
signin-code-lost = Vous n’avez ni l’un ni l’autre ?
signin-code-lost-how = Une clé d’accès permet de se connecter sans code. Si vous n’en avez pas, écrivez à [l’équipe de cette instance] : elle peut désactiver la double authentification pour vous. Cela prend trois jours, et un e-mail vous en informe. Choisir un nouveau mot de passe n’y change rien : le code sera demandé ensuite de la même façon.

proof-passkey = Le prouver avec une clé d’accès

passkeys-title = Clés d’accès
passkeys-lead = Une clé d’accès vous connecte avec votre appareil : par empreinte, visage ou code PIN, sans mot de passe à saisir, et jamais sur une page qui ferait semblant d’être celle-ci. Elle est gardée par votre appareil ou votre gestionnaire de mots de passe.
passkeys-count = { $count ->
    [0] Aucune clé d’accès n’ouvre encore votre compte.
    [one] { $count_text } clé d’accès ouvre votre compte.
   *[other] { $count_text } clés d’accès ouvrent votre compte.
}
passkeys-go = Voir les clés d’accès
passkeys-none = Vous n’avez pas encore de clé d’accès.
passkeys-one = Clé d’accès
passkeys-made = Créée le { $at }.
passkeys-used = Dernière utilisation : { $at }.
passkeys-change = Renommer ou retirer
passkeys-name = Nom de la clé d’accès
passkeys-name-hint = Pour la reconnaître, par exemple « téléphone » ou « clé bleue ».
passkeys-rename = Renommer
passkeys-rename-one = Renommer { $name }
passkeys-remove = Retirer
passkeys-remove-one = Retirer { $name }
passkeys-make = Une autre clé d’accès
passkeys-make-go = Créer une clé d’accès
passkeys-unlock = Créer ou modifier des clés d’accès
passkeys-added = La clé d’accès est créée. Elle vous connecte désormais.
passkeys-removed = Cette clé d’accès n’ouvre plus rien. Vous pouvez aussi la supprimer de votre appareil.
passkeys-stopped = bloquée
passkeys-stopped-why = Son compteur est revenu en arrière, ce qui arrive quand il en existe une copie. Elle n’ouvre plus rien : retirez-la et créez-en une autre.
passkeys-failed = Cela n’a rien donné. Réessayez, ou utilisez votre mot de passe.
passkeys-known = Cet appareil a déjà une clé d’accès de votre compte.
passkeys-without = Les clés d’accès demandent des scripts et un navigateur qui les connaît. Votre mot de passe fonctionne ici dans tous les cas.
passkeys-elsewhere = Les clés d’accès ne fonctionnent pas à une adresse en chiffres comme celle-ci. Ouvrez [cette instance par son nom] pour les utiliser ; votre mot de passe fonctionne ici aussi.
passkeys-nowhere = Les clés d’accès ne fonctionnent pas sur cette instance : il leur faut une adresse avec un nom et https. Votre mot de passe suffit.

factor-title = Double authentification
factor-lead = Avec la double authentification, votre mot de passe ne suffit plus pour se connecter : une application sur votre téléphone affiche un code qui change toutes les trente secondes. Les clés d’accès n’ont pas besoin de code.
factor-on = active
factor-is-on = La connexion avec votre mot de passe demande aussi un code.
factor-is-off = Votre mot de passe suffit pour se connecter.
factor-go = Voir la double authentification
factor-begin = Mettre en place la double authentification
factor-begun = Voici votre clé secrète : scannez-la avec votre application.
factor-scan = Scannez ceci avec votre application
factor-scan-how = Toute application de codes à usage unique convient. Scannez l’image, ou bien ouvrez ou saisissez ce qui suit.
factor-picture = L’image que votre application scanne
factor-open = L’ouvrir dans une application de cet appareil
factor-typed = Pour la saisir à la main :
factor-first-code = Premier code
factor-first-code-hint = Les six chiffres que l’application affiche en ce moment.
factor-switch-on = Activer
factor-since = Depuis le { $at }.
factor-codes-left = { $count ->
    [0] Il ne vous reste aucun code de secours. Créez-en de nouveaux.
    [one] Il vous reste { $count_text } code de secours.
   *[other] Il vous reste { $count_text } codes de secours.
}
factor-codes-renew = Créer de nouveaux codes de secours
factor-codes-renew-hint = Ceux que vous avez ne vaudront plus rien.
factor-end = Désactiver la double authentification
factor-end-hint = Votre mot de passe suffira alors pour se connecter. Pour changer de téléphone, désactivez-la, puis réactivez-la.
factor-change = Modifier la double authentification
factor-ended = La double authentification est désactivée.
factor-goes = L’équipe a reçu une demande de désactivation de votre double authentification, qui prendra effet le { $at }. Si la demande ne vient pas de vous, gardez-la et changez de mot de passe.
factor-keep = Garder la double authentification
factor-kept = La double authentification reste active.
factor-lost = Quand le téléphone est perdu
factor-lost-codes = Chaque code de secours remplace une fois un code de l’application. Connectez-vous avec l’un d’eux, désactivez la double authentification, puis remettez-la en place sur le prochain téléphone.
factor-lost-passkey = Une clé d’accès permet de se connecter sans code.
factor-lost-help = Sans l’un ni l’autre, écrivez à l’équipe de cette instance. Elle peut faire désactiver la double authentification, avec une raison qui est consignée. Un e-mail vous en informe, et cela prend trois jours, pendant lesquels une connexion avec un code annule tout.
factor-lost-reset = Un nouveau mot de passe reçu par e-mail n’y change rien : le code est demandé de la même façon.

recovery-title = Vos codes de secours
recovery-once = Ils ne s’affichent que maintenant. Gardez-les là où vous les retrouverez sans votre téléphone.
recovery-how = Chacun remplace une fois un code de votre application.
recovery-copy = Copier
recovery-copied = Copié
recovery-print = Imprimer
recovery-download = Enregistrer dans un fichier
recovery-file = codes-de-secours.txt
recovery-kept = Je les ai gardés
