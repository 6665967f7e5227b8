//! `obole login`

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::arguments::{Common, Login};
use crate::output;
use crate::remote::{self, Endpoints, Keeper, Kept, Remote, SignedIn, Waiting};

/// Mistyped (contract.md section 1).
const USAGE: u8 = 2;

pub async fn run(common: &Common, login: Login) -> Result<ExitCode> {
    let keeper = Keeper::find()?;
    if login.end {
        return end(common, &keeper).await;
    }
    let before = keeper.lock()?.read().unwrap_or_default();
    let known = before.as_ref().map(|kept| kept.instance.clone());
    let Some(address) = login.instance.or(known) else {
        output::note("error: say which instance: obole login --instance https://obole.example");
        return Ok(ExitCode::from(USAGE));
    };
    let remote = Remote::new(&address)?;
    let endpoints = Endpoints::find(&remote).await?;
    let waiting = Waiting::begin(&remote, &endpoints).await?;
    output::note(&format!("Open {} and type this code: {}", waiting.page, waiting.user_code));
    output::note(&format!("Or open {} and compare the code there.", waiting.whole_page));
    if login.open {
        open(&waiting.whole_page);
    }
    let kept = waiting.answer().await?;
    keeper.lock()?.write(&kept)?;
    if let Some(before) = before.filter(|before| before.refresh != kept.refresh) {
        forget(&before).await;
    }
    tell(common, &kept).await
}

/// Gives a sign-in back that another took the place of; it ends by itself where that fails.
async fn forget(before: &Kept) {
    let Ok(remote) = Remote::new(&before.instance) else { return };
    if remote::end(&remote, before).await.is_err() {
        output::note(&format!(
            "the sign-in before could not be given back; {} lists it under Settings, Apps",
            before.instance
        ));
    }
}

/// Says who is signed in where.
async fn tell(common: &Common, kept: &Kept) -> Result<ExitCode> {
    let me = SignedIn::open()?.get("/me").await?;
    let handle = me.text("handle");
    let json = json!({ "instance": kept.instance, "handle": handle, "scope": kept.scope });
    output::data(common.json, &json, || format!("Signed in to {} as @{handle}.", kept.instance));
    Ok(ExitCode::SUCCESS)
}

/// Opens a page of the instance in whatever the desktop has for it.
fn open(page: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.spawn().is_err() {
        output::note("no browser could be opened");
    }
}

async fn end(common: &Common, keeper: &Keeper) -> Result<ExitCode> {
    let mut locked = keeper.lock()?;
    let Some(kept) = locked.read()? else {
        output::data(common.json, &json!({ "signed_out": false }), || {
            "Nobody is signed in on this machine.".to_owned()
        });
        return Ok(ExitCode::SUCCESS);
    };
    let given_back = remote::end(&Remote::new(&kept.instance)?, &kept).await;
    locked.remove()?;
    given_back.with_context(|| {
        format!(
            "this machine has forgotten the sign-in, but {} was not told: end it there under \
             Settings, Apps",
            kept.instance
        )
    })?;
    let json = json!({ "signed_out": true, "instance": kept.instance });
    output::data(common.json, &json, || format!("Signed out of {}.", kept.instance));
    Ok(ExitCode::SUCCESS)
}
