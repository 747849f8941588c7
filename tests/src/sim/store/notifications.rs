//! Notifications, devices, pushes and mail in the simulated weather.

use async_trait::async_trait;
use laserchat_protocol::device::{PushDevice, PushDeviceUpdate};
use laserchat_protocol::notification::{ActivityItem, NotificationSettings, NotificationUpdate};
use laserchat_protocol::{ConversationId, DeviceId, Event, MessageId, Page, Seq, Timestamp, UserId};
use laserchat_store::{
    Audience, ChangedAccount, DeviceRefusal, DeviceTarget, Devices, Digest, DueMail, DuePush, EmailRefusal,
    EmailRequest, Mail, MailResult, NewDevice, NewEmailRequest, Nonce, Notice, Notifications, Progress, Push,
    PushResult, Pushes, Question, Result,
};

use super::FaultyStore;

through!(Devices {
    write register_device(device: NewDevice) -> Result<PushDevice, DeviceRefusal>;
    read devices(user: UserId) -> Vec<PushDevice>;
    read device_target(user: UserId, id: DeviceId) -> Option<DeviceTarget>;
    write update_device(user: UserId, id: DeviceId, update: PushDeviceUpdate) -> Option<PushDevice>;
    write remove_device(user: UserId, id: DeviceId) -> bool;
});

through!(Notifications {
    read notification_settings(user: UserId) -> NotificationSettings;
    write update_notifications(user: UserId, update: NotificationUpdate) -> (NotificationSettings, Event);
    read activity(user: UserId, before: Option<MessageId>, limit: usize) -> Page<ActivityItem>;
    read audiences(questions: Vec<Question>) -> Vec<Option<Audience>>;
    read mentions_added(conversation: ConversationId, after: Seq) -> Vec<(Seq, UserId)>;
    write notify(notices: Vec<Notice>, progress: Progress) -> bool;
    write tidy_notifications(activity: Timestamp, sessions: Timestamp) -> ();
});

through!(Pushes {
    read due_pushes(now: Timestamp, limit: usize) -> Vec<DuePush>;
    read next_push() -> Option<Timestamp>;
    write hold_pushes(pushes: Vec<(u64, Timestamp)>) -> ();
    write begin_pushes(pushes: Vec<u64>, until: Timestamp, oldest: Timestamp) -> Vec<Push>;
    write settle_pushes(settled: Vec<(Push, PushResult)>, now: Timestamp) -> ();
    write push_key(fresh: [u8; 32]) -> [u8; 32];
    write resume_pushes(now: Timestamp) -> ();
});

through!(Mail {
    write request_email(request: NewEmailRequest) -> Result<Option<ChangedAccount>, EmailRefusal>;
    read email_request(user: UserId, now: Timestamp) -> Option<EmailRequest>;
    write confirm_email(user: UserId, nonce: Nonce, now: Timestamp) -> Vec<ChangedAccount>;
    read due_mail(now: Timestamp, limit: usize) -> Vec<DueMail>;
    read next_mail() -> Option<Timestamp>;
    write begin_link(user: UserId, now: Timestamp, lease: Timestamp) -> Option<EmailRequest>;
    write settle_link(user: UserId, nonce: Nonce, result: MailResult) -> ();
    write begin_digest(user: UserId, now: Timestamp, lease: Timestamp, entries: usize) -> Option<Digest>;
    write settle_digest(user: UserId, number: u64, result: MailResult, next: Timestamp) -> ();
    write put_off_digest(user: UserId, until: Timestamp) -> ();
    write resume_mail(now: Timestamp) -> ();
    write mail_key(fresh: [u8; 32]) -> [u8; 32];
});
