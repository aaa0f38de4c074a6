//! The one list of codes. A code exists only if somebody acts on it; the sentence for people is written in the interface.

/// Why something was refused or ended. Unknown codes from a later version stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Self = Self($value);)*

            /// Returns the code's stable name, as it stands in JSON and logs.
            pub fn name(self) -> &'static str {
                match self.0 {
                    $($value => $text,)*
                    _ => "unknown",
                }
            }

            /// Returns the code with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// The validator refused the bytes.
    INVALID = 1, "invalid";
    /// The person may not do this.
    FORBIDDEN = 2, "forbidden";
    /// The update is over the size limit.
    TOO_LARGE = 4, "too_large";
    /// The client id belongs to another device.
    CLIENT_ID_TAKEN = 5, "client_id_taken";
    /// The document has reached a limit.
    DOCUMENT_FULL = 6, "document_full";
    /// A document would stand under itself.
    CYCLE = 7, "cycle";
    /// What a document would stand under has no place.
    NO_PARENT = 8, "no_parent";
    /// A document would stand too deep in the tree.
    TOO_DEEP = 9, "too_deep";
    /// The workspace has reached a limit.
    WORKSPACE_FULL = 10, "workspace_full";
    /// The relay does not know this kind of record: it is older than the app.
    UNKNOWN_RECORD = 11, "unknown_record";
    /// The relay does not hold the whole blob that a file's record names: bring it first.
    NO_FILE = 12, "no_file";
    /// No common protocol version.
    VERSION = 20, "version";
    /// The token is missing, wrong or expired: refresh and come back.
    UNAUTHENTICATED = 21, "unauthenticated";
    /// This session was ended by its person or the operator: sign in again.
    REVOKED = 22, "revoked";
    /// The reader was too slow: come back and catch up.
    RESYNC = 23, "resync";
    /// The relay is stopping: come back.
    STOPPING = 24, "stopping";
    /// The relay could not write: come back.
    STORAGE = 25, "storage";
    /// The peer broke the protocol.
    PROTOCOL = 26, "protocol";
    /// Too many requests or connections: come back later.
    BUSY = 27, "busy";
    /// Another connection of the same replica took over.
    REPLACED = 28, "replaced";
    /// The replica is another device's: take a new id and come back.
    REPLICA_TAKEN = 29, "replica_taken";
    /// The invitation is wrong, used or expired.
    INVITATION = 40, "invitation";
    /// Name or password is wrong.
    CREDENTIALS = 41, "credentials";
    /// A field is missing or not of its form.
    FIELD = 42, "field";
    /// The e-mail address has an account already.
    EMAIL_TAKEN = 43, "email_taken";
    /// There is no such thing, or it is not for you.
    NOT_FOUND = 44, "not_found";
    /// Something broke on the relay's side.
    INTERNAL = 45, "internal";
    /// A field is too short.
    FIELD_SHORT = 46, "field_short";
    /// A field is too long.
    FIELD_LONG = 47, "field_long";
    /// Another refresh of this session is under way: ask again with the newest secret.
    ROTATING = 48, "rotating";
    /// The bytes of an upload are not those that its name means: begin again.
    BLOB_MISMATCH = 49, "blob_mismatch";
}
