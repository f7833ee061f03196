//! What pages are made of: each part asks for its own fields and renders one element.

pub mod account;
pub mod add_form;
pub mod album_card;
pub mod album_shelf;
pub mod breadcrumbs;
pub mod cart;
pub mod cart_link;
pub mod facets;
pub mod form;
pub mod found_album;
pub mod header;
pub mod layout;
pub mod marked;
pub mod order;
pub mod paging;
pub mod price_filter;
pub mod refinement;
pub mod search_box;
pub mod search_order;
pub mod structured_data;
pub mod suggestions;
