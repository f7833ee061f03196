//! The form of the checkout, with what it will cost.

use askama::Template;
use uuid::Uuid;

use super::{CheckoutCart, CheckoutQuery};
use crate::parameters::Fields;
use crate::parts::form::{Complaint, Field, Form};
use crate::parts::header::Place;
use crate::parts::layout::Layout;
use crate::parts::order::{PaymentMethod, PostalAddress};

/// Longer keys are not taken.
const LONGEST_KEY: usize = 100;
/// So much can be typed into a field: more than is accepted, so that somebody learns what is too long.
const LONGEST: usize = 200;

/// What was filled in.
#[derive(Debug)]
pub struct Entered {
    /// Where to.
    pub address: PostalAddress,
    /// The promotion code, as it was typed.
    pub promotion: String,
    /// The chosen way to pay; empty where there was none to choose.
    pub payment: String,
    /// What tells this order from any other, so that sending it twice makes one.
    pub key: String,
    /// What the page said that it costs.
    pub expected_total: Option<i32>,
}

impl Entered {
    /// What is known before anything was filled in.
    pub fn known(address: PostalAddress, email: String) -> Self {
        Self {
            address: PostalAddress { email, ..address },
            promotion: String::new(),
            payment: String::new(),
            key: new_key(),
            expected_total: None,
        }
    }

    /// Reads a form.
    pub fn read(fields: &Fields) -> Self {
        let text = |name| fields.get(name).to_owned();
        let mut address = PostalAddress {
            first_name: text("firstName"),
            last_name: text("lastName"),
            address: text("address"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postalCode"),
            phone: text("phone"),
            email: text("email"),
            ..PostalAddress::default()
        };
        address.country.code = text("country");
        let key = text("key");
        let has_key = !key.is_empty() && key.len() <= LONGEST_KEY;
        Self {
            address,
            promotion: text("promotionCode"),
            payment: text("paymentMethod"),
            key: if has_key { key } else { new_key() },
            expected_total: fields.get("total").parse().ok(),
        }
    }

    /// The same for another order.
    pub fn with_new_key(self) -> Self {
        Self { key: new_key(), ..self }
    }
}

fn new_key() -> String {
    Uuid::new_v4().to_string()
}

#[derive(Debug, Template)]
#[template(path = "pages/checkout.html")]
pub struct CheckoutPage {
    pub layout: Layout,
    form: Form,
    promotion: Field,
    payment_error: String,
    methods: Vec<PaymentMethod>,
    payment: String,
    cart: CheckoutCart,
    key: String,
}

impl CheckoutPage {
    /// The form with what was entered and what is wrong with it.
    pub fn new(answer: CheckoutQuery, entered: Entered, complaints: Vec<Complaint>) -> Self {
        let CheckoutQuery {
            header,
            viewer,
            countries,
            payment_methods,
        } = answer;
        let (promotion, complaints): (Vec<_>, Vec<_>) = complaints
            .into_iter()
            .partition(|complaint| complaint.field.as_deref() == Some("promotionCode"));
        let (payment, complaints): (Vec<_>, Vec<_>) = complaints
            .into_iter()
            .partition(|complaint| complaint.field.as_deref() == Some("paymentMethod"));
        let has_more = !complaints.is_empty();
        let countries = countries.into_iter().map(|country| (country.code, country.name));
        let code = Field::text("promotionCode", "Promotion code", LONGEST)
            .optional()
            .holding(&entered.promotion);
        let promotion = code.refused(promotion.into_iter().next(), has_more);
        Self {
            layout: Layout::new(header, Place::Account, "Checkout"),
            form: Form::of(fields(&entered.address, countries.collect())).refused(complaints),
            promotion,
            payment_error: payment.into_iter().next().map_or(String::new(), |one| one.message),
            payment: chosen(&payment_methods, entered.payment),
            methods: payment_methods,
            cart: viewer.cart,
            key: entered.key,
        }
    }

    /// Whether there is anything to pay, and so a way to choose.
    fn costs_something(&self) -> bool {
        self.cart.quote.total.as_ref().is_some_and(|total| total.amount > 0)
    }
}

/// The way to pay that is chosen: the first, where nobody chose.
fn chosen(methods: &[PaymentMethod], entered: String) -> String {
    let first = || {
        methods
            .first()
            .map_or(String::new(), |method| method.id.inner().to_owned())
    };
    if entered.is_empty() { first() } else { entered }
}

fn fields(address: &PostalAddress, countries: Vec<(String, String)>) -> [Field; 9] {
    let text = |name, label| Field::text(name, label, LONGEST);
    [
        text("firstName", "First name")
            .known_as("given-name")
            .holding(&address.first_name),
        text("lastName", "Last name")
            .known_as("family-name")
            .holding(&address.last_name),
        text("address", "Street and number")
            .known_as("address-line1")
            .holding(&address.address),
        text("postalCode", "Postal code")
            .known_as("postal-code")
            .holding(&address.postal_code),
        text("city", "City").known_as("address-level2").holding(&address.city),
        text("state", "State or region")
            .known_as("address-level1")
            .optional()
            .holding(&address.state),
        Field::choice("country", "Country", countries)
            .known_as("country")
            .holding(&address.country.code),
        text("phone", "Telephone")
            .known_as("tel")
            .typed_as("tel")
            .optional()
            .holding(&address.phone),
        Field::email("email").holding(&address.email),
    ]
}
