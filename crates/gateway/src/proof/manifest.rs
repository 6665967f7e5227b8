//! A proof in a `funding.json` (FLOSS/fund, version 1): a channel whose address is the claim's
//! link.

use obole_domain::claim::Finding;
use serde_json::Value;

use super::Sought;
use crate::fetch::Answer;

/// What a manifest comes to. Later versions of the format are read as far as they have channels.
pub(super) fn read(answer: &Answer, sought: &Sought) -> Finding {
    let Ok(manifest) = serde_json::from_slice::<Value>(&answer.body) else {
        return Finding::Missing;
    };
    let channels = manifest.pointer("/funding/channels").and_then(Value::as_array);
    let channels = channels.into_iter().flatten();
    sought.among(channels.filter_map(|channel| channel.get("address")?.as_str()))
}

#[cfg(test)]
mod tests {
    use obole_domain::claim::ClaimMethod;

    use super::super::page::tests::sought;
    use super::*;

    #[test]
    fn a_channel_leads_to_the_claim() {
        let sought = sought(ClaimMethod::Funding, "https://code.example/");
        let read = |body: String| {
            let body = body.into_bytes();
            super::read(&Answer { status: 200, body, ..Answer::default() }, &sought)
        };
        let channels = |address: &str| {
            format!(
                r#"{{"version":"v1.1.0","entity":{{"description":"https://obole.example/@eve/x"}},
                "funding":{{"channels":[{{"guid":"bank","type":"bank","address":""}},
                {{"guid":"o","type":"payment-provider","address":"{address}"}}]}}}}"#
            )
        };
        let ours = format!("https://obole.example/@zoe/{}", sought.token);
        assert_eq!(read(channels(&ours)), Finding::Found);
        assert_eq!(read(channels(&format!("{ours}/"))), Finding::Found);
        let other = format!("https://obole.example/@eve/obole-{}", "0".repeat(26));
        assert_eq!(read(channels(&other)), Finding::Other);
        for address in
            ["https://obole.example/@zoe", &ours.replace("obole.example", "evil.example")]
        {
            assert_eq!(read(channels(address)), Finding::Missing, "{address}");
        }
        for body in ["", "<html>", "[]", r#"{"funding":{"channels":{"address":1}}}"#] {
            assert_eq!(read(body.to_owned()), Finding::Missing, "{body}");
        }
    }
}
