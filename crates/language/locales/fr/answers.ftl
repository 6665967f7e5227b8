# Ce que dit une page quand elle ne peut pas faire ce qu’on lui demande : ce qui s’est passé, si
# quelque chose a été enregistré, et que faire.

answer-not-found-title = Il n’y a rien ici
answer-not-found = Aucune page n’a cette adresse, ou bien elle ne vous est pas destinée. Rien n’a été modifié. Vérifiez l’adresse, s’il vous plaît.
answer-refused-title = Cela n’a pas marché
answer-too-many-title = Un instant, s’il vous plaît
answer-busy-title = Trop d’affluence
answer-busy = Il se passe trop de choses ici en ce moment : cela n’a pas été fait et rien ne vous a été pris. Réessayez dans quelques secondes, s’il vous plaît.
answer-internal-title = C’est notre faute
answer-internal = Quelque chose s’est cassé de notre côté ; nous en sommes avertis. Si vous étiez en train de modifier quelque chose, regardez si c’est fait avant de recommencer.
answer-forbidden = Vous ne pouvez pas faire cela : rien n’a été modifié. Si vous pensez que vous le devriez, écrivez à l’équipe de cette instance.
answer-foreign-form = Ce formulaire est trop ancien, ou il n’a pas été envoyé depuis une page de cette instance : rien n’a été modifié. Revenez en arrière, rechargez la page et renvoyez-le ; les cookies doivent être autorisés.
answer-sign-in-needed = Connectez-vous d’abord, s’il vous plaît. Rien n’a été modifié.
answer-proof-needed = Prouvez à nouveau que c’est bien vous, s’il vous plaît. Rien n’a été modifié.
answer-operation-missing = Ce formulaire est arrivé sans son numéro : impossible de savoir s’il a été envoyé deux fois. Rien n’a été modifié. Rechargez la page et renvoyez-le, s’il vous plaît.
answer-malformed = Ce qui a été envoyé n’a pas pu être lu : rien n’a été modifié. Revenez en arrière et réessayez, s’il vous plaît.
answer-too-large = C’est plus que ce qui peut être reçu en une fois : rien n’a été modifié. Envoyez-en moins, s’il vous plaît.
answer-too-slow = L’envoi a duré trop longtemps : rien n’a été modifié. Réessayez, s’il vous plaît.
answer-connections = Il y a déjà beaucoup de connexions ouvertes depuis chez vous. Fermez-en, ou réessayez dans quelques secondes, s’il vous plaît.
answer-unsupported-type = Cela n’a pas été envoyé comme le fait le formulaire de cette page : rien n’a été modifié. Revenez en arrière et utilisez le formulaire, s’il vous plaît.
answer-method = Cette page ne s’utilise pas ainsi : rien n’a été modifié. Ouvrez-la comme une page, s’il vous plaît.
answer-misdirected = Cette instance ne porte pas le nom que votre navigateur a demandé. Vérifiez l’adresse, s’il vous plaît.
answer-conflict = Autre chose a été modifié au même moment : cela n’a pas été fait. Rechargez la page et regardez à nouveau, s’il vous plaît.
answer-still-running = La même demande est encore en cours. Elle sera faite une seule fois. Réessayez dans quelques secondes, s’il vous plaît.
answer-home = Continuer
answer-request = Si vous nous écrivez à ce sujet, donnez ce numéro :
