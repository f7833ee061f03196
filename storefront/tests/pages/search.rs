//! Finding albums by typing: results, facets, mistakes, suggestions.

use axum::http::StatusCode;

use crate::shop;
use crate::visitor::Visitor;

#[tokio::test]
async fn what_is_found_is_counted_and_marked() {
    let page = Visitor::new().await.open("/search?q=+kind++TEAL").await;
    assert_eq!(page.one("h1"), "1 album for “kind TEAL”");
    assert_eq!(page.one("title"), "1 album for “kind TEAL” · Music Store");
    assert_eq!(page.one(".card-title"), "Kind of Teal");
    assert_eq!(page.texts(".card-title mark"), ["Kind", "Teal"]);
    assert_eq!(page.attributes("#q", "value"), ["kind TEAL"]);
    // What only turns text around comes along with what is copied.
    let turned = Visitor::new()
        .await
        .open("/search?q=%E2%80%AEkind%EF%BB%BF%20teal")
        .await;
    assert_eq!(turned.one("title"), "1 album for “kind teal” · Music Store");
    let artist = Visitor::new().await.open("/search?q=ada").await;
    assert_eq!(artist.texts(".card-artist mark"), ["Ada", "Ada"]);
}

#[tokio::test]
async fn a_track_that_was_found_is_named() {
    let page = Visitor::new().await.open("/search?q=freddie").await;
    assert_eq!(page.one(".card-title"), "Kind of Teal");
    assert_eq!(page.one(".card-found"), "Track: Freddie");
    assert_eq!(page.one(".card-found mark"), "Freddie");
}

#[tokio::test]
async fn nothing_that_is_typed_or_found_becomes_html() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/search?q=%3Cscript%3Ealert%3C%2Fscript%3E%22").await;
    assert_eq!(page.attributes("#q", "value"), ["<script>alert</script>\""]);
    assert!(page.html("main script, main b").is_empty());
    assert_eq!(
        page.texts(".card-title"),
        ["</script><script>alert(\"1\")</script> & \"Sons\""]
    );
    assert!(page.texts(".card-title mark").contains(&"script".to_owned()));
    let tracks = visitor.open("/search?q=intro").await;
    assert_eq!(tracks.one(".card-found"), "Track: <i>Intro</i>");
    let list = visitor.open("/search/suggestions?q=%3Cscript").await;
    assert!(list.html("script").is_empty());
    assert_eq!(list.one(".suggestion-all"), "All results for “<script”");
}

#[tokio::test]
async fn hebrew_is_found_and_marked_within_its_own_direction() {
    let page = Visitor::new().await.open("/search?q=%D7%92%D7%91%D7%95%D7%9C").await;
    assert_eq!(page.one(".card-title bdi"), "עד גבול האור");
    assert_eq!(page.one(".card-title bdi mark"), "גבול");
    assert_eq!(page.one("h1 bdi"), "גבול");
}

#[tokio::test]
async fn facets_choose_and_are_taken_back() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/search?q=best").await;
    let facet = ".facet[href='/search?q=best&genre=metal']";
    assert_eq!(page.one(facet), "Metal 1");
    assert!(page.html(".chosen, .facet[aria-current]").is_empty());

    let metal = visitor.open("/search?q=best&genre=metal").await;
    assert_eq!(metal.texts(".card-title"), ["Best of Metal"]);
    assert_eq!(metal.one(".chosen .chip"), "Metal");
    assert_eq!(metal.attributes(".chosen .chip", "href"), ["/search?q=best"]);
    assert_eq!(
        metal.attributes(".facet[aria-current='true']", "href"),
        ["/search?q=best"]
    );
    assert_eq!(
        metal.one(".facet[href='/search?q=best&genre=pop']"),
        "Pop 1",
        "another choice replaces it"
    );
}

#[tokio::test]
async fn a_choice_that_leaves_nothing_is_shown_with_ways_back() {
    let page = Visitor::new()
        .await
        .open("/search?q=stone&genre=jazz&decade=1970&min=1&max=2.5")
        .await;
    assert_eq!(page.one("h1"), "Nothing with these filters for “stone”");
    assert_eq!(page.texts(".chosen .chip"), ["Jazz", "1970s", "$1.00 to $2.50"]);
    assert_eq!(
        page.texts(".facet[aria-current]"),
        ["Jazz 0", "1970s 0", "$1.00 to $2.50 0"]
    );
    assert_eq!(
        page.attributes(".chosen .chip", "href"),
        [
            "/search?q=stone&decade=1970&min=1.00&max=2.50",
            "/search?q=stone&genre=jazz&min=1.00&max=2.50",
            "/search?q=stone&genre=jazz&decade=1970",
        ]
    );
    assert_eq!(
        page.attributes(".empty a, .chosen-none", "href"),
        ["/search?q=stone"; 2]
    );
}

#[tokio::test]
async fn decades_and_prices_lead_to_the_albums_that_they_count() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/search?q=stone").await;
    for group in ["facet-decade", "facet-price"] {
        let facets = format!("[aria-labelledby='{group}'] .facet");
        let counts = page.texts(&format!("{facets} .facet-count"));
        let links = page.attributes(&facets, "href");
        assert!(links.len() > 1, "{group}");
        for (link, count) in links.iter().zip(counts) {
            let page = visitor.open(link).await;
            let noun = if count == "1" { "album" } else { "albums" };
            assert_eq!(page.one("h1"), format!("{count} {noun} for “stone”"), "{link}");
            assert_eq!(page.attributes(".facet[aria-current]", "href"), ["/search?q=stone"]);
        }
    }
}

#[tokio::test]
async fn order_pages_and_more_keep_the_search() {
    let visitor = Visitor::new().await;
    let page = visitor.open("/search?q=stone&genre=rock&sort=-title").await;
    assert_eq!(page.texts(".card-title")[0], "Stone 60");
    assert_eq!(page.attributes("option[selected]", "value"), ["-title"]);
    let next = "/search?q=stone&genre=rock&sort=-title&page=2";
    assert_eq!(page.attributes(".load-more", "href"), [next]);
    let fragment = page.attributes(".load-more", "hx-get").remove(0);
    let (part, second) = (visitor.get_part(&fragment).await, visitor.open(next).await);
    assert_eq!(part.html("#page-2"), second.html("#page-2"));
    assert_eq!(part.texts(".card-title mark")[0], "Stone");
    assert_eq!(second.one("title"), "60 albums for “stone”, page 2 · Music Store");
    assert_eq!(
        page.attributes("#filter [type='hidden']", "value"),
        ["stone", "rock"],
        "the form keeps what was typed and chosen"
    );
}

#[tokio::test]
async fn a_typo_is_asked_about() {
    let page = Visitor::new().await.open("/search?q=peebles").await;
    assert_eq!(page.one(".did-you-mean"), "Did you mean pebbles?");
    assert_eq!(page.attributes(".did-you-mean a", "href"), ["/search?q=pebbles"]);
    let page = Visitor::new().await.open("/search?q=peebles&genre=rock&min=1").await;
    assert_eq!(
        page.attributes(".did-you-mean a", "href"),
        ["/search?q=pebbles&genre=rock&min=1.00"]
    );
}

#[tokio::test]
async fn a_search_that_finds_nothing_leads_on() {
    let visitor = Visitor::new().await;
    for query in ["zzyzx", "%21%21%21", &"x".repeat(5000)] {
        let page = visitor.open(&format!("/search?q={query}")).await;
        assert!(page.one("h1").starts_with("Nothing found for “"), "{query}");
        assert!(page.one(".empty").starts_with("Try fewer words"), "{query}");
        assert_eq!(page.texts(".chips a").len(), 15, "{query}");
        assert_eq!(page.texts(".card").len(), 6, "{query}");
        assert!(page.html("#refine").is_empty(), "{query}");
    }
    let page = visitor.open(&format!("/search?q={}", "x".repeat(5000))).await;
    assert_eq!(page.attributes("#q", "value"), ["x".repeat(200)]);
}

#[tokio::test]
async fn a_search_for_nothing_invites() {
    let visitor = Visitor::new().await;
    for path in ["/search", "/search?q=", "/search?q=+%00%09", "/search?genre=rock"] {
        let page = visitor.open(path).await;
        assert_eq!(page.one("h1"), "What are you looking for?", "{path}");
        assert_eq!(page.texts(".chips a").len(), 15, "{path}");
        assert_eq!(page.texts(".card").len(), 6, "{path}");
    }
    // What was chosen is in force again with the next letter.
    let page = visitor.open("/search?q=&genre=rock&min=5").await;
    assert_eq!(
        page.texts(".chosen a"),
        ["Rock", "$5.00 and more", "Remove all filters"]
    );
    assert_eq!(page.attributes("#search-box [type=hidden]", "value"), ["rock", "5.00"]);
    let page = visitor.open("/search?genre=polka").await;
    assert!(page.html(".chosen, #search-box [type=hidden]").is_empty());
    let empty = Visitor::with(shop::EMPTY).await.open("/search").await;
    assert!(empty.html("main section").is_empty());
}

#[tokio::test]
async fn what_makes_no_sense_is_said_beside_it_and_kept() {
    let visitor = Visitor::new().await;
    for (filter, error, said) in [
        ("genre=polka", "[aria-labelledby='facet-genre'] .field-error", "“polka”"),
        (
            "genre=a%00b",
            "[aria-labelledby='facet-genre'] .field-error",
            "“a\u{fffd}b”",
        ),
        (
            "decade=1993",
            "[aria-labelledby='facet-decade'] .field-error",
            "such as 1990",
        ),
        (
            "decade=199%D9%A0",
            "[aria-labelledby='facet-decade'] .field-error",
            "such as 1990",
        ),
        ("min=abc", "#min-error", "in numbers"),
        ("min=9&max=5", "#max-error", "below"),
    ] {
        let page = visitor.get(&format!("/search?q=stone&{filter}&sort=title")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{filter}");
        assert_eq!(page.one("h1"), "Search for “stone”", "{filter}");
        assert!(page.one(error).contains(said), "{filter}: {}", page.one(error));
        assert!(
            page.html(".card").is_empty() && page.html("details[open]").len() == 1,
            "{filter}"
        );
        assert_eq!(page.attributes("#q", "value"), ["stone"], "{filter}");
        assert_eq!(page.attributes("option[selected]", "value"), ["title"], "{filter}");
        let links = page.attributes(".facet", "href");
        assert!(!links.is_empty(), "{filter}");
        for name in ["polka", "1993", "abc", "min=9"] {
            assert!(links.iter().all(|link| !link.contains(name)), "{filter}: {links:?}");
        }
    }
    let page = visitor.get("/search?q=stone&min=9&max=5").await;
    assert_eq!(page.attributes("#min, #max", "value"), ["9", "5"]);
}

#[tokio::test]
async fn a_page_that_a_search_does_not_have_is_not_found() {
    let visitor = Visitor::new().await;
    for path in [
        "/search?q=stone&page=4",
        "/search?q=stone&page=0",
        "/search?q=zzyzx&page=2",
    ] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let made_up = visitor.get_part("/search?q=stone&page=2&after=made-up").await;
    assert_eq!(made_up.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_field_follows_what_is_typed_on_the_search_and_suggests_elsewhere() {
    let visitor = Visitor::new().await;
    let home = visitor.open("/").await;
    assert_eq!(home.attributes("#q", "data-suggestions"), ["/search/suggestions"]);
    assert!(home.html("#q[hx-get], #search-box [type='hidden']").is_empty());
    let search = visitor.open("/search?q=stone&genre=rock&min=2").await;
    assert_eq!(search.attributes("#q", "hx-get"), ["/search"]);
    assert!(search.html("#q[data-suggestions], #suggestions").is_empty());
    assert_eq!(
        search.attributes("#search-box [type='hidden']", "name"),
        ["genre", "min"]
    );
}

#[tokio::test]
async fn suggestions_are_options_in_groups_that_lead_to_their_pages() {
    let list = Visitor::new().await.open("/search/suggestions?q=ja").await;
    assert!(list.text().trim_start().starts_with("<div id=\"suggestions\""));
    assert_eq!(list.one("#suggested-genres"), "Genres");
    assert_eq!(
        list.attributes("[aria-labelledby='suggested-genres'] [role='option']", "href"),
        ["/genres/jazz"]
    );
    assert_eq!(list.texts("[aria-labelledby='suggested-genres'] mark"), ["Ja"]);
    let ids = list.attributes("[role='option']", "id");
    assert!(ids.iter().all(|id| !id.is_empty()), "{ids:?}");
    assert_eq!(
        list.attributes("[role='option']:last-child", "href").last().unwrap(),
        "/search?q=ja"
    );

    let list = Visitor::new().await.open("/search/suggestions?q=ada").await;
    assert_eq!(
        list.attributes("[aria-labelledby='suggested-albums'] [role='option']", "href"),
        ["/albums/ada-blue-kind-of-teal", "/albums/ada-blue-second-set"]
    );
    assert_eq!(
        list.attributes("[aria-labelledby='suggested-artists'] [role='option']", "href"),
        ["/artists/ada-blue"]
    );
    assert_eq!(list.attributes("[role='listbox']", "data-said"), ["3 suggestions"]);
}

#[tokio::test]
async fn an_album_that_is_not_called_so_says_why_it_is_there() {
    let visitor = Visitor::new().await;
    let list = visitor.open("/search/suggestions?q=fredd").await;
    assert_eq!(list.texts(".suggestion-name")[0], "Kind of Teal");
    assert_eq!(list.texts(".suggestion-fact"), ["Ada Blue", "Track: Freddie"]);
    assert_eq!(list.one(".suggestion-fact mark"), "Fredd");
    let list = visitor.open("/search/suggestions?q=jaz").await;
    assert_eq!(list.texts(".suggestion-fact mark")[0], "Jaz");
    assert_eq!(list.texts(".suggestion-fact")[1], "Genre: Jazz");
    let page = visitor.open("/search?q=blue+jazz").await;
    assert_eq!(page.texts(".card-found")[0], "Genre: Jazz");
    assert_eq!(page.texts(".card-found mark")[0], "Jazz");
}

#[tokio::test]
async fn nothing_is_suggested_for_nothing_and_nobody_is_asked() {
    let visitor = Visitor::new().await;
    visitor.asked();
    for path in ["/search/suggestions", "/search/suggestions?q=+"] {
        let list = visitor.open(path).await;
        assert_eq!(
            list.attributes("[role='listbox']", "data-said"),
            ["No suggestions"],
            "{path}"
        );
        assert!(visitor.asked().is_empty(), "{path}");
    }
}
