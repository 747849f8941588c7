//! A store that fails, dawdles and dies, around one that works.
//!
//! Each life of the server has its own `FaultyStore` over the same database. When the server dies, its store answers
//! no more: whatever the dead server's tasks were about to do, they never do it, which is what death is.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use laserchat_core::contact::ContactAction;
use laserchat_core::conversation::Acquaintance;
use laserchat_core::file::Owned;
use laserchat_core::search::Wanted;
use laserchat_core::{Refusal, Room};
use laserchat_protocol::emoji::{CustomEmoji, EmojiList};
use laserchat_protocol::event::{Changes, OwnChanges};
use laserchat_protocol::file::SharedFile;
use laserchat_protocol::invitation::Invitation;
use laserchat_protocol::member::{MembershipUpdate, Receipt};
use laserchat_protocol::poll::Voter;
use laserchat_protocol::reaction::Reactor;
use laserchat_protocol::session::Session;
use laserchat_protocol::token::Token;
use laserchat_protocol::user::{Account, ServerRole};
use laserchat_protocol::*;
use laserchat_store::*;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::dice::Dice;
use super::ledger::Ledger;
use super::plan::StorePlan;
use super::trace::Trace;

/// What all lives of the server share.
pub struct Weather {
    pub dice: Mutex<Dice>,
    pub plan: Mutex<StorePlan>,
    pub ledger: Arc<Ledger>,
    pub trace: Arc<Trace>,
    /// The server is to die now.
    pub deadly: Notify,
}

impl Weather {
    fn roll(&self, what: impl FnOnce(&StorePlan) -> usize) -> bool {
        let often = what(&self.plan.lock());
        self.dice.lock().chance(often)
    }

    async fn dawdle(&self) {
        let most = self.plan.lock().delay;
        let long = if most == 0 { 0 } else { self.dice.lock().below(most + 1) };
        if long > 0 {
            sleep(Duration::from_millis(long as u64)).await;
        }
    }
}

pub struct FaultyStore {
    inner: Arc<Sqlite>,
    weather: Arc<Weather>,
    alive: Arc<AtomicBool>,
}

fn broken(what: &str) -> StoreError {
    StoreError::Unavailable(format!("simulated: {what}"))
}

impl FaultyStore {
    pub fn new(inner: Arc<Sqlite>, weather: Arc<Weather>, alive: Arc<AtomicBool>) -> Self {
        FaultyStore { inner, weather, alive }
    }

    /// Nothing gets past this in a dead server.
    async fn living(&self) {
        if !self.alive.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
    }

    async fn die(&self) {
        self.alive.store(false, Ordering::Relaxed);
        self.weather.deadly.notify_one();
        pending::<()>().await;
    }

    async fn read<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        self.weather.dawdle().await;
        self.living().await;
        if self.weather.roll(|plan| plan.read_fails) {
            return Err(broken("a read failed"));
        }
        let answer = call.await;
        // The answer is of the moment in which it was read, and arrives later.
        self.weather.dawdle().await;
        self.living().await;
        answer
    }

    async fn write<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        self.weather.dawdle().await;
        self.living().await;
        if self.weather.roll(|plan| plan.write_fails) {
            return Err(broken("a write failed"));
        }
        let answer = call.await;
        self.weather.dawdle().await;
        self.living().await;
        answer
    }

    async fn logged(&self, group: Vec<Append>) -> Result<Vec<Result<Appended, AppendError>>> {
        let weather = &self.weather;
        weather.dawdle().await;
        self.living().await;
        if weather.roll(|plan| plan.dies_before_commit) {
            weather.trace.note("the server dies before a commit");
            self.die().await;
        }
        if weather.roll(|plan| plan.write_fails) {
            weather.trace.note("an append fails");
            return Err(broken("an append failed"));
        }
        let answers = self.inner.append(group.clone()).await;
        if let Ok(answers) = &answers {
            weather.ledger.record(&weather.trace, &group, answers);
        }
        if weather.roll(|plan| plan.dies_after_commit) {
            weather.trace.note("the server dies after a commit");
            self.die().await;
        }
        if weather.roll(|plan| plan.answer_lost) {
            weather.trace.note("the answer to an append is lost");
            return Err(broken("an answer was lost"));
        }
        weather.dawdle().await;
        self.living().await;
        answers
    }
}

macro_rules! through {
    ($trait:ident { $($how:ident $name:ident($($arg:ident: $kind:ty),*) -> $out:ty;)* }) => {
        #[async_trait]
        impl $trait for FaultyStore {
            $(async fn $name(&self, $($arg: $kind),*) -> Result<$out> {
                self.$how($trait::$name(&*self.inner, $($arg),*)).await
            })*
        }
    };
}

impl Store for FaultyStore {}

#[async_trait]
impl Log for FaultyStore {
    async fn append(&self, group: Vec<Append>) -> Result<Vec<Result<Appended, AppendError>>> {
        self.logged(group).await
    }

    async fn room(&self, conversation: ConversationId, users: &[UserId]) -> Result<Option<Room>> {
        self.read(self.inner.room(conversation, users)).await
    }

    async fn changes(&self, viewer: UserId, id: ConversationId, after: Seq, limit: usize) -> Result<Option<Changes>> {
        self.read(self.inner.changes(viewer, id, after, limit)).await
    }

    async fn history(&self, viewer: UserId, id: ConversationId, window: Window, limit: usize) -> Result<Vec<Message>> {
        self.read(self.inner.history(viewer, id, window, limit)).await
    }

    async fn message(&self, viewer: UserId, id: MessageId) -> Result<Option<Message>> {
        self.read(self.inner.message(viewer, id)).await
    }

    async fn sent(&self, sender: UserId, id: ConversationId, client_id: &str) -> Result<Option<Message>> {
        self.read(self.inner.sent(sender, id, client_id)).await
    }

    async fn replies(&self, viewer: UserId, parent: &Message, after: Seq, limit: usize) -> Result<Vec<Message>> {
        self.read(self.inner.replies(viewer, parent, after, limit)).await
    }

    async fn pins(&self, viewer: UserId, conversation: ConversationId) -> Result<Vec<Message>> {
        self.read(self.inner.pins(viewer, conversation)).await
    }

    async fn reactors(
        &self,
        message: &Message,
        emoji: &str,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<laserchat_protocol::Page<Reactor>> {
        self.read(self.inner.reactors(message, emoji, cursor, limit)).await
    }

    async fn voters(
        &self,
        message: &Message,
        option: u32,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<laserchat_protocol::Page<Voter>> {
        self.read(self.inner.voters(message, option, cursor, limit)).await
    }

    async fn due_polls(&self, now: Timestamp, limit: usize) -> Result<Vec<Message>> {
        self.read(self.inner.due_polls(now, limit)).await
    }

    async fn follow(&self, user: UserId, message: &Message, following: bool) -> Result<()> {
        self.write(self.inner.follow(user, message, following)).await
    }
}

mod integrations;
mod nodes;
mod notifications;

through!(Contacts {
    write change_contact(user: UserId, other: UserId, action: ContactAction, now: Timestamp)
        -> Result<Vec<(UserId, Event)>, Refusal>;
    read contacts(user: UserId, cursor: Option<&str>, limit: usize) -> Page<Contact>;
    read blocked_among(user: UserId, others: &[UserId]) -> Vec<UserId>;
});

through!(Conversations {
    read conversations(user: UserId, cursor: Option<&str>, limit: usize) -> Page<ConversationView>;
    read conversation(user: UserId, id: ConversationId) -> Option<ConversationView>;
    read heads(user: UserId) -> Vec<Head>;
    read public_channels(query: &str, cursor: Option<&str>, limit: usize) -> Page<Conversation>;
    read members(conversation: ConversationId, banned: bool, cursor: Option<&str>, limit: usize) -> Page<Member>;
    read members_named(conversation: ConversationId, names: &[String]) -> Vec<UserId>;
    read acquaintance(user: UserId, other: UserId) -> Option<Acquaintance>;
    read direct(user: UserId, other: UserId) -> Option<ConversationId>;
    write purge_deleted(limit: usize) -> bool;
});

through!(Memberships {
    write advance(moves: Vec<CursorMove>) -> Vec<CursorMoved>;
    read receipts(conversations: &[ConversationId]) -> Vec<(ConversationId, Receipt)>;
    write update_membership(user: UserId, conversation: ConversationId, update: MembershipUpdate) -> Option<Event>;
    read own_changes(user: UserId, after: Version, limit: usize) -> OwnChanges;
});

through!(Belongings {
    write keep(keep: Keep) -> Result<(Belonging, Option<Event>), BelongingRefusal>;
    read belonging(user: UserId, key: BelongingKey) -> Option<Belonging>;
    read belongings(user: UserId, kind: BelongingKind, cursor: Option<&str>, limit: usize) -> Page<Belonging>;
    read due_belongings(now: Timestamp, limit: usize) -> Vec<Due>;
    write put_off(user: UserId, key: BelongingKey, version: Version, until: Timestamp) -> ();
    read waiting(user: Option<UserId>) -> Vec<(UserId, Belonging)>;
    read next_moment() -> Option<Timestamp>;
});

through!(Emojis {
    read emoji() -> EmojiList;
    read emoji_version() -> Version;
    read emoji_named(name: &str) -> Option<CustomEmoji>;
    write set_emoji(emoji: CustomEmoji, limit: usize) -> Option<Version>;
    write remove_emoji(name: &str) -> Option<Version>;
});

through!(Users {
    write create_user(user: NewUser) -> Result<User, UserRefusal>;
    read user(id: UserId) -> Option<User>;
    read users(ids: &[UserId]) -> Vec<User>;
    read account(id: UserId) -> Option<Account>;
    read credentials(login: &str) -> Option<Credentials>;
    read search_users(words: &[String], cursor: Option<&str>, limit: usize) -> Page<UserSummary>;
    read all_users(cursor: Option<&str>, limit: usize) -> Page<User>;
    write update_user(id: UserId, change: ProfileChange) -> Result<Option<(Account, Event)>, UserRefusal>;
    write set_password(id: UserId, password_hash: String) -> bool;
    write set_disabled(id: UserId, disabled: bool) -> bool;
    write set_server_role(id: UserId, role: ServerRole) -> bool;
    read bots(owner: UserId) -> Vec<User>;
    read has_owner() -> bool;
    write seen(users: Vec<(UserId, Timestamp)>) -> ();
    read last_seen(users: &[UserId]) -> Vec<(UserId, Timestamp)>;
});

through!(Sessions {
    write create_session(session: NewSession) -> ();
    write rotate(old: SecretHash, new: SecretHash, now: Timestamp, oldest: Timestamp, address: Option<String>)
        -> Rotation;
    read sessions(user: UserId) -> Vec<Session>;
    write end_session(user: UserId, session: SessionId, now: Timestamp) -> bool;
    write end_sessions(user: UserId, except: Option<SessionId>, now: Timestamp) -> Vec<SessionId>;
    read ended_since(since: Timestamp) -> Vec<SessionId>;
    write touch_sessions(touches: Vec<(SessionId, Timestamp, Option<String>)>) -> ();
});

through!(Invitations {
    write create_invitation(invitation: NewInvitation) -> Option<Invitation>;
    read invitations(conversation: Option<ConversationId>, now: Timestamp) -> Vec<Invitation>;
    read invitation(code: SecretHash) -> Option<Invitation>;
    write use_invitation(code: SecretHash, now: Timestamp) -> Option<Invitation>;
    write revoke_invitation(conversation: Option<ConversationId>, id: InvitationId) -> bool;
});

through!(Followers {
    write enrol(name: &str, begin: Begin) -> ();
    read behind(name: &str, after: ConversationId, limit: usize) -> Vec<FollowerCursor>;
    read followed(name: &str, conversation: ConversationId) -> Seq;
    write move_followers(name: &str, steps: Vec<FollowerStep>) -> bool;
});

through!(Search {
    write index(follower: &str, lessons: Vec<Lesson>) -> bool;
    read find_messages(viewer: UserId, wanted: Wanted, before: Option<MessageId>, limit: usize) -> FoundMessages;
    read conversations_called(user: UserId, name: &str) -> Vec<ConversationId>;
    read find_channels(user: UserId, words: &[String], cursor: Option<&str>, limit: usize)
        -> laserchat_protocol::Page<Conversation>;
    write renew_index(follower: &str, version: u32, force: bool) -> bool;
    write clear_old_index(limit: usize) -> bool;
    write sweep_index() -> Option<u64>;
});

through!(Files {
    write create_upload(upload: NewUpload) -> Result<Upload, UploadRefusal>;
    read upload(id: FileId) -> Option<Upload>;
    write extend_upload(id: FileId, expires_at: Timestamp) -> ();
    write upload_arrived(id: FileId) -> bool;
    read processing() -> Vec<Upload>;
    write reserve_blob(id: FileId, part: FilePart) -> Option<Reserved>;
    write blob_written(blob: BlobName) -> bool;
    write finish_file(file: File, due_at: Timestamp) -> bool;
    write refuse_file(id: FileId, due_at: Timestamp) -> bool;
    write remove_file(id: FileId) -> bool;
    read files(ids: &[FileId]) -> Vec<Owned>;
    read open_file(viewer: UserId, id: FileId) -> Option<OpenFile>;
    read shared_files(conversation: ConversationId, kind: Option<FileKind>, cursor: Option<&str>, limit: usize)
        -> Page<SharedFile>;
    read files_of(owner: UserId, after: FileId, limit: usize) -> Vec<OpenFile>;
    read usage(user: UserId) -> u64;
    read unused_files(owner: UserId, limit: usize) -> Vec<FileId>;
    write collect_files(now: Timestamp, limit: usize) -> Vec<FileId>;
    read next_collection() -> Option<Timestamp>;
    read doomed_blobs(limit: usize) -> Vec<BlobName>;
    write blob_deleted(blob: BlobName) -> ();
    read blobs(after: Option<BlobHash>, limit: usize) -> Vec<(BlobName, u64)>;
});

through!(Tokens {
    write create_token(token: NewToken) -> Option<Token>;
    read tokens(user: UserId) -> Vec<Token>;
    write revoke_token(user: UserId, id: TokenId) -> bool;
    read token_holder(secret: SecretHash, now: Timestamp) -> Option<TokenHolder>;
    write touch_tokens(touches: Vec<(TokenId, Timestamp)>) -> ();
});

#[async_trait]
impl System for FaultyStore {
    fn epoch(&self) -> String {
        self.inner.epoch()
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        self.read(self.inner.signing_keys()).await
    }

    async fn add_signing_key(&self, key: SigningKey) -> Result<()> {
        self.write(self.inner.add_signing_key(key)).await
    }

    async fn settings(&self) -> Result<Settings> {
        self.read(self.inner.settings()).await
    }

    async fn set_settings(&self, settings: Settings) -> Result<()> {
        self.write(self.inner.set_settings(settings)).await
    }

    async fn set_owner_code(&self, code: SecretHash) -> Result<()> {
        self.write(self.inner.set_owner_code(code)).await
    }

    async fn owner_code(&self) -> Result<Option<SecretHash>> {
        self.read(self.inner.owner_code()).await
    }

    async fn kept_answer(&self, user: UserId, key: &str) -> Result<Option<KeptAnswer>> {
        self.read(self.inner.kept_answer(user, key)).await
    }

    async fn keep_answer(&self, user: UserId, key: &str, answer: KeptAnswer, now: Timestamp) -> Result<()> {
        self.write(self.inner.keep_answer(user, key, answer, now)).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        self.read(self.inner.backup(to)).await
    }

    async fn check(&self) -> Result<Vec<String>> {
        self.read(self.inner.check()).await
    }

    async fn ping(&self) -> Result<()> {
        self.write(self.inner.ping()).await
    }

    async fn counts(&self) -> Result<Counts> {
        self.read(self.inner.counts()).await
    }
}
