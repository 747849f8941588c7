//! Every typed call of the client against a real server: what it asks is understood, and what comes back is what it says.

use laserchat_client::api::{Api, Window};
use laserchat_client::protocol::command::SendCommand;
use laserchat_client::protocol::conversation::ConversationCreate;
use laserchat_client::protocol::invitation::InvitationCreate;
use laserchat_client::protocol::member::{MemberUpdate, MembershipUpdate};
use laserchat_client::protocol::message::MessageForward;
use laserchat_client::protocol::server::{AdminUserUpdate, ServerSettings};
use laserchat_client::protocol::session::Device;
use laserchat_client::protocol::token::{BotCreate, Scope, TokenCreate};
use laserchat_client::protocol::user::{AccountUpdate, PasswordChange, Privacy, ProfileUpdate};
use laserchat_client::protocol::{
    Code, ContactState, ConversationId, ConversationKind, MemberState, Message, MessageId, Role,
};
use laserchat_tests::TestServer;
use laserchat_tests::person::{PASSWORD, account};

fn channel(name: &str, public: bool) -> ConversationCreate {
    let name = Some(name.to_owned());
    ConversationCreate { kind: ConversationKind::Channel, members: Vec::new(), name, topic: None, public }
}

async fn say(api: &Api, conversation_id: ConversationId, client_id: &str, parent_id: Option<MessageId>) -> Message {
    let body = format!("this is {client_id}");
    let message = SendCommand { conversation_id, client_id: client_id.into(), body, parent_id, files: Vec::new() };
    api.send_message(&message).await.expect("sent")
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts() {
    let server = TestServer::start().await;
    let (anna, grant) = account(&server.address(), "anna").await;
    assert!(!anna.server_info().await.expect("what anybody may know").needs_owner);
    let me = anna.me().await.expect("the account");
    assert_eq!(me.user.id, grant.user.id);
    let privacy = Some(Privacy { show_presence: false, ..Privacy::default() });
    let update = AccountUpdate { email: Some(Some("anna@example.org".into())), privacy, ..AccountUpdate::default() };
    assert_eq!(anna.update_me(&update).await.expect("updated").email.as_deref(), Some("anna@example.org"));
    let update = ProfileUpdate { about: Some("somebody".into()), ..ProfileUpdate::default() };
    assert_eq!(anna.update_profile(me.user.id, &update).await.expect("updated").about, "somebody");
    assert_eq!(anna.profile(me.user.id).await.expect("a profile").about, "somebody");
    assert_eq!(anna.presence(me.user.id).await.expect("a presence").user_id, me.user.id);
    assert_eq!(anna.search_users("ann", None).await.expect("found").items.len(), 1);
    let changes = anna.own_changes(0, 100).await.expect("changes");
    assert_eq!(changes.head, anna.me().await.expect("the account").version);

    let create = TokenCreate { name: "a script".into(), scopes: vec![Scope::Read], expires_in: None };
    let token = anna.create_token(&create).await.expect("a token");
    let script = Api::new(anna.server()).expect("a usable address").with_token(token.secret.expect("shown once"));
    assert_eq!(script.me().await.expect("the account").user.id, me.user.id);
    assert_eq!(anna.tokens().await.expect("tokens").len(), 1);
    anna.revoke_token(token.id).await.expect("revoked");
    let bot = BotCreate { username: "helper".into(), display_name: None };
    let bot = anna.create_bot(&bot).await.expect("a bot").bot;
    assert_eq!(anna.bots().await.expect("bots").len(), 1);
    let token = anna.create_bot_token(bot.id, &create).await.expect("a token");
    assert_eq!(anna.bot_tokens(bot.id).await.expect("tokens").len(), 2);
    anna.revoke_bot_token(bot.id, token.id).await.expect("revoked");
    anna.disable_bot(bot.id).await.expect("disabled");

    let settings = ServerSettings { name: Some("Ours".into()), ..ServerSettings::default() };
    anna.update_settings(&settings).await.expect("updated by the owner");
    assert_eq!(anna.settings().await.expect("settings").name.as_deref(), Some("Ours"));
    let (ben, ben_grant) = account(&server.address(), "ben").await;
    let refused = ben.settings().await.expect_err("not for members");
    assert_eq!(refused.code(), Some(Code::Forbidden));
    let update = AdminUserUpdate { disabled: Some(true), ..AdminUserUpdate::default() };
    assert!(anna.administer_user(ben_grant.user.id, &update).await.expect("updated").disabled);

    let other = Api::new(anna.server()).expect("a usable address");
    other.login("anna@example.org", PASSWORD, Device::default()).await.expect("signed in");
    let sessions = anna.sessions().await.expect("sessions");
    assert_eq!(sessions.len(), 2);
    let ended = sessions.iter().find(|session| !session.current).expect("the other");
    anna.end_session(ended.id).await.expect("ended");
    assert_eq!(other.me().await.expect_err("ended").code(), Some(Code::SessionEnded));
    let change = PasswordChange { current: PASSWORD.into(), new: "another long password".into() };
    anna.change_password(&change).await.expect("changed");
    anna.logout().await.expect("signed out");
    assert_eq!(anna.me().await.expect_err("signed out").code(), Some(Code::Unauthorized));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_conversations() {
    let server = TestServer::start().await;
    let (anna, anna_grant) = account(&server.address(), "anna").await;
    let (ben, ben_grant) = account(&server.address(), "ben").await;
    let (anna_id, ben_id) = (anna_grant.user.id, ben_grant.user.id);
    anna.request_contact(ben_id).await.expect("requested");
    ben.accept_contact(anna_id).await.expect("accepted");
    assert_eq!(anna.contacts().await.expect("contacts")[0].state, ContactState::Accepted);
    anna.remove_contact(ben_id).await.expect("removed");
    anna.block(ben_id).await.expect("blocked");
    anna.unblock(ben_id).await.expect("unblocked");
    assert!(anna.contacts().await.expect("contacts").is_empty());

    let public = anna.create_conversation(&channel("news", true)).await.expect("created").conversation.id;
    assert_eq!(ben.find_channels("new", None).await.expect("found").items[0].id, public);
    ben.join(public).await.expect("joined");
    let update = MemberUpdate { role: Some(Role::Moderator), ..MemberUpdate::default() };
    anna.update_member(public, ben_id, &update).await.expect("promoted");
    let members = anna.members(public).await.expect("members");
    assert!(members.iter().any(|member| member.user.id == ben_id && member.role == Role::Moderator));
    let settings = MembershipUpdate { favourite: Some(true), ..MembershipUpdate::default() };
    assert!(ben.update_membership(public, &settings).await.expect("updated").favourite);
    ben.leave(public).await.expect("left");
    let ban = MemberUpdate { banned: Some(true), ..MemberUpdate::default() };
    anna.update_member(public, ben_id, &ban).await.expect("banned");
    assert_eq!(anna.bans(public).await.expect("bans")[0].state, MemberState::Banned);

    let private = anna.create_conversation(&channel("plans", false)).await.expect("created").conversation.id;
    let invitation = anna.invite(private, &InvitationCreate::default()).await.expect("an invitation");
    let code = invitation.code.expect("shown once");
    assert_eq!(ben.preview_invitation(&code).await.expect("a preview").conversation_name.as_deref(), Some("plans"));
    ben.join_by_invitation(&code).await.expect("joined");
    assert_eq!(anna.invitations(private).await.expect("invitations").len(), 1);
    anna.revoke_invitation(private, invitation.id).await.expect("revoked");
    let invitation = anna.invite_to_server(&InvitationCreate::default()).await.expect("an invitation");
    assert_eq!(anna.server_invitations().await.expect("invitations").len(), 1);
    anna.revoke_server_invitation(invitation.id).await.expect("revoked");
    anna.remove_member(private, ben_id).await.expect("removed");
    assert_eq!(anna.add_member(private, ben_id).await.expect("added").state, MemberState::Joined);
    assert_eq!(anna.conversations().await.expect("conversations").len(), 2);
    anna.delete_conversation(private).await.expect("deleted");
    assert_eq!(anna.conversation(private).await.expect_err("gone").code(), Some(Code::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages() {
    let server = TestServer::start().await;
    let (anna, _) = account(&server.address(), "anna").await;
    let (ben, _) = account(&server.address(), "ben").await;
    let id = anna.create_conversation(&channel("talk", true)).await.expect("created").conversation.id;
    ben.join(id).await.expect("joined");
    let first = say(&anna, id, "first", None).await;
    assert_eq!(say(&anna, id, "first", None).await, first, "a retry returns the first result");
    let reply = say(&ben, id, "reply", Some(first.id)).await;
    assert_eq!(ben.thread(first.id, None).await.expect("a thread").items, [reply]);
    ben.unfollow(first.id).await.expect("unfollowed");
    ben.follow(first.id).await.expect("followed");
    assert!(ben.message(first.id).await.expect("a message").following);
    let reacted = ben.react(first.id, "🏳️‍🌈").await.expect("reacted");
    assert_eq!(reacted.reactions[0].me, Some(true));
    assert_eq!(anna.reactors(first.id, "🏳️‍🌈").await.expect("reactors").len(), 1);
    assert!(ben.unreact(first.id, "🏳️‍🌈").await.expect("taken back").reactions.is_empty());
    assert_eq!(anna.edit_message(first.id, "changed").await.expect("edited").body, "changed");
    assert!(anna.pin(first.id).await.expect("pinned").pinned_at.is_some());
    assert_eq!(ben.pins(id).await.expect("pins").len(), 1);
    assert!(anna.unpin(first.id).await.expect("unpinned").pinned_at.is_none());
    let forward = MessageForward { conversation_id: id, client_id: "forwarded".into() };
    assert!(ben.forward_message(first.id, &forward).await.expect("forwarded").forwarded_from.is_some());
    assert!(anna.delete_message(first.id).await.expect("deleted").deleted_at.is_some());
    let head = ben.conversation(id).await.expect("the conversation").seq;
    for window in [Window::Newest, Window::Before(head + 1), Window::After(0), Window::Around(first.seq)] {
        let page = ben.history(id, window, 100).await.expect("a page");
        assert!(page.iter().any(|message| message.id == first.id), "{window:?}");
        assert!(page.is_sorted_by_key(|message| message.seq));
    }
    assert_eq!(ben.changes(id, 0, 1000).await.expect("changes").head, head);
    ben.mark_read(id, None).await.expect("read");
    assert_eq!(ben.conversation(id).await.expect("the conversation").membership.expect("a member").unread, 0);
}
