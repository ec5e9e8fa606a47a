//! Finds numbers that are not finite.
//!
//! `serde_json` writes them as `null`, so that a figure would turn into "none" without a word. This serialiser
//! writes nothing; it only looks.

use std::fmt;

use serde::ser::{self, Serialize};

use crate::canonical::BodyError;

/// Refuses a record that holds a NaN or an infinity anywhere.
pub(crate) fn require<T: Serialize + ?Sized>(value: &T) -> Result<(), BodyError> {
    match value.serialize(Look) {
        Err(Found::NotFinite(number)) => Err(BodyError::Number(number.to_string())),
        // What a Serialize of its own cannot write is told when it is really written.
        Ok(()) | Err(Found::Other) => Ok(()),
    }
}

#[derive(Debug)]
enum Found {
    NotFinite(f64),
    Other,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite(number) => write!(f, "{number}"),
            Self::Other => f.write_str("it cannot be written"),
        }
    }
}

impl std::error::Error for Found {}

impl ser::Error for Found {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self::Other
    }
}

struct Look;

macro_rules! nothing {
    ($($function:ident: $type:ty),+ $(,)?) => {$(
        fn $function(self, _value: $type) -> Result<(), Found> {
            Ok(())
        }
    )+};
}

impl ser::Serializer for Look {
    type Ok = ();
    type Error = Found;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    nothing!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    );

    fn serialize_f32(self, value: f32) -> Result<(), Found> {
        self.serialize_f64(f64::from(value))
    }
    fn serialize_f64(self, value: f64) -> Result<(), Found> {
        if value.is_finite() { Ok(()) } else { Err(Found::NotFinite(value)) }
    }
    fn serialize_none(self) -> Result<(), Found> {
        Ok(())
    }
    fn serialize_unit(self) -> Result<(), Found> {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Found> {
        Ok(())
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Found> {
        value.serialize(self)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Found> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Found> {
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Found> {
        Ok(self)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Found> {
        Ok(self)
    }
}

macro_rules! elements {
    ($($trait:ident :: $function:ident),+ $(,)?) => {$(
        impl ser::$trait for Look {
            type Ok = ();
            type Error = Found;
            fn $function<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Found> {
                value.serialize(Look)
            }
            fn end(self) -> Result<(), Found> {
                Ok(())
            }
        }
    )+};
}
elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
);

macro_rules! fields {
    ($($trait:ident),+ $(,)?) => {$(
        impl ser::$trait for Look {
            type Ok = ();
            type Error = Found;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), Found> {
                value.serialize(Look)
            }
            fn end(self) -> Result<(), Found> {
                Ok(())
            }
        }
    )+};
}
fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Look {
    type Ok = ();
    type Error = Found;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Found> {
        key.serialize(Look)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Found> {
        value.serialize(Look)
    }
    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::require;

    #[derive(Serialize)]
    struct Deep {
        list: Vec<(u8, Option<f64>)>,
        map: BTreeMap<String, Kind>,
    }

    #[derive(Serialize)]
    enum Kind {
        Number(f32),
        Named { value: f64 },
    }

    #[test]
    fn a_number_that_is_not_finite_is_found_wherever_it_hides() {
        let deep = |a: f64, b: f32, c: f64| Deep {
            list: vec![(1, None), (2, Some(a))],
            map: BTreeMap::from([("x".into(), Kind::Number(b)), ("y".into(), Kind::Named { value: c })]),
        };
        assert!(require(&deep(1.0, 2.0, 3.0)).is_ok());
        assert!(require(&deep(f64::NAN, 2.0, 3.0)).is_err());
        assert!(require(&deep(1.0, f32::INFINITY, 3.0)).is_err());
        assert!(require(&deep(1.0, 2.0, f64::NEG_INFINITY)).is_err());
    }
}
