//! `obole serve`

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Common, Serve};
use crate::configuration;
use crate::serving::{self, Serving};

pub async fn run(common: &Common, serve: Serve) -> Result<ExitCode> {
    let mut config = configuration::read(common)?;
    if let Some(listen) = serve.listen {
        config.server.listen = listen;
    }
    if let Some(base_url) = serve.base_url {
        config.server.base_url = base_url;
    }
    let serving = Serving::begin(config).await?;
    let app = serving.open().await?;
    serving::invite(&app).await?;
    serving::go_on_comparing(&app).await?;
    serving.run(app).await?;
    Ok(ExitCode::SUCCESS)
}
