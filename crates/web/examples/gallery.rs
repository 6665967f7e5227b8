//! Renders sample pages in every language into a folder, to look at them:
//! `cargo run -p obole-web --example gallery -- <folder>`. All names and amounts are made up.

use std::path::Path;
use std::{env, fs, io};

use askama::Template;
use obole_domain::{Currency, Micros, Money};
use obole_language::Language;
use obole_web::assets;
use obole_web::chart::{Bar, BudgetBar, Chart, Left, Segment, budget_bar, month_bars};
use obole_web::page::{Notice, Page, Place, SignedIn, Tone};
use obole_web::pictures::{Flow, flow};

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

    fn signed(&self, micros: i64) -> String {
        let sign = if micros < 0 { "−" } else { "+" };
        format!("{sign}{}", self.euro(micros.abs()))
    }
}

fn pick(language: Language, english: &str, french: &str) -> String {
    if language == Language::English { english } else { french }.to_owned()
}

struct Click {
    title: String,
    site: &'static str,
    points: u64,
    micros: i64,
    is_promise: bool,
}

struct Line {
    date: &'static str,
    what: String,
    note: String,
    amount: i64,
    after: i64,
}

struct Work {
    title: String,
    site: &'static str,
    patrons: u32,
    gross: i64,
    fee: i64,
}

struct Batch {
    name: &'static str,
    date: &'static str,
    count: u32,
    each: i64,
    redeemed: u32,
    class: &'static str,
    state: String,
}

sample!(Landing, "gallery/landing.html", { flow: Flow });
sample!(SignUp, "gallery/sign_up.html", {});
sample!(Month, "gallery/month.html", { bar: BudgetBar, clicks: Vec<Click> });
sample!(Wallet, "gallery/wallet.html", { lines: Vec<Line> });
sample!(Statement, "gallery/statement.html", { chart: Chart, works: Vec<Work> });
sample!(Admin, "gallery/admin.html", { batches: Vec<Batch>, warning: Tone });
sample!(Problem, "gallery/problem.html", {});
sample!(Give, "gallery/give.html", {});
sample!(Parts, "gallery/parts.html", { tones: [Tone; 4], bars: Vec<BudgetBar>, charts: Vec<Chart> });

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
        flash: None,
        is_demo: matches!(place, Place::How | Place::Wallet),
        instance: "Obole".into(),
        path: "/".into(),
    }
}

fn clicks(language: Language) -> Vec<Click> {
    let click = |english, french, site, points: u64, micros, is_promise| Click {
        title: pick(language, english, french),
        site,
        points,
        micros,
        is_promise,
    };
    vec![
        click(
            "How bridges are mended",
            "Comment on répare les ponts",
            "example.org",
            3,
            1_363_636,
            false,
        ),
        click(
            "sample-parser, a small parser of dates",
            "sample-parser, un petit analyseur de dates",
            "code.example",
            10,
            4_545_454,
            false,
        ),
        click(
            "Song for a rainy harbour",
            "Chanson pour un port sous la pluie",
            "music.example",
            2,
            909_091,
            true,
        ),
        click(
            "A year on the marsh, in twelve letters",
            "Une année au marais, en douze lettres",
            "letters.example",
            5,
            2_272_728,
            false,
        ),
        click(
            "The night bus, episode 14",
            "Le bus de nuit, épisode 14",
            "radio.example",
            2,
            909_091,
            true,
        ),
    ]
}

fn segments(language: Language) -> Vec<Segment> {
    let segment = |click: Click| Segment {
        label: click.title,
        points: click.points,
        text: obole_language::money(language, Money::new(Micros::new(click.micros), Currency::EUR)),
    };
    clicks(language).into_iter().map(segment).collect()
}

fn bars(language: Language, count: usize) -> Vec<Bar> {
    let amounts: [i64; 12] = [3, 8, 12, 9, 15, 21, 18, 26, 24, 33, 42, 17];
    let names = if language == Language::English {
        ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]
    } else {
        [
            "déc.", "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.",
            "oct.", "nov.",
        ]
    };
    let bar = |(name, amount): (&str, i64)| {
        let micros = amount * 1_000_000 + 370_000;
        let text = obole_language::money(language, Money::new(Micros::new(micros), Currency::EUR));
        Bar {
            label: name.to_owned(),
            value: micros,
            text,
            is_open: name.starts_with("Nov") || name.starts_with("nov"),
        }
    };
    names.into_iter().zip(amounts).skip(12 - count).map(bar).collect()
}

fn wallet_lines(language: Language) -> Vec<Line> {
    let line = |date, english: (&str, &str), french: (&str, &str), amount, after| Line {
        date,
        what: pick(language, english.0, french.0),
        note: pick(language, english.1, french.1),
        amount,
        after,
    };
    vec![
        line(
            "2026-11-03",
            ("Voucher redeemed", "…42RF"),
            ("Bon utilisé", "…42RF"),
            20_000_000,
            26_520_000,
        ),
        line(
            "2026-10-31",
            ("October shared out", "5 works"),
            ("Octobre partagé", "5 œuvres"),
            -10_000_000,
            6_520_000,
        ),
        line(
            "2026-10-12",
            ("Bank transfer", "reference OB-7Q2M"),
            ("Virement", "référence OB-7Q2M"),
            12_000_000,
            16_520_000,
        ),
        line(
            "2026-09-30",
            ("September shared out", "9 works"),
            ("Septembre partagé", "9 œuvres"),
            -10_000_000,
            4_520_000,
        ),
    ]
}

fn works(language: Language) -> Vec<Work> {
    let work = |english, french, site, patrons, gross: i64| Work {
        title: pick(language, english, french),
        site,
        patrons,
        gross,
        fee: -gross / 10,
    };
    vec![
        work(
            "How bridges are mended",
            "Comment on répare les ponts",
            "example.org/bridges",
            40,
            30_000_120,
        ),
        work(
            "How tunnels are lit",
            "Comment on éclaire les tunnels",
            "example.org/tunnels",
            15,
            12_300_002,
        ),
        work("A map of old wells", "Une carte des vieux puits", "example.org/wells", 5, 4_222_450),
    ]
}

fn batches(language: Language) -> Vec<Batch> {
    let batch = |name, date, count, each, redeemed, class, state: (&str, &str)| Batch {
        name,
        date,
        count,
        each,
        redeemed,
        class,
        state: pick(language, state.0, state.1),
    };
    vec![
        batch("2026-11-a", "2026-11-02", 50, 20_000_000, 31, "", ("open", "ouvert")),
        batch("2026-09-b", "2026-09-14", 200, 5_000_000, 200, "good", ("used up", "épuisé")),
        batch(
            "2026-09-a",
            "2026-09-01",
            10,
            50_000_000,
            2,
            "waiting",
            ("ends soon", "expire bientôt"),
        ),
        batch("2026-05-a", "2026-05-20", 100, 10_000_000, 64, "bad", ("void", "annulé")),
    ]
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

fn render(language: Language) -> askama::Result<Vec<(&'static str, String)>> {
    let page = |english, french, place| page(language, (english, french), place);
    let mut month = page("This month", "Ce mois-ci", Place::Month);
    let done = pick(
        language,
        "Your click is in: 3 points for “How bridges are mended”.",
        "Votre clic est compté : 3 points pour « Comment on répare les ponts ».",
    );
    month.flash = Some(Notice { tone: Tone::Success, text: done });
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
                page: page("Wallet", "Portefeuille", Place::Wallet),
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
