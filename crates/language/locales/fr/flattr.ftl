# L’ancienne API et les boutons de Flattr : ce que les programmes répondent aux personnes.

flattr-route-missing = Rien ne peut être appelé à cette adresse. Voyez la liste des appels.
flattr-user-missing = Personne ne porte ce nom ici.
flattr-thing-missing = Rien n’a été trouvé ici.
flattr-subscription-missing = Il n’y a pas d’abonnement à cette chose.
flattr-malformed = Ce qui a été envoyé est illisible. Envoyez un formulaire ou un objet JSON.
flattr-url-missing = Aucune adresse n’a été envoyée. Envoyez celle de la page sous le nom « url ».
flattr-parameter = Un paramètre manque ou n’existe pas. Rien n’a été modifié.
flattr-other-owner = Le lien nomme quelqu’un d’autre que la personne qui a prouvé contrôler cette page. Rien n’a été donné.
flattr-unauthorized = Il faut un jeton connu ici. Reconnectez-vous dans le programme.
flattr-scope = Le jeton ne permet pas cela. Reconnectez-vous dans le programme et autorisez-le.
flattr-forbidden = Seule la personne qui contrôle une chose peut la modifier. Rien n’a été modifié.
flattr-no-means = Aucun budget ici n’a assez d’argent. Rien n’a été donné : fixez d’abord un budget et alimentez votre porte-monnaie.
flattr-once = Vous avez déjà donné à cette chose ce mois-ci. Rien n’a été ajouté.
flattr-owner = Cette chose est à vous : personne ne se donne à soi-même.
flattr-thing-owner = Cette chose est à vous : personne ne s’y abonne soi-même.
flattr-not-acceptable = Ce format n’est pas écrit ici. Demandez du JSON.
flattr-button-word = Donner
flattr-button-words = Donner à { $url } ; s’ouvre dans une nouvelle fenêtre
flattr-button-give = Donner à cette page
flattr-button-owner = @{ $handle } a prouvé contrôler cette page.
flattr-button-nobody = Personne n’a encore revendiqué cette page. Ce que vous donnez est promis, et ne vous coûte rien tant que la personne n’a pas dit oui.
flattr-button-about = Votre budget mensuel est partagé entre vos clics. La fenêtre qui s’ouvre vous demande avant de donner quoi que ce soit.
