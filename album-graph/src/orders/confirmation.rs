//! The mail that confirms an order.

use std::fmt::Write as _;

use super::payment::State;
use super::{Order, OrderLine};
use crate::store::mails::NewMail;

/// What the customer is sent about a new order.
pub(super) fn mail(order: &Order, lines: &[OrderLine], shop_url: &str) -> NewMail {
    let number = &order.number;
    NewMail {
        recipient: order.address.email.clone(),
        subject: format!("Your order {number}"),
        body: body(order, lines, shop_url),
    }
}

fn body(order: &Order, lines: &[OrderLine], shop_url: &str) -> String {
    let address = &order.address;
    let mut text = format!(
        "Dear {} {},\n\nthank you for your order {}.\n\n",
        address.first_name, address.last_name, order.number
    );
    // Writing to a string cannot fail.
    for line in lines {
        let (copies, title, artist) = (line.quantity, &line.title, &line.artist_name);
        let _ = writeln!(text, "{copies} x {title} by {artist}: {}", line.total());
    }
    if let (Some(discount), Some(code)) = (order.discount(), &order.promotion_code) {
        let _ = writeln!(text, "\nSum: {}\nPromotion {code}: -{discount}", order.subtotal());
    }
    let _ = writeln!(text, "\nTotal: {}\n{}\n", order.total(), paying(order.payment.state));
    let _ = writeln!(text, "It goes to:\n{} {}", address.first_name, address.last_name);
    let town = format!("{} {}", address.postal_code, address.city);
    let rest = [&address.address, &town, &address.state, address.country.name];
    for line in rest
        .into_iter()
        .map(|line| line as &str)
        .filter(|line| !line.is_empty())
    {
        let _ = writeln!(text, "{line}");
    }
    let number = order.number.as_str();
    let _ = writeln!(
        text,
        "\nSee it at any time, when you are signed in:\n{shop_url}/orders/{number}"
    );
    text
}

fn paying(state: State) -> &'static str {
    match state {
        State::NotNeeded => "There is nothing to pay.",
        State::Due => "We send you an invoice.",
        State::Pending | State::Failed => "We are waiting for your payment.",
        State::Paid => "It is paid.",
    }
}
