//! One way to write down refusals: a variant, its stable code, its status and the words for the log.

/// Declares an enum of refusals. Every field is printed by `Display` and handed to the message text under its name.
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$doc:meta])*
                $variant:ident $({ $($field:ident : $type:ty),+ $(,)? })? => ($code:literal, $status:literal, $text:literal)
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "a field is named after the value that the message text shows")]
        pub enum $name {
            $( $(#[$doc])* $variant $({ $($field: $type),+ })? ),+
        }

        impl $name {
            /// All codes of this enum, for the test that every code has a text.
            pub const CODES: &'static [&'static str] = &[$($code),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $( Self::$variant $({ $($field),+ })? => write!(f, $text) ),+
                }
            }
        }

        impl std::error::Error for $name {}

        impl hutong_kernel::Refusal for $name {
            fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),+ })? => $code ),+ }
            }
            fn status(&self) -> u16 {
                match self { $( Self::$variant $({ $($field: _),+ })? => $status ),+ }
            }
            fn values(&self) -> Vec<(&'static str, String)> {
                match self {
                    $( Self::$variant $({ $($field),+ })? => vec![$($((stringify!($field), $field.to_string())),+)?] ),+
                }
            }
        }
    };
}

pub(crate) use refusals;
