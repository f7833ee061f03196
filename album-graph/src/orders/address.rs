//! Where an order goes: every field checked, and everything that is wrong told at once.

use super::{Code, Country, Problem};
use crate::accounts::Email;
use crate::catalogue::is_noncharacter;

/// An address as it was typed.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of a form are called what they are")]
pub struct AddressInput {
    pub first_name: String,
    pub last_name: String,
    pub address: String,
    pub city: String,
    pub state: String,
    pub postal_code: String,
    pub country: String,
    pub phone: String,
    pub email: String,
}

/// An address that something can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Of the person, 1 to 160 characters.
    pub first_name: String,
    /// Of the person, 1 to 160 characters.
    pub last_name: String,
    /// Street and house, 3 to 70 characters.
    pub address: String,
    /// 1 to 40 characters.
    pub city: String,
    /// Where the country has states; at most 40 characters.
    pub state: String,
    /// 5 to 10 characters.
    pub postal_code: String,
    /// Where that is.
    pub country: Country,
    /// At most 24 characters.
    pub phone: String,
    /// Where the shop writes to about the order.
    pub email: String,
}

/// A field: what the input calls it, what people call it, and how long it may be.
struct Field(&'static str, &'static str, usize, usize);

const FIRST_NAME: Field = Field("address.firstName", "first name", 1, 160);
const LAST_NAME: Field = Field("address.lastName", "last name", 1, 160);
const ADDRESS: Field = Field("address.address", "address", 3, 70);
const CITY: Field = Field("address.city", "city", 1, 40);
const STATE: Field = Field("address.state", "state", 0, 40);
const POSTAL_CODE: Field = Field("address.postalCode", "postal code", 5, 10);
const PHONE: Field = Field("address.phone", "phone number", 0, 24);
const EMAIL: Field = Field("address.email", "e-mail address", 3, 254);
const COUNTRY: &str = "address.country";

impl AddressInput {
    /// The address, without blanks at the ends of its fields.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<Address, Vec<Problem>> {
        let mut form = Form::default();
        let first_name = form.text(&FIRST_NAME, &self.first_name);
        let last_name = form.text(&LAST_NAME, &self.last_name);
        let address = form.text(&ADDRESS, &self.address);
        let city = form.text(&CITY, &self.city);
        let state = form.text(&STATE, &self.state);
        let postal_code = form.text(&POSTAL_CODE, &self.postal_code);
        let country = form.take(country(&self.country));
        let phone = form.text(&PHONE, &self.phone);
        let email = form.take(EMAIL.check(&self.email).and_then(email));
        match (country, email) {
            (Some(country), Some(email)) if form.problems.is_empty() => Ok(Address {
                first_name,
                last_name,
                address,
                city,
                state,
                postal_code,
                country,
                phone,
                email,
            }),
            _ => Err(form.problems),
        }
    }
}

/// Collects what is wrong with a form.
#[derive(Default)]
struct Form {
    problems: Vec<Problem>,
}

impl Form {
    fn take<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn text(&mut self, field: &Field, text: &str) -> String {
        self.take(field.check(text)).unwrap_or_default()
    }
}

impl Field {
    fn check(&self, text: &str) -> Result<String, Problem> {
        let Self(field, name, least, most) = *self;
        let text = text.trim();
        let length = text.chars().count();
        let bounds = || match least {
            0 | 1 => format!("The {name} has at most {most} characters."),
            _ => format!("The {name} has {least} to {most} characters."),
        };
        if length == 0 && least > 0 {
            return Err(Problem::of(Code::Required, field, format!("Enter the {name}.")));
        }
        if length < least {
            return Err(Problem::of(Code::TooShort, field, bounds()));
        }
        if length > most {
            return Err(Problem::of(Code::TooLong, field, bounds()));
        }
        if text
            .chars()
            .any(|letter| letter.is_control() || is_noncharacter(letter))
        {
            let message = format!("The {name} has characters that cannot be printed on one line.");
            return Err(Problem::of(Code::Invalid, field, message));
        }
        Ok(text.to_owned())
    }
}

fn country(code: &str) -> Result<Country, Problem> {
    if code.trim().is_empty() {
        return Err(Problem::of(Code::Required, COUNTRY, "Choose the country."));
    }
    let message = "Choose a country from the list.";
    Country::parse(code).ok_or_else(|| Problem::of(Code::UnknownCountry, COUNTRY, message))
}

fn email(text: String) -> Result<String, Problem> {
    let message = "Enter an e-mail address such as ann@example.com.";
    let problem = |_| Problem::of(Code::Invalid, EMAIL.0, message);
    Email::parse(&text).map(|_| text).map_err(problem)
}
