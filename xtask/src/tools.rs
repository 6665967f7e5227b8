//! What the tests need besides Rust: says what is missing, and installs it where it may.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{self, Outcome};
use crate::{places, postgres};

const AXE: &str = "axe-core@4.14.1";
const SEPAXML: &str = "sepaxml==2.7.0";
const AUTHLIB: &str = "authlib==1.9.10";
const REQUESTS: &str = "requests==2.34.2";
const FLATTRCLIENT: &str = "flattrclient==0.2";
const FLATTRCLIENTS_NEEDS: [&str; 3] = ["six==1.17.0", "simplejson==3.20.2", REQUESTS];
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const CLIENT_MAKER: &str = "openapi-python-client==0.29.1";
const STANDARDWEBHOOKS: &str = "standardwebhooks==1.1.0";
const DUCKDB: &str = "duckdb==2.0.1";
const LIGHTHOUSE: &str = "lighthouse@12.8.2";
const CARGO_DENY: &str = "cargo-deny 0.20.2";

/// A program of the system, and Debian's package that has it.
#[derive(Clone, Copy)]
pub struct Need {
    what: &'static str,
    package: &'static str,
    is_there: fn() -> bool,
}

/// PostgreSQL: server and psql.
pub const POSTGRES: Need = Need {
    what: "PostgreSQL",
    package: "postgresql",
    is_there: || postgres::programs().is_some() && places::program(&["psql"]).is_some(),
};

const CHROMIUM: Need =
    Need { what: "Chromium", package: "chromium", is_there: || chromium().is_some() };

const CHROMEDRIVER: Need =
    Need { what: "ChromeDriver", package: "chromium-driver", is_there: || driver().is_some() };

const DEJAVU: Need = Need {
    what: "DejaVu fonts (screenshots)",
    package: "fonts-dejavu-core",
    is_there: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
};

const XMLLINT: Need = Need {
    what: "xmllint",
    package: "libxml2-utils",
    is_there: || places::program(&["xmllint"]).is_some(),
};

const OATHTOOL: Need = Need {
    what: "oathtool (a maker of one-time codes)",
    package: "oathtool",
    is_there: || places::program(&["oathtool"]).is_some(),
};

const HLEDGER: Need = Need {
    what: "hledger",
    package: "hledger",
    is_there: || places::program(&["hledger"]).is_some(),
};

const BEANCOUNT: Need = Need {
    what: "bean-check",
    package: "beancount",
    is_there: || places::program(&["bean-check"]).is_some(),
};

const KNOT: Need = Need {
    what: "Knot DNS",
    package: "knot",
    is_there: || places::program(&["knotd", "/usr/sbin/knotd"]).is_some(),
};

const LEDGER: Need =
    Need { what: "ledger", package: "ledger", is_there: || places::program(&["ledger"]).is_some() };

const NPM: Need = Need {
    what: "npm (for axe-core and Lighthouse)",
    package: "npm",
    is_there: || places::program(&["npm"]).is_some(),
};

const PIP: Need = Need {
    what: "pip (for the bank's schemas)",
    package: "python3-pip",
    is_there: || schemas().exists() || has_pip(),
};

const AUTHLIBS_PIP: Need = Need {
    what: "pip (for Authlib and flattrclient)",
    package: "python3-pip",
    is_there: || {
        let is_there = authlib().join("authlib").exists() && flattrclient().exists();
        is_there || has_pip()
    },
};

const APIS_PIP: Need = Need {
    what: "pip (for Schemathesis and openapi-python-client)",
    package: "python3-pip",
    is_there: || (schemathesis().exists() && client_maker().exists()) || has_pip(),
};

const NODE: Need = Need {
    what: "Node.js (for the examples of the API's guide)",
    package: "nodejs",
    is_there: || places::program(&["node"]).is_some(),
};

const WEBHOOKS_PIP: Need = Need {
    what: "pip (for the Standard Webhooks library)",
    package: "python3-pip",
    is_there: || standardwebhooks().exists() || has_pip(),
};

const DUCKDBS_PIP: Need = Need {
    what: "pip (for DuckDB)",
    package: "python3-pip",
    is_there: || duckdb_folder().exists() || has_pip(),
};

/// Installs whatever the tests need and is not there.
pub fn install_everything() -> Outcome {
    install(&[POSTGRES, CHROMIUM, CHROMEDRIVER, DEJAVU, XMLLINT, KNOT, OATHTOOL])?;
    install(&[HLEDGER, BEANCOUNT, LEDGER, NPM, PIP, AUTHLIBS_PIP, WEBHOOKS_PIP, APIS_PIP, NODE])?;
    fetch_axe()?;
    fetch_schemas()?;
    fetch_authlib()?;
    fetch_flattrclient()?;
    fetch_schemathesis()?;
    fetch_client_maker()?;
    fetch_standardwebhooks()
}

/// Installs what makes requests up.
pub fn install_schemathesis() -> Outcome {
    install(&[APIS_PIP])?;
    fetch_schemathesis()
}

/// Installs what the browser tests need and is not there.
pub fn install_browser() -> Outcome {
    install(&[POSTGRES, CHROMIUM, CHROMEDRIVER, DEJAVU, NPM, OATHTOOL])?;
    fetch_axe()
}

/// Installs those of the needs that are not there, through Debian's packages.
pub fn install(needs: &[Need]) -> Outcome {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    let packages = packages.join(" ");
    let whats: Vec<_> = missing.iter().map(|need| need.what).collect();
    let whats = whats.join(", ");
    let [program, words] = apt().ok_or_else(|| not_allowed(&whats, &packages))?;
    println!("Missing: {whats}.");
    run::show(&mut run::program(program, &format!("{words} update -q")))?;
    let words = format!("{words} install -q -y --no-install-recommends {packages}");
    run::show(&mut run::program(program, &words))?;
    let left = self::missing(needs);
    let left: Vec<_> = left.iter().map(|need| need.what).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("Still missing: {}.", left.join(", "))) }
}

fn missing(needs: &[Need]) -> Vec<Need> {
    needs.iter().filter(|need| !(need.is_there)()).copied().collect()
}

fn not_allowed(whats: &str, packages: &str) -> String {
    format!(
        "Missing: {whats}.\nThis account may not install packages here. Install them and try \
         again; on Debian: apt-get install --no-install-recommends {packages}"
    )
}

/// The program and first words that install packages; none where that needs a password or where
/// there is no apt-get.
fn apt() -> Option<[&'static str; 2]> {
    places::program(&["apt-get"])?;
    let user = run::read(Command::new("id").arg("-u")).ok()?;
    if user.stdout.trim_ascii() == b"0" {
        return Some(["env", "DEBIAN_FRONTEND=noninteractive apt-get"]);
    }
    let words = ["sudo", "-n env DEBIAN_FRONTEND=noninteractive apt-get"];
    answers("sudo", "-n true").then_some(words)
}

fn has_pip() -> bool {
    answers("python3", "-m pip --version")
}

fn answers(name: &str, words: &str) -> bool {
    run::read(&mut run::program(name, words)).is_ok_and(|output| output.status.success())
}

/// Chromium.
pub fn chromium() -> Option<PathBuf> {
    places::program(&["chromium", "google-chrome", "chromium-browser"])
}

/// ChromeDriver.
pub fn driver() -> Option<PathBuf> {
    places::program(&["chromedriver"])
}

/// axe-core's script.
pub fn axe() -> PathBuf {
    places::tools().join(AXE).join("node_modules/axe-core/axe.min.js")
}

/// The folder of the schemas of ISO 20022 that a payment file is checked against.
pub fn schemas() -> PathBuf {
    places::tools().join(SEPAXML).join("sepaxml/schemas")
}

fn fetch_axe() -> Outcome {
    fetch(&axe(), AXE, |folder| from_npm(AXE, folder))
}

fn fetch_schemas() -> Outcome {
    fetch(&schemas(), SEPAXML, |folder| unpack(SEPAXML, folder))
}

/// Lighthouse: its folder of modules.
pub fn lighthouse() -> Result<PathBuf, String> {
    install(&[CHROMIUM, NPM])?;
    let modules = places::tools().join(LIGHTHOUSE).join("node_modules");
    fetch(&modules, LIGHTHOUSE, |folder| from_npm(LIGHTHOUSE, folder))?;
    Ok(modules)
}

/// Brings a package of npm with what it needs: nothing of it is run.
fn from_npm(package: &str, folder: &Path) -> Outcome {
    let words = format!("install --ignore-scripts --no-audit --no-fund {package} --prefix");
    run::show(run::program("npm", &words).arg(folder))
}

/// The folder of the OAuth library that a running instance is tried with, and what it needs.
pub fn authlib() -> PathBuf {
    places::tools().join(AUTHLIB)
}

fn fetch_authlib() -> Outcome {
    fetch(&authlib().join("authlib"), AUTHLIB, |folder| from_pypi(&[AUTHLIB, REQUESTS], folder))
}

/// The folder of what makes up requests from the API's description, with requests and a checker of
/// JSON schemas.
pub fn schemathesis() -> PathBuf {
    places::tools().join(SCHEMATHESIS)
}

fn fetch_schemathesis() -> Outcome {
    let wanted = schemathesis().join("schemathesis");
    fetch(&wanted, SCHEMATHESIS, |folder| from_pypi(&[SCHEMATHESIS], folder))
}

/// The folder of what writes a client from the API's description.
pub fn client_maker() -> PathBuf {
    places::tools().join(CLIENT_MAKER)
}

fn fetch_client_maker() -> Outcome {
    let wanted = client_maker().join("openapi_python_client");
    fetch(&wanted, CLIENT_MAKER, |folder| from_pypi(&[CLIENT_MAKER], folder))
}

/// Brings packages of PyPI with what they need.
fn from_pypi(packages: &[&str], folder: &Path) -> Outcome {
    let words = "-m pip install -q --only-binary :all: --no-compile --target";
    run::show(run::program("python3", words).arg(folder).args(packages))
}

/// The folder of a library that was written for Flattr, and what it needs.
pub fn flattrclient() -> PathBuf {
    places::tools().join(FLATTRCLIENT)
}

/// It exists as source only: pip asks its set-up for its name, and the files are taken as they are.
fn fetch_flattrclient() -> Outcome {
    fetch(&flattrclient().join("flattrclient"), FLATTRCLIENT, |folder| {
        let words = format!("-m pip download -q --no-deps --no-binary :all: {FLATTRCLIENT} -d");
        run::show(run::program("python3", &words).arg(folder))?;
        let file = folder.join("flattrclient-0.2.tar.gz");
        run::show(
            run::program("tar", "--strip-components=1 -xzf").arg(file).arg("-C").arg(folder),
        )?;
        let words = "-m pip install -q --only-binary :all: --no-compile --target";
        run::show(run::program("python3", words).arg(folder).args(FLATTRCLIENTS_NEEDS))
    })
}

/// The folder of the Standard Webhooks project's Python module, which checks what we sign.
pub fn standardwebhooks() -> PathBuf {
    places::tools().join(STANDARDWEBHOOKS)
}

fn fetch_standardwebhooks() -> Outcome {
    fetch(&standardwebhooks(), STANDARDWEBHOOKS, |folder| unpack(STANDARDWEBHOOKS, folder))
}

/// DuckDB's Python module, to measure against: the folder that it is in.
pub fn duckdb() -> Result<PathBuf, String> {
    install(&[DUCKDBS_PIP])?;
    fetch(&duckdb_folder(), DUCKDB, |folder| unpack(DUCKDB, folder))?;
    Ok(duckdb_folder())
}

fn duckdb_folder() -> PathBuf {
    places::tools().join(DUCKDB)
}

/// Brings a wheel and unpacks it: nothing of it is run.
fn unpack(package: &str, folder: &Path) -> Outcome {
    let words = format!("-m pip download -q --no-deps --only-binary :all: {package} -d");
    run::show(run::program("python3", &words).arg(folder))?;
    let files = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut files = files.flatten().map(|entry| entry.path());
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|end| end == "whl");
    let wheel =
        files.find(is_wheel).ok_or_else(|| format!("pip brought no wheel of {package}."))?;
    run::show(run::program("python3", "-m zipfile -e").arg(wheel).arg(folder))
}

/// Fills the folder of a tool, in one move at the end: half a download is never taken for one.
fn fetch(wanted: &Path, name: &str, fill: impl FnOnce(&Path) -> Outcome) -> Outcome {
    if wanted.exists() {
        return Ok(());
    }
    let part = places::tools().join(format!("{name}.part-{}", std::process::id()));
    fs::create_dir_all(&part).map_err(|error| format!("{}: {error}", part.display()))?;
    fill(&part)?;
    let moved = fs::rename(&part, places::tools().join(name));
    // Another run may have been first: then its copy serves.
    if wanted.exists() { Ok(()) } else { Err(format!("{name} is not in place: {moved:?}")) }
}

/// cargo-deny of the version that `deny.toml` is written for, built once if need be.
pub fn cargo_deny() -> Result<PathBuf, String> {
    let own = places::tools().join("bin/cargo-deny");
    for candidate in places::program(&["cargo-deny"]).into_iter().chain([own.clone()]) {
        let version = run::read(&mut run::program(&candidate, "--version"));
        if version.is_ok_and(|output| output.stdout.trim_ascii() == CARGO_DENY.as_bytes()) {
            return Ok(candidate);
        }
    }
    let package = CARGO_DENY.replace(' ', "@");
    let mut install = run::cargo(&format!("install --locked {package} --root"));
    run::show(install.arg(places::tools()).env("CARGO_TARGET_DIR", places::tools().join("build")))?;
    let _ = fs::remove_dir_all(places::tools().join("build"));
    Ok(own)
}
