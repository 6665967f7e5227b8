# Codes d’œuvres à dire, et la feuille à imprimer.

code-title = Le code d’une œuvre
code-code = Code
code-hint = Deux mots et deux chiffres, tels qu’on vous les a donnés.
code-go = Continuer
code-works = La chercher parmi les œuvres

sheet-title = Une feuille à imprimer : { $title }
sheet-link = Une feuille à imprimer, avec son code
sheet-layouts = Mise en page
sheet-poster = Une page (A4)
sheet-small = Petite (A6)
sheet-cards = Huit cartes
sheet-print = Imprimez cette page depuis votre navigateur. Seule la feuille s’imprime.
sheet-download = Le code QR en fichier
sheet-code-explained = Un code de deux mots et deux chiffres se dit à voix haute et se tape partout. Il désigne cette œuvre pour toujours.
sheet-code-make = Créer un code
sheet-code-sign-in = Se connecter pour créer un code
sheet-code-made = Le code est { $code }.
sheet-language = La feuille parle votre langue ; choisissez-en une autre au bas de la page.
sheet-thank = Remerciez cette œuvre
sheet-how = Fixez un budget pour le mois, cliquez sur ce que vous aimez : il est partagé le dernier jour.
sheet-scan = Scannez ceci avec votre téléphone
sheet-type = ou tapez ce code sur { $place }
sheet-open = ou ouvrez { $place }
sheet-picture = Code QR qui mène à la page pour remercier cette œuvre
sheet-unclaimed = Personne n’a encore revendiqué cette œuvre : un clic est une promesse.
sheet-refused = La personne à qui elle appartient ne collecte pas pour cette œuvre : il n’y a rien à imprimer.

problem-work-code-malformed = Un code, ce sont deux mots et deux chiffres, comme pomme-jardin-42. Tapez-le en entier.
problem-work-code-word = « { $word } » n’est pas un mot de code. Vérifiez l’orthographe.
problem-work-code-word-near = « { $word } » n’est pas un mot de code. Peut-être vouliez-vous dire : { $near }.
problem-work-code-mixed = Les deux mots d’un code sont d’une même langue, et ceux-ci sont de deux. Vérifiez l’un et l’autre.
problem-work-code-swapped = Ce n’est pas un code dans cet ordre. Peut-être deux parties sont-elles inversées : { $code }.
problem-work-code-mistyped = Les chiffres ne vont pas avec les mots : l’un d’eux n’est pas juste. Comparez tout le code.
problem-work-code-unknown = Aucune œuvre n’a le code { $code }. Vérifiez que c’est bien un code de cette instance.
problem-work-codes-full = Aucun code libre n’a été trouvé. Réessayez.
