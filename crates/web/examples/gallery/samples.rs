//! Made-up works, clicks and amounts in every language.

use obole_domain::{Currency, Micros, Money};
use obole_language::Language;
use obole_web::chart::{Bar, Segment};

pub fn pick(language: Language, english: &str, french: &str) -> String {
    if language == Language::English { english } else { french }.to_owned()
}

pub struct Click {
    pub title: String,
    pub site: &'static str,
    pub points: u64,
    pub micros: i64,
    pub is_promise: bool,
}

pub struct Line {
    pub date: &'static str,
    pub what: String,
    pub note: String,
    pub amount: i64,
    pub after: i64,
}

pub struct Work {
    pub title: String,
    pub site: &'static str,
    pub patrons: u32,
    pub gross: i64,
    pub fee: i64,
}

pub struct Batch {
    pub name: &'static str,
    pub date: &'static str,
    pub count: u32,
    pub each: i64,
    pub redeemed: u32,
    pub class: &'static str,
    pub state: String,
}

pub fn clicks(language: Language) -> Vec<Click> {
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

pub fn segments(language: Language) -> Vec<Segment> {
    let segment = |click: Click| Segment {
        label: click.title,
        points: click.points,
        text: obole_language::money(language, Money::new(Micros::new(click.micros), Currency::EUR)),
    };
    clicks(language).into_iter().map(segment).collect()
}

pub fn bars(language: Language, count: usize) -> Vec<Bar> {
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

pub fn wallet_lines(language: Language) -> Vec<Line> {
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

pub fn works(language: Language) -> Vec<Work> {
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

pub fn batches(language: Language) -> Vec<Batch> {
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
