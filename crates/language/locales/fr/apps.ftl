# Les applications : ce que l’on enregistre, ce que l’on autorise, et les réponses du protocole.

apps-tab = Applications
apps-title = Vos applications
apps-lead = Une application à vous agit pour d’autres personnes qui l’autorisent, par [OAuth 2 et l’API].
apps-none = Vous n’avez enregistré aucune application.
apps-name = Application
apps-name-hint = C’est sous ce nom que l’application demande une autorisation.
apps-accounts = Autorisée par
apps-accounts-count = { $count ->
    [one] { $count_text } compte autorise cette application.
   *[other] { $count_text } comptes autorisent cette application.
}
apps-register = Enregistrer une application
apps-register-go = Enregistrer l’application
apps-registered = L’application est enregistrée.
apps-kind = Où elle fonctionne
apps-public = Sur les appareils des gens : elle ne garde pas de secret
apps-confidential = Sur un serveur : elle garde un secret
apps-legacy = Un ancien programme écrit pour Flattr : il ne fait que cliquer et lire
apps-redirects = Adresses où vont les réponses
apps-redirects-hint = Une par ligne, exactement comme l’application l’envoie. Sur cette machine (http://127.0.0.1), le port est libre.
apps-site = Page web de l’application
apps-site-hint = Si c’est ici une œuvre que vous contrôlez, son domaine est montré comme prouvé ; les réponses ne peuvent alors aller à aucun autre hôte.
apps-id = Son identifiant (client_id) :
apps-unproven = Son domaine n’est pas prouvé : les gens lisent « non prouvé ».
apps-change = Modifier l’application
apps-change-go = Enregistrer
apps-secret = Son secret (client_secret)
apps-secret-new = Un nouveau secret
apps-secret-lead = Le précédent reste valable 24 heures, le temps de le changer partout.
apps-secret-go = Créer un nouveau secret
apps-delete = Supprimer l’application
apps-delete-lead = Tout ce que les gens lui ont permis prend fin aussitôt. Leurs clics restent.
apps-delete-go = Supprimer l’application
apps-deleted = { $name } est supprimée.
apps-granted-lead = Ce que vous avez permis à des applications. Aucune ne peut dépenser plus que votre budget.
apps-granted-none = Vous n’avez rien permis à aucune application.
apps-clicks = Clics ce mois-ci
apps-revoked = { $name } ne peut plus rien faire pour vous. Ses clics restent.
apps-taken-back = { $count ->
    [one] { $count_text } clic donné ce mois-ci par { $name } est repris.
   *[other] { $count_text } clics donnés ce mois-ci par { $name } sont repris.
}
apps-device-link = Un appareil vous montre un code ? [Saisissez-le ici].

admin-tab-apps = Applications
admin-app-kind = Anciens programmes écrits pour Flattr
admin-app-hint = Une application marquée ainsi peut se passer de PKCE. Elle garde un secret, envoie un state, ne fait que cliquer et lire, et ne peut pas renouveler ses jetons. Ce qui lui était permis jusqu’ici prend fin.
admin-app-id = Identifiant de l’application (client_id)
admin-app-make = Marquer comme ancienne
admin-app-stateless = Marquer comme ancienne, sans state
admin-app-stateless-hint = Certains anciens programmes n’envoient pas non plus de state. Quelqu’un pourrait alors faire donner le programme d’une personne depuis un autre compte qu’elle ne croit : ne marquez ainsi que des programmes que vous connaissez et que l’on ne peut plus modifier.
admin-app-stateless-done = L’application est marquée comme ancienne et peut se passer de state.
admin-app-end = Ne plus la marquer
admin-app-legacy = L’application est marquée comme ancienne.
admin-app-usual = L’application est de nouveau comme les autres.

consent-title = Autoriser cette application ?
consent-unproven = Non prouvé : personne ne sait qui est derrière cette application.
consent-own = C’est le programme d’Obole pour la ligne de commande. N’importe quel programme peut se donner ce nom : ne dites oui que si vous venez de le lancer vous-même.
consent-proven = Qui l’a faite contrôle { $host }.
consent-asks = Elle veut faire ceci pour vous, @{ $handle } :
consent-never = Elle ne peut jamais sortir d’argent, augmenter un budget, ni changer votre façon de vous connecter.
consent-goes-to = Après votre réponse, vous continuez vers { $host }.
consent-goes-to-device = Après votre réponse, un programme de cet appareil continue.
consent-device = N’acceptez que si l’appareil qui montre le code est devant vous.
consent-ends = L’autorisation prend fin après 90 jours, ou dès que vous la révoquez dans vos réglages.
consent-yes = Autoriser
consent-no = Ne pas autoriser

device-title = Relier un appareil
device-lead = Un appareil sans navigateur vous montre un code. Saisissez-le ici pour voir ce qu’il demande.
device-code = Code
device-code-hint = Huit lettres, par exemple BCDF-GHJK.
device-go = Continuer
device-granted = L’appareil est relié dans quelques secondes. Vous pouvez le révoquer ici à tout moment.
device-refused = L’appareil a reçu un refus.

oauth-client-unknown = L’application qui vous envoie n’est pas enregistrée sur cette instance : rien n’a été autorisé. Prévenez qui l’a faite.
oauth-redirect-unknown = L’application veut la réponse à une adresse qui n’est pas enregistrée : rien n’a été autorisé et vous n’y avez pas été envoyé. Prévenez qui l’a faite.
oauth-scope = L’application demande une autorisation qui n’existe pas, ou qu’elle ne peut pas avoir.
oauth-response-type = Seuls des codes sont donnés : response_type doit être « code ».
oauth-response-mode = Les réponses vont seulement dans la requête de l’adresse.
oauth-grant-type = Seul un code, un jeton de renouvellement ou le code d’un appareil peut être échangé.
oauth-challenge = Il faut un code_challenge avec code_challenge_method « S256 » (PKCE).
oauth-state-missing = Il faut un state.
oauth-field-missing = Un champ nécessaire n’a pas été envoyé.
oauth-field-twice = Un champ a été envoyé deux fois, est trop long, ou ne peut pas être lu.
oauth-malformed = Le corps ne peut pas être lu : envoyez un formulaire, ou un objet JSON de textes.
oauth-client = Le client n’est pas connu, ou ce n’est pas son secret.
oauth-client-twice = Envoyez le secret du client une seule fois : dans l’en-tête Authorization ou dans le corps.
oauth-client-may-not = Ce client ne peut pas demander de cette façon.
oauth-grant = Ce code ou ce jeton est faux, utilisé, trop ancien, ou celui d’un autre client.
oauth-refused = La réponse était non.
oauth-pending = Personne n’a encore répondu. Demandez de nouveau dans quelques secondes.
oauth-slow-down = Vous demandez trop souvent. Attendez désormais cinq secondes de plus à chaque fois.
oauth-expired = Le code est trop ancien. Recommencez depuis le début.
