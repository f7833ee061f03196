//! JSON-LD: what a page says to machines (<https://schema.org>).

use serde_json::{Value, json};

use crate::parts::breadcrumbs::Breadcrumbs;
use crate::shop::Shop;

/// JSON that can stand in a script element: nothing in it can end the element or start a comment.
pub fn embedded(value: &Value) -> String {
    known(value)
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// The same without what is not known: to machines, null is a statement.
fn known(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), known(value)))
            .collect(),
        Value::Array(items) => items.iter().map(known).collect(),
        plain => plain.clone(),
    }
}

/// The way from the home page to this one.
pub fn breadcrumb_list(shop: &Shop, breadcrumbs: &Breadcrumbs) -> Value {
    let items = breadcrumbs.crumbs.iter().zip(1..).map(|(crumb, position)| {
        json!({ "@type": "ListItem", "position": position, "name": crumb.name, "item": shop.absolute(&crumb.href) })
    });
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items.collect::<Vec<_>>(),
    })
}
