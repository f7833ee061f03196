//! What every page has around it.

use crate::visitor::Visitor;

/// One address of each kind of page, the unknown one included.
const PAGES: [&str; 15] = [
    "/",
    "/genres",
    "/genres/rock",
    "/albums/ada-blue-kind-of-teal",
    "/artists",
    "/artists/ada-blue",
    "/search",
    "/search?q=stone",
    "/nowhere",
    "/cart",
    "/sign-in",
    "/sign-up",
    "/forgotten-password",
    "/confirm?token=x",
    "/reset-password?token=x",
];

/// So many of them are for everybody to find.
const FOUND: usize = 6;

#[tokio::test]
async fn every_page_has_the_header_with_nine_genres_and_the_rest_behind_more() {
    let visitor = Visitor::new().await;
    for path in PAGES {
        let page = visitor.get(path).await;
        assert_eq!(page.attributes(".genre-menu > ul > li > a", "href").len(), 9, "{path}");
        assert_eq!(page.texts(".genre-menu details li").len(), 6, "{path}");
        assert_eq!(page.one(".genre-menu summary"), "More", "{path}");
        assert_eq!(page.attributes(".logo", "href"), ["/"], "{path}");
        let search = "header form[role='search'][action='/search'][method='get'] [type='search'][name='q']";
        assert_eq!(page.html(search).len(), 1, "{path}");
    }
}

#[tokio::test]
async fn every_page_has_one_heading_landmarks_a_skip_link_and_a_live_region() {
    let visitor = Visitor::new().await;
    for path in PAGES {
        let page = visitor.get(path).await;
        for only in [
            "h1[tabindex='-1']",
            "header",
            "main#main",
            "footer",
            "#announcer[role='status'][hx-preserve]",
        ] {
            let found = page.html(&format!("body > {only}, main {only}")).len();
            assert!(found >= 1, "{path}: {only}");
        }
        assert_eq!(page.html("h1").len(), 1, "{path}");
        assert_eq!(page.attributes("a.skip", "href"), ["#main"], "{path}");
    }
}

#[tokio::test]
async fn no_page_repeats_an_id_or_has_anything_inline() {
    let visitor = Visitor::new().await;
    for path in PAGES {
        let page = visitor.get(path).await;
        let mut ids = page.attributes("[id]", "id");
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path}");
        assert!(
            page.html("[style], style, [onclick], [hx-on], script:not([src]):not([type='application/ld+json'])")
                .is_empty()
        );
    }
}

#[tokio::test]
async fn the_menu_says_where_the_visitor_is() {
    let visitor = Visitor::new().await;
    for (path, shown, around) in [
        ("/", "/", ""),
        ("/genres", "/genres", ""),
        ("/genres/metal", "/genres/metal", "/genres"),
        ("/albums/ada-blue-kind-of-teal", "", "/genres /genres/jazz"),
        ("/artists", "/artists", ""),
        ("/artists/ada-blue", "", "/artists"),
    ] {
        let page = visitor.open(path).await;
        assert_eq!(
            page.attributes("#header [aria-current='page']", "href").join(" "),
            shown,
            "{path}"
        );
        assert_eq!(
            page.attributes("#header [aria-current='true']", "href").join(" "),
            around,
            "{path}"
        );
    }
}

#[tokio::test]
async fn pages_have_a_title_a_description_and_one_address() {
    let visitor = Visitor::new().await;
    let (found, hidden) = PAGES.split_at(FOUND);
    for path in found {
        let page = visitor.open(path).await;
        let address = format!("https://shop.example{path}");
        assert_eq!(
            page.attributes("link[rel='canonical']", "href"),
            [address.as_str()],
            "{path}"
        );
        assert_eq!(
            page.attributes("meta[property='og:url']", "content"),
            [address.as_str()],
            "{path}"
        );
        assert_eq!(
            page.attributes("meta[name='description']", "content").len(),
            1,
            "{path}"
        );
        assert!(page.one("title").contains("Music Store"), "{path}");
    }
    for path in hidden {
        let page = visitor.get(path).await;
        assert!(page.html("link[rel='canonical']").is_empty(), "{path}");
        assert_eq!(page.attributes("meta[name='robots']", "content"), ["noindex"], "{path}");
    }
}

#[tokio::test]
async fn the_address_keeps_the_page_number_of_the_plain_list_only() {
    let visitor = Visitor::new().await;
    for (path, canonical) in [
        (
            "/genres/rock?page=2&utm_source=x",
            "https://shop.example/genres/rock?page=2",
        ),
        (
            "/genres/rock?page=2&sort=title&min=1",
            "https://shop.example/genres/rock",
        ),
        ("/genres/rock?sort=title", "https://shop.example/genres/rock"),
    ] {
        let page = visitor.open(path).await;
        assert_eq!(page.attributes("link[rel='canonical']", "href"), [canonical], "{path}");
    }
}

#[tokio::test]
async fn a_genre_without_a_description_is_described_by_its_shelf() {
    let page = Visitor::new().await.open("/genres/jazz").await;
    let description = page.attributes("meta[name='description']", "content").remove(0);
    assert!(
        description.starts_with("Jazz: ") && description.ends_with(" in the shop"),
        "{description}"
    );
    assert!(page.html("p.lead").is_empty());
}

#[tokio::test]
async fn breadcrumbs_lead_back_and_machines_read_them_too() {
    let page = Visitor::new().await.open("/albums/ada-blue-kind-of-teal").await;
    assert_eq!(
        page.texts("#breadcrumbs li"),
        ["Home", "Genres", "Jazz", "Kind of Teal"]
    );
    assert_eq!(page.one("#breadcrumbs [aria-current='page']"), "Kind of Teal");
    let steps = page.data("BreadcrumbList")["itemListElement"].clone();
    assert_eq!(steps[2]["item"], "https://shop.example/genres/jazz");
    assert_eq!(steps[3]["position"], 4);
}

#[tokio::test]
async fn every_page_asks_the_catalogue_once_within_the_same_trace() {
    let visitor = Visitor::new().await;
    for path in PAGES {
        let page = visitor.get(path).await;
        let asked = visitor.asked();
        assert_eq!(asked.len(), 1, "{path}");
        assert_eq!(asked[0].split('-').nth(1), Some(page.header("x-request-id")), "{path}");
    }
    for path in [
        "/covers/1/rock/0123456789abcdef.svg",
        "/robots.txt",
        "/readyz",
        "/genres/",
    ] {
        visitor.get(path).await;
        assert!(visitor.asked().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_trace_that_somebody_else_began_goes_on() {
    let visitor = Visitor::new().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let header = format!("00-{trace}-b7ad6b7169203331-01");
    let page = visitor.get_with("/", &[("traceparent", &header)]).await;
    assert_eq!(page.header("x-request-id"), trace);
    assert!(visitor.asked()[0].starts_with(&format!("00-{trace}-")));
}
