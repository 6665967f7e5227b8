# La page qui explique qui lit les pages d’autres sites.

robot-title = Qui lit vos pages
robot-lead = Quand quelqu’un clique ici sur une page, cette instance regarde une fois ce que la page dit d’elle-même : son titre, et où elle demande à être soutenue.
robot-off = En ce moment, cette instance ne lit aucune page.
robot-what = Ce qu’elle lit
robot-what-only = Seulement les pages sur lesquelles quelqu’un a cliqué, chacune au plus une fois en 30 jours. Elle ne suit aucun lien d’une page à l’autre.
robot-what-head = D’une page, seulement l’en-tête, dans les premiers 256 Ko : le titre, la description, la langue, l’adresse de l’image, et les liens qui disent qui est derrière la page ou bien où elle accepte des paiements.
robot-what-shown = Elle ne copie aucun texte et ne charge aucune image. Rien n’en est montré pour une page que personne n’a revendiquée.
robot-pace = À quel rythme elle vient
robot-pace-rest = { $count ->
    [0] Elle ne demande qu’une chose à la fois à un hôte.
    [one] Elle ne demande qu’une chose à la fois à un hôte, et attend { $count_text } seconde avant de redemander.
   *[other] Elle ne demande qu’une chose à la fois à un hôte, et attend { $count_text } secondes avant de redemander.
}
robot-pace-delay = Si votre robots.txt contient un Crawl-delay, elle attend ce temps-là, jusqu’à une minute.
robot-name = Comment la reconnaître
robot-name-text = Elle donne son nom et l’adresse de cette page à chaque requête. Elle n’envoie aucun cookie et ne dit pas qui a cliqué.
robot-forbid = Comment la tenir à l’écart
robot-forbid-text = Elle respecte robots.txt (RFC 9309), le demande avant toute page et s’en souvient un jour. Ces deux lignes la tiennent à l’écart de tout :
robot-forbid-click = On peut tout de même cliquer sur vos pages ; leur adresse est alors tout ce que l’on en sait ici.
robot-decline = Comment dire « non merci »
robot-decline-text = Tant que personne n’a prouvé qu’une page est la sienne, ce qu’on lui donne n’est que promis, et ne coûte rien. Si vous n’en voulez pas, mettez cette ligne dans l’en-tête de la page. Elle est lue comme le reste, ce qui était promis est libéré, et plus personne ne peut y cliquer. Cela reste pour de bon.
robot-decline-claim = Pour tout un site, [revendiquez-le] et choisissez « Ne pas collecter » ; qui prouve son contrôle peut changer d’avis plus tard.
robot-letters = Lettres à votre site
robot-letters-text = Quand quelqu’un prouve qu’il contrôle une partie de votre site, et une fois par an au plus là où beaucoup aimeraient le soutenir, cette instance cherche à qui le dire : dans /.well-known/security.txt (pour les preuves seulement), dans /funding.json, et dans les liens rel="me" vers une adresse de courriel sur votre première page. Elle n’écrit à personne d’autre, garde une adresse 30 jours, pour répondre de sa lettre, et chaque lettre contient un lien qui y met fin pour de bon ; la ligne d’une page qui ne veut pas d’argent, sur votre première page, met fin aux invitations pour tout le site. Sur un hôte que beaucoup se partagent, seul compte ce qui est sur la page de la personne.
robot-contact = Des questions ? Écrivez à { $contact }.
