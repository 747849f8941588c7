//! Conversations, their members, one's own place in them, and invitations.

use laserchat_protocol::conversation::{Conversation, ConversationCreate, ConversationUpdate, ConversationView};
use laserchat_protocol::event::Changes;
use laserchat_protocol::invitation::{Invitation, InvitationCreate, InvitationPreview};
use laserchat_protocol::member::{Member, MemberAdd, MemberUpdate, Membership, MembershipUpdate, ReadUpdate};
use laserchat_protocol::{ConversationId, InvitationId, Page, Seq, UserId};
use reqwest::Method;

use super::{Api, NOTHING, Result, escape, query, spell};

impl Api {
    /// All conversations that one is in.
    pub async fn conversations(&self) -> Result<Vec<ConversationView>> {
        self.all("/conversations").await
    }

    pub async fn create_conversation(&self, create: &ConversationCreate) -> Result<ConversationView> {
        self.post("/conversations", create).await
    }

    pub async fn conversation(&self, id: ConversationId) -> Result<ConversationView> {
        self.get(&format!("/conversations/{id}")).await
    }

    pub async fn update_conversation(
        &self,
        id: ConversationId,
        update: &ConversationUpdate,
    ) -> Result<ConversationView> {
        self.put(&format!("/conversations/{id}"), update).await
    }

    pub async fn delete_conversation(&self, id: ConversationId) -> Result<()> {
        self.act(Method::DELETE, &format!("/conversations/{id}")).await
    }

    /// Public channels by any word of name or topic.
    pub async fn find_channels(&self, words: &str, cursor: Option<String>) -> Result<Page<Conversation>> {
        let query = query(&[("q", Some(words.to_owned())), ("cursor", cursor)]);
        self.get(&format!("/channels{query}")).await
    }

    /// Joins a public channel.
    pub async fn join(&self, id: ConversationId) -> Result<ConversationView> {
        self.post(&format!("/conversations/{id}/join"), &NOTHING).await
    }

    pub async fn leave(&self, id: ConversationId) -> Result<()> {
        self.act(Method::POST, &format!("/conversations/{id}/leave")).await
    }

    /// What changed after a seq.
    pub async fn changes(&self, id: ConversationId, after: Seq, limit: usize) -> Result<Changes> {
        let query = query(&[("after", Some(after.to_string())), ("limit", Some(limit.to_string()))]);
        self.get(&format!("/conversations/{id}/changes{query}")).await
    }

    pub async fn members(&self, id: ConversationId) -> Result<Vec<Member>> {
        self.all(&format!("/conversations/{id}/members")).await
    }

    /// Those who may not join.
    pub async fn bans(&self, id: ConversationId) -> Result<Vec<Member>> {
        self.all(&format!("/conversations/{id}/bans")).await
    }

    pub async fn add_member(&self, id: ConversationId, user_id: UserId) -> Result<Member> {
        self.post(&format!("/conversations/{id}/members"), &MemberAdd { user_id }).await
    }

    /// Promotes, mutes, bans, or hands over.
    pub async fn update_member(&self, id: ConversationId, user: UserId, update: &MemberUpdate) -> Result<()> {
        let body = spell(update)?;
        self.send(Method::PUT, &format!("/conversations/{id}/members/{user}"), Some(body)).await.map(drop)
    }

    pub async fn remove_member(&self, id: ConversationId, user: UserId) -> Result<()> {
        self.act(Method::DELETE, &format!("/conversations/{id}/members/{user}")).await
    }

    /// One's own settings for a conversation.
    pub async fn update_membership(&self, id: ConversationId, update: &MembershipUpdate) -> Result<Membership> {
        self.put(&format!("/conversations/{id}/membership"), update).await
    }

    /// Marks as read up to a seq, or up to the newest change.
    pub async fn mark_read(&self, id: ConversationId, seq: Option<Seq>) -> Result<()> {
        let body = spell(&ReadUpdate { seq })?;
        self.send(Method::PUT, &format!("/conversations/{id}/read"), Some(body)).await.map(drop)
    }

    pub async fn invitations(&self, id: ConversationId) -> Result<Vec<Invitation>> {
        self.all(&format!("/conversations/{id}/invitations")).await
    }

    /// Makes an invitation; its code is in this answer only.
    pub async fn invite(&self, id: ConversationId, create: &InvitationCreate) -> Result<Invitation> {
        self.post(&format!("/conversations/{id}/invitations"), create).await
    }

    pub async fn revoke_invitation(&self, id: ConversationId, invitation: InvitationId) -> Result<()> {
        self.act(Method::DELETE, &format!("/conversations/{id}/invitations/{invitation}")).await
    }

    /// Makes an invitation onto the server.
    pub async fn invite_to_server(&self, create: &InvitationCreate) -> Result<Invitation> {
        self.post("/invitations", create).await
    }

    pub async fn server_invitations(&self) -> Result<Vec<Invitation>> {
        self.all("/invitations").await
    }

    pub async fn revoke_server_invitation(&self, invitation: InvitationId) -> Result<()> {
        self.act(Method::DELETE, &format!("/invitations/{invitation}")).await
    }

    /// What an invitation leads to.
    pub async fn preview_invitation(&self, code: &str) -> Result<InvitationPreview> {
        self.get(&format!("/invitations/{}", escape(code))).await
    }

    pub async fn join_by_invitation(&self, code: &str) -> Result<ConversationView> {
        self.post(&format!("/invitations/{}/join", escape(code)), &NOTHING).await
    }
}
