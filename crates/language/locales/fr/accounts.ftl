# Coming in: signing up and in, confirming the address, a new password.

account-account = Compte
account-email = Adresse e-mail
account-handle = Pseudo
account-handle-hint = De 2 à 30 lettres, chiffres et traits d’union. Votre profil sera à l’adresse /@pseudo.
account-password = Mot de passe
account-password-hint = Au moins 10 caractères. Quelques mots simples font l’affaire.

signup-title = S’inscrire
signup-known = Déjà parmi nous ?
signup-rules = En vous inscrivant, vous acceptez [le fonctionnement de cette instance].
signup-confirm-later = Bienvenue ! Un e-mail est en route : confirmez votre adresse quand vous aurez le temps.

signin-title = Se connecter
signin-new = Pas encore de compte ?
signin-name = Adresse e-mail ou pseudo
signin-forgotten = Mot de passe oublié ?

proof-title = Est-ce bien vous ?
proof-why = La suite n’est sûre que si personne d’autre n’utilise votre navigateur. Prouvez-le à nouveau ; cela compte pendant dix minutes.
proof-go = Continuer

confirm-title = Confirmez votre adresse e-mail
confirm-lead = Nous envoyons un e-mail avec un code et un lien à { $email }.
confirm-fate-unknown = On ne sait plus ce que cet e-mail est devenu. Vous pouvez en envoyer un autre ci-dessous.
confirm-fate-queued = L’e-mail est sur le point de partir. Rechargez cette page dans un instant pour voir ce qu’il est devenu.
confirm-fate-postponed = L’e-mail n’est pas encore parti. Réponse de { $server } : « { $reply } ». Le prochain essai aura lieu le { $at } ; vous n’avez rien à faire.
confirm-fate-handed = L’e-mail a été remis à { $server } le { $at }. S’il n’arrive pas en quelques minutes, regardez parmi les courriers indésirables.
confirm-fate-folder = Cette instance garde ses e-mails dans un dossier au lieu de les envoyer. Son équipe peut les y lire.
confirm-fate-refused = { $server } a refusé l’e-mail le { $at }, en répondant : « { $reply } ». Vérifiez l’adresse, s’il vous plaît.
confirm-fate-given-up = Aucun serveur n’a accepté l’e-mail pendant trois jours, jusqu’au { $at }. Dernière réponse de { $server } : « { $reply } ». Vérifiez l’adresse, ou envoyez un autre e-mail.
confirm-code = Code reçu par e-mail
confirm-code-hint = 8 lettres et chiffres. Il est valable jusqu’au { $at }.
confirm-go = Confirmer
confirm-later = Plus tard
confirm-missing = L’e-mail n’est pas arrivé ?
confirm-missing-hint = D’ici là, vous pouvez regarder, cliquer et détenir un peu d’argent ; c’est seulement pour être payé qu’il faut une adresse confirmée.
confirm-resend = Envoyer un autre e-mail
confirm-correct = L’adresse, si elle contient une erreur
confirm-correct-go = Corriger l’adresse
confirm-nothing = Aucune adresse e-mail n’attend d’être confirmée.
confirm-ask = Cette adresse e-mail est-elle la vôtre, et ce compte aussi ?
confirm-ask-go = Oui, confirmer l’adresse
confirm-ask-not = Sinon, fermez cette page. Il ne se passera rien.
confirm-done = Votre adresse e-mail est confirmée.
confirm-sent = Un autre e-mail est en route.

reset-title = Choisir un nouveau mot de passe
reset-lead = Saisissez l’adresse e-mail de votre compte. Nous enverrons un lien pour choisir un nouveau mot de passe.
reset-go = Envoyer le lien
reset-sent = Si un compte a cette adresse, un e-mail avec un lien est en route. Il peut mettre quelques minutes.
reset-set-lead = Choisissez un nouveau mot de passe pour @{ $handle }. Tous les navigateurs connectés seront déconnectés. La double authentification reste : son code est demandé à la connexion.
reset-new = Nouveau mot de passe
reset-set-go = Enregistrer le mot de passe
reset-done = Votre nouveau mot de passe est enregistré. Connectez-vous avec lui.

setup-title = Installer cette instance
setup-lead = Vous êtes la première personne ici. Cette page crée le compte qui administre l’instance ; le lien ne sert qu’une fois.
setup-go = Créer le compte
