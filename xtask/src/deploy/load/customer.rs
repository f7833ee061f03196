//! Somebody with an account who orders one album after another, and remembers every order.

use std::mem;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::ask::Ask;
use super::door::Reply;
use super::guest::{added, value_of};
use super::visits::Visits;

/// A password that nothing is wrong with.
const PASSWORD: &str = "four words in a row";
const ORDERS: &str = "query Orders($after: String) { viewer { orders(first: 100, after: $after) { \
                      nodes { number address { address } } pageInfo { hasNextPage endCursor } } } }";

/// Somebody who buys.
pub struct Customer {
    name: String,
    session: Option<String>,
    next: Step,
    orders: Vec<Order>,
}

/// What the customer does next.
enum Step {
    Add,
    CheckOut { sure: bool },
    Place { form: Vec<(String, String)> },
    Thank { number: String },
}

/// An order that was sent.
struct Order {
    /// What the customer wrote into its address.
    mark: String,
    /// Whether the shop said so, and how it calls it; otherwise there may be one, or not.
    number: Option<String>,
}

impl Customer {
    /// Signs up; `token_of` reads the link in the mail to an address.
    pub async fn sign_up(
        visits: &Visits,
        name: String,
        token_of: impl AsyncFn(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<Self> {
        let mut customer = Self {
            session: None,
            next: Step::Add,
            orders: Vec::new(),
            name,
        };
        let email = customer.email();
        let sign_up = Ask::form("/sign-up", &[("email", &email), ("password", PASSWORD)]);
        let reply = customer.send(visits, sign_up).await?;
        ensure!(
            reply.location == "/sign-up/sent",
            "signing up is answered with {}",
            reply.status
        );
        let token = token_of(&email).await?;
        let reply = customer
            .send(visits, Ask::form("/confirm", &[("token", &token)]))
            .await?;
        ensure!(reply.status == 303, "confirming is answered with {}", reply.status);
        Ok(customer)
    }

    fn email(&self) -> String {
        format!("{}@example.com", self.name)
    }

    /// Sends what must succeed, and keeps the session.
    async fn send(&mut self, visits: &Visits, ask: Ask) -> anyhow::Result<Reply> {
        let reply = visits.door.send(&ask.of(self.session.as_deref())).await.reply;
        let reply = reply.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        if reply.session.is_some() {
            self.session.clone_from(&reply.session);
        }
        Ok(reply)
    }

    /// Takes the next step towards the next order; one that failed is taken again.
    pub async fn go_on(&mut self, visits: &Visits) {
        let step = mem::replace(&mut self.next, Step::Add);
        self.next = match step {
            Step::Add => self.add(visits).await,
            Step::CheckOut { sure } => self.check_out(visits, sure).await,
            Step::Place { form } => self.place(visits, form).await,
            Step::Thank { number } => self.thank(visits, number).await,
        };
    }

    async fn add(&self, visits: &Visits) -> Step {
        let albums = &visits.catalogue.albums;
        let album = &albums[fastrand::usize(..albums.len())].id;
        let form = Ask::form("/cart/items", &[("album", album), ("quantity", "1")]);
        let done = visits.ask(form.of(self.session.as_deref()), added).await;
        Step::CheckOut { sure: done.is_some() }
    }

    async fn check_out(&self, visits: &Visits, sure: bool) -> Step {
        let shown = visits
            .ask(Ask::page("/checkout").of(self.session.as_deref()), |reply| {
                let (key, total) = (value_of(&reply.body, "key"), value_of(&reply.body, "total"));
                match (reply.status, reply.location.as_str()) {
                    (200, _) if !key.is_empty() && !total.is_empty() => Ok(Some((key.to_owned(), total.to_owned()))),
                    // What was perhaps put in was not.
                    (303, "/cart") if !sure => Ok(None),
                    (status, location) => Err(format!("the checkout is answered with {status} {location}")),
                }
            })
            .await;
        match shown {
            Some(Some((key, total))) => Step::Place {
                form: self.form(key, total),
            },
            Some(None) => Step::Add,
            None => Step::CheckOut { sure },
        }
    }

    fn form(&self, key: String, total: String) -> Vec<(String, String)> {
        let address = [
            ("firstName", "Ada"),
            ("lastName", "Lovelace"),
            ("postalCode", "SW1Y 4JH"),
            ("city", "London"),
            ("state", ""),
            ("country", "GB"),
            ("phone", ""),
            ("paymentMethod", "invoice"),
        ];
        let mark = format!("{} order {}", self.name, self.orders.len() + 1);
        let own = [
            ("key", key),
            ("total", total),
            ("address", mark),
            ("email", self.email()),
        ];
        let fixed = address.map(|(name, value)| (name, value.to_owned()));
        let pairs = fixed.into_iter().chain(own);
        pairs.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    async fn place(&mut self, visits: &Visits, form: Vec<(String, String)>) -> Step {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        let mark = fields.iter().find(|(name, _)| *name == "address");
        let mark = mark.map_or("", |(_, mark)| *mark).to_owned();
        let ask = Ask::form("/checkout", &fields).of(self.session.as_deref());
        let number = visits.ask(ask, placed).await;
        if self.orders.last().is_none_or(|order| order.mark != mark) {
            self.orders.push(Order { mark, number: None });
        }
        match (number, self.orders.last_mut()) {
            (Some(number), Some(order)) => {
                order.number = Some(number.clone());
                Step::Thank { number }
            }
            // The same form once more: the shop knows its key.
            _ => Step::Place { form },
        }
    }

    async fn thank(&self, visits: &Visits, number: String) -> Step {
        let page = Ask::page(format!("/orders/{number}")).of(self.session.as_deref());
        let shown = visits.ask(page, |reply| {
            let shows = reply.status == 200 && reply.body.contains(&number);
            shows
                .then_some(())
                .ok_or_else(|| format!("order {number} is answered with {}", reply.status))
        });
        match shown.await {
            Some(()) => Step::Add,
            None => Step::Thank { number },
        }
    }

    /// How many orders the shop has acknowledged.
    pub fn sure(&self) -> usize {
        self.orders.iter().filter(|order| order.number.is_some()).count()
    }

    /// Checks that the shop has every order that it acknowledged, and none twice.
    pub async fn check(&mut self, visits: &Visits) -> anyhow::Result<()> {
        let known = self.listed(visits).await?;
        for (place, (number, mark)) in known.iter().enumerate() {
            let twice = |(other, of): &(String, String)| other == number || of == mark;
            if known.iter().skip(place + 1).any(twice) {
                bail!("{mark:?} was ordered twice");
            }
            if self.orders.iter().all(|order| order.mark != *mark) {
                bail!("{mark:?} was never ordered");
            }
        }
        for order in &self.orders {
            let Some(number) = &order.number else { continue };
            if !known.contains(&(number.clone(), order.mark.clone())) {
                bail!("order {number}, {:?}, is not there", order.mark);
            }
        }
        Ok(())
    }

    /// The numbers and marks of all orders that the shop has of the customer.
    async fn listed(&mut self, visits: &Visits) -> anyhow::Result<Vec<(String, String)>> {
        let mut listed = Vec::new();
        let mut after = Value::Null;
        loop {
            let reply = self
                .send(visits, Ask::query(ORDERS, &json!({ "after": after })))
                .await?;
            let answer: Value = serde_json::from_str(&reply.body)?;
            let page = &answer["data"]["viewer"]["orders"];
            let nodes = page["nodes"].as_array().with_context(|| reply.body.clone())?;
            listed.extend(nodes.iter().map(|node| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (text(&node["number"]), text(&node["address"]["address"]))
            }));
            if page["pageInfo"]["hasNextPage"] != true {
                return Ok(listed);
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

/// The number of the order that the shop thanks for.
fn placed(reply: &Reply) -> Result<String, String> {
    let number = reply
        .location
        .strip_prefix("/orders/")
        .and_then(|rest| rest.split('?').next());
    match number {
        Some(number) if reply.status == 303 => Ok(number.to_owned()),
        _ => {
            let begin = reply.body.find("form-error").map_or("", |place| &reply.body[place..]);
            let begin: String = begin.chars().take(200).collect();
            Err(format!(
                "the order is answered with {} {} {begin}",
                reply.status, reply.location
            ))
        }
    }
}
