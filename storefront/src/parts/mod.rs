//! What pages are made of: each part asks for its own fields and renders one element.

pub mod album_card;
pub mod album_shelf;
pub mod breadcrumbs;
pub mod header;
pub mod layout;
pub mod paging;
pub mod price_filter;
pub mod structured_data;
