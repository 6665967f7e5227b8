//! What holds whatever is called: privacy, and that nothing makes a fault of ours.

use obole_app::testing::sqlite;

use super::client::World;

/// Every call with odd numbers, names, bodies and tokens.
#[tokio::test]
async fn whatever_is_sent_is_answered() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let paths = [
        "",
        "/things",
        "/things/search",
        "/things/lookup",
        "/things/lookup/q/%00",
        "/things/%00",
        "/things/1/flattr",
        "/things/1/flattrs",
        "/things/1/subscriptions",
        "/flattr",
        "/flattr/bulk",
        "/user",
        "/user/things",
        "/user/flattrs",
        "/user/activities",
        "/user/subscriptions",
        "/users/%F0%9F%92%A9",
        "/users/ada/things",
        "/rate_limit",
        "/users/ada/activities.atom",
        "/categories.txt",
        "//",
        "/.json",
        "/things/,,,",
    ];
    let queries = [
        "",
        "?url=%00",
        "?url=https://%5B::1%5D/",
        "?count=99999999999999999999&page=-1",
        "?tags=%7C%26!&query=%25_%5C&language=,&category=,",
        "?jsonp=a&full",
        "?id=1,,x",
        "?url=http://flattr.com/submit/auto?url=http://flattr.com/submit/auto?url=x",
        "?access_token=",
        "?_method=delete",
        "?%FF=%FF&=&&&",
    ];
    for program in [&world.ada, &world.stranger] {
        for path in paths {
            for query in queries {
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                    let answer = program.call(method, &format!("{path}{query}")).await;
                    let status = answer.status.as_u16();
                    assert!(status < 500, "{method} {path}{query}: {}", answer.text);
                }
            }
        }
    }
}

/// Numbers are drawn by lot: nobody counts the works of an instance by them.
#[tokio::test]
async fn numbers_tell_nothing() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let mut numbers = Vec::new();
    for number in 0..20 {
        numbers.push(world.bob.submit(&format!("https://bob.example/{number}"), "One").await);
    }
    assert!(numbers.iter().all(|number| (1..=i64::from(i32::MAX)).contains(number)));
    assert!(!numbers.is_sorted(), "{numbers:?}");
    let spread = numbers.iter().max().expect("one") - numbers.iter().min().expect("one");
    assert!(spread > 1_000_000, "{numbers:?}");
}
