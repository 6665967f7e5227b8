# Ce que dit l’API aux personnes qui écrivent des programmes quand une requête n’est pas conforme à
# la description. La clé est le code.

api-not-found = Il n’y a rien à cette adresse, ou bien cela ne vous est pas destiné. Rien n’a été modifié. Vérifiez l’adresse et les identifiants qu’elle contient.
api-method-not-allowed = Cette adresse n’accepte pas cette méthode : rien n’a été modifié. L’en-tête Allow nomme celles qu’elle accepte.
api-token-missing = Il faut un jeton pour cela : rien n’a été fait. Envoyez l’en-tête Authorization avec « Bearer » et un jeton créé dans vos paramètres.
api-token-in-address = Une adresse de l’API contient un jeton (access_token) : rien n’a été fait. Envoyez les jetons seulement dans l’en-tête Authorization, et révoquez celui-ci : les adresses finissent dans des journaux.
api-token-unknown = Ce jeton est inconnu ici : il est mal recopié, révoqué, ou vient d’une autre instance. Rien n’a été fait. Vérifiez-le, ou créez-en un nouveau dans vos paramètres.
api-scope-missing = Votre jeton n’a pas la permission « { $scope } » qu’il faut pour cela : rien n’a été fait. Créez dans vos paramètres un jeton qui l’a.
api-idempotency-key-missing = Cette requête demande l’en-tête Idempotency-Key, afin qu’envoyée deux fois elle ne soit faite qu’une. Rien n’a été fait. Envoyez une nouvelle clé pour chaque chose que vous faites.
api-idempotency-key-malformed = L’en-tête Idempotency-Key doit figurer une seule fois et contenir de 1 à 255 caractères ASCII visibles, tels quels ou entre guillemets droits. Rien n’a été fait.
api-idempotency-key-reused = Cette clé a déjà servi pour une autre requête : rien n’a été fait. Prenez une nouvelle clé pour chaque chose que vous faites.
api-json-malformed = Le corps de la requête n’a pas pu être lu comme du JSON : rien n’a été modifié. Vérifiez-le avec un analyseur JSON.
api-wrong-type = Une valeur n’est pas du genre décrit : rien n’a été modifié. Les textes et les montants sont entre guillemets droits ; les nombres entiers ne le sont pas et n’ont pas de virgule ni de point.
api-field-unknown = Cette requête n’a pas de champ « { $field } » : rien n’a été modifié. Vérifiez son orthographe dans la description.
api-field-missing = Ce champ manque : rien n’a été modifié. Ajoutez-le, s’il vous plaît.
api-field-either = Envoyez soit « url », soit « work », l’un des deux. Rien n’a été modifié.
api-limit-malformed = Une page de liste contient de 1 à 200 éléments. Envoyez un tel nombre comme « limit ».
api-cursor-malformed = « after » n’est pas ce que donne une liste de cette API. Envoyez ce que disait « next » à la page précédente, ou omettez-le pour recommencer.
api-cursor-foreign = « after » ne vient pas de cette liste. Envoyez ce que disait « next » à la page précédente, ou omettez-le pour recommencer.
api-parameter-missing = Il manque cette partie de l’adresse : rien n’a été modifié. Ajoutez-la après le point d’interrogation.
api-choice-unknown = Seules les valeurs décrites sont possibles ici : rien n’a été fait. Choisissez l’une d’elles.
api-unsupported-type = Le corps doit être du JSON, et l’en-tête Content-Type doit dire application/json. Rien n’a été modifié.
api-too-large = C’est plus que ce qui peut être reçu en une fois : rien n’a été modifié. Un corps fait au plus 64 Kio, un en-tête 16 Kio.
api-malformed = Cette requête n’a pas pu être lue : rien n’a été modifié. Comparez-la avec la description, s’il vous plaît.
api-click-missing = Vous n’avez pas de clic sur cette œuvre pour le mois en cours ; peut-être a-t-il déjà été repris. Rien n’a été modifié.
