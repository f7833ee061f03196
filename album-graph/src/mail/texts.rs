//! What the shop writes to people about their accounts.

use crate::accounts::Token;
use crate::store::mails::NewMail;

/// Somebody signed up with this address: a link confirms it.
#[must_use]
pub fn confirm(recipient: &str, shop_url: &str, token: &Token) -> NewMail {
    let link = format!("{shop_url}/confirm?token={}", token.reveal());
    mail(
        recipient,
        "Please confirm your e-mail address",
        &format!(
            "Welcome to the Music Store!\n\n\
             Please confirm your e-mail address within 24 hours:\n\n{link}\n\n\
             If you did not sign up, please ignore this mail: without the link nothing\nhappens."
        ),
        shop_url,
    )
}

/// Somebody signed up with an address that has an account.
#[must_use]
pub fn known_already(recipient: &str, shop_url: &str) -> NewMail {
    mail(
        recipient,
        "You have an account already",
        &format!(
            "Somebody tried to sign up at the Music Store with your e-mail address,\n\
             which has an account already. Sign in, or choose another password, at\n\n{shop_url}\n\n\
             If it was not you, please ignore this mail: your account is unchanged."
        ),
        shop_url,
    )
}

/// Somebody forgot the password of this address's account: a link lets them choose another.
#[must_use]
pub fn reset(recipient: &str, shop_url: &str, token: &Token) -> NewMail {
    let link = format!("{shop_url}/reset-password?token={}", token.reveal());
    mail(
        recipient,
        "Choose another password",
        &format!(
            "Somebody asked to choose another password for your account at the\n\
             Music Store. Please do so within an hour:\n\n{link}\n\n\
             If it was not you, please ignore this mail: your password is unchanged."
        ),
        shop_url,
    )
}

/// The password of this address's account is another one.
#[must_use]
pub fn password_changed(recipient: &str, shop_url: &str) -> NewMail {
    mail(
        recipient,
        "Your password was changed",
        &format!(
            "The password of your account at the Music Store was changed, and whoever\n\
             was signed in with the old one no longer is.\n\n\
             If it was not you, please choose another password at once:\n\n{shop_url}/forgot-password"
        ),
        shop_url,
    )
}

fn mail(recipient: &str, subject: &str, text: &str, shop_url: &str) -> NewMail {
    NewMail {
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        body: format!("{text}\n\n-- \nMusic Store\n{shop_url}\n"),
    }
}
