//! Devices that take pushes.

use async_trait::async_trait;
use laserchat_protocol::device::{PushDevice, PushDeviceUpdate, PushKind};
use laserchat_protocol::limits::DEVICES_PER_USER;
use laserchat_protocol::{DeviceId, SessionId, UserId};

use super::codes::{Code, enumerated, int, optional, optional_time, size, time, uint};
use super::writing::Writing;
use crate::contract::{DeviceKeys, DeviceRefusal, DeviceTarget, Devices, NewDevice};
use crate::sql::{Connection, Database, OptionalRow, Row, params};
use crate::{Result, StoreError};

const DEVICE: &str = "id, kind, name, address, level, session_id, created_at, last_used_at";

fn device(row: &Row<'_>) -> Result<PushDevice> {
    let kind = enumerated(row, 1)?;
    let address: String = row.get(3)?;
    Ok(PushDevice {
        id: DeviceId(uint(row, 0)?),
        kind,
        name: row.get(2)?,
        endpoint: (kind == PushKind::Web).then_some(address),
        level: optional(row, 4)?,
        session_id: SessionId(uint(row, 5)?),
        created_at: time(row, 6)?,
        last_used_at: optional_time(row, 7)?,
        current: false,
    })
}

fn one(conn: &Connection<'_>, user: UserId, id: DeviceId) -> Result<Option<PushDevice>> {
    let sql = format!("SELECT {DEVICE} FROM devices WHERE id = ?1 AND user_id = ?2");
    conn.prepare_cached(&sql)?.query_row([int(id.0), int(user.0)], device).optional()
}

pub(super) fn target(conn: &Connection<'_>, id: DeviceId) -> Result<Option<DeviceTarget>> {
    let mut statement =
        conn.prepare_cached("SELECT user_id, kind, address, public, auth FROM devices WHERE id = ?1")?;
    let found = statement.query_row([int(id.0)], |row| {
        let keys = match (row.get(3)?, row.get(4)?) {
            (Some(public), Some(auth)) => Some(DeviceKeys { public, auth }),
            _ => None,
        };
        Ok(DeviceTarget { id, user: UserId(uint(row, 0)?), kind: enumerated(row, 1)?, address: row.get(2)?, keys })
    });
    found.optional()
}

/// Forgets a device, what waits for it, and what it shows.
pub(super) fn forget(w: &Writing<'_>, id: i64) -> Result<bool> {
    w.prepare("DELETE FROM pushes WHERE device_id = ?1")?.execute([id])?;
    w.prepare("DELETE FROM shown WHERE device_id = ?1")?.execute([id])?;
    Ok(w.prepare("DELETE FROM devices WHERE id = ?1")?.execute([id])? == 1)
}

/// Forgets the devices that a session registered.
pub(super) fn forget_session(w: &Writing<'_>, session: i64) -> Result<()> {
    let devices = w
        .prepare("SELECT id FROM devices WHERE session_id = ?1")?
        .query_map([session], |row| row.get(0))?
        .collect::<Result<Vec<i64>>>()?;
    for device in devices {
        forget(w, device)?;
    }
    Ok(())
}

fn register(w: &Writing<'_>, new: &NewDevice) -> Result<Result<PushDevice, DeviceRefusal>> {
    let target = &new.target;
    let (user, session) = (int(target.user.0), int(new.session.0));
    let alive = w
        .prepare("SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL")?
        .exists([session, user])?;
    if !alive {
        return Ok(Err(DeviceRefusal::SessionEnded));
    }
    let known: Option<(i64, i64)> = w
        .prepare("SELECT id, user_id FROM devices WHERE address = ?1 AND kind = ?2")?
        .query_row(params![target.address, target.kind.code()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let own = known.filter(|(_, owner)| *owner == user).map(|(id, _)| id);
    let count: i64 =
        w.prepare("SELECT count(*) FROM devices WHERE user_id = ?1")?.query_row([user], |row| row.get(0))?;
    if own.is_none() && count >= size(DEVICES_PER_USER) {
        return Ok(Err(DeviceRefusal::LimitReached));
    }
    // Somebody else signed in where this user now is.
    if let (Some((id, _)), None) = (known, own) {
        forget(w, id)?;
    }
    let id = own.unwrap_or(int(target.id.0));
    let (public, auth) = target.keys.as_ref().map(|keys| (&keys.public, &keys.auth)).unzip();
    w.prepare(
        "INSERT INTO devices (id, user_id, session_id, kind, name, address, public, auth, level, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET session_id = ?3, name = ?5, public = ?7, auth = ?8, level = ?9",
    )?
    .execute(params![
        id,
        user,
        session,
        target.kind.code(),
        new.name,
        target.address,
        public,
        auth,
        new.level.map(Code::code),
        new.created_at.0,
    ])?;
    let made = one(w.conn, target.user, DeviceId(id.max(0) as u64))?;
    made.map(Ok).ok_or_else(|| StoreError::Corrupt(format!("device {id} was not kept")))
}

#[async_trait]
impl<D: Database> Devices for D {
    async fn register_device(&self, new: NewDevice) -> Result<Result<PushDevice, DeviceRefusal>> {
        self.write(move |w| register(w, &new)).await
    }

    async fn devices(&self, user: UserId) -> Result<Vec<PushDevice>> {
        self.read(move |conn| {
            let sql = format!("SELECT {DEVICE} FROM devices WHERE user_id = ?1 ORDER BY id");
            let mut statement = conn.prepare_cached(&sql)?;
            let found = statement.query_map([int(user.0)], device)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn device_target(&self, user: UserId, id: DeviceId) -> Result<Option<DeviceTarget>> {
        self.read(move |conn| Ok(target(conn, id)?.filter(|target| target.user == user))).await
    }

    async fn update_device(&self, user: UserId, id: DeviceId, update: PushDeviceUpdate) -> Result<Option<PushDevice>> {
        self.write(move |w| {
            let Some(device) = one(w.conn, user, id)? else { return Ok(None) };
            let name = update.name.clone().unwrap_or(device.name);
            let level = update.level.unwrap_or(device.level);
            w.prepare("UPDATE devices SET name = ?2, level = ?3 WHERE id = ?1")?.execute(params![
                int(id.0),
                name,
                level.map(Code::code)
            ])?;
            one(w.conn, user, id)
        })
        .await
    }

    async fn remove_device(&self, user: UserId, id: DeviceId) -> Result<bool> {
        self.write(move |w| Ok(one(w.conn, user, id)?.is_some() && forget(w, int(id.0))?)).await
    }
}
