# Codes d’œuvres à dire, et la feuille à imprimer.

problem-work-code-malformed = Un code, ce sont deux mots et deux chiffres, comme pomme-jardin-42. Tapez-le en entier.
problem-work-code-word = « { $word } » n’est pas un mot de code. Vérifiez l’orthographe.
problem-work-code-word-near = « { $word } » n’est pas un mot de code. Peut-être vouliez-vous dire : { $near }.
problem-work-code-mixed = Les deux mots d’un code sont d’une même langue, et ceux-ci sont de deux. Vérifiez l’un et l’autre.
problem-work-code-swapped = Ce n’est pas un code dans cet ordre. Peut-être deux parties sont-elles inversées : { $code }.
problem-work-code-mistyped = Les chiffres ne vont pas avec les mots : l’un d’eux n’est pas juste. Comparez tout le code.
problem-work-code-unknown = Aucune œuvre n’a le code { $code }. Vérifiez que c’est bien un code de cette instance.
problem-work-codes-full = Aucun code libre n’a été trouvé. Réessayez.
