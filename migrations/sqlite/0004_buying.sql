-- Buying: customers, sessions, carts, stock, promotions, orders, mail, and what replicas share to do a thing once.
--
-- Moments are milliseconds since 1970 in UTC: programs compare them and add to them. Secrets that a customer holds (session
-- tokens, links in mails) are kept as the hexadecimal SHA-256 of what they are.

CREATE TABLE customers (
    id INTEGER NOT NULL PRIMARY KEY,
    -- As it was typed; the key is what tells one address from another.
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_key TEXT NOT NULL UNIQUE,
    -- A PHC string: the algorithm, its parameters, the salt and the hash.
    password_hash TEXT NOT NULL CHECK (length(password_hash) <= 200),
    created_at INTEGER NOT NULL
) STRICT;

-- What a link in a mail proves. A sign-up becomes a customer only when its address is confirmed, with the password of that
-- sign-up: nobody can take an address in advance.
CREATE TABLE mail_tokens (
    token_hash TEXT NOT NULL PRIMARY KEY CHECK (length(token_hash) = 64),
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_up', 'reset')),
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_key TEXT NOT NULL,
    password_hash TEXT CHECK (length(password_hash) <= 200),
    -- The session that signed up, which a confirmation signs in.
    session_hash TEXT CHECK (length(session_hash) = 64),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_tokens_by_email ON mail_tokens (email_key);
CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);

CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    -- Nobody's yet, or that of who signed in.
    customer_id INTEGER REFERENCES customers (id),
    -- Whether it outlives the browser.
    persistent INTEGER NOT NULL CHECK (persistent IN (0, 1)),
    user_agent TEXT NOT NULL CHECK (length(user_agent) <= 200),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_customer ON sessions (customer_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What failed, by whom: of an account or a client address, as a hash, for it need not exist.
CREATE TABLE failures (
    subject TEXT NOT NULL PRIMARY KEY CHECK (length(subject) = 64),
    times INTEGER NOT NULL CHECK (times >= 1),
    last_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX failures_by_moment ON failures (last_at);

-- A cart belongs to a session, or to a customer on whatever device.
CREATE TABLE carts (
    id INTEGER NOT NULL PRIMARY KEY,
    session_id INTEGER REFERENCES sessions (id),
    customer_id INTEGER REFERENCES customers (id),
    -- Raised by every change, so that changes of one cart follow one another.
    version INTEGER NOT NULL DEFAULT 0,
    CHECK ((session_id IS NULL) <> (customer_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX carts_of_session ON carts (session_id) WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX carts_of_customer ON carts (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE cart_lines (
    cart_id INTEGER NOT NULL REFERENCES carts (id),
    album_id INTEGER NOT NULL REFERENCES albums (id),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    -- The price that the visitor was shown last and agreed to.
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    added_at INTEGER NOT NULL,
    PRIMARY KEY (cart_id, album_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cart_lines_by_album ON cart_lines (album_id);

-- How many copies are left; an album without a row here never runs out. Apart from the album, for it changes with every order
-- and the catalogue does not.
CREATE TABLE stock (
    album_id INTEGER NOT NULL PRIMARY KEY REFERENCES albums (id),
    copies INTEGER NOT NULL CHECK (copies >= 0)
) STRICT;

-- Raised when albums may have run out, or come in again: with the revision, it names a state of the shop that pages can be kept
-- for.
ALTER TABLE catalogue ADD COLUMN availability INTEGER NOT NULL DEFAULT 0;

CREATE TABLE promotions (
    id INTEGER NOT NULL PRIMARY KEY,
    -- In upper case: case does not matter.
    code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 40),
    -- Either a share of the sum, or an amount off it.
    percentage INTEGER CHECK (percentage BETWEEN 1 AND 100),
    amount_minor INTEGER CHECK (amount_minor >= 1),
    currency TEXT CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    starts_at INTEGER,
    ends_at INTEGER,
    use_limit INTEGER CHECK (use_limit >= 0),
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
    CHECK ((percentage IS NULL) <> (amount_minor IS NULL)),
    CHECK ((amount_minor IS NULL) = (currency IS NULL))
) STRICT;

CREATE TABLE orders (
    id INTEGER NOT NULL PRIMARY KEY,
    -- What people say and type: ten characters without dashes.
    number TEXT NOT NULL UNIQUE CHECK (length(number) = 10),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    -- Chosen by whoever orders: the same key is the same order, if the input is the same, too.
    idempotency_key TEXT NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 100),
    input_hash TEXT NOT NULL CHECK (length(input_hash) = 64),
    placed_at INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    subtotal_minor INTEGER NOT NULL CHECK (subtotal_minor >= 0),
    discount_minor INTEGER NOT NULL CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
    promotion_code TEXT CHECK (length(promotion_code) <= 40),
    payment_provider TEXT NOT NULL CHECK (length(payment_provider) BETWEEN 1 AND 40),
    payment_state TEXT NOT NULL CHECK (payment_state IN ('not_needed', 'due', 'pending', 'paid', 'failed')),
    -- What the provider calls it.
    payment_reference TEXT CHECK (length(payment_reference) <= 200),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 160),
    last_name TEXT NOT NULL CHECK (length(last_name) BETWEEN 1 AND 160),
    address TEXT NOT NULL CHECK (length(address) BETWEEN 3 AND 70),
    city TEXT NOT NULL CHECK (length(city) BETWEEN 1 AND 40),
    state TEXT NOT NULL CHECK (length(state) <= 40),
    postal_code TEXT NOT NULL CHECK (length(postal_code) BETWEEN 5 AND 10),
    -- ISO 3166-1 alpha-2.
    country TEXT NOT NULL CHECK (country GLOB '[A-Z][A-Z]'),
    phone TEXT NOT NULL CHECK (length(phone) <= 24),
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    -- Whether its copies were added to `sales`.
    counted INTEGER NOT NULL DEFAULT 0 CHECK (counted IN (0, 1)),
    UNIQUE (customer_id, idempotency_key)
) STRICT;
CREATE INDEX orders_of_customer ON orders (customer_id, placed_at DESC);
-- By what a payment provider calls it, for that is what it tells of later.
CREATE UNIQUE INDEX orders_by_payment ON orders (payment_provider, payment_reference) WHERE payment_reference IS NOT NULL;
CREATE INDEX orders_uncounted ON orders (id) WHERE counted = 0;

-- What was bought, as it was then.
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    album_id INTEGER NOT NULL REFERENCES albums (id),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 160),
    artist_name TEXT NOT NULL CHECK (length(artist_name) BETWEEN 1 AND 160),
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_lines_by_album ON order_lines (album_id);

-- Copies that were sold and do not count in `albums.copies_sold` yet: they will when they change which album sold more.
CREATE TABLE sales (
    album_id INTEGER NOT NULL PRIMARY KEY REFERENCES albums (id),
    copies INTEGER NOT NULL CHECK (copies >= 1)
) STRICT;

CREATE TABLE mails (
    id INTEGER NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    body TEXT NOT NULL CHECK (length(body) <= 20000),
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When to try next. Whoever tries moves it on first, so that nobody else does meanwhile.
    due_at INTEGER NOT NULL,
    -- Given up: kept for the operator to see, without its body.
    failed_at INTEGER
) STRICT;
CREATE INDEX mails_due ON mails (due_at) WHERE failed_at IS NULL;

-- What one of all replicas does from time to time.
CREATE TABLE chores (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
    due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO chores (name, due_at) VALUES ('ranking', 0), ('cleaning', 0);
