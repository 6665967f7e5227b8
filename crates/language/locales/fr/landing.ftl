# La première page.

landing-sentence = Fixez un budget, cliquez sur ce qui vous plaît, nous le partageons le dernier jour.
landing-lead = Remerciez un article, une chanson, un logiciel libre en un clic. Vous ne payez jamais plus que votre budget, et vous voyez où va chaque centime.
