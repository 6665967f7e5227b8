# Settings of an account.

settings-title = Paramètres
settings-profile = Profil
settings-signin = Connexion
settings-tokens = Jetons d’API
settings-saved = C’est enregistré.
settings-name = Nom
settings-name-hint = Affiché à côté de @{ $handle }. Il peut rester vide.
settings-language = Langue
settings-language-none = Celle du navigateur
settings-language-hint = Pour les pages et les e-mails.
settings-privacy = Vie privée
settings-public = Montrer ce que je donne, là où le créateur l’accepte aussi
settings-public-hint = Ce que l’on soutient peut en dire long sur une personne. Cela reste privé, sauf si vous en décidez autrement ici et, pour chaque œuvre, sur sa page. Une fois décoché, plus rien n’est montré.
settings-past = Mois passés
settings-details = Garder à quelles œuvres j’ai donné
settings-details-hint = Sinon, cela est oublié quatorze mois après une clôture ; ce que vous avez donné en tout reste sur vos relevés. Ce qui est oublié ne revient pas, et n’est plus montré sur les pages des œuvres.
settings-unspent = Un mois sans clic
settings-unspent-give = Donner mon budget d’un tel mois à la cagnotte commune
settings-unspent-pool = Sur cette instance, le budget d’un mois sans clic va à la cagnotte commune.

settings-email-confirmed = confirmée
settings-email-waits = non confirmée
settings-email-confirm = Saisir le code
settings-email-change-waits = { $email } attend d’être confirmée.
settings-email-new = Nouvelle adresse e-mail
settings-email-hint = Elle recevra un code. L’adresse ci-dessus reste utilisée jusqu’à la saisie du code, et elle est prévenue.
settings-email-go = Changer l’adresse
settings-password-now = Mot de passe actuel
settings-password-go = Changer le mot de passe
settings-password-done = Votre mot de passe est changé, et tous les autres navigateurs sont déconnectés.
settings-sessions = Où vous êtes connecté
settings-sessions-hint = Mettez fin à ce que vous ne reconnaissez pas, puis changez votre mot de passe.
settings-session-browser = Navigateur
settings-session-unknown = Un navigateur qui ne dit pas son nom
settings-session-began = depuis le { $at }
settings-session-seen = Dernière utilisation
settings-session-this = celui-ci
settings-session-end = Mettre fin
settings-session-done = Ce navigateur est déconnecté.
settings-sessions-end-others = Se déconnecter partout ailleurs
settings-sessions-others-done = { $count ->
    [one] { $count_text } autre navigateur est déconnecté.
   *[other] { $count_text } autres navigateurs sont déconnectés.
}

tokens-lead = Un jeton permet à l’un de vos programmes d’agir pour vous par l’[API]. Ne lui donnez que ce dont il a besoin.
tokens-none = Vous n’avez pas de jeton.
tokens-new = Votre nouveau jeton
tokens-new-once = Il n’est montré que maintenant. Gardez-le comme un mot de passe.
tokens-new-done = Je l’ai noté
tokens-name = Nom
tokens-name-hint = Pour le reconnaître, par exemple « script de sauvegarde ».
tokens-unnamed = Sans nom
tokens-made = depuis le { $at }
tokens-scopes = Ce qu’il peut faire
tokens-scopes-missing = Choisissez-en au moins une.
tokens-used = Dernière utilisation
tokens-unused = jamais
tokens-revoke = Révoquer
tokens-revoked = Le jeton est révoqué ; il n’ouvre plus rien.
tokens-make = Créer un jeton
tokens-make-go = Créer le jeton
tokens-profile = Lire votre nom et votre pseudo
tokens-email = Lire votre adresse e-mail
tokens-click = Cliquer, changer et reprendre des clics
tokens-clicks-read = Lire vos clics et ce que devient votre budget du mois
tokens-stats-read = Lire vos relevés
tokens-works-write = Modifier vos œuvres
tokens-webhooks = Enregistrer des webhooks
tokens-wallet = Lire vos porte-monnaie et utiliser des bons
tokens-budget = Fixer vos budgets
tokens-settings = Modifier votre nom, votre langue et votre page publique, ce que vos œuvres acceptent, les sites et les applications de confiance
