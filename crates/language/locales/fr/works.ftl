# Œuvres, profils.

work-eyebrow = Une œuvre
work-unclaimed = non revendiquée : personne n’a encore prouvé qu’il la contrôle
work-patrons = Mécènes
work-patrons-text = { $count ->
    [one] { $count_text } ou plus dans son meilleur mois
   *[other] { $count_text } ou plus dans son meilleur mois
}
work-refused = La personne à qui elle appartient ne collecte pas pour cette œuvre : elle ne prend pas de clics.
work-claim = Elle est à vous ? Revendiquez-la
work-yours = Cette œuvre est à vous
work-title = Son titre
work-title-hint = Vide, c’est l’adresse qui s’affiche.
work-refuse-explained = Vous ne voulez pas d’argent pour cette œuvre ? Alors personne ne peut plus cliquer dessus, et les promesses qui tiennent encore sont levées.
work-refuse = Ne pas collecter
work-collect-explained = Cette œuvre ne prend pas de clics, parce que vous ne collectez pas pour elle.
work-collect = Collecter à nouveau
work-title-set = Le titre est enregistré.
work-refused-set = Cette œuvre ne prend plus de clics. Les promesses qui tenaient sont levées.
work-refused-ended = Cette œuvre prend à nouveau des clics.

works-title = Des œuvres à remercier
works-search = Une partie d’un titre, d’une adresse ou d’un nom, ou un code
works-find = Chercher
works-work = Œuvre
works-mark = Preuve
works-none-title = Rien trouvé
works-none = Seules les œuvres revendiquées sont listées. Vous pouvez quand même cliquer sur n’importe quelle page du web.
works-give = Cliquer sur cette adresse

profile-works = Œuvres
profile-no-works = Pas encore d’œuvre ici.
profile-private = Ce que donne ce compte est privé, sauf s’il le montre sur la page d’une œuvre.
profile-own = Voici ce que les autres voient de vous. Ce que vous donnez est privé, sauf si vous le montrez sur la page d’une œuvre.
profile-refused = ne collecte pas
supporters-title = Qui la soutient
supporters-explained = Personne ne voit qui soutient ceci. Vous pouvez montrer qui le veut : chaque personne le dit elle-même, et peut revenir dessus.
supporters-are-shown = Qui le veut est montré sur cette page. Chaque personne l’a dit elle-même.
supporters-show = Montrer qui le veut
supporters-hide = Ne montrer personne
supporters-of = Soutenue par
supporters-you-are = Votre soutien est montré ici dès qu’un mois avec votre clic est clos.
supporters-me = Montrer que je la soutiens
supporters-me-hint = Votre identifiant seul : ni montant, ni date. Vous pouvez revenir dessus.
supporters-not-me = Ne plus me montrer
supporters-private = Qui soutient ceci et le veut bien est montré. [Vos réglages] gardent privé ce que vous donnez.
supporters-you-shown = Vous serez montré ici dès qu’un mois avec votre clic est clos.
supporters-you-hidden = Vous n’êtes plus montré ici.
supporters-shown = Qui le veut est montré désormais.
supporters-hidden = Plus personne n’est montré.
