# Pages qui ne font qu’expliquer : les programmes, le code source.

developers-title = Pour les programmes
developers-lead = Tout ce qu’un mécène fait ici, un programme peut le faire avec le jeton de ce mécène.
developers-description = L’API parle JSON sur HTTP. [Sa référence] montre chaque requête, et l’envoie si vous voulez.
developers-token = [Vos jetons] disent ce qu’un programme peut faire. Aucun ne peut sortir d’argent ni changer votre façon de vous connecter.
developers-apps = Un programme qui agit pour d’autres passe par OAuth 2 : [enregistrez une application]. Ses points d’entrée sont décrits dans /.well-known/oauth-authorization-server.
developers-key = Chaque requête qui ajoute des points porte sa propre clé : envoyée deux fois, elle compte une fois. Les erreurs disent en une phrase que faire, et ont un code stable.
developers-link = Un simple lien suffit pour une page à vous : il mène à une page où le visiteur confirme le clic. [L’atelier des boutons] en donne le code, et celui de plus beaux.

source-licence = Obole { $version } est un logiciel libre sous la licence publique générale GNU Affero, version 3 ou ultérieure. Son code source est ici :
source-rights = Vous pouvez l’utiliser, l’étudier, le modifier et le partager. Qui en fait tourner une version modifiée pour d’autres leur en offre aussi le code source.
