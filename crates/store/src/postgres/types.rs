//! How values travel to and from PostgreSQL, in its binary form.
//!
//! A column may be smaller than the number that is meant for it; a number that does not fit is an error and not cut.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::sql::Value;

type Problem = Box<dyn Error + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Problem> {
        match (*self, column) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => out.put_i64(number),
            (Value::Int(number), &Type::INT4) => out.put_i32(number.try_into()?),
            (Value::Int(number), &Type::INT2) => out.put_i16(number.try_into()?),
            (Value::Int(number), &Type::BOOL) => out.put_u8(u8::from(number != 0)),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => out.put_slice(text.as_bytes()),
            (Value::Blob(bytes), &Type::BYTEA) => out.put_slice(bytes),
            (value, column) => return Err(format!("{value:?} cannot be given as {column}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(column: &Type, bytes: &'a [u8]) -> Result<Self, Problem> {
        Ok(match *column {
            Type::INT8 => Value::Int(i64::from_be_bytes(bytes.try_into()?)),
            Type::INT4 => Value::Int(i32::from_be_bytes(bytes.try_into()?).into()),
            Type::INT2 => Value::Int(i16::from_be_bytes(bytes.try_into()?).into()),
            Type::BOOL => Value::Int(bytes.first().copied().unwrap_or_default().into()),
            Type::TEXT | Type::VARCHAR => Value::Text(std::str::from_utf8(bytes)?),
            Type::BYTEA => Value::Blob(bytes),
            _ => return Err(format!("a column of type {column} is not read").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Problem> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
