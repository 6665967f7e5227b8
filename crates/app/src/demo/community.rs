//! The words that the community is made of. All of them are invented.

/// The makers, by handle and name.
pub(super) const CREATORS: [(&str, &str); 11] = [
    ("lantern-radio", "Lantern Radio"),
    ("slow-gazette", "The Slow Gazette"),
    ("tidepool-tools", "Tidepool Tools"),
    ("harbour-songs", "Harbour Songs"),
    ("moss-and-type", "Moss & Type"),
    ("la-fabrique-a-cartes", "La Fabrique à cartes"),
    ("kite-school", "Kite School"),
    ("le-potager-libre", "Le Potager libre"),
    ("night-bus-comics", "Night Bus Comics"),
    ("paper-telescope", "Paper Telescope"),
    ("radio-brume", "Radio Brume"),
];

/// Sample bank accounts of the registries' documentation, for the first creators.
pub(super) const IBANS: [&str; 4] = [
    "FR1420041010050500013M02606",
    "BE68539007547034",
    "NL91ABNA0417164300",
    "DE89370400440532013000",
];

/// Notes of thanks.
pub(super) const NOTES: [&str; 4] = [
    "Thank you, this made my week.",
    "Merci, c’est exactement ce qu’il me fallait !",
    "I come back to this one again and again.",
    "Bravo pour la constance.",
];

const ADJECTIVES: [&str; 20] = [
    "amber", "brisk", "calm", "dapper", "eager", "fond", "gentle", "humble", "ivory", "jolly",
    "keen", "lucid", "mellow", "nimble", "opal", "plucky", "quiet", "russet", "sunny", "tidy",
];

const ANIMALS: [&str; 17] = [
    "badger", "crane", "dormouse", "egret", "finch", "gecko", "heron", "ibis", "jay", "kestrel",
    "lynx", "marten", "newt", "otter", "puffin", "robin", "stoat",
];

/// The second administrator.
pub(super) const TREASURER: &str = "demo-treasurer";

/// A patron's handle and name by number.
pub(super) fn patron(number: usize) -> (String, String) {
    let word = |words: &[&'static str], place: usize| {
        words.get(place % words.len()).copied().unwrap_or_default()
    };
    let (adjective, animal) = (word(&ADJECTIVES, number), word(&ANIMALS, number));
    let round = number / (ADJECTIVES.len() * ANIMALS.len());
    let end = if round == 0 { String::new() } else { format!("-{}", round + 1) };
    let capital = |text: &str| {
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let name = format!("{} {}", capital(adjective), capital(animal));
    (format!("{adjective}-{animal}{end}"), name)
}

/// A work of the community.
pub(super) struct Made {
    pub(super) url: String,
    pub(super) title: String,
    /// The place of its maker; the first is the demonstration's own.
    pub(super) creator: usize,
}

/// Titles for each maker, the demonstration's own first.
const TITLES: [[&str; 5]; 12] = [
    [
        "Letters from the Lighthouse",
        "The Clockmaker’s Map",
        "A Field Guide to Puddles",
        "Lettres du phare",
        "Small Machines",
    ],
    [
        "Episode 1: Ferries",
        "Episode 2: Bells",
        "Episode 3: The Tide Table",
        "Episode 4: Rope",
        "Episode 5: Fog",
    ],
    [
        "Why the bridge was never finished",
        "A year without elevators",
        "The baker’s ledger",
        "Notes on waiting",
        "Who counts the swifts?",
    ],
    [
        "brine, a tiny log reader",
        "kelp, dates without tears",
        "limpet, a patient downloader",
        "shoal, queues on one page",
        "anemone, colour for terminals",
    ],
    ["Low Water Waltz", "Three Moorings", "Gull Song", "The Ballast Reel", "Home by Starlight"],
    [
        "Garamoss, a quiet serif",
        "Lichen Mono",
        "How to draw an ampersand",
        "Inktraps explained",
        "Fernleaf Italic",
    ],
    [
        "Carte des sentiers du plateau",
        "Les bancs de la ville",
        "Atlas des fontaines",
        "Le plan des raccourcis",
        "Cartographier les odeurs",
    ],
    [
        "Lesson 1: The line",
        "Lesson 2: Wind you cannot see",
        "Lesson 3: Landing softly",
        "Build a box kite",
        "Repairing a spar",
    ],
    [
        "Semer en novembre",
        "Le compost sans mystère",
        "Douze haricots anciens",
        "Partager une serre",
        "Arroser moins",
    ],
    [
        "Stop 1: The last seat",
        "Stop 2: Wrong change",
        "Stop 3: The sleeping poet",
        "Stop 4: Terminus",
        "Stop 5: The driver’s dog",
    ],
    [
        "Grinding a mirror at home",
        "The moons through a paper tube",
        "A sundial for renters",
        "Saturn on a budget",
        "Stars above street lamps",
    ],
    [
        "Écoute 1 : le marché",
        "Écoute 2 : la gare vide",
        "Écoute 3 : sous la pluie",
        "Écoute 4 : les oiseaux du toit",
        "Écoute 5 : le silence",
    ],
];

/// A work by number, made by one of so many makers.
pub(super) fn work(number: usize, creators: usize) -> Made {
    let creator = number % creators.clamp(1, TITLES.len());
    let place = number / TITLES.len();
    let titles = TITLES.get(creator).unwrap_or(&TITLES[0]);
    let title = titles.get(place % titles.len()).copied().unwrap_or_default();
    let round = place / titles.len();
    let title = if round == 0 { title.to_owned() } else { format!("{title} ({})", round + 1) };
    let handle = creator.checked_sub(1).and_then(|place| CREATORS.get(place));
    let host = handle.map_or("demo-creator", |(handle, _)| *handle);
    let url = format!("https://{host}.example/{}", place + 1);
    Made { url, title, creator }
}

/// A pupil's handle and name by number.
pub(super) fn pupil(number: i64) -> (String, String) {
    (format!("demo-pupil-{number}"), format!("Demo Pupil {number}"))
}
