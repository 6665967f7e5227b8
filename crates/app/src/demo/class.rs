//! A class that sings: pupils who come together with one batch of vouchers and click the same songs
//! in one lesson. It looks as if one hand had moved several accounts, and is the case that shows
//! administrators why a person decides (X5).

use obole_domain::click::Way;
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, CanonicalUrl, Micros, Money};

use super::{Life, account, community};
use crate::audit_log::Actor;
use crate::budgets;
use crate::clicks::{self, Give, Target};
use crate::error::Result;
use crate::vouchers::{self, NewVouchers};

/// How many pupils, and how many songs.
const PUPILS: i64 = 6;

/// Lets a class come, whose songs are a creator's.
pub(super) async fn sing(life: &Life<'_>, creator: AccountId) -> Result<()> {
    let currency = life.app.main_currency();
    let amount = Money::new(Micros::units(10), currency);
    let new = NewVouchers { amount, count: PUPILS, expires_at: None };
    let codes = vouchers::create(life.app, Actor::Page(life.admin), new).await?;
    let mut songs = Vec::new();
    for number in 1..=PUPILS {
        let song = CanonicalUrl::parse(&format!("https://choir.example/song-{number}"))?;
        life.claim(song.clone(), creator).await?;
        songs.push((song, format!("Invented song {number}")));
    }
    for (number, code) in (1..).zip(codes) {
        let (handle, name) = community::pupil(number);
        let pupil = account(life.app, &handle, &name, false).await?;
        let code = VoucherCode::parse(&code)?;
        vouchers::redeem(life.app, pupil, &life.key()?, code).await?;
        budgets::set(life.app, pupil, Money::new(Micros::units(3), currency)).await?;
        for (song, title) in &songs {
            let (target, title) = (Target::Url(song.clone()), title.clone());
            let give = Give { target, title, points: 1, note: None, way: Way::Page };
            clicks::give(life.app, pupil, &life.key()?, give).await?;
        }
    }
    Ok(())
}
