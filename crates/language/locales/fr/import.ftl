# Apporter ce que l’on aime déjà.

import-title = Apportez ce que vous aimez déjà
import-lead = Les podcasts que vous suivez, vos marque-pages, les dépôts que vous avez étoilés : chaque entrée devient une proposition que vous seul voyez. Rien n’est cliqué avant votre oui, et rien n’est ouvert.
import-waiting = { $count ->
    [one] { $count_text } proposition
   *[other] { $count_text } propositions
}
import-choose = À quoi souhaitez-vous donner ?
import-first = { $count ->
    [one] Choisissez-la, ou non.
   *[other] En voici { $count_text }. Choisissez celles qui comptent pour vous.
}
import-choose-all = Tout choisir ici
import-choose-none = Ne rien choisir
import-give = Donner 1 point à chacune
import-dismiss = Retirer celles choisies
import-dismiss-all = Retirer tout ce qui attend
import-bring = Apporter quelque chose
import-file = Fichier
import-file-hint = Ce qu’exporte une application de podcasts ou un lecteur de flux (OPML), les marque-pages d’un navigateur (HTML), une liste de dépôts étoilés (JSON), ou un texte avec une adresse par ligne. Au plus 2 Mo.
import-text = Ou collez-le
import-text-hint = La même chose, ou simplement des adresses, une par ligne.
import-go = En faire des propositions
import-brought = { $count ->
    [0] Il n’y avait rien de nouveau.
    [one] { $count_text } proposition est nouvelle.
   *[other] { $count_text } propositions sont nouvelles.
} { $known ->
    [0] {""}
    [one] { $known_text } était déjà connue.
   *[other] { $known_text } étaient déjà connues.
} { $unusable ->
    [0] {""}
    [one] { $unusable_text } n’a pas d’adresse à laquelle on puisse donner.
   *[other] { $unusable_text } n’ont pas d’adresse à laquelle on puisse donner.
} { $left ->
    [0] {""}
    [one] Il n’y avait plus de place pour { $left_text }.
   *[other] Il n’y avait plus de place pour { $left_text }.
}
import-given = { $count ->
    [0] Rien n’est donné : ces propositions n’existent plus.
    [one] Merci : { $count_text } clic est donné.
   *[other] Merci : { $count_text } clics sont donnés.
}
import-given-some = { $count ->
    [one] { $count_text } clic est donné,
   *[other] { $count_text } clics sont donnés,
} { $refused ->
    [one] { $refused_text } ne l’est pas.
   *[other] { $refused_text } ne le sont pas.
} { $first } : { $why }
import-dismissed = { $count ->
    [one] { $count_text } proposition est retirée.
   *[other] { $count_text } propositions sont retirées.
}
