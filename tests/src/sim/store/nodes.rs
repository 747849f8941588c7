//! What nodes share, in the simulated weather.

use std::time::Duration;

use laserchat_protocol::Version;

use super::*;

through!(Positions {
    read heads_of(conversations: &[ConversationId]) -> Vec<Head>;
    read versions_of(users: &[UserId]) -> Vec<(UserId, Version)>;
});

#[async_trait]
impl Leases for FaultyStore {
    fn alone(&self) -> bool {
        self.inner.alone()
    }

    async fn time(&self) -> Result<Option<Timestamp>> {
        self.read(self.inner.time()).await
    }

    async fn lease(&self, holder: &str, names: &[String], duration: Duration) -> Result<Vec<Lease>> {
        self.write(self.inner.lease(holder, names, duration)).await
    }

    async fn release(&self, holder: &str, names: &[String]) -> Result<()> {
        self.write(self.inner.release(holder, names)).await
    }
}
