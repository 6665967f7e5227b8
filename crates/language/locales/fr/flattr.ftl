# L’ancienne API et les boutons de Flattr : ce que les programmes répondent aux personnes.

flattrs-route-missing = Rien ne peut être appelé à cette adresse. Voyez la liste des appels.
flattrs-user-missing = Personne ne porte ce nom ici.
flattrs-thing-missing = Rien n’a été trouvé ici.
flattrs-subscription-missing = Il n’y a pas d’abonnement à cette chose.
flattrs-malformed = Ce qui a été envoyé est illisible. Envoyez un formulaire ou un objet JSON.
flattrs-url-missing = Aucune adresse n’a été envoyée. Envoyez celle de la page sous le nom « url ».
flattrs-parameter = Un paramètre manque ou n’existe pas. Rien n’a été modifié.
flattrs-other-owner = Le lien nomme quelqu’un d’autre que la personne qui a prouvé contrôler cette page. Rien n’a été donné.
flattrs-unauthorized = Il faut un jeton connu ici. Reconnectez-vous dans le programme.
flattrs-scope = Le jeton ne permet pas cela. Reconnectez-vous dans le programme et autorisez-le.
flattrs-forbidden = Seule la personne qui contrôle une chose peut la modifier. Rien n’a été modifié.
flattrs-no-means = Aucun budget ici n’a assez d’argent. Rien n’a été donné : fixez d’abord un budget et alimentez votre porte-monnaie.
flattrs-once = Vous avez déjà donné à cette chose ce mois-ci. Rien n’a été ajouté.
flattrs-owner = Cette chose est à vous : personne ne se donne à soi-même.
flattrs-thing-owner = Cette chose est à vous : personne ne s’y abonne soi-même.
flattrs-not-acceptable = Ce format n’est pas écrit ici. Demandez du JSON.
flattrs-button-word = Donner
flattrs-button-words = Donner à { $url } ; s’ouvre dans une nouvelle fenêtre
flattrs-button-give = Donner à cette page
flattrs-button-owner = @{ $handle } a prouvé contrôler cette page.
flattrs-button-nobody = Personne n’a encore revendiqué cette page. Ce que vous donnez est promis, et ne vous coûte rien tant que la personne n’a pas dit oui.
flattrs-button-about = Votre budget mensuel est partagé entre vos clics. La fenêtre qui s’ouvre vous demande avant de donner quoi que ce soit.
