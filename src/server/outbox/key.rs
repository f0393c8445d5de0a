//! The secret that a channel's gateway and this desk share.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use crate::trust::files::{self, Distrust};

/// A secret to sign with, from a file that only this account can read: `whsec_` and 24 to 64 bytes in base64, as
/// Standard Webhooks write it.
#[derive(Debug)]
pub(super) struct Key(SecretSlice<u8>);

/// Why there is no secret to sign with. Its words say nothing of what is in the file (R42).
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKey {
    /// Others may read or replace the file, or it cannot be read.
    #[error(transparent)]
    File(#[from] Distrust),
    /// It holds something else.
    #[error("{0} does not hold `whsec_` and 24 to 64 bytes in base64")]
    Form(String),
}

impl Key {
    /// Reads it.
    pub(super) fn read(file: &Path) -> Result<Self, NoKey> {
        let text = files::secret(file)?;
        let secret = text.trim().strip_prefix("whsec_");
        let bytes = secret.and_then(|secret| STANDARD.decode(secret).ok());
        match bytes.filter(|bytes| (24..=64).contains(&bytes.len())) {
            Some(bytes) => Ok(Self(bytes.into())),
            None => Err(NoKey::Form(file.display().to_string())),
        }
    }

    /// The signature of these texts, one after the other with a dot in between.
    pub(super) fn sign(&self, parts: [&[u8]; 3]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes keys of every length");
        mac.update(parts[0]);
        for part in &parts[1..] {
            mac.update(b".");
            mac.update(part);
        }
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn kept(text: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sms.secret");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        (folder, file)
    }

    /// The example of the Standard Webhooks specification.
    #[test]
    fn a_signature_is_what_the_standard_says() {
        let (_folder, file) = kept("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0o400);
        let key = Key::read(&file).unwrap();
        let parts: [&[u8]; 3] = [
            b"msg_p5jXN8AQM9LWM0D4loKWxJek",
            b"1614265330",
            br#"{"test": 2432232314}"#,
        ];
        let signature = key.sign(parts);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn r42_only_ones_own_file_with_a_secret_in_it_is_read_and_nothing_shows_it() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let (_folder, file) = kept(secret, 0o640);
        assert!(matches!(
            Key::read(&file),
            Err(NoKey::File(Distrust::Open(_)))
        ));
        for wrong in [
            "",
            "secret",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_QUJD",
        ] {
            let (_folder, file) = kept(wrong, 0o600);
            let error = Key::read(&file).unwrap_err();
            assert!(matches!(error, NoKey::Form(_)), "{wrong}");
            assert!(
                wrong.is_empty() || !error.to_string().contains("QUJD"),
                "{error}"
            );
        }
        let (_folder, file) = kept(secret, 0o600);
        let shown = format!("{:?}", Key::read(&file).unwrap());
        assert!(!shown.contains("MfKQ") && !shown.contains("49"), "{shown}");
    }
}
