# Ce que les autres sites apprennent de nos pages : aperçus, intégrations.

preview-picture = Une pièce percée, la marque d’Obole
preview-work = @{ $handle } a montré son contrôle de { $host }. Un clic remercie, sur un budget mensuel.
preview-work-unclaimed = Non revendiquée : personne n’a encore prouvé son contrôle de { $host }.
preview-profile = Des œuvres de @{ $handle } à remercier d’un clic, sur un budget mensuel.
preview-settlement = { $count ->
    [one] { $period } : { $given } donnés à { $count_text } œuvre.
   *[other] { $period } : { $given } donnés à { $count_text } œuvres.
}

embed-url = La page manque. Nommez-en une de cette instance, comme url=https://…/w/….
embed-unknown = Ce n’est ni une œuvre ni un profil de cette instance. Copiez l’adresse entière depuis votre navigateur.
embed-format = Ce format n’existe pas. Demandez json ou xml.
embed-room = maxwidth et maxheight sont des nombres entiers de pixels. Écrivez-les en chiffres.
