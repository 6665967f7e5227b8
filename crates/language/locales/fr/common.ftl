# What every page needs.
#
# One French word for each word of the product: account = compte, work = œuvre, click = clic,
# points = points, budget = budget, period = mois, settlement = clôture, share = part,
# claim = revendication, payee = bénéficiaire, wallet = porte-monnaie, earnings = revenus,
# promise = promesse, pool = cagnotte, voucher = bon, payout = versement, threshold = seuil,
# top-up = recharge, fee = frais, statement = relevé, patron = mécène, creator = créateur,
# operator = équipe de l’instance, handle = pseudo, mail = e-mail, play money = monnaie fictive.
#
# The spaces before ; ! ? are U+202F, those before : and inside « » U+00A0; apostrophes are ’.

common-save = Enregistrer
common-points = { $count ->
    [one] { $count_text } point
   *[other] { $count_text } points
}
