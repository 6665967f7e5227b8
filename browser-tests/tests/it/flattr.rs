//! Pages that were written for Flattr, on another origin: the loader makes frames of their buttons
//! (research/flattr-api-v2.md section 17, line 35), and who presses one gives in our own window.

use obole_browser_tests::{Browser, Look, Site};
use serde_json::Value;

use crate::snippets::{page, sign_in, with_a_patron};

/// What a page writes, and the query that its frame has to have.
const BUTTONS: [(&str, &str); 8] = [
    (
        r#"<a class="FlattrButton" style="display:none" href="https://songs.example/1" title="First"
            lang="en_GB" rev="flattr;uid:ada;category:text;tags:blog,start;button:compact;"
            data-flattr-uid="eve">About <b>it</b></a>"#,
        "url=https%3A%2F%2Fsongs.example%2F1&uid=ada&title=First&description=About%20it\
            &category=text&language=en_GB&tags=blog%2Cstart&button=compact",
    ),
    (
        r#"<a class="other FlattrButton" href="https://songs.example/2?a=b#c" title=" Two  words "
            rel="flattr;uid:ada;hidden:1;unknown:x;url:https://songs.example/3">One<br>two</a>"#,
        "url=https%3A%2F%2Fsongs.example%2F3&uid=ada&title=Two%20words&description=One%20two\
            &category=rest&hidden=1",
    ),
    (
        r#"<a class="FlattrButton" href="https://songs.example/4" data-flattr-uid="bob"
            data-flattr-category="audio" data-flattr-popout="0" data-flattr-tags="one, two"></a>"#,
        "url=https%3A%2F%2Fsongs.example%2F4&uid=bob&category=audio&tags=one%2C%20two&popout=0",
    ),
    (
        r#"<a class="FlattrButton" href="https://songs.example/5"></a>"#,
        "url=https%3A%2F%2Fsongs.example%2F5&uid=carla&category=rest",
    ),
    (
        r#"<a class="FlattrButton" href="https://songs.example/6" rel="nofollow"
            data-flattr-button="compact"></a>"#,
        "url=https%3A%2F%2Fsongs.example%2F6&uid=carla&category=rest&button=compact",
    ),
    (
        r#"<a class="FlattrButton" href="https://songs.example/7" data-my-uid="dora"></a>"#,
        "url=https%3A%2F%2Fsongs.example%2F7&uid=carla&category=rest",
    ),
    (r#"<a class="FlattrButtons" href="https://songs.example/8">no button</a>"#, ""),
    (r#"<p class="FlattrButton">no button</p>"#, ""),
];

/// The loader as pages write it.
fn loader(instance: &str, query: &str) -> String {
    format!(
        "<script>(function() {{ var s = document.createElement('script'); s.async = true; \
         s.src = '{instance}/js/0.6/load.js?{query}'; \
         document.head.appendChild(s); }})();</script>"
    )
}

/// The queries of the frames that stand on the page, in their order.
async fn frames(browser: &Browser, count: usize) -> Vec<String> {
    let ready = format!(
        "document.querySelectorAll('iframe.FlattrButton').length === {count} && 'ready' || ''"
    );
    browser.becomes(&ready, "ready").await;
    let list = "Array.from(document.querySelectorAll('iframe.FlattrButton')).map(f => f.src)";
    let found = browser.evaluate(list).await;
    let found = found.as_array().expect("a list").iter();
    let query = |address: &Value| {
        let address = address.as_str().expect("text");
        address.split_once("/button/view/?").expect("a frame of ours").1.to_owned()
    };
    found.map(query).collect()
}

#[tokio::test]
async fn line_35_every_way_to_write_a_button_makes_its_frame() {
    let (instance, browser, site) = (with_a_patron().await, Browser::open().await, Site::open());
    let inside: String = BUTTONS.iter().map(|(html, _)| *html).collect();
    let loads = loader(&instance.url(""), "mode=auto&uid=carla&category=rest");
    site.put("/", "", &page(&format!("{inside}{loads}")));
    browser.goto(&site.url("/")).await;
    let expected: Vec<&str> =
        BUTTONS.iter().map(|(_, query)| *query).filter(|query| !query.is_empty()).collect();
    assert_eq!(frames(&browser, expected.len()).await, expected);
    let sizes = "Array.from(document.querySelectorAll('iframe.FlattrButton')).slice(0, 2)\
        .map(f => f.offsetWidth + 'x' + f.offsetHeight).join()";
    assert_eq!(browser.evaluate(sizes).await, "110x20,55x62");

    // Another prefix, and by hand.
    let loads = loader(&instance.url(""), "html5-key-prefix=data-my&https=0");
    site.put("/manual", "", &page(&format!("{}<div id=\"here\"></div>{loads}", BUTTONS[5].0)));
    browser.goto(&site.url("/manual")).await;
    browser.becomes("window.FlattrLoader && 'ready' || ''", "ready").await;
    browser.evaluate("FlattrLoader.setup()").await;
    let made = frames(&browser, 1).await;
    assert_eq!(made, ["url=https%3A%2F%2Fsongs.example%2F7&uid=dora"]);
    browser
        .evaluate(
            "FlattrLoader.render({url: 'https://songs.example/9', uid: 'ada', \
             title: '<i>A</i> &amp; B'}, 'here')",
        )
        .await;
    let made = frames(&browser, 2).await;
    assert_eq!(made[1], "url=https%3A%2F%2Fsongs.example%2F9&uid=ada&title=A%20%26%20B");

    // In the place of the script itself, from what stands beside it.
    let beside = "<script>var flattr_uid = 'ada', flattr_url = 'https://songs.example/10', \
        flattr_tle = 'Ten', flattr_btn = 'compact';</script>";
    let direct = format!(
        "{beside}<script src=\"{}\"></script>",
        instance.url("/js/0.5/load.js?mode=direct")
    );
    site.put("/direct", "", &page(&direct));
    browser.goto(&site.url("/direct")).await;
    let made = frames(&browser, 1).await;
    assert_eq!(made, ["url=https%3A%2F%2Fsongs.example%2F10&uid=ada&title=Ten&button=compact"]);
}

#[tokio::test]
async fn a_frame_leads_to_our_own_window() {
    let instance = with_a_patron().await;
    let look = Look { has_foreign_cookies: false, ..Look::default() };
    let (browser, site) = (Browser::open_with(look).await, Site::open());
    sign_in(&browser, &instance).await;
    let button = r#"<a class="FlattrButton" href="https://songs.example/lullaby"
        data-flattr-uid="ada" data-flattr-popout="1"></a>"#;
    let loads = loader(&instance.url(""), "mode=auto");
    site.put("/", "", &page(&format!("{button}{loads}")));
    browser.goto(&site.url("/")).await;
    frames(&browser, 1).await;
    // The card opens beside the button and knows nobody.
    browser
        .evaluate(
            "document.querySelector('iframe.FlattrButton')\
             .dispatchEvent(new MouseEvent('mouseover'))",
        )
        .await;
    browser
        .becomes("document.querySelectorAll('iframe.FlattrButtonPopout').length + ''", "1")
        .await;
    let frame = "document.querySelector('iframe.FlattrButton').src";
    let frame = browser.evaluate(frame).await.as_str().expect("an address").to_owned();
    // What stands in the frame, as a page of its own: a frame of another origin cannot be asked.
    browser.goto(&frame).await;
    browser.axe().await;
    browser.press("0 Give").await;
    browser.follow().await;
    browser.arrives_at("/give?url=https%3A%2F%2Fsongs.example%2Flullaby").await;
    browser.press_until("Give", "from you this month").await;
    browser.close().await;
    let card = frame.replace("/button/view/", "/button/popout/");
    browser.goto(&card).await;
    browser.sees("Nobody has claimed this page yet.").await;
    browser.axe().await;
}
