# Le bouton sur d’autres sites. Le mot est court : il tient dans une petite image.

button-word = Donner
button-title = Donner par { $instance }
button-title-count = { $count ->
    [one] Donner par { $instance }. Au moins { $count_text } mécène dans le meilleur mois
   *[other] Donner par { $instance }. Au moins { $count_text } mécènes dans le meilleur mois
}
