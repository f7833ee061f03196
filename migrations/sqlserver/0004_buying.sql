-- Buying: customers, sessions, carts, stock, promotions, orders, mail, and what replicas share to do a thing once.
--
-- Moments are milliseconds since 1970 in UTC: programs compare them and add to them. Secrets that a customer holds (session
-- tokens, links in mails) are kept as the hexadecimal SHA-256 of what they are.

CREATE TABLE dbo.customers (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT customers_pkey PRIMARY KEY CLUSTERED,
    -- As it was typed; the key is what tells one address from another.
    email NVARCHAR(508) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT customers_email_check CHECK (LEN(email) BETWEEN 3 AND 508),
    email_key NVARCHAR(254) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT customers_email_key_key UNIQUE,
    -- A PHC string: the algorithm, its parameters, the salt and the hash.
    password_hash NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT customers_password_hash_check CHECK (LEN(password_hash) <= 200),
    created_at BIGINT NOT NULL
);

-- What a link in a mail proves. A sign-up becomes a customer only when its address is confirmed, with the password of that
-- sign-up: nobody can take an address in advance.
CREATE TABLE dbo.mail_tokens (
    token_hash NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT mail_tokens_pkey PRIMARY KEY CLUSTERED,
    CONSTRAINT mail_tokens_token_hash_check CHECK (LEN(token_hash) = 64),
    purpose NVARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT mail_tokens_purpose_check CHECK (purpose = N'sign_up' OR purpose = N'reset'),
    email NVARCHAR(508) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT mail_tokens_email_check CHECK (LEN(email) BETWEEN 3 AND 508),
    email_key NVARCHAR(254) COLLATE Latin1_General_100_BIN2 NOT NULL,
    password_hash NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT mail_tokens_password_hash_check CHECK (LEN(password_hash) <= 200),
    -- The session that signed up, which a confirmation signs in.
    session_hash NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT mail_tokens_session_hash_check CHECK (LEN(session_hash) = 64),
    expires_at BIGINT NOT NULL
);
CREATE INDEX mail_tokens_by_email ON dbo.mail_tokens (email_key);
CREATE INDEX mail_tokens_by_expiry ON dbo.mail_tokens (expires_at);

CREATE TABLE dbo.sessions (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY CLUSTERED,
    token_hash NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
    CONSTRAINT sessions_token_hash_check CHECK (LEN(token_hash) = 64),
    -- Nobody's yet, or that of who signed in.
    customer_id BIGINT NULL,
    -- Whether it outlives the browser.
    persistent BIGINT NOT NULL,
    CONSTRAINT sessions_persistent_check CHECK (persistent IN (0, 1)),
    user_agent NVARCHAR(400) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT sessions_user_agent_check CHECK (LEN(user_agent) <= 400),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
ALTER TABLE dbo.sessions ADD CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES dbo.customers (id);
CREATE INDEX sessions_by_customer ON dbo.sessions (customer_id);
CREATE INDEX sessions_by_expiry ON dbo.sessions (expires_at);

-- What failed, by whom: of an account or a client address, as a hash, for it need not exist.
CREATE TABLE dbo.failures (
    subject NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT failures_pkey PRIMARY KEY CLUSTERED,
    CONSTRAINT failures_subject_check CHECK (LEN(subject) = 64),
    times BIGINT NOT NULL,
    CONSTRAINT failures_times_check CHECK (times >= 1),
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX failures_by_moment ON dbo.failures (last_at);

-- A cart belongs to a session, or to a customer on whatever device.
CREATE TABLE dbo.carts (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT carts_pkey PRIMARY KEY CLUSTERED,
    session_id BIGINT NULL,
    customer_id BIGINT NULL,
    -- Raised by every change, so that changes of one cart follow one another.
    version BIGINT NOT NULL CONSTRAINT carts_version_default DEFAULT 0,
    CONSTRAINT carts_owner_check CHECK (
        (session_id IS NULL AND customer_id IS NOT NULL) OR (session_id IS NOT NULL AND customer_id IS NULL)
    )
);
ALTER TABLE dbo.carts ADD CONSTRAINT carts_session_id_fkey FOREIGN KEY (session_id) REFERENCES dbo.sessions (id);
ALTER TABLE dbo.carts ADD CONSTRAINT carts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES dbo.customers (id);
CREATE UNIQUE INDEX carts_of_session ON dbo.carts (session_id) WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX carts_of_customer ON dbo.carts (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE dbo.cart_lines (
    cart_id BIGINT NOT NULL,
    album_id BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    CONSTRAINT cart_lines_quantity_check CHECK (quantity BETWEEN 1 AND 99),
    -- The price that the visitor was shown last and agreed to.
    price_minor BIGINT NOT NULL,
    CONSTRAINT cart_lines_price_minor_check CHECK (price_minor >= 0),
    currency NVARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT cart_lines_currency_check CHECK (currency LIKE N'[A-Z][A-Z][A-Z]'),
    added_at BIGINT NOT NULL,
    CONSTRAINT cart_lines_pkey PRIMARY KEY CLUSTERED (cart_id, album_id)
);
ALTER TABLE dbo.cart_lines ADD CONSTRAINT cart_lines_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES dbo.carts (id);
ALTER TABLE dbo.cart_lines ADD CONSTRAINT cart_lines_album_id_fkey FOREIGN KEY (album_id) REFERENCES dbo.albums (id);
CREATE INDEX cart_lines_by_album ON dbo.cart_lines (album_id);

-- How many copies are left; an album without a row here never runs out. Apart from the album, for it changes with every order
-- and the catalogue does not.
CREATE TABLE dbo.stock (
    album_id BIGINT NOT NULL CONSTRAINT stock_pkey PRIMARY KEY CLUSTERED,
    copies BIGINT NOT NULL,
    CONSTRAINT stock_copies_check CHECK (copies >= 0)
);
ALTER TABLE dbo.stock ADD CONSTRAINT stock_album_id_fkey FOREIGN KEY (album_id) REFERENCES dbo.albums (id);

-- Raised when albums may have run out, or come in again: with the revision, it names a state of the shop that pages can be kept
-- for.
ALTER TABLE dbo.catalogue ADD availability BIGINT NOT NULL CONSTRAINT catalogue_availability_default DEFAULT 0;

CREATE TABLE dbo.promotions (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT promotions_pkey PRIMARY KEY CLUSTERED,
    -- In upper case: case does not matter.
    code NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT promotions_code_key UNIQUE,
    CONSTRAINT promotions_code_check CHECK (LEN(code) BETWEEN 1 AND 40),
    -- Either a share of the sum, or an amount off it.
    percentage BIGINT NULL,
    CONSTRAINT promotions_percentage_check CHECK (percentage BETWEEN 1 AND 100),
    amount_minor BIGINT NULL,
    CONSTRAINT promotions_amount_minor_check CHECK (amount_minor >= 1),
    currency NVARCHAR(3) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT promotions_currency_check CHECK (currency LIKE N'[A-Z][A-Z][A-Z]'),
    starts_at BIGINT NULL,
    ends_at BIGINT NULL,
    use_limit BIGINT NULL,
    CONSTRAINT promotions_use_limit_check CHECK (use_limit >= 0),
    uses BIGINT NOT NULL CONSTRAINT promotions_uses_default DEFAULT 0,
    CONSTRAINT promotions_uses_check CHECK (uses >= 0),
    CONSTRAINT promotions_worth_check CHECK (
        (percentage IS NULL AND amount_minor IS NOT NULL) OR (percentage IS NOT NULL AND amount_minor IS NULL)
    ),
    CONSTRAINT promotions_amount_currency_check CHECK (
        (amount_minor IS NULL AND currency IS NULL) OR (amount_minor IS NOT NULL AND currency IS NOT NULL)
    )
);

CREATE TABLE dbo.orders (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT orders_pkey PRIMARY KEY CLUSTERED,
    -- What people say and type: ten characters without dashes.
    number NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT orders_number_key UNIQUE,
    CONSTRAINT orders_number_check CHECK (LEN(number) = 10),
    customer_id BIGINT NOT NULL,
    -- Chosen by whoever orders: the same key is the same order, if the input is the same, too.
    idempotency_key NVARCHAR(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_idempotency_key_check CHECK (LEN(idempotency_key) BETWEEN 1 AND 100),
    input_hash NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_input_hash_check CHECK (LEN(input_hash) = 64),
    placed_at BIGINT NOT NULL,
    currency NVARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_currency_check CHECK (currency LIKE N'[A-Z][A-Z][A-Z]'),
    subtotal_minor BIGINT NOT NULL,
    CONSTRAINT orders_subtotal_minor_check CHECK (subtotal_minor >= 0),
    discount_minor BIGINT NOT NULL,
    CONSTRAINT orders_discount_minor_check CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
    promotion_code NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT orders_promotion_code_check CHECK (LEN(promotion_code) <= 40),
    payment_provider NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_payment_provider_check CHECK (LEN(payment_provider) BETWEEN 1 AND 40),
    payment_state NVARCHAR(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_payment_state_check CHECK (
        payment_state = N'not_needed' OR payment_state = N'due' OR payment_state = N'pending' OR payment_state = N'paid'
        OR payment_state = N'failed'
    ),
    -- What the provider calls it.
    payment_reference NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT orders_payment_reference_check CHECK (LEN(payment_reference) <= 200),
    first_name NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_first_name_check CHECK (LEN(first_name) BETWEEN 1 AND 320),
    last_name NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_last_name_check CHECK (LEN(last_name) BETWEEN 1 AND 320),
    address NVARCHAR(140) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_address_check CHECK (LEN(address) BETWEEN 3 AND 140),
    city NVARCHAR(80) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_city_check CHECK (LEN(city) BETWEEN 1 AND 80),
    state NVARCHAR(80) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_state_check CHECK (LEN(state) <= 80),
    postal_code NVARCHAR(20) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_postal_code_check CHECK (LEN(postal_code) BETWEEN 5 AND 20),
    -- ISO 3166-1 alpha-2.
    country NVARCHAR(2) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT orders_country_check CHECK (country LIKE N'[A-Z][A-Z]'),
    phone NVARCHAR(48) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_phone_check CHECK (LEN(phone) <= 48),
    email NVARCHAR(508) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT orders_email_check CHECK (LEN(email) BETWEEN 3 AND 508),
    -- Whether its copies were added to `sales`.
    counted BIGINT NOT NULL CONSTRAINT orders_counted_default DEFAULT 0,
    CONSTRAINT orders_counted_check CHECK (counted IN (0, 1)),
    CONSTRAINT orders_customer_id_idempotency_key_key UNIQUE (customer_id, idempotency_key)
);
ALTER TABLE dbo.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES dbo.customers (id);
CREATE INDEX orders_of_customer ON dbo.orders (customer_id, placed_at DESC);
-- By what a payment provider calls it, for that is what it tells of later.
CREATE UNIQUE INDEX orders_by_payment ON dbo.orders (payment_provider, payment_reference) WHERE payment_reference IS NOT NULL;
CREATE INDEX orders_uncounted ON dbo.orders (id) WHERE counted = 0;

-- What was bought, as it was then.
CREATE TABLE dbo.order_lines (
    order_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT order_lines_position_check CHECK (position >= 1),
    album_id BIGINT NOT NULL,
    title NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT order_lines_title_check CHECK (LEN(title) BETWEEN 1 AND 320),
    artist_name NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT order_lines_artist_name_check CHECK (LEN(artist_name) BETWEEN 1 AND 320),
    price_minor BIGINT NOT NULL,
    CONSTRAINT order_lines_price_minor_check CHECK (price_minor >= 0),
    quantity BIGINT NOT NULL,
    CONSTRAINT order_lines_quantity_check CHECK (quantity BETWEEN 1 AND 99),
    CONSTRAINT order_lines_pkey PRIMARY KEY CLUSTERED (order_id, position)
);
ALTER TABLE dbo.order_lines ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES dbo.orders (id);
ALTER TABLE dbo.order_lines ADD CONSTRAINT order_lines_album_id_fkey FOREIGN KEY (album_id) REFERENCES dbo.albums (id);
CREATE INDEX order_lines_by_album ON dbo.order_lines (album_id);

-- Copies that were sold and do not count in `albums.copies_sold` yet: they will when they change which album sold more.
CREATE TABLE dbo.sales (
    album_id BIGINT NOT NULL CONSTRAINT sales_pkey PRIMARY KEY CLUSTERED,
    copies BIGINT NOT NULL,
    CONSTRAINT sales_copies_check CHECK (copies >= 1)
);
ALTER TABLE dbo.sales ADD CONSTRAINT sales_album_id_fkey FOREIGN KEY (album_id) REFERENCES dbo.albums (id);

CREATE TABLE dbo.mails (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT mails_pkey PRIMARY KEY CLUSTERED,
    recipient NVARCHAR(508) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT mails_recipient_check CHECK (LEN(recipient) BETWEEN 3 AND 508),
    subject NVARCHAR(400) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT mails_subject_check CHECK (LEN(subject) BETWEEN 1 AND 400),
    body NVARCHAR(MAX) COLLATE Latin1_General_CI_AS NOT NULL,
    CONSTRAINT mails_body_check CHECK (LEN(body) <= 40000),
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL CONSTRAINT mails_attempts_default DEFAULT 0,
    CONSTRAINT mails_attempts_check CHECK (attempts >= 0),
    -- When to try next. Whoever tries moves it on first, so that nobody else does meanwhile.
    due_at BIGINT NOT NULL,
    -- Given up: kept for the operator to see, without its body.
    failed_at BIGINT NULL
);
CREATE INDEX mails_due ON dbo.mails (due_at) WHERE failed_at IS NULL;

-- What one of all replicas does from time to time.
CREATE TABLE dbo.chores (
    name NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT chores_pkey PRIMARY KEY CLUSTERED,
    CONSTRAINT chores_name_check CHECK (LEN(name) BETWEEN 1 AND 40),
    due_at BIGINT NOT NULL
);
INSERT INTO dbo.chores (name, due_at) VALUES (N'ranking', 0), (N'cleaning', 0);
