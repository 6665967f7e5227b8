//! The page of the API in a real browser: a request is filled in and sent from it. The page is too
//! long for finding its parts by their names in good time.

use obole_browser_tests::Browser;

use crate::snippets::with_a_patron;

/// Sends the form of an operation as it stands and gives what is shown once it says this.
async fn sent(browser: &Browser, operation: &str, wanted: &str) -> String {
    let form = format!("document.querySelector('#{operation} form.try')");
    let output = format!("{form}.querySelector('output')");
    let open = format!("document.getElementById('{operation}').open = true");
    browser.evaluate(&format!("{open}; {output}.hidden = true; {form}.requestSubmit()")).await;
    let shown = format!("({output}.hidden ? '' : {output}.innerText)");
    let says = format!("{shown}.includes({}) && 'yes' || {shown}", serde_json::json!(wanted));
    browser.becomes(&says, "yes").await;
    browser.evaluate(&shown).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_is_filled_in_and_sent_from_the_page() {
    let instance = with_a_patron().await;
    let made = ["token", "create", "--account", "zoe", "--scope", "profile click"];
    let made = instance.obole(&made, "");
    let token = made.split_whitespace().last().expect("a token");
    let browser = Browser::open().await;
    browser.goto(&instance.url("/api#get_me")).await;
    let is_open = browser.evaluate("document.getElementById('get_me').open").await;
    assert_eq!(is_open, true, "an address with an operation opens it");
    let said = sent(&browser, "get_me", "token_missing").await;
    assert!(said.starts_with("401"), "{said}");
    let fill = format!("document.getElementById('token').value = '{token}'");
    browser.evaluate(&fill).await;
    let said = sent(&browser, "get_me", "\"handle\": \"zoe\"").await;
    assert!(said.starts_with("200") && said.contains("ratelimit: \"requests\""), "{said}");
    // The key is a new one each time: sent twice, the points add up.
    let said = sent(&browser, "give_click", "\"points\": 3").await;
    assert!(said.starts_with("201"), "{said}");
    sent(&browser, "give_click", "\"points\": 6").await;
    let field = "document.getElementById('get_work-id').value = '../me?x#y'";
    browser.evaluate(field).await;
    let said = sent(&browser, "get_work", "not_found").await;
    assert!(said.starts_with("404"), "{said}");
    browser.axe().await;
    let complaints = browser.complaints().await;
    let is_meant = |line: &&String| !line.contains("the server responded with a status of 4");
    let complaints: Vec<_> = complaints.iter().filter(is_meant).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
}
