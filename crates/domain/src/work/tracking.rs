//! Query parameters that only say how the reader came: conventions of those who send mails, sell
//! advertisements and count visitors. Only names that mean nothing else anywhere.

/// Names in small letters; those ending in `*` are prefixes.
const TRACKING: &[&str] = &[
    // Web analytics.
    "utm_*",
    "mtm_*",
    "matomo_*",
    "pk_*",
    "piwik_*",
    "_ga",
    "_gl",
    "_gac",
    "xtor",
    "at_medium",
    "at_campaign",
    "at_recipient_id",
    "at_recipient_list",
    "wt_mc",
    "wt_zmc",
    "wtrid",
    "_openstat",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    // Advertisements.
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "fb_ref",
    "gclid",
    "gclsrc",
    "gad_source",
    "gad_campaignid",
    "dclid",
    "gbraid",
    "wbraid",
    "srsltid",
    "msclkid",
    "yclid",
    "ysclid",
    "ymclid",
    "twclid",
    "ttclid",
    "li_fat_id",
    "epik",
    "rdt_cid",
    "sccid",
    "s_kwcid",
    "ef_id",
    "irclickid",
    "irgwc",
    "cjevent",
    "tduid",
    "rb_clickid",
    "wickedid",
    "dicbo",
    "tblci",
    "hsa_*",
    "_branch_match_id",
    "_branch_referrer",
    // Social networks.
    "igshid",
    "igsh",
    "mibextid",
    "sfnsn",
    "ref_src",
    "ref_url",
    // Newsletters and who sends them.
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "__hstc",
    "__hssc",
    "__hsfp",
    "hsctatracking",
    "mkt_tok",
    "vero_id",
    "vero_conv",
    "oly_anon_id",
    "oly_enc_id",
    "dm_i",
    "elqtrack",
    "elqtrackid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "ck_subscriber_id",
    "vgo_ee",
    "_kx",
    "bsft_*",
    "bbeml",
    "nr_email_referer",
    // The viewer of AMP pages.
    "amp_js_v",
    "amp_gsa",
    "amp_ct",
    "amp_tf",
    "usqp",
];

/// Whether a query parameter, `name` or `name=value`, only says how the reader came.
pub(super) fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    TRACKING.iter().any(|known| match known.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_the_reader_came_falls_away_and_what_is_shown_stays() {
        for name in
            ["utm_source=x", "UTM_Medium", "fbclid=1", "gclid=", "mc_cid=a", "hsCtaTracking"]
        {
            assert!(is_tracking(name), "{name}");
        }
        for name in ["id=1", "ref=a", "source=b", "utm", "q=utm_source", "s", "page", "gclids", "v"]
        {
            assert!(!is_tracking(name), "{name}");
        }
    }

    #[test]
    fn names_are_in_small_letters_and_stand_once() {
        let mut names = TRACKING.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TRACKING.len());
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
    }
}
