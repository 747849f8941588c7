//! Files: quotas, the way from an upload to a file, what keeps one, and what becomes of the rest.

use laserchat_core::file::readable;
use laserchat_core::message::Draft;
use laserchat_protocol::{File, FileId, FileKind, FilePurpose, FileState, FileVariant, Timestamp, UserId};

use super::world::{THEN, World, hash};
use crate::{
    AppendError, BlobName, FilePart, NewUpload, Part, ProfileChange, Reserved, Store, UploadRefusal, UploadState,
    UserRefusal,
};

const FAR: Timestamp = Timestamp(4_000_000_000_000);

fn new(world: &World<'_>, owner: UserId, bytes: u64) -> NewUpload {
    NewUpload {
        id: FileId(world.id()),
        owner,
        purpose: FilePurpose::Message,
        name: "a.png".into(),
        voice: false,
        bytes,
        key: None,
        created_at: THEN,
        expires_at: FAR,
        user_quota: None,
        server_quota: None,
        most: 10,
    }
}

/// The blob that is made when bytes are stored for the first time.
fn blob(number: u64) -> BlobName {
    BlobName { hash: hash(number), number: 1 }
}

fn part(part: Part, blob: BlobName, size: u64) -> FilePart {
    FilePart { part, blob, size, mime: "image/png".into() }
}

/// What reserving says of a blob that is to be written, and of one that is there.
fn to_write(blob: BlobName) -> Option<Reserved> {
    Some(Reserved { blob, durable: false })
}

fn there(blob: BlobName) -> Option<Reserved> {
    Some(Reserved { blob, durable: true })
}

fn described(id: FileId, kind: FileKind, size: u64) -> File {
    let variants = vec![FileVariant::Thumbnail];
    File {
        id,
        name: "a.png".into(),
        mime: "image/png".into(),
        size,
        kind,
        variants,
        state: FileState::Ready,
        ..File::default()
    }
}

/// A file that is ready, made of the blob of this number.
pub(super) async fn ready(world: &World<'_>, owner: UserId, blob: u64, kind: FileKind) -> File {
    let upload = world.store.create_upload(new(world, owner, 10)).await.unwrap().unwrap();
    assert!(world.store.upload_arrived(upload.id).await.unwrap());
    let new = BlobName { number: upload.id.0, ..self::blob(blob) };
    let reserved = world.store.reserve_blob(upload.id, part(Part::Content, new, 10)).await.unwrap().unwrap();
    if !reserved.durable {
        assert!(world.store.blob_written(reserved.blob).await.unwrap());
    }
    let file = described(upload.id, kind, 10);
    assert!(world.store.finish_file(file.clone(), FAR).await.unwrap());
    file
}

fn with(client_id: &str, files: &[&File]) -> Draft {
    Draft { client_id: client_id.into(), files: files.iter().map(|&file| file.clone()).collect(), ..Draft::default() }
}

pub async fn an_upload_becomes_a_file(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let upload = store.create_upload(new(&world, ann, 100)).await.unwrap().unwrap();
    assert_eq!((upload.state, upload.expires_at, upload.bytes), (UploadState::Arriving, Some(FAR), 100));
    assert!(store.files(&[upload.id]).await.unwrap().is_empty(), "it is no file before it has arrived");
    let content = part(Part::Content, blob(1), 90);
    assert_eq!(store.reserve_blob(upload.id, content.clone()).await.unwrap(), None, "nothing is reserved before");
    store.extend_upload(upload.id, Timestamp(FAR.0 + 1)).await.unwrap();
    assert_eq!(store.upload(upload.id).await.unwrap().unwrap().expires_at, Some(Timestamp(FAR.0 + 1)));

    assert!(store.upload_arrived(upload.id).await.unwrap());
    assert!(!store.upload_arrived(upload.id).await.unwrap(), "once");
    let waiting = store.processing().await.unwrap();
    assert_eq!((waiting.len(), waiting[0].id, waiting[0].expires_at), (1, upload.id, None));
    assert_eq!(store.files(&[upload.id]).await.unwrap()[0].file.state, FileState::Processing);

    // Blobs first, and only then the file.
    assert_eq!(store.reserve_blob(upload.id, content.clone()).await.unwrap(), to_write(content.blob));
    let file = described(upload.id, FileKind::Image, 90);
    assert!(store.finish_file(file.clone(), FAR).await.is_err(), "a blob is not durable yet");
    assert!(store.blob_written(blob(1)).await.unwrap());
    assert_eq!(store.reserve_blob(upload.id, content.clone()).await.unwrap(), there(content.blob));
    // Doing it again may give another result; then the first one's blob goes.
    let small = Part::Variant(FileVariant::Thumbnail);
    for number in [2, 3] {
        let reserved = store.reserve_blob(upload.id, part(small, blob(number), 5)).await.unwrap();
        assert_eq!(reserved, to_write(blob(number)));
        assert!(store.blob_written(blob(number)).await.unwrap());
    }
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [blob(2)]);
    assert!(store.finish_file(file.clone(), FAR).await.unwrap());
    assert!(!store.finish_file(file.clone(), FAR).await.unwrap(), "once");
    assert!(store.processing().await.unwrap().is_empty());
    let found = store.open_file(ann, upload.id).await.unwrap().unwrap();
    assert_eq!((&found.owned.file, found.owned.owner), (&file, ann));
    assert_eq!(found.parts, [content, part(small, blob(3), 5)]);
    let blobs = store.blobs(None, 10).await.unwrap();
    assert_eq!(blobs.len(), 2);
    assert_eq!(store.blobs(Some(blobs[0].0.hash), 10).await.unwrap(), blobs[1..]);
    assert_eq!(store.files_of(ann, FileId(0), 10).await.unwrap().len(), 1);
    assert!(store.files_of(ann, upload.id, 10).await.unwrap().is_empty());
}

pub async fn quotas_and_keys(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let limited = |owner, bytes| NewUpload {
        user_quota: Some(100),
        server_quota: Some(150),
        most: 3,
        ..new(&world, owner, bytes)
    };
    let create = async |upload: NewUpload| store.create_upload(upload).await.unwrap();
    let first = create(NewUpload { key: Some("k".into()), ..limited(ann, 60) }).await.unwrap();
    let again = create(NewUpload { key: Some("k".into()), ..limited(ann, 60) }).await.unwrap();
    assert_eq!(first, again, "a key names one upload, and counts once");
    assert_ne!(create(NewUpload { key: Some("k".into()), ..limited(bob, 1) }).await.unwrap().id, first.id);
    assert_eq!(create(limited(ann, 41)).await, Err(UploadRefusal::UserQuota));
    assert!(create(limited(ann, 40)).await.is_ok());
    assert_eq!(store.usage(ann).await.unwrap(), 100);
    assert_eq!(create(limited(bob, 50)).await, Err(UploadRefusal::ServerQuota));
    assert!(create(limited(bob, 49)).await.is_ok());
    assert!(create(limited(bob, 0)).await.is_ok());
    assert_eq!(create(limited(bob, 0)).await, Err(UploadRefusal::TooMany));
    // What is refused or removed is charged to nobody.
    assert!(store.upload_arrived(first.id).await.unwrap());
    assert!(store.refuse_file(first.id, FAR).await.unwrap());
    assert!(!store.refuse_file(first.id, FAR).await.unwrap());
    assert_eq!(store.usage(ann).await.unwrap(), 40);
    assert_eq!(store.files(&[first.id]).await.unwrap()[0].file.state, FileState::Refused);
    assert!(store.remove_file(first.id).await.unwrap());
    assert!(!store.remove_file(first.id).await.unwrap());
    assert_eq!(store.usage(ann).await.unwrap(), 40);
    assert!(create(limited(ann, 61)).await.is_err(), "there is room for 60 more");
    assert!(create(limited(ann, 60)).await.is_ok());
}

pub async fn messages_keep_files(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, eve] = world.people(["ann", "bob", "eve"]).await;
    let group = world.group(ann, &[bob]).await;
    let (one, two) = (ready(&world, ann, 1, FileKind::Image).await, ready(&world, ann, 2, FileKind::Audio).await);
    let may = async |who| readable(store.open_file(who, one.id).await.unwrap().unwrap().ties).is_ok();
    assert_eq!((may(ann).await, may(bob).await), (true, false));
    let message = world.send(group, ann, with("1", &[&two, &one])).await;
    assert_eq!(message.attachments, [two.clone(), one.clone()]);
    assert_eq!(world.look(bob, &message).await.attachments, message.attachments);
    assert_eq!((may(bob).await, may(eve).await), (true, false));
    world.leave(group, bob).await;
    assert!(!may(bob).await);
    world.join(group, bob).await;
    assert!(may(bob).await);

    let plain = world.say(group, ann, "no files").await;
    assert!(plain.attachments.is_empty());
    let later = world.send(group, ann, with("2", &[&one])).await;
    let list = async |kind, cursor: Option<String>| {
        let page = store.shared_files(group, kind, cursor.as_deref(), 2).await.unwrap();
        (page.items.iter().map(|item| (item.file.id, item.seq)).collect::<Vec<_>>(), page.next)
    };
    let (page, next) = list(None, None).await;
    let (first, second) = (one.id.min(two.id), one.id.max(two.id));
    assert_eq!(page, [(one.id, later.seq), (second, message.seq)]);
    assert_eq!(list(None, next).await, (vec![(first, message.seq)], None));
    assert_eq!(list(Some(FileKind::Audio), None).await.0, [(two.id, message.seq)]);
    assert!(list(Some(FileKind::Video), None).await.0.is_empty());

    // While a message has it, nothing removes a file; when the last one goes, it falls due.
    assert!(!store.remove_file(one.id).await.unwrap());
    assert!(store.collect_files(FAR, 10).await.unwrap().is_empty());
    world.erase(ann, &later).await;
    assert!(store.collect_files(FAR, 10).await.unwrap().is_empty(), "another message has it");
    world.erase(ann, &message).await;
    assert!(world.look(ann, &message).await.attachments.is_empty());
    assert_eq!(list(None, None).await.0, []);
    assert!(!may(bob).await);
    let mut gone = store.collect_files(FAR, 10).await.unwrap();
    gone.sort();
    assert_eq!(gone, [first, second]);
    assert_eq!(store.usage(ann).await.unwrap(), 0);
}

pub async fn a_send_and_a_collection_do_not_meet(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    let file = ready(&world, ann, 1, FileKind::File).await;
    let sending = world.sending(group, ann, with("1", &[&file])).await;
    assert_eq!(store.collect_files(FAR, 10).await.unwrap(), [file.id]);
    assert!(matches!(world.append(sending).await, Err(AppendError::FileMissing)));
    // And the other way round.
    let file = ready(&world, ann, 1, FileKind::File).await;
    let message = world.send(group, ann, with("1", &[&file])).await;
    assert!(store.collect_files(FAR, 10).await.unwrap().is_empty());
    // A retry is answered with the first result even when its file is gone.
    let again = world.sending(group, ann, with("1", &[&file])).await;
    world.erase(ann, &message).await;
    assert_eq!(store.collect_files(FAR, 10).await.unwrap(), [file.id]);
    let again = crate::Append { expected: world.head(group).await + 1, ..again };
    assert!(matches!(world.append(again).await, Err(AppendError::Duplicate(first)) if first.id == message.id));
}

pub async fn the_same_bytes_are_one_blob(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (one, two) = (ready(&world, ann, 1, FileKind::File).await, ready(&world, bob, 1, FileKind::File).await);
    let first = BlobName { number: one.id.0, ..blob(1) };
    assert_eq!(store.blobs(None, 10).await.unwrap(), [(first, 10)]);
    assert_eq!(store.open_file(bob, two.id).await.unwrap().unwrap().parts[0].blob, first);
    assert!(store.remove_file(one.id).await.unwrap());
    assert!(store.doomed_blobs(10).await.unwrap().is_empty());
    assert!(store.remove_file(two.id).await.unwrap());
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [first]);
    // Wanted again before its bytes were deleted: that is another blob, which nobody deletes who deletes the first.
    let three = ready(&world, ann, 1, FileKind::File).await;
    let second = BlobName { number: three.id.0, ..blob(1) };
    assert!(!store.blob_written(first).await.unwrap(), "whoever still writes it writes in vain");
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [first]);
    for _ in 0..2 {
        store.blob_deleted(first).await.unwrap();
        assert_eq!(store.blobs(None, 10).await.unwrap(), [(second, 10)]);
    }
    assert!(store.remove_file(three.id).await.unwrap());
    store.blob_deleted(first).await.unwrap();
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [second]);
    store.blob_deleted(second).await.unwrap();
    assert!(store.doomed_blobs(10).await.unwrap().is_empty());
    assert!(store.blobs(None, 10).await.unwrap().is_empty());
}

pub async fn pictures_keep_files(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (one, two) = (ready(&world, ann, 1, FileKind::Image).await, ready(&world, ann, 2, FileKind::Image).await);
    let set = async |avatar| {
        let change = ProfileChange { avatar: Some(avatar), ..ProfileChange::default() };
        store.update_user(ann, change).await.unwrap().map(|changed| changed.unwrap().0.user.avatar)
    };
    assert_eq!(set(Some(one.id)).await, Ok(Some(one.id)));
    assert!(readable(store.open_file(bob, one.id).await.unwrap().unwrap().ties).is_ok());
    assert_eq!(set(Some(two.id)).await, Ok(Some(two.id)));
    assert_eq!(store.collect_files(Timestamp::now(), 10).await.unwrap(), [one.id]);
    assert_eq!(set(Some(one.id)).await, Err(UserRefusal::FileMissing));
    assert_eq!(set(None).await, Ok(None));
    assert_eq!(store.collect_files(Timestamp::now(), 10).await.unwrap(), [two.id]);
}

pub async fn what_nobody_needs_falls_due(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    assert_eq!(store.next_collection().await.unwrap(), None);
    let soon = NewUpload { expires_at: Timestamp(5), ..new(&world, ann, 10) };
    let upload = store.create_upload(soon).await.unwrap().unwrap();
    assert_eq!(store.next_collection().await.unwrap(), Some(Timestamp(5)));
    assert!(store.collect_files(Timestamp(4), 10).await.unwrap().is_empty());
    assert_eq!(store.collect_files(Timestamp(5), 10).await.unwrap(), [upload.id]);
    assert_eq!(store.upload(upload.id).await.unwrap(), None);
    // What an account leaves behind: whatever nothing uses, in any state.
    let notes = world.group(ann, &[]).await;
    let upload = store.create_upload(new(&world, ann, 10)).await.unwrap().unwrap();
    store.upload_arrived(upload.id).await.unwrap();
    let file = ready(&world, ann, 1, FileKind::File).await;
    let used = ready(&world, ann, 2, FileKind::File).await;
    world.send(notes, ann, with("1", &[&used])).await;
    assert_eq!(store.unused_files(ann, 10).await.unwrap(), [upload.id, file.id]);
    assert_eq!(store.unused_files(ann, 1).await.unwrap(), [upload.id]);
    assert!(store.remove_file(upload.id).await.unwrap(), "what is being processed can be given up too");
    assert_eq!(store.unused_files(ann, 10).await.unwrap(), [file.id]);
}

pub async fn a_deleted_conversation_lets_files_go(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    let file = ready(&world, ann, 1, FileKind::File).await;
    world.send(group, ann, with("1", &[&file])).await;
    world.now(group, vec![laserchat_core::Change::ConversationDeleted(THEN)]).await.unwrap();
    assert!(readable(store.open_file(bob, file.id).await.unwrap().unwrap().ties).is_err());
    assert!(store.shared_files(group, None, None, 10).await.unwrap().items.is_empty());
    while store.purge_deleted(100).await.unwrap() {}
    assert_eq!(store.collect_files(Timestamp::now(), 10).await.unwrap(), [file.id]);
}

pub async fn a_second_look_counts(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let upload = store.create_upload(new(&world, ann, 10)).await.unwrap().unwrap();
    assert!(store.upload_arrived(upload.id).await.unwrap());
    // The first look finds a picture with a variant, and is interrupted while it writes that.
    let (content, preview) = (part(Part::Content, blob(1), 10), part(Part::Variant(FileVariant::Preview), blob(2), 5));
    assert_eq!(store.reserve_blob(upload.id, content.clone()).await.unwrap(), to_write(content.blob));
    assert!(store.blob_written(blob(1)).await.unwrap());
    assert_eq!(store.reserve_blob(upload.id, preview).await.unwrap(), to_write(blob(2)));
    // The second one takes too long, and finds a file without any.
    assert_eq!(store.reserve_blob(upload.id, content.clone()).await.unwrap(), there(content.blob));
    let file = File { variants: Vec::new(), ..described(upload.id, FileKind::File, 10) };
    assert!(store.finish_file(file, FAR).await.unwrap());
    assert_eq!(store.open_file(ann, upload.id).await.unwrap().unwrap().parts, [content]);
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [blob(2)]);
}

pub async fn what_is_refused_leaves_nothing(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    let upload = store.create_upload(new(&world, ann, 10)).await.unwrap().unwrap();
    assert!(store.upload_arrived(upload.id).await.unwrap());
    assert_eq!(store.reserve_blob(upload.id, part(Part::Content, blob(1), 10)).await.unwrap(), to_write(blob(1)));
    assert!(store.blob_written(blob(1)).await.unwrap());
    assert!(store.refuse_file(upload.id, Timestamp(5)).await.unwrap());
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [blob(1)]);
    assert!(!store.finish_file(described(upload.id, FileKind::File, 10), FAR).await.unwrap(), "it stays refused");
    assert_eq!(store.reserve_blob(upload.id, part(Part::Content, blob(1), 10)).await.unwrap(), None);
    let file = store.files(&[upload.id]).await.unwrap().remove(0).file;
    let sending = world.sending(group, ann, with("1", &[&file])).await;
    assert!(matches!(world.append(sending).await, Err(AppendError::FileMissing)));
    assert!(store.files_of(ann, FileId(0), 10).await.unwrap().is_empty());
    assert_eq!(store.collect_files(Timestamp(5), 10).await.unwrap(), [upload.id]);
    assert!(store.files(&[upload.id]).await.unwrap().is_empty());
}

pub async fn what_is_given_up_leaves_nothing(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let upload = store.create_upload(new(&world, ann, 10)).await.unwrap().unwrap();
    assert!(store.upload_arrived(upload.id).await.unwrap());
    assert_eq!(store.reserve_blob(upload.id, part(Part::Content, blob(1), 10)).await.unwrap(), to_write(blob(1)));
    // Whoever looks into it is told by every step that it is gone, and the blob that it writes is to be deleted.
    assert!(store.remove_file(upload.id).await.unwrap());
    assert!(!store.blob_written(blob(1)).await.unwrap());
    assert_eq!(store.reserve_blob(upload.id, part(Part::Content, blob(2), 10)).await.unwrap(), None);
    assert!(!store.finish_file(described(upload.id, FileKind::File, 10), FAR).await.unwrap());
    assert!(!store.refuse_file(upload.id, FAR).await.unwrap());
    assert_eq!(store.doomed_blobs(10).await.unwrap(), [blob(1)]);
    assert!(store.blobs(None, 10).await.unwrap().is_empty());
    assert_eq!(store.usage(ann).await.unwrap(), 0);
}

pub async fn a_conversation_keeps_its_picture(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, eve] = world.people(["ann", "bob", "eve"]).await;
    let group = world.group(ann, &[bob]).await;
    let file = ready(&world, ann, 1, FileKind::Image).await;
    let may = async |who| readable(store.open_file(who, file.id).await.unwrap().unwrap().ties).is_ok();
    assert_eq!((may(ann).await, may(bob).await), (true, false));
    let set = async |avatar| {
        let conversation = laserchat_protocol::Conversation { avatar, ..world.room(group, &[]).await.conversation };
        world.now(group, vec![laserchat_core::Change::ConversationUpdated(conversation)]).await
    };
    set(Some(file.id)).await.unwrap();
    assert!(may(bob).await && may(eve).await, "pictures of conversations are seen by all who are signed in");
    assert!(!store.remove_file(file.id).await.unwrap());
    assert!(store.collect_files(FAR, 10).await.unwrap().is_empty());
    set(None).await.unwrap();
    assert_eq!(store.collect_files(Timestamp::now(), 10).await.unwrap(), [file.id]);
    assert!(matches!(set(Some(file.id)).await, Err(AppendError::FileMissing)));
}
