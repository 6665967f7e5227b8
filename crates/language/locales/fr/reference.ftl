# L’API pour les gens : chaque opération, et chaque code qu’un problème peut avoir.

reference-title = L’API
reference-lead = Chaque requête que cette instance accepte, ce qu’il lui faut et ce qui revient.
reference-description = La même chose pour les programmes : [le document OpenAPI]. Les textes ci-dessous sont les siens, en anglais.
reference-token = La plupart des requêtes demandent un jeton avec les autorisations nommées. [Créez-en un dans vos paramètres].
reference-codes = Quand quelque chose ne va pas, la réponse porte un code. [Tous les codes et leur sens].
reference-groups = Groupes de requêtes
reference-your-token = Votre jeton
reference-your-token-hint = Il part avec les requêtes ci-dessous et n’est gardé nulle part ailleurs. Une requête qui modifie quelque chose le modifie vraiment.
reference-public = Sans jeton.
reference-scope = Demande un jeton avec l’une de ces autorisations :
reference-parameters = Paramètres
reference-body = Corps
reference-answers = Réponses
reference-try = Essayer
reference-send = Envoyer
reference-problems = Problèmes de l’API
reference-problems-lead = Chaque code qu’une réponse peut porter, avec son statut et sa phrase. Ce qui est entre ‹chevrons› est remplacé.
