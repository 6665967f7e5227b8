//! The API for people: `/api` and `/api/problems`.

use obole_app::testing::sqlite;
use obole_domain::Refusal;
use obole_web::api::problems;
use obole_web::api::reference::groups;

use crate::browser::Browser;

#[tokio::test]
async fn every_operation_can_be_read_without_script() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let page = browser.get("/api").await;
    assert_eq!(page.status.as_u16(), 200);
    for operation in groups().iter().flat_map(|group| &group.operations) {
        assert!(page.body.contains(&format!("<details id=\"{}\">", operation.id)));
        page.assert_has(&operation.summary);
        for scope in &operation.scopes {
            page.assert_has(scope);
        }
    }
    page.assert_has("points_out_of_range");
    assert!(!page.body.contains("<script>") && !page.body.contains(" onclick"), "W4");
    let forms = page.body.matches("<form class=\"try").count();
    assert_eq!(forms, groups().iter().map(|group| group.operations.len()).sum::<usize>());
    let mut browser = Browser::new(&instance.app).speaking("fr");
    let french = browser.get("/api").await;
    french.assert_has("Chaque requête que cette instance accepte");
    french.assert_has("Give a click");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_what_it_means() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let page = browser.get("/api/problems").await;
    for code in Refusal::CODES {
        assert!(page.body.contains(&format!("<div id=\"{code}\">")), "{code}");
    }
    assert_eq!(page.body.matches("<div id=").count(), problems::all().len());
    page.assert_has("points_out_of_range 422");
    page.assert_has("‹limit›");
}
