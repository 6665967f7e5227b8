# The first page.

landing-sentence = Set a budget, click on what you like, we share it out on the last day.
landing-lead = Thank an article, a song, a piece of free software in one click. You never pay more than your budget, and you see where every cent went.
