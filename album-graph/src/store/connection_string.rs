//! The connection string of a SQL Server, as ADO.NET writes it and Azure's portal shows it.
//!
//! Parsed here, because the driver's own parser takes no password beyond ASCII, passes over keywords that it does not know, and
//! ignores the time-out. No error quotes any part of the text: a part may be half of a password.

use std::net::IpAddr;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use super::database::CONNECTIONS;

/// How long a log-in may take where the string does not say; ADO.NET's default.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(15);
const PORT: u16 = 1433;

/// What every server has, and nobody wants a shop in.
const SYSTEM_DATABASES: [&str; 4] = ["master", "model", "msdb", "tempdb"];
/// Keywords of ADO.NET that change nothing here, lower case and without blanks.
const WITHOUT_EFFECT: [&str; 24] = [
    "asynchronousprocessing",
    "columnencryptionsetting",
    "commandtimeout",
    "connectionlifetime",
    "connectionreset",
    "connectretrycount",
    "connectretryinterval",
    "currentlanguage",
    "enlist",
    "ipaddresspreference",
    "language",
    "loadbalancetimeout",
    "minpoolsize",
    "multipleactiveresultsets",
    // Every address of the server is tried at once, asked for or not.
    "multisubnetfailover",
    "net",
    "network",
    "networklibrary",
    "persistsecurityinfo",
    "poolblockingperiod",
    "pooling",
    "replication",
    "transactionbinding",
    "typesystemversion",
];

/// Why a text is not a connection string that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionStringError {
    /// Parts are counted from one.
    #[error("part {0} is no KEYWORD=VALUE with a keyword known here; a value with ; in it must stand in quotes")]
    Part(usize),
    /// Nothing can be done without it.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The value does not fit its keyword.
    #[error("{keyword} must be {expected}")]
    Value {
        /// Which.
        keyword: &'static str,
        /// What would fit.
        expected: &'static str,
    },
    /// Whoever listens in on the network, or answers for the server, would read the password.
    #[error("{0} is allowed only where the server is on this machine (localhost)")]
    Insecure(&'static str),
}

/// How what is sent is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// The log-in alone.
    LogInOnly,
    /// Everything.
    Required,
    /// Everything, the first byte included (TDS 8).
    Strict,
}

/// What a connection string says.
#[derive(Clone, Debug)]
pub(super) struct ConnectionString {
    text: SecretString,
    /// Where it was read.
    pub file: String,
    pub host: String,
    pub port: u16,
    pub database: Option<String>,
    pub user: String,
    pub password: SecretString,
    pub encryption: Encryption,
    pub trust_any_certificate: bool,
    pub name_in_certificate: Option<String>,
    /// For the whole way from the first packet to the end of the log-in.
    pub timeout: Duration,
    pub pool_size: usize,
    pub application: String,
    pub workstation: Option<String>,
    pub packet_size: Option<u32>,
}

impl ConnectionString {
    pub fn parse(text: SecretString) -> Result<Self, ConnectionStringError> {
        let mut parsed = Self {
            host: String::new(),
            port: PORT,
            database: None,
            user: String::new(),
            password: SecretString::default(),
            encryption: Encryption::Required,
            trust_any_certificate: false,
            name_in_certificate: None,
            timeout: CONNECTION_TIMEOUT,
            pool_size: CONNECTIONS.into(),
            application: "album-graph".to_owned(),
            workstation: None,
            packet_size: None,
            text: SecretString::default(),
            file: String::new(),
        };
        let mut rest = text.expose_secret();
        for number in 1.. {
            rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
            if rest.is_empty() {
                break;
            }
            let (keyword, value, after) = pair(rest).ok_or(ConnectionStringError::Part(number))?;
            rest = after;
            if !parsed.set(&keyword, &value)? {
                return Err(ConnectionStringError::Part(number));
            }
        }
        parsed.text = text;
        parsed.check()?;
        Ok(parsed)
    }

    /// Whether both were parsed from the same text.
    pub fn is(&self, other: &Self) -> bool {
        self.text.expose_secret() == other.text.expose_secret()
    }

    /// Checks that the log-in is as safe on the way to `host` as this string has to be.
    pub fn check_encryption(&self, host: &str) -> Result<(), ConnectionStringError> {
        if is_this_machine(host) {
            Ok(())
        } else if self.encryption == Encryption::LogInOnly {
            Err(ConnectionStringError::Insecure("Encrypt=False"))
        } else if self.trust_any_certificate {
            Err(ConnectionStringError::Insecure("TrustServerCertificate=True"))
        } else {
            Ok(())
        }
    }

    fn check(&self) -> Result<(), ConnectionStringError> {
        let password = self.password.expose_secret();
        let database = self.database.as_deref().map(str::to_lowercase);
        if self.host.is_empty() {
            Err(ConnectionStringError::Missing("Server"))
        } else if database.is_none() {
            Err(ConnectionStringError::Missing("Initial Catalog"))
        } else if database.is_some_and(|name| SYSTEM_DATABASES.contains(&name.as_str())) {
            let expected = "the shop's own database, not one of the server's";
            Err(ConnectionStringError::Value {
                keyword: "Initial Catalog",
                expected,
            })
        } else if self.user.is_empty() {
            Err(ConnectionStringError::Missing("User ID"))
        } else if password.is_empty() {
            Err(ConnectionStringError::Missing("Password"))
        } else if password == "{your_password}" {
            let expected = "the password itself, not the placeholder of Azure's portal";
            Err(ConnectionStringError::Value {
                keyword: "Password",
                expected,
            })
        } else {
            self.check_encryption(&self.host)
        }
    }

    /// Takes the value of a keyword; answers whether the keyword is known.
    fn set(&mut self, keyword: &str, value: &str) -> Result<bool, ConnectionStringError> {
        let given = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        match keyword {
            "server" | "datasource" | "address" | "addr" | "networkaddress" => self.set_server(value)?,
            "database" | "initialcatalog" => self.database = given(value),
            "userid" | "uid" | "user" => value.clone_into(&mut self.user),
            "password" | "pwd" => self.password = SecretString::from(value),
            "encrypt" => self.encryption = encryption(value)?,
            "trustservercertificate" => self.trust_any_certificate = truth("TrustServerCertificate", value)?,
            "hostnameincertificate" => self.name_in_certificate = given(value),
            "connectiontimeout" | "connecttimeout" | "timeout" => self.timeout = seconds(value)?,
            "maxpoolsize" => {
                self.pool_size = number("Max Pool Size", "a whole number from 1 to 1000", value, 1..=1000)?;
            }
            "packetsize" => {
                let size = number("Packet Size", "a whole number from 512 to 32767", value, 512..=32767)?;
                self.packet_size = Some(size);
            }
            "applicationname" | "app" => value.clone_into(&mut self.application),
            "workstationid" | "wsid" => self.workstation = given(value),
            "integratedsecurity" | "trusted_connection" | "trustedconnection" => {
                none_but(
                    "Integrated Security",
                    "False: the log-in is by User ID and Password",
                    value,
                    &["false", "no"],
                )?;
            }
            "authentication" => {
                let expected = "SqlPassword: the log-in is by User ID and Password";
                none_but("Authentication", expected, value, &["sqlpassword", "sql password", ""])?;
            }
            "applicationintent" => {
                none_but(
                    "ApplicationIntent",
                    "ReadWrite: the service writes, too",
                    value,
                    &["readwrite"],
                )?;
            }
            other => return Ok(WITHOUT_EFFECT.contains(&other)),
        }
        Ok(true)
    }

    /// `tcp:HOST,PORT`, of which `tcp:` and `,PORT` may be missing.
    fn set_server(&mut self, value: &str) -> Result<(), ConnectionStringError> {
        let wrong = || ConnectionStringError::Value {
            keyword: "Server",
            expected: "HOST or tcp:HOST,PORT; an instance is named by its port",
        };
        let bare = if value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("tcp:")) {
            &value[4..]
        } else {
            value
        };
        let (host, port) = match bare.split_once(',') {
            Some((host, port)) => (
                host.trim(),
                port.trim().parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?,
            ),
            None => (bare.trim(), PORT),
        };
        let address = host.parse::<IpAddr>().is_ok();
        if host.contains(['\\', '/', ' ']) || (host.contains(':') && !address) {
            return Err(wrong());
        }
        let local = matches!(host, "." | "(local)");
        if local { "localhost" } else { host }.clone_into(&mut self.host);
        self.port = port;
        Ok(())
    }
}

/// The first pair of `text`: its keyword, lower case and without blanks, its value, and what follows.
fn pair(text: &str) -> Option<(String, Zeroizing<String>, &str)> {
    let (keyword, rest) = text.split_once('=')?;
    let keyword: String = keyword.split_whitespace().flat_map(str::chars).collect();
    let rest = rest.trim_start();
    let (value, rest) = if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        quoted(&rest[1..], quote)?
    } else {
        let end = rest.find(';').unwrap_or(rest.len());
        (Zeroizing::new(rest[..end].trim_end().to_owned()), &rest[end..])
    };
    let ends = rest.is_empty() || rest.starts_with(';');
    ends.then(|| (keyword.to_ascii_lowercase(), value, rest))
}

/// A value up to the quote that closes it, doubled quotes made single, and what follows.
fn quoted(text: &str, quote: char) -> Option<(Zeroizing<String>, &str)> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut letters = text.char_indices().peekable();
    while let Some((index, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Some((value, text[index + 1..].trim_start()));
        }
        value.push(letter);
    }
    None
}

fn encryption(value: &str) -> Result<Encryption, ConnectionStringError> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "mandatory" => Ok(Encryption::Required),
        "false" | "no" | "optional" => Ok(Encryption::LogInOnly),
        "strict" => Ok(Encryption::Strict),
        _ => Err(ConnectionStringError::Value {
            keyword: "Encrypt",
            expected: "True, Strict or False",
        }),
    }
}

fn truth(keyword: &'static str, value: &str) -> Result<bool, ConnectionStringError> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(ConnectionStringError::Value {
            keyword,
            expected: "True or False",
        }),
    }
}

fn seconds(value: &str) -> Result<Duration, ConnectionStringError> {
    let expected = "a whole number of seconds from 1 to 600";
    number("Connection Timeout", expected, value, 1..=600).map(Duration::from_secs)
}

fn number<N: std::str::FromStr + PartialOrd>(
    keyword: &'static str,
    expected: &'static str,
    value: &str,
    range: std::ops::RangeInclusive<N>,
) -> Result<N, ConnectionStringError> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or(ConnectionStringError::Value { keyword, expected })
}

fn none_but(
    keyword: &'static str,
    expected: &'static str,
    value: &str,
    allowed: &[&str],
) -> Result<(), ConnectionStringError> {
    if allowed.contains(&value.to_ascii_lowercase().as_str()) {
        Ok(())
    } else {
        Err(ConnectionStringError::Value { keyword, expected })
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::{ExposeSecret as _, SecretString};

    use super::{ConnectionString, ConnectionStringError, Encryption};

    const AZURE: &str = "Server=tcp:shop.database.windows.net,1433;Initial Catalog=shop;Persist Security Info=False;\
        User ID=serve;Password=hunter2;MultipleActiveResultSets=False;Encrypt=True;TrustServerCertificate=False;\
        Connection Timeout=30;";

    fn parse(text: &str) -> Result<ConnectionString, ConnectionStringError> {
        ConnectionString::parse(SecretString::from(text))
    }

    #[test]
    fn the_string_of_the_portal_is_understood() {
        let string = parse(AZURE).unwrap();
        assert_eq!((string.host.as_str(), string.port), ("shop.database.windows.net", 1433));
        assert_eq!(
            (string.user.as_str(), string.database.as_deref()),
            ("serve", Some("shop"))
        );
        assert_eq!(string.password.expose_secret(), "hunter2");
        assert_eq!(string.encryption, Encryption::Required);
        assert_eq!(string.timeout, Duration::from_secs(30));
        assert!(!format!("{string:?}").contains("hunter2"));
    }

    #[test]
    fn values_are_quoted_as_in_ado_net() {
        let password = |value: &str| {
            let string = parse(&format!(" ; server = . ;; database=shop; UID=me ; pwd = {value}"));
            string.map(|string| string.password.expose_secret().to_owned())
        };
        for (value, means) in [
            ("a=b==", "a=b=="),
            ("{a}", "{a}"),
            // Where ADO.NET would look for a keyword with `=` in it.
            ("=a", "=a"),
            ("'a;''b\"'", "a;'b\""),
            ("\"a;\"\"b'\" ; encrypt=strict", "a;\"b'"),
            ("grün 猫  ;", "grün 猫"),
        ] {
            assert_eq!(password(value).unwrap(), means);
        }
        for broken in ["'a", "'a'b", "a;b", "a;b=c"] {
            assert!(
                matches!(password(broken), Err(ConnectionStringError::Part(_))),
                "{broken}"
            );
        }
    }

    #[test]
    fn what_would_bare_the_password_is_refused_beyond_this_machine() {
        let string = |host: &str, more: &str| {
            parse(&format!(
                "Server={host};Database=shop;User ID=me;Password=hunter2;{more}"
            ))
        };
        for more in ["Encrypt=False", "Encrypt=optional", "Trust Server Certificate=yes"] {
            for host in [
                "db",
                "10.0.0.9",
                "tcp:db.example,1433",
                "localhost.example",
                "127.0.0.1.example",
            ] {
                assert!(
                    matches!(string(host, more), Err(ConnectionStringError::Insecure(_))),
                    "{host} {more}"
                );
            }
            for host in [
                "localhost",
                "(local)",
                ".",
                "tcp:127.0.0.1,1500",
                "tcp:::1,1433",
                "LOCALHOST",
            ] {
                assert!(string(host, more).is_ok(), "{host} {more}");
            }
        }
        assert!(string("db", "Encrypt=Strict").is_ok());
    }

    #[test]
    fn what_is_wrong_is_named_without_a_word_of_the_value() {
        for (text, complaint) in [
            (
                "hunter2",
                "part 1 is no KEYWORD=VALUE with a keyword known here; a value with ; in it must stand in quotes",
            ),
            (
                "Server=db;hunter2=5",
                "part 2 is no KEYWORD=VALUE with a keyword known here; a value with ; in it must stand in quotes",
            ),
            ("User ID=me;Password=hunter2", "Server is missing"),
            ("Server=db;User ID=me;Password=hunter2", "Initial Catalog is missing"),
            (
                "Server=db;Initial Catalog=Master;User ID=me;Password=hunter2",
                "Initial Catalog must be the shop's own database, not one of the server's",
            ),
            ("Server=db;Database=shop;Password=hunter2", "User ID is missing"),
            ("Server=db;Database=shop;User ID=me", "Password is missing"),
            (
                "Server=db;Database=shop;User ID=me;Password={your_password}",
                "Password must be the password itself, not the placeholder of Azure's portal",
            ),
            (
                "Server=db\\hunter2",
                "Server must be HOST or tcp:HOST,PORT; an instance is named by its port",
            ),
            (
                "Server=np:db",
                "Server must be HOST or tcp:HOST,PORT; an instance is named by its port",
            ),
            (
                "Server=db,hunter2",
                "Server must be HOST or tcp:HOST,PORT; an instance is named by its port",
            ),
            ("Encrypt=hunter2", "Encrypt must be True, Strict or False"),
            (
                "TrustServerCertificate=hunter2",
                "TrustServerCertificate must be True or False",
            ),
            (
                "Connection Timeout=hunter2",
                "Connection Timeout must be a whole number of seconds from 1 to 600",
            ),
            (
                "Integrated Security=SSPI",
                "Integrated Security must be False: the log-in is by User ID and Password",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), complaint);
        }
    }
}
