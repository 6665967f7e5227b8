//! What can go wrong with each operation: the statuses and the codes that come with them. Most
//! follow from what a request sends; rules of its own stand in [`own`]. The tests of the API
//! compare every answer that they get with this.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The codes of each status.
pub type Codes = BTreeMap<u16, Vec<&'static str>>;

/// What an operation sends, which tells most of what can go wrong.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a part of a request")]
pub struct Sends {
    /// A body.
    pub body: bool,
    /// A query.
    pub query: bool,
    /// Which page of a list.
    pub page: bool,
    /// Something in the path.
    pub path: bool,
    /// An idempotency key.
    pub key: bool,
    /// A token, which it needs.
    pub token: bool,
    /// Anything but GET.
    pub change: bool,
}

/// Codes of amounts as they are read.
const AMOUNT: [&str; 4] =
    ["amount_malformed", "amount_too_fine", "amount_too_large", "currency_unknown"];

/// Codes of addresses as they are read.
const ADDRESS: [&str; 4] = ["missing", "url_malformed", "url_scheme", "url_too_long"];

/// The codes of an operation that follow from its own rules.
fn own(operation: &str) -> Vec<(u16, Vec<&'static str>)> {
    let rule = |codes: &[&'static str]| vec![(422, codes.to_vec())];
    let address = |more: &[&'static str]| vec![(422, [&ADDRESS, more].concat())];
    match operation {
        "give_click" => {
            let rules = [
                "points_out_of_range",
                "points_full",
                "clicked_already",
                "own_work",
                "work_refused",
                "too_long",
                "not_text",
            ];
            [address(&rules), vec![(400, vec!["field_either"]), (404, vec!["not_found"])]].concat()
        }
        "make_subscription" => {
            let rules = [
                "points_out_of_range",
                "own_work",
                "work_refused",
                "subscribed",
                "subscriptions_full",
                "subscription_length",
            ];
            [address(&rules), vec![(400, vec!["field_either"]), (404, vec!["not_found"])]].concat()
        }
        "get_subscription" | "stop_subscription" => vec![(404, vec!["subscription_missing"])],
        "change_subscription" => vec![
            (404, vec!["subscription_missing"]),
            (
                422,
                vec![
                    "points_out_of_range",
                    "own_work",
                    "work_refused",
                    "subscribed",
                    "subscriptions_full",
                    "subscription_ended",
                    "subscription_length",
                ],
            ),
        ],
        "get_click" | "take_back_click" => vec![(404, vec!["click_missing"])],
        "set_click" => vec![
            (404, vec!["click_missing"]),
            (422, vec!["points_out_of_range", "points_full", "work_refused", "clicked_already"]),
        ],
        "list_clicks" | "list_notes" => {
            vec![(400, vec!["choice_unknown"]), (422, vec!["period_malformed"])]
        }
        "list_movements" => vec![(400, vec!["choice_unknown"])],
        "list_works" => {
            [address(&["work_language_unknown"]), vec![(400, vec!["choice_unknown"])]].concat()
        }
        "change_work" => rule(&["too_long", "not_text", "work_language_unknown"]),
        _ => own_of_accounts(operation),
    }
}

/// The same of operations that are not about clicks and works.
fn own_of_accounts(operation: &str) -> Vec<(u16, Vec<&'static str>)> {
    let rule = |codes: &[&'static str]| vec![(422, codes.to_vec())];
    let address = |more: &[&'static str]| vec![(422, [&ADDRESS, more].concat())];
    let amount = |more: &[&'static str]| vec![(422, [&AMOUNT, more].concat())];
    match operation {
        "set_budget" => amount(&["budget_too_small"]),
        "redeem_voucher" => rule(&["missing", "voucher_mistyped", "voucher_unusable"]),
        "move_earnings" => amount(&["not_enough", "amount_zero", "held", "quarantined"]),
        "return_earnings" => rule(&["nothing_to_return", "not_enough", "currency_unknown"]),
        "take_play_money" => amount(&["play_money_off", "play_money_limit", "amount_zero"]),
        "change_payee" => amount(&["threshold_too_small"]),
        "bring_proposals" => rule(&["nothing_to_bring", "proposals_full", "too_long"]),
        "dismiss_proposals" => address(&[]),
        "get_work_of_code" => rule(&[
            "missing",
            "not_text",
            "work_code_malformed",
            "work_code_word",
            "work_code_word_near",
            "work_code_mixed",
            "work_code_swapped",
            "work_code_mistyped",
        ]),
        "make_code" => rule(&["work_refused", "work_codes_full"]),
        "begin_claim" => vec![
            (404, vec!["not_found"]),
            (
                422,
                vec![
                    "email_unconfirmed",
                    "proof_impossible",
                    "claims_full",
                    "url_malformed",
                    "too_many",
                ],
            ),
        ],
        "check_claim" => vec![(404, vec!["not_found"]), (422, vec!["state_moved"])],
        "change_note" => Vec::new(),
        "report_note" => rule(&["missing", "too_long", "not_text", "state_moved"]),
        "report_work" | "report_profile" => {
            rule(&["missing", "too_long", "not_text", "report_own", "reports_full", "report_open"])
        }
        "change_settings" => rule(&["too_long", "not_text"]),
        "distrust_site" | "take_back_clicks_of_site" => {
            [address(&[]), vec![(400, vec!["parameter_missing"]), (404, vec!["not_found"])]]
                .concat()
        }
        "make_webhook" => rule(&[
            "webhook_url",
            "webhooks_full",
            "webhook_event_unknown",
            "webhook_events_missing",
            "email_unconfirmed",
        ]),
        "change_webhook" => rule(&["webhook_event_unknown", "webhook_events_missing"]),
        "test_webhook" | "replay_delivery" => rule(&["webhook_off"]),
        _ => Vec::new(),
    }
}

/// Every code of an operation by its status.
pub fn codes(operation: &str, sends: Sends) -> Codes {
    let mut all = Codes::new();
    let mut add = |status: u16, codes: &[&'static str], is_so: bool| {
        if is_so {
            all.entry(status).or_default().extend(codes);
        }
    };
    add(400, &["token_in_address", "malformed"], true);
    add(400, &["json_malformed", "wrong_type", "field_unknown", "field_missing"], sends.body);
    add(400, &["idempotency_key_missing", "idempotency_key_malformed"], sends.key);
    add(400, &["limit_malformed", "cursor_malformed"], sends.page);
    add(401, &["token_missing"], sends.token);
    add(401, &["token_unknown"], true);
    add(403, &["scope_missing"], sends.token);
    add(404, &["not_found"], sends.path);
    add(408, &["too_slow"], sends.body);
    add(409, &["conflict"], sends.change);
    add(409, &["still_running"], sends.key);
    add(413, &["too_large"], sends.body);
    add(415, &["unsupported_type"], sends.body);
    add(421, &["misdirected"], true);
    add(422, &["not_text"], sends.query);
    add(422, &["cursor_foreign"], sends.page);
    add(422, &["idempotency_key_reused"], sends.key);
    add(429, &["too_many"], true);
    add(431, &["too_large"], true);
    add(500, &["internal"], true);
    add(503, &["busy"], true);
    for (status, codes) in own(operation) {
        add(status, &codes, true);
    }
    for codes in all.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    all
}

/// What a status means, where it needs no more words than these.
const fn about(status: u16) -> &'static str {
    match status {
        400 => "The request is not in the form that is described",
        401 => "No token where one is needed, or one that is not known",
        403 => "The token lacks the scope that `WWW-Authenticate` names",
        404 => "There is no such thing, or it is not the account's",
        408 => "The body did not arrive within 30 seconds",
        409 => {
            "Something else was changed at the same moment, or the first request with this key \
                is still being done"
        }
        413 => "The body is longer than 64 KiB; for a list of proposals, than 2 MiB",
        415 => "The body is not `application/json`",
        421 => "This host name is not the instance's",
        422 => "A rule stands in the way; `code` says which",
        429 => "Too many requests; `Retry-After` says how long to wait",
        431 => "The head is longer than 16 KiB",
        500 => "A fault of the instance",
        _ => "Busy; `Retry-After` says how long to wait",
    }
}

/// Where shared answers and the schemas of their bodies are gathered.
#[derive(Debug, Default)]
pub struct Shared {
    /// By name: an answer.
    pub answers: Map<String, Value>,
    /// By the same name: what its body is.
    pub schemas: Map<String, Value>,
}

impl Shared {
    /// The name of an answer, which is put in where it is new. It stays the same whatever is added
    /// elsewhere: clients that are made from the description have it in their code.
    fn name(&mut self, operation: &str, status: u16, codes: &[&str]) -> String {
        let name = match (status, codes) {
            (401, ["token_unknown"]) => "Problem401Open".to_owned(),
            (409, ["conflict", "still_running"]) => "Problem409Once".to_owned(),
            (400, ["malformed", "token_in_address"])
            | (404, ["not_found"])
            | (401 | 403 | 408 | 409 | 413 | 415 | 421 | 429 | 431 | 500 | 503, _) => {
                format!("Problem{status}")
            }
            _ => format!("{}Problem{status}", pascal(operation)),
        };
        if !self.answers.contains_key(&name) {
            self.answers.insert(name.clone(), answer(status, &name));
            self.schemas.insert(name.clone(), schema(status, codes));
        }
        name
    }
}

/// `give_click` as `GiveClick`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('_').map(word).collect()
}

/// What the body of a problem with these codes is.
fn schema(status: u16, codes: &[&str]) -> Value {
    json!({
        "description": about(status),
        "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "type": "object", "properties": { "code": { "type": "string", "enum": codes } } },
        ],
    })
}

/// The answer of a status, whose body has a schema of this name.
fn answer(status: u16, name: &str) -> Value {
    let mut headers = super::headers::common();
    let more: &[&str] = match status {
        401 | 403 => &["WWW-Authenticate"],
        409 => &["Retry-After-Perhaps"],
        422 => &["Idempotent-Replayed"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    };
    super::headers::add(&mut headers, more);
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    json!({
        "description": about(status),
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema } },
    })
}

/// Puts the problems of an operation among its answers.
pub fn add(operation: &str, codes: &Codes, shared: &mut Shared, answers: &mut Map<String, Value>) {
    for (status, codes) in codes {
        let name = shared.name(operation, *status, codes);
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        answers.insert(status.to_string(), reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_an_operation_is_one_that_is_explained() {
        let sends = Sends {
            body: true,
            query: true,
            page: true,
            path: true,
            key: true,
            token: true,
            change: true,
        };
        let known = crate::api::problems::all();
        for group in crate::api::reference::groups() {
            for operation in &group.operations {
                for code in codes(&operation.id, sends).into_values().flatten() {
                    assert!(known.iter().any(|(known, _)| *known == code), "{code}");
                }
            }
        }
    }
}
