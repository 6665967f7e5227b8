//! Which operation goes on from the answer of another, and with what (OpenAPI links).

use serde_json::{Map, Value, json};

/// Where an answer is, where it goes, and what it gives: parameter and place in the answer.
type Link = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const WORK: &str = "$response.body#/work/id";
const SAME_WORK: &str = "$request.path.work";
const ID: &str = "$response.body#/id";
const SAME_ID: &str = "$request.path.id";
const FIRST_ID: &str = "$response.body#/items/0/id";
const FIRST_WORK: &str = "$response.body#/items/0/work";
const FIRST_CLICKED: &str = "$response.body#/items/0/work/id";
const FIRST_PERIOD: &str = "$response.body#/items/0/period";

#[rustfmt::skip]
const LINKS: [Link; 57] = [
    ("give_click", "201", "get_click", &[("work", WORK)]),
    ("give_click", "201", "set_click", &[("work", WORK)]),
    ("give_click", "201", "take_back_click", &[("work", WORK)]),
    ("give_click", "201", "get_work", &[("id", WORK)]),
    ("give_click", "201", "list_codes", &[("id", WORK)]),
    ("give_click", "201", "make_code", &[("id", WORK)]),
    ("give_click", "200", "get_click", &[("work", WORK)]),
    ("give_click", "200", "set_click", &[("work", WORK)]),
    ("give_click", "200", "take_back_click", &[("work", WORK)]),
    ("list_clicks", "200", "get_click", &[("work", FIRST_CLICKED)]),
    ("list_clicks", "200", "set_click", &[("work", FIRST_CLICKED)]),
    ("list_clicks", "200", "take_back_click", &[("work", FIRST_CLICKED)]),
    ("set_click", "200", "get_click", &[("work", SAME_WORK)]),
    ("set_click", "200", "take_back_click", &[("work", SAME_WORK)]),
    ("take_back_click", "204", "get_click", &[("work", SAME_WORK)]),
    ("list_works", "200", "get_work", &[("id", FIRST_ID)]),
    ("list_works", "200", "list_codes", &[("id", FIRST_ID)]),
    ("list_works", "200", "get_passing", &[("id", FIRST_ID)]),
    ("give_click", "201", "get_passing", &[("id", WORK)]),
    ("list_teams", "200", "get_team", &[("handle", "$response.body#/items/0/handle")]),
    ("list_works", "200", "make_code", &[("id", FIRST_ID)]),
    ("make_code", "200", "get_work_of_code", &[("code", "$response.body#/code")]),
    ("list_codes", "200", "get_work_of_code", &[("code", "$response.body#/items/0/code")]),
    ("list_own_works", "200", "change_work", &[("id", FIRST_ID)]),
    ("list_own_works", "200", "get_work", &[("id", FIRST_ID)]),
    ("list_claims", "200", "get_claim", &[("id", FIRST_ID)]),
    ("list_claims", "200", "check_claim", &[("id", FIRST_ID)]),
    ("list_works", "200", "begin_claim", &[("id", FIRST_ID)]),
    ("give_click", "201", "begin_claim", &[("id", WORK)]),
    ("begin_claim", "201", "get_claim", &[("id", ID)]),
    ("begin_claim", "201", "check_claim", &[("id", ID)]),
    ("list_notes", "200", "change_note", &[("period", FIRST_PERIOD), ("work", FIRST_WORK),
        ("handle", "$response.body#/items/0/handle")]),
    ("list_notes", "200", "report_note", &[("period", FIRST_PERIOD), ("work", FIRST_WORK),
        ("handle", "$response.body#/items/0/handle")]),
    ("get_me", "200", "get_profile", &[("handle", "$response.body#/handle")]),
    ("list_promises", "200", "let_go_of_promise",
        &[("period", FIRST_PERIOD), ("work", FIRST_WORK)]),
    ("list_budgets", "200", "set_budget", &[("currency", "$response.body#/items/0/currency")]),
    ("list_wallets", "200", "set_budget", &[("currency", "$response.body#/items/0/currency")]),
    ("list_payouts", "200", "get_payout", &[("id", FIRST_ID)]),
    ("list_statements", "200", "get_statement", &[("period", FIRST_PERIOD)]),
    ("list_settlements", "200", "get_settlement", &[("period", FIRST_PERIOD)]),
    ("list_sites", "200", "take_back_clicks_of_site", &[("site", "$response.body#/items/0/site")]),
    ("list_sites", "200", "distrust_site", &[("site", "$response.body#/items/0/site")]),
    ("list_apps", "200", "take_back_clicks_of_app", &[("app", FIRST_ID)]),
    ("list_apps", "200", "revoke_app", &[("app", FIRST_ID)]),
    ("make_subscription", "201", "get_subscription", &[("id", ID)]),
    ("make_subscription", "201", "change_subscription", &[("id", ID)]),
    ("make_subscription", "201", "stop_subscription", &[("id", ID)]),
    ("list_subscriptions", "200", "get_subscription", &[("id", FIRST_ID)]),
    ("stop_subscription", "204", "get_subscription", &[("id", SAME_ID)]),
    ("make_webhook", "201", "get_webhook", &[("id", ID)]),
    ("make_webhook", "201", "change_webhook", &[("id", ID)]),
    ("make_webhook", "201", "test_webhook", &[("id", ID)]),
    ("make_webhook", "201", "list_deliveries", &[("id", ID)]),
    ("make_webhook", "201", "delete_webhook", &[("id", ID)]),
    ("test_webhook", "202", "replay_delivery", &[("id", SAME_ID), ("delivery", ID)]),
    ("list_deliveries", "200", "replay_delivery", &[("id", SAME_ID), ("delivery", FIRST_ID)]),
    ("delete_webhook", "204", "get_webhook", &[("id", SAME_ID)]),
];

/// Puts the links of an operation at its answers.
pub fn add(operation: &str, answers: &mut Map<String, Value>) {
    for (_, status, to, values) in LINKS.iter().filter(|link| link.0 == operation) {
        let Some(answer) = answers.get_mut(*status).and_then(Value::as_object_mut) else {
            continue;
        };
        let links = answer.entry("links").or_insert_with(|| json!({}));
        let values: Map<String, Value> =
            values.iter().map(|(name, place)| ((*name).to_owned(), json!(place))).collect();
        if let Some(links) = links.as_object_mut() {
            links.insert((*to).to_owned(), json!({ "operationId": to, "parameters": values }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_leads_from_an_answer_to_an_operation() {
        let description: Value =
            serde_json::from_slice(crate::api::description::text()).expect("JSON");
        let text = description.to_string();
        for (from, status, to, _) in LINKS {
            assert!(text.contains(&format!("\"operationId\":\"{from}\"")), "{from}");
            assert!(text.contains(&format!("\"operationId\":\"{to}\"")), "{to}");
            let paths = description["paths"].as_object().expect("paths").values();
            let mut operations = paths.flat_map(|path| path.as_object().expect("a path").values());
            let operation = operations.find(|operation| operation["operationId"] == from);
            let answer = &operation.expect(from)["responses"][status];
            assert_eq!(answer["links"][to]["operationId"], to, "{from} {status}");
        }
    }
}
