//! Global ids: opaque to clients, a kind and a key to us.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What an id can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Album,
    Artist,
    Genre,
    Session,
    Cart,
    Order,
    Customer,
}

/// Everything that is asked for by its id.
const NAMED: [Kind; 6] = [
    Kind::Album,
    Kind::Artist,
    Kind::Genre,
    Kind::Session,
    Kind::Order,
    Kind::Customer,
];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Album => "Album",
            Self::Artist => "Artist",
            Self::Genre => "Genre",
            Self::Session => "Session",
            Self::Cart => "Cart",
            Self::Order => "Order",
            Self::Customer => "Customer",
        }
    }

    /// The id of the thing of this kind with this key.
    pub fn id(self, key: i64) -> ID {
        URL_SAFE_NO_PAD.encode(format!("{}:{key}", self.name())).into()
    }
}

/// What an id names; none when it is no id of ours.
pub(super) fn parse(id: &ID) -> Option<(Kind, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, key) = text.split_once(':')?;
    let kind = NAMED.into_iter().find(|kind| kind.name() == name)?;
    let key = key.parse().ok()?;
    // One thing has one id: no other spelling of the key is taken.
    (kind.id(key) == *id).then_some((kind, key))
}
