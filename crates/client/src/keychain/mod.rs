//! The one home of secrets: the operating system's keychain.
//!
//! Two implementations stand behind one trait: the system's, and memory, which forgets everything when the app ends. Memory
//! is what is left where the keychain is missing or locked, and the person is told so in plain words; nothing is ever
//! written to a plain file. Calls can block on a prompt, so [`Vault`] makes them on a thread of their own, with a limit.

mod memory;
mod system;
#[cfg(test)]
mod tests;
mod vault;

use sheaf_protocol::secret::Secret;

pub use memory::MemoryKeychain;
pub use system::SystemKeychain;
pub use vault::Vault;

/// The name under which every secret of Sheaf is filed.
pub const SERVICE: &str = "dev.sheaf.desktop";

/// Keeps secrets by name. Every call may block for as long as a person needs to answer a prompt.
pub trait Keychain: Send + Sync + 'static {
    /// Returns the secret of this name, if there is one.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    fn read(&self, name: &str) -> Result<Option<Secret>, Trouble>;

    /// Keeps a secret under this name, in place of an earlier one.
    ///
    /// # Errors
    /// When the keychain does not keep it; an earlier secret may or may not be there still.
    fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble>;

    /// Forgets the secret of this name; forgetting what is not there is no error.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    fn forget(&self, name: &str) -> Result<(), Trouble>;
}

/// Why the keychain did not do its work. The words are for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is none.
    #[error("this system has no keychain that Sheaf can use")]
    Missing,
    /// It is locked, or nobody answered its prompt.
    #[error("the keychain is locked")]
    Locked,
    /// It answered with a failure.
    #[error("the keychain did not keep the secret")]
    Failed,
}
