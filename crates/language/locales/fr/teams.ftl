# Teams, and what works pass on to the works that they build on.

teams-title = Équipes
teams-lead = Une équipe reçoit ensemble pour ses œuvres et répartit par pourcentages. Vous gardez votre propre compte ; personne ne se connecte à celui d’une équipe.
teams-found = Fonder une équipe
teams-handle-hint = Le nom public de l’équipe, comme le vôtre : lettres, chiffres, traits d’union.
teams-name = Nom affiché
teams-found-go = Fonder
teams-founded = L’équipe existe et elle est à vous. Invitez les autres.
teams-owner = propriétaire
teams-keeper = gestionnaire
teams-member = membre
teams-viewer = observateur
teams-role-is = Votre rôle : { $role }
teams-gone = quelqu’un qui est parti
teams-members = Membres et parts
teams-who = Qui
teams-role = Rôle
teams-part = Part
teams-part-of = Part de @{ $handle }, en pour cent
teams-keeps = Gardé par l’équipe
teams-parts-hint = Ce que chacun reçoit de ce que rapportent les œuvres de l’équipe, dès la prochaine clôture. Tous les membres sont prévenus.
teams-parts-go = Enregistrer les parts
teams-parts-set = Les parts sont fixées. Elles comptent dès la prochaine clôture, et tous les membres sont prévenus.
teams-history = Les répartitions précédentes
teams-set-by = { $at }, par { $by }
teams-all-kept = L’équipe garde tout.
teams-works = Œuvres de l’équipe
teams-works-none = L’équipe ne contrôle encore rien. Revendiquez une œuvre et choisissez-y l’équipe.
teams-money = Argent
teams-statements = Relevés de l’équipe
teams-kept-explained = Ce que l’équipe a gardé et n’a pas réparti :
teams-share = Répartir { $amount }
teams-shared = { $amount } sont répartis entre les membres selon leurs parts.
teams-is-open = Chaque membre voit ce que les autres ont reçu.
teams-is-shut = Les membres ne voient que ce qui est à eux ; propriétaires et gestionnaires voient tout.
teams-open-go = Ouvrir les relevés à tous les membres
teams-shut-go = Refermer les relevés
teams-opened = Tous les membres voient désormais les relevés, et en sont prévenus.
teams-shut = Les membres ne voient de nouveau que ce qui est à eux, et en sont prévenus.
teams-invite = Inviter quelqu’un
teams-invite-to = @pseudo ou adresse e-mail
teams-invite-hint = La personne reçoit un e-mail, et rejoint l’équipe en disant oui.
teams-invite-go = Envoyer l’invitation
teams-invited = L’invitation est en route.
teams-roles = Rôles
teams-roles-hint = Les propriétaires décident des membres et de l’argent. Les gestionnaires s’occupent des œuvres et des revendications. Les membres peuvent recevoir. Les observateurs ne font que regarder.
teams-role-set = Le rôle est changé, et tous les membres sont prévenus.
teams-remove = Retirer
teams-removed = Cette personne ne fait plus partie de l’équipe, et en est prévenue.
teams-end = Partir
teams-leave-hint = Ce que vous avez reçu vous reste. Votre part revient à l’équipe.
teams-leave = Quitter l’équipe
teams-left = Vous avez quitté l’équipe.
teams-close-hint = On peut fermer une équipe qui ne contrôle rien et n’a plus d’argent.
teams-close = Fermer l’équipe
teams-closed = L’équipe est fermée, et ses membres sont prévenus.
teams-invitation = Invitation dans une équipe
teams-asked = { $by } vous invite dans l’équipe { $team } comme { $role }.
teams-asked-receives = Vous pouvez recevoir une part de ce que rapportent ses œuvres ; ses propriétaires décident combien, et vous en êtes prévenu.
teams-asked-looks = Vous voyez ce qui est à l’équipe ; vous ne recevez rien pour elle.
teams-accept = Rejoindre
teams-decline = Non, merci
teams-joined = Bienvenue dans l’équipe.
teams-declined = Vous avez décliné. Cet e-mail ne vous le demandera plus.
teams-sees-all = Vous voyez ce que chacun a reçu.
teams-sees-own = Vous voyez ce que vous avez reçu ; propriétaires et gestionnaires voient tout.
teams-statements-none = Rien n’est encore venu de cette équipe.
teams-month = Mois
teams-month-nothing = Rien n’est venu de cette équipe ce mois-là.
teams-by-member = Ce que chacun a reçu

passing-title = Qui transmet à qui
passing-from = De
passing-to = À
passing-part = Part
passing-more = { $count ->
    [one] et une autre
   *[other] et { $count_text } autres
}
passing-stays = { $part } restent à qui reçoit pour elle
passing-edit = Ce qu’elle transmet
passing-lead = Une œuvre peut transmettre jusqu’à la moitié de ce qu’elle reçoit aux œuvres sur lesquelles elle s’appuie. C’est votre façon de les remercier, tout le monde le voit, et cela avance d’une étape par mois.
passing-part-label = Quelle part de ce que l’œuvre reçoit, après les frais
passing-part-hint = De 0 à 50. À 0, rien n’est transmis.
passing-targets = À quelles œuvres
passing-targets-hint = Une adresse par ligne. Ajoutez un nombre entier derrière celles qui doivent peser plus que d’autres.
passing-set = Enregistré. Cela compte dès la prochaine clôture et figure sur la page de l’œuvre.
passing-file-title = Depuis un lockfile ou un SBOM
passing-file = Fichier
passing-file-hint = Cargo.lock, package-lock.json, composer.lock, poetry.lock, uv.lock, go.mod, Gemfile.lock, requirements.txt, CycloneDX ou SPDX en JSON. Il est seulement lu ; rien n’est enregistré avant que vous le disiez.
passing-file-go = Ajouter ses œuvres à la liste
passing-brought = { $count ->
    [0] Tout ce qui est dans le fichier figure déjà dans la liste.
    [one] Une œuvre vient du fichier. Regardez-la, puis enregistrez.
   *[other] { $count_text } œuvres viennent du fichier. Parcourez-les, puis enregistrez.
}
passing-standing = Promis à d’autres œuvres
passing-standing-link = [Ce que vos œuvres ont promis] et que personne n’a encore recueilli.
passing-standing-lead = Ce que vos œuvres transmettent à des œuvres que personne n’a revendiquées reste à vous, mis de côté, jusqu’à ce que quelqu’un le fasse. Après douze mois, c’est libre.
passing-standing-none = Rien n’est promis pour l’instant.
passing-since = Depuis
passing-let-go = Y renoncer
passing-let-gone = Vous y renoncez : l’argent est de nouveau libre.
passing-committed = recueilli à la prochaine clôture
