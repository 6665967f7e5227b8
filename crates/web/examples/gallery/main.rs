//! Renders sample pages in every language into a folder, to look at them:
//! `cargo run -p obole-web --example gallery -- <folder>`. All names and amounts are made up.

use std::path::Path;
use std::{env, fs, io};

use askama::Template;
use obole_domain::{Currency, Micros, Money};
use obole_language::Language;
use obole_web::assets;
use obole_web::chart::{BudgetBar, Chart, Left, Segment, budget_bar, month_bars};
use obole_web::page::{Exact, Notice, Page, Place, SignedIn, Tone};
use obole_web::pictures::{Flow, flow};

mod samples;

use samples::{Batch, Click, Line, Work};
use samples::{bars, batches, clicks, pick, segments, wallet_lines, works};

/// A sample page: one struct, one template, the words of both languages in the template.
macro_rules! sample {
    ($name:ident, $path:literal, { $($field:ident: $kind:ty),* $(,)? }) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name { page: Page, $($field: $kind),* }

        impl Sample for $name {
            fn page(&self) -> &Page {
                &self.page
            }
        }
    };
}

trait Sample {
    fn page(&self) -> &Page;

    fn say(&self, english: &str, french: &str) -> String {
        pick(self.page().language, english, french)
    }

    fn euro(&self, micros: i64) -> String {
        self.page().money(&Money::new(Micros::new(micros), Currency::EUR))
    }

    fn euro_exact(&self, micros: i64) -> Exact {
        self.page().exact(&Money::new(Micros::new(micros), Currency::EUR))
    }

    fn rounded(&self, micros: i64) -> String {
        self.page().rounded(&Money::new(Micros::new(micros), Currency::EUR))
    }
}

sample!(Landing, "gallery/landing.html", { flow: Flow });
sample!(SignUp, "gallery/sign_up.html", {});
sample!(Month, "gallery/month.html", { bar: BudgetBar, clicks: Vec<Click> });
sample!(Wallet, "gallery/wallet.html", { lines: Vec<Line> });
sample!(Statement, "gallery/statement.html", { chart: Chart, works: Vec<Work> });
sample!(Admin, "gallery/admin.html", { batches: Vec<Batch>, warning: Tone });
sample!(Problem, "gallery/problem.html", {});
sample!(Give, "gallery/give.html", {});
sample!(Parts, "gallery/parts.html", {
    tones: [Tone; 4],
    bars: Vec<BudgetBar>,
    charts: Vec<Chart>,
});

fn page(language: Language, title: (&str, &str), place: Place) -> Page {
    let is_stranger = matches!(place, Place::How | Place::SignUp | Place::SignIn);
    let account = SignedIn {
        name: pick(language, "Sample patron", "Mécène d’exemple"),
        handle: "sample-patron".into(),
        is_admin: matches!(place, Place::Admin),
    };
    Page {
        language,
        title: pick(language, title.0, title.1),
        description: String::new(),
        visitor: (!is_stranger).then_some(account),
        place,
        csrf: "sample".into(),
        warnings: Vec::new(),
        flash: None,
        preview: None,
        is_demo: matches!(place, Place::How | Place::Wallet),
        instance: "Obole".into(),
        path: "/".into(),
    }
}

fn parts(language: Language) -> Parts {
    let many = |count: u64| -> Vec<Segment> {
        let segment = |place: u64| Segment {
            label: format!("sample {place}"),
            points: 1 + place * place % 37,
            text: "€0.10".into(),
        };
        (0..count).map(segment).collect()
    };
    let left = |per_mille| {
        Some(Left {
            per_mille,
            text: pick(language, "not in the wallet", "absent du portefeuille"),
        })
    };
    Parts {
        page: page(language, ("Parts", "Éléments"), Place::Elsewhere),
        tones: [Tone::Info, Tone::Success, Tone::Warning, Tone::Problem],
        bars: vec![
            budget_bar(language, "none", &[], left(1000)),
            budget_bar(language, "one", &many(1), None),
            budget_bar(language, "some", &many(5), left(300)),
            budget_bar(language, "lots", &many(130), None),
        ],
        charts: [0, 1, 4, 12]
            .map(|count| {
                month_bars(
                    language,
                    &format!("months-{count}"),
                    &pick(language, "Received", "Reçu"),
                    &bars(language, count),
                )
            })
            .into(),
    }
}

fn notice(language: Language) -> Notice {
    let text = pick(
        language,
        "Your click is in: 3 points for “How bridges are mended”.",
        "Votre clic est compté : 3 points pour « Comment on répare les ponts ».",
    );
    Notice { tone: Tone::Success, text, undo: None }
}

fn render(language: Language) -> askama::Result<Vec<(&'static str, String)>> {
    let page = |english, french, place| page(language, (english, french), place);
    let mut month = page("This month", "Ce mois-ci", Place::Month);
    month.flash = Some(notice(language));
    let chart = month_bars(
        language,
        "received",
        &pick(language, "Received, month by month", "Reçu, mois par mois"),
        &bars(language, 12),
    );
    Ok(vec![
        (
            "landing",
            Landing {
                page: page("Obole", "Obole", Place::How),
                flow: flow(language, Currency::EUR),
            }
            .render()?,
        ),
        ("sign_up", SignUp { page: page("Sign up", "S’inscrire", Place::SignUp) }.render()?),
        (
            "month",
            Month {
                page: month,
                bar: budget_bar(language, "budget", &segments(language), None),
                clicks: clicks(language),
            }
            .render()?,
        ),
        (
            "wallet",
            Wallet {
                page: page("Wallet", "Porte-monnaie", Place::Wallet),
                lines: wallet_lines(language),
            }
            .render()?,
        ),
        (
            "statement",
            Statement {
                page: page("Statement", "Relevé", Place::Creator),
                chart,
                works: works(language),
            }
            .render()?,
        ),
        (
            "admin",
            Admin {
                page: page("Vouchers", "Bons", Place::Admin),
                batches: batches(language),
                warning: Tone::Warning,
            }
            .render()?,
        ),
        (
            "problem",
            Problem {
                page: page("There is nothing here", "Il n’y a rien ici", Place::Elsewhere)
            }
            .render()?,
        ),
        ("give", Give { page: page("Give", "Donner", Place::Elsewhere) }.render()?),
        ("parts", parts(language).render()?),
    ])
}

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("which folder?"))?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("static"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.address.trim_start_matches('/')), asset.bytes)?;
    }
    for language in Language::ALL {
        for (name, html) in render(language).map_err(io::Error::other)? {
            fs::write(folder.join(format!("{name}-{}.html", language.code())), html)?;
        }
    }
    Ok(())
}
