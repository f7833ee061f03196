//! Secrets: files that the platform mounts, read so that nothing shows what they hold.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// Where Swarm mounts secrets, readable by every user of the container.
const MOUNT: &str = "/run/secrets";
/// The largest secret, in bytes; Swarm allows 500 kB, and nothing of ours needs as much.
const LARGEST: u64 = 64 * 1024;

/// Why a secret cannot be read; never what it holds.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is not there, or not for this user.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file.
        path: String,
        /// What stands in the way.
        #[source]
        source: io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("{0} is not a file")]
    NotAFile(String),
    /// Other users of the machine can read it.
    #[error("{0} can be read by every user of this machine: `chmod o-rwx` it")]
    WorldReadable(String),
    /// It holds nothing.
    #[error("{0} is empty")]
    Empty(String),
    /// It holds too much.
    #[error("{0} is larger than 64 KiB")]
    TooLarge(String),
    /// It does not hold text.
    #[error("{0} is not UTF-8 text")]
    NotText(String),
}

/// Reads the secret in the file at `path`, without blanks at its ends.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn read(path: &Path) -> Result<SecretString, SecretError> {
    let name = || path.display().to_string();
    let unreadable = |source| SecretError::Unreadable { path: name(), source };
    // Where the file really is, for a link must not lend its place to what it points to.
    let place = path.canonicalize().map_err(unreadable)?;
    if !place.is_file() {
        return Err(SecretError::NotAFile(name()));
    }
    let file = File::open(&place).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.permissions().mode() & 0o004 != 0 && !place.starts_with(MOUNT) {
        return Err(SecretError::WorldReadable(name()));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(SecretError::TooLarge(name()));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| SecretError::NotText(name()))?;
    // Some editors mark UTF-8 with a byte order mark.
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(SecretError::Empty(name()));
    }
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use secrecy::ExposeSecret as _;

    use super::read;

    #[test]
    fn a_secret_is_the_text_of_a_file_that_others_cannot_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let written = |bytes: &[u8], mode| {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            read(&path)
        };
        let secret = written(b"\xef\xbb\xbf caf\xc3\xa9=hunter2\r\n", 0o640).unwrap();
        assert_eq!(secret.expose_secret(), "café=hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));

        let complaint = |bytes: &[u8], mode| {
            let error = written(bytes, mode).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
            error.replace(&path.display().to_string(), "FILE")
        };
        assert_eq!(complaint(b"", 0o600), "FILE is empty");
        assert_eq!(complaint(b" \n", 0o600), "FILE is empty");
        assert_eq!(complaint(b"hunter2\xff", 0o600), "FILE is not UTF-8 text");
        assert_eq!(complaint(&vec![b'x'; 70_000], 0o600), "FILE is larger than 64 KiB");
        assert!(complaint(b"hunter2", 0o644).contains("every user"));
        assert!(read(folder.path()).unwrap_err().to_string().ends_with("is not a file"));
        assert!(
            read(&folder.path().join("none"))
                .unwrap_err()
                .to_string()
                .starts_with("cannot read")
        );
    }

    #[test]
    fn a_link_does_not_hide_where_a_secret_lies() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("secret"), folder.path().join("link"));
        fs::write(&path, "hunter2").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        symlink(&path, &link).unwrap();
        assert!(read(&link).is_err());
    }
}
