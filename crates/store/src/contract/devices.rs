//! Devices: where a user's pushes go.

use async_trait::async_trait;
use laserchat_protocol::device::{PushDevice, PushDeviceUpdate, PushKind};
use laserchat_protocol::{DeviceId, NotifyLevel, SessionId, Timestamp, UserId};

use super::Result;

/// How a device is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceTarget {
    pub id: DeviceId,
    pub user: UserId,
    pub kind: PushKind,
    /// The endpoint of a Web Push subscription, or the token that a push service gave out.
    pub address: String,
    /// Web Push only.
    pub keys: Option<DeviceKeys>,
}

/// What Web Push encrypts with (RFC 8291): the device's public key, and the secret that it shares with us.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceKeys {
    pub public: Vec<u8>,
    pub auth: Vec<u8>,
}

impl std::fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKeys")
    }
}

#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Its target's id is what it gets if it is not known yet.
    pub target: DeviceTarget,
    pub session: SessionId,
    pub name: String,
    pub level: Option<NotifyLevel>,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceRefusal {
    /// The session has ended, or is none.
    SessionEnded,
    LimitReached,
}

#[async_trait]
pub trait Devices {
    /// Registers a device. One address belongs to one device: whoever registers it last has it, and the same user's
    /// device keeps its id.
    async fn register_device(&self, device: NewDevice) -> Result<Result<PushDevice, DeviceRefusal>>;

    /// A user's devices, the oldest first. `current` is set by the caller.
    async fn devices(&self, user: UserId) -> Result<Vec<PushDevice>>;

    async fn device_target(&self, user: UserId, id: DeviceId) -> Result<Option<DeviceTarget>>;

    /// `None`: the user has no such device.
    async fn update_device(&self, user: UserId, id: DeviceId, update: PushDeviceUpdate) -> Result<Option<PushDevice>>;

    /// Forgets a device and what waits for it. Returns whether it was there.
    async fn remove_device(&self, user: UserId, id: DeviceId) -> Result<bool>;
}
