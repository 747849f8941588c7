//! Values: what goes into statements and comes out of rows, in the four shapes that every column has.
//!
//! Both databases are given and asked for the same: nothing, a whole number, a text or bytes. What a column is beyond that
//! (an id, an enum, a time, JSON) is spelled in `codes.rs`.

use crate::{Result, StoreError};

/// A value on its way into a statement, or in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl<'a> Value<'a> {
    fn unexpected(self, wanted: &str) -> StoreError {
        let found = match self {
            Value::Null => "nothing",
            Value::Int(_) => "a number",
            Value::Text(_) => "a text",
            Value::Blob(_) => "bytes",
        };
        StoreError::Corrupt(format!("{found} where {wanted} should be"))
    }

    pub fn as_str(self) -> Result<&'a str> {
        match self {
            Value::Text(text) => Ok(text),
            other => Err(other.unexpected("a text")),
        }
    }

    pub fn as_str_or_null(self) -> Result<Option<&'a str>> {
        match self {
            Value::Null => Ok(None),
            other => other.as_str().map(Some),
        }
    }
}

/// What can be given to a statement.
pub trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl ToValue for $number {
            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        })+
    };
}

numbers!(i64, i32, u32, u16, u8, bool);

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        *self
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        T::to_value(self)
    }
}

/// What can be read from a row.
pub trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Result<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Int(number) => Ok(number),
            other => Err(other.unexpected("a number")),
        }
    }
}

macro_rules! smaller {
    ($($number:ty),+) => {
        $(impl FromValue for $number {
            fn from_value(value: Value<'_>) -> Result<Self> {
                let number = i64::from_value(value)?;
                number.try_into().map_err(|_| StoreError::Corrupt(format!("{number} is larger than it may be")))
            }
        })+
    };
}

smaller!(i32, u32, u16, u8, usize);

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Result<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Blob(bytes) => Ok(bytes.to_vec()),
            other => Err(other.unexpected("bytes")),
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Blob(bytes) => {
                bytes.try_into().map_err(|_| StoreError::Corrupt(format!("{} bytes instead of {N}", bytes.len())))
            }
            other => Err(other.unexpected("bytes")),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}

/// The values of a statement: `params![…]`, an array of one kind, a list made at run time, or `()` for none.
pub trait Params {
    fn with<R>(&self, work: impl FnOnce(&[Value<'_>]) -> R) -> R;
}

impl Params for () {
    fn with<R>(&self, work: impl FnOnce(&[Value<'_>]) -> R) -> R {
        work(&[])
    }
}

impl<T: ToValue, const N: usize> Params for [T; N] {
    fn with<R>(&self, work: impl FnOnce(&[Value<'_>]) -> R) -> R {
        work(&self.each_ref().map(T::to_value))
    }
}

impl Params for &[Value<'_>] {
    fn with<R>(&self, work: impl FnOnce(&[Value<'_>]) -> R) -> R {
        work(self)
    }
}

/// More values than any statement has.
const MOST: usize = 32;

impl Params for &[&dyn ToValue] {
    fn with<R>(&self, work: impl FnOnce(&[Value<'_>]) -> R) -> R {
        let mut values = [Value::Null; MOST];
        for (value, given) in values.iter_mut().zip(self.iter()) {
            *value = given.to_value();
        }
        work(values.get(..self.len()).unwrap_or(&values))
    }
}

/// Values of several kinds.
macro_rules! params {
    ($($value:expr),+ $(,)?) => {
        &[$(&$value as &dyn $crate::sql::ToValue),+] as &[&dyn $crate::sql::ToValue]
    };
}
pub(crate) use params;

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef;
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
