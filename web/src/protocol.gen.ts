// Generated from crates/protocol by `cargo xtask gen`. Do not edit.

/** One's own account: the profile and what nobody else sees. */
export type Account = {
  email: string | null;
  /** Whoever reads mail at that address has said that it belongs to this account. */
  email_confirmed?: boolean;
  /** An address that is to take its place as soon as it is confirmed. */
  email_waiting?: string | null;
  /** The language of e-mails, as a tag such as `de` or `pt-BR`. */
  language?: string | null;
  privacy: Privacy;
  user: User;
  /** Where the user's own changes have got to; see `GET /me/changes`. */
  version: number;
};

export type AccountChanged = {
  account: Account;
  version: number;
};

/** `DELETE /me`. */
export type AccountDelete = {
  /** The password again, so that a phone that was left lying about is not enough. */
  password: string;
};

/** `PUT /me`: what is absent stays. */
export type AccountUpdate = {
  email?: string | null;
  language?: string | null;
  privacy?: Privacy | null;
};

/** A command was carried out, durably where it writes. */
export type Ack = {
  conversation_id?: ConversationId | null;
  id: CommandId;
  /** For `message.*` and `reaction.*`: the message and the seq of the change. */
  message_id?: MessageId | null;
  /** For `presence.watch`: what is known now. */
  presence?: Presence[];
  seq?: number | null;
};

/** What a client says of its user with `presence.set`. */
export type Activity = 'active' | 'away' | 'do_not_disturb';

/** Something that one was notified of: `GET /me/activity`. */
export type ActivityItem = {
  conversation_id: ConversationId;
  created_at: Timestamp;
  /** The message as it is now. */
  message: Message;
  message_id: MessageId;
  /** One's read cursor is beyond it. */
  read: boolean;
  reason: NotifyReason;
  sender: UserSummary;
};

/** `PUT /admin/users/{id}`: what is absent stays. */
export type AdminUserUpdate = {
  disabled?: boolean | null;
  /** A new password; every session of the user ends. */
  password?: string | null;
  server_role?: ServerRole | null;
};

/** `POST /bots`. */
export type BotCreate = {
  display_name?: string | null;
  username: string;
};

/** A new bot with its first token. */
export type BotCreated = {
  bot: User;
  token: Token;
};

/** `@here` reaches who is online now, `@channel` everyone. */
export type Broadcast = 'here' | 'channel';

/** `GET /conversations/{id}/changes?after=`: each changed object once, in its present state, by ascending seq. */
export type Changes = {
  /** The newest seq of the conversation when the page was read: on the last page, the client's new cursor. */
  head: number;
  items: Event[];
  /** Ask again with `after` set to this; null when this page reaches the head. */
  next: number | null;
  /** On the last page, for conversations small enough for receipts: everyone's cursors. */
  receipts?: Receipt[];
};

/**
 * Why something was refused. Codes may be added.
 *
 * - `malformed_json`: The request is not JSON, is not valid UTF-8, or has a value of the wrong type.
 * - `too_deep`: The JSON is nested more deeply than any request needs.
 * - `invalid_request`: A query parameter, path segment or header is missing or has the wrong form.
 * - `invalid_field`: A field has a value that is not allowed; `field` names it.
 * - `invalid_text`: The text is empty, too long, or contains NUL.
 * - `unknown_command`: The command's `type` is not known.
 * - `too_large`: The body or frame is larger than the server accepts.
 * - `body_timeout`: The body did not arrive in time.
 * - `unsupported_media_type`: The body is not `application/json`.
 * - `no_such_endpoint`: There is no such endpoint.
 * - `method_not_allowed`: The endpoint does not answer this method.
 * - `unauthorized`: No valid access token came with the request.
 * - `token_expired`: The access token has expired; refresh it.
 * - `session_ended`: The session has ended; sign in again.
 * - `wrong_credentials`: The user name, e-mail address or password is wrong.
 * - `account_disabled`: The account is disabled.
 * - `scope_missing`: The token's scopes do not cover this.
 * - `forbidden`: The user's role does not allow this.
 * - `not_found`: It does not exist, or its existence is not for this user to know.
 * - `no_such_command`: No bot in this conversation has such a slash command.
 * - `registration_closed`: Registration is closed on this server.
 * - `invitation_needed`: Registration needs a valid invitation.
 * - `invitation_invalid`: The invitation has expired, was used up or was revoked.
 * - `username_taken`: The user name is taken, or looks like one that is.
 * - `email_taken`: The e-mail address belongs to another account.
 * - `blocked`: One of the two has blocked the other.
 * - `banned`: The user is banned from the conversation.
 * - `muted`: The user is muted in the conversation.
 * - `read_only`: Only moderators and above write in this conversation.
 * - `archived`: The conversation is archived.
 * - `slow_mode`: Slow mode: wait before the next message.
 * - `rate_limited`: Too many requests; wait for as long as `retry_after` says.
 * - `too_many_connections`: Too many connections of this user or address.
 * - `limit_reached`: A limit on how many of these there may be is reached.
 * - `already_member`: The user is a member already.
 * - `owner_must_hand_over`: The owner hands the conversation over before leaving it.
 * - `wrong_kind`: This cannot be done with a conversation of this type.
 * - `message_deleted`: The message is deleted.
 * - `poll_closed`: The poll is closed.
 * - `idempotency_conflict`: The same idempotency key came with a different request, or while the first is still
 *   running.
 * - `conflict`: The thing changed meanwhile; load it and decide again.
 * - `file_not_ready`: The file is still being looked at; wait until it is ready.
 * - `file_refused`: The file was looked at and cannot be used.
 * - `quota_exceeded`: The files of this user, or of the whole server, have no more room.
 * - `unavailable`: The server is too busy or shutting down; try again.
 * - `internal`: The server failed; nothing was changed.
 */
export type Code =
  | 'malformed_json'
  | 'too_deep'
  | 'invalid_request'
  | 'invalid_field'
  | 'invalid_text'
  | 'unknown_command'
  | 'too_large'
  | 'body_timeout'
  | 'unsupported_media_type'
  | 'no_such_endpoint'
  | 'method_not_allowed'
  | 'unauthorized'
  | 'token_expired'
  | 'session_ended'
  | 'wrong_credentials'
  | 'account_disabled'
  | 'scope_missing'
  | 'forbidden'
  | 'not_found'
  | 'no_such_command'
  | 'registration_closed'
  | 'invitation_needed'
  | 'invitation_invalid'
  | 'username_taken'
  | 'email_taken'
  | 'blocked'
  | 'banned'
  | 'muted'
  | 'read_only'
  | 'archived'
  | 'slow_mode'
  | 'rate_limited'
  | 'too_many_connections'
  | 'limit_reached'
  | 'already_member'
  | 'owner_must_hand_over'
  | 'wrong_kind'
  | 'message_deleted'
  | 'poll_closed'
  | 'idempotency_conflict'
  | 'conflict'
  | 'file_not_ready'
  | 'file_refused'
  | 'quota_exceeded'
  | 'unavailable'
  | 'internal';

export type Command =
  | (Hello & { type: 'hello' })
  | (SendCommand & { type: 'message.send' })
  | { body: string; message_id: MessageId; type: 'message.edit' }
  | { message_id: MessageId; type: 'message.delete' }
  | { emoji: string; message_id: MessageId; type: 'reaction.add' }
  | { emoji: string; message_id: MessageId; type: 'reaction.remove' }
  /** Everything up to `seq` has arrived on one of the user's devices. */
  | { conversation_id: ConversationId; seq: number; type: 'cursor.delivered' }
  /** Everything up to `seq` has been read. */
  | { conversation_id: ConversationId; seq: number; type: 'cursor.read' }
  | { conversation_id: ConversationId; type: 'typing.start' }
  | { conversation_id: ConversationId; type: 'typing.stop' }
  | { activity: Activity; type: 'presence.set' }
  /** Replaces the list of users whose presence this connection is told of. */
  | { type: 'presence.watch'; user_ids: UserId[] }
  | { type: 'ping' };

/**
 * What comes of a command: the answer for the asker only, the message that the bot posted, or why there is neither. In
 * the
 * answer to giving it, none of the three: the bot is still at it, and `command.answered` comes when it is done.
 */
export type CommandAnswered = {
  /** Who answers it. */
  bot: UserSummary;
  /** The command's name. */
  command: string;
  conversation_id: ConversationId;
  failure?: CommandFailure | null;
  invocation_id: InvocationId;
  /** What the bot posted for all. It comes as `message.sent` too. */
  message?: Message | null;
  /** For whoever gave the command, and nobody else. */
  response?: string | null;
};

/** Why a command has no answer, and none will come. */
export type CommandFailure = 'offline' | 'no_answer' | 'bad_answer';

/** `POST /conversations/{id}/commands`: gives a command. */
export type CommandGive = {
  /** Names it: given again under the same name, the command is the same one, and so is its answer. */
  client_id: string;
  /** The whole line, as `/weather Berlin`; or `/weather@bot Berlin` where two bots have a command of one name. */
  text: string;
};

/** A client's name for a command, echoed in its answer: a number, or up to 64 bytes of text. */
export type CommandId = number | string;

/** A bot's answer: what its URL answers, or `POST /commands/answers/{id}`. */
export type CommandResponse = {
  response_type?: ResponseType;
  /** CommonMark, like a message. */
  text?: string;
};

/** One's relation to another user, as one's own list shows it. `version` is the owner's version at its last change. */
export type Contact = {
  /** One has blocked the other. It is kept apart from `state`, and the other is never told. */
  blocked: boolean;
  state: ContactState;
  user: UserSummary;
  version: number;
};

export type ContactChanged = {
  contact: Contact;
  version: number;
};

export type ContactState = 'none' | 'requested' | 'pending' | 'accepted';

/** The shared state of a conversation. */
export type Conversation = {
  archived_at: Timestamp | null;
  /** A file uploaded for this; shown through `/files/{id}/thumbnail`. */
  avatar: FileId | null;
  /** The seq of the last change of these fields. */
  changed: number;
  created_at: Timestamp;
  created_by: UserId;
  /** Messages are erased so many seconds after they were sent; `null`: they stay. */
  expire_seconds: number | null;
  id: ConversationId;
  member_count: number;
  /** Absent for direct conversations, which are named after the other person. */
  name: string | null;
  /** Anyone on the server can find and join it. Channels only. */
  public: boolean;
  /** Only moderators and above write. */
  read_only: boolean;
  /** Seconds between two messages of one member; 0 is off. */
  slow_mode_seconds: number;
  topic: string | null;
  type: ConversationKind;
};

export type ConversationChanged = {
  conversation: Conversation;
  conversation_id: ConversationId;
  seq: number;
};

/** `POST /conversations`. */
export type ConversationCreate = {
  /** For a direct conversation: the other person, or oneself for notes. */
  members?: UserId[];
  name?: string | null;
  public?: boolean;
  topic?: string | null;
  type: ConversationKind;
};

export type ConversationId = string;

export type ConversationKind = 'direct' | 'group' | 'channel';

/** `PUT /conversations/{id}`: what is absent stays, what is `null` is cleared. */
export type ConversationUpdate = {
  archived?: boolean | null;
  avatar?: FileId | null;
  /** Between an hour and a year; `null`: messages stay. */
  expire_seconds?: number | null;
  name?: string | null;
  public?: boolean | null;
  read_only?: boolean | null;
  slow_mode_seconds?: number | null;
  topic?: string | null;
};

/** A conversation as one user sees it: `GET /conversations` and `GET /conversations/{id}`. */
export type ConversationView = Conversation & {
  /** The newest message that is not deleted. */
  last_message: Message | null;
  /** Absent when the user is not a member and the channel is public. */
  membership: Membership | null;
  /** The other person of a direct conversation (oneself for notes). */
  peer?: UserSummary | null;
  /** The seq of the newest change: with this answer a client's cursor may start here. */
  seq: number;
};

/** A member has received or read everything up to `seq`. */
export type CursorMoved = {
  conversation_id: ConversationId;
  seq: number;
  user_id: UserId;
};

export type CustomEmoji = {
  animated: boolean;
  created_at: Timestamp;
  created_by: UserId;
  file_id: FileId;
  /** Without colons. */
  name: string;
};

/** A few words about now, which disappear by themselves. */
export type CustomStatus = {
  emoji?: string | null;
  expires_at?: Timestamp | null;
  text?: string;
};

/** What was erased. When the answer comes all of it is done. */
export type DeletionReport = {
  bots?: number;
  contacts?: number;
  /** Conversations in which nobody else was. */
  conversations_deleted?: number;
  /** Of these, those that had to be given to somebody else. */
  conversations_handed_over?: number;
  /** Conversations that were left. */
  conversations_left?: number;
  /** Devices with their push subscriptions. */
  devices?: number;
  /** Files with everything that was made of them. Those that others have passed on stay. */
  files?: number;
  /** False when the server is still at it: it goes on by itself. */
  finished?: boolean;
  /** Messages whose text was erased. That there was one stays, without an author's name. */
  messages?: number;
  /** Other personal things: drafts, saved and scheduled messages, reminders, settings and the like. */
  personal?: number;
  reactions?: number;
  sessions?: number;
  tokens?: number;
  /** Votes in polls that are still open. The results of those that are closed stay, without a name. */
  votes?: number;
  webhooks?: number;
};

/** One event on its way to a webhook. */
export type Delivery = {
  /** The last few answers, the newest last. */
  answers: DeliveryAnswer[];
  attempts: number;
  created_at: Timestamp;
  event: Topic;
  /** Also the `webhook-id` of the request: the same in every attempt. */
  id: DeliveryId;
  /** When it is tried again. */
  next_at: Timestamp | null;
  state: DeliveryState;
};

/** What came of one attempt. */
export type DeliveryAnswer = {
  at: Timestamp;
  /** The beginning of what was answered. */
  body?: string | null;
  /** Why there was no answer. */
  error?: string | null;
  ms: number;
  /** The status of the answer. */
  status?: number | null;
};

export type DeliveryId = string;

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** What a client says of the device it runs on when it signs in. */
export type Device = {
  name?: string | null;
  type?: DeviceKind;
};

export type DeviceId = string;

export type DeviceKind = 'web' | 'mobile' | 'smart_tv' | 'desktop' | 'bot';

/** How often what one missed comes by e-mail. */
export type DigestEvery = 'off' | 'hourly' | 'daily';

export type DirectFrom = 'everyone' | 'contacts';

/** What one has begun to write in a conversation, or in a thread of it. One without text and files is gone. */
export type Draft = {
  body: string;
  conversation_id: ConversationId;
  /** One's own uploads that are to go with it. */
  files: FileId[];
  /** The message under whose thread it is written. */
  parent_id: MessageId | null;
  /** When the server got it. */
  updated_at: Timestamp;
  version: number;
};

export type DraftChanged = {
  draft: Draft;
  version: number;
};

/** `PUT /conversations/{id}/draft`. */
export type DraftSave = {
  /**
   * The version of the draft that this device wrote on, 0 for none. When another device has written meanwhile, nothing
   * is
   * changed, and the answer is `conflict` with what that one wrote. Without it, the last to write wins.
   */
  based_on?: number | null;
  /** What is written so far; nothing, together with no files, clears the draft. */
  body: string;
  files?: FileId[];
  parent_id?: MessageId | null;
};

/**
 * `PUT /me/email`: the address to which a link goes. The password is that of the account; an account without one, as
 * a bot's, sends none.
 */
export type EmailChange = {
  email: string;
  password?: string | null;
};

/** Who may add custom emoji. */
export type EmojiFrom = 'admins' | 'everybody';

/** `GET /emoji`: all of them, by name. */
export type EmojiList = {
  items: CustomEmoji[];
  /** Grows with every change of the list. */
  version: number;
};

/** `PUT /emoji/{name}`. */
export type EmojiSet = {
  /** A picture of one's own, uploaded with the purpose `emoji`. */
  file_id: FileId;
};

/** A command was refused, or a frame was not a command. */
export type ErrorFrame = {
  code: Code;
  detail?: string | null;
  field?: string | null;
  id?: CommandId | null;
  retry_after?: number | null;
};

/** A frame from the server, by WebSocket, server-sent events or long poll alike. */
export type Event =
  | (Ready & { type: 'ready' })
  /** Everything missed has been replayed; what follows is live. */
  | { type: 'synced' }
  | (Ack & { type: 'ack' })
  | (ErrorFrame & { type: 'error' })
  | { id?: CommandId | null; type: 'pong' }
  | (MessageChanged & { type: 'message.sent' })
  | (MessageChanged & { type: 'message.updated' })
  | (MessageChanged & { type: 'message.deleted' })
  | (ConversationChanged & { type: 'conversation.created' })
  | (ConversationChanged & { type: 'conversation.updated' })
  | (ConversationChanged & { type: 'conversation.deleted' })
  | (MemberChanged & { type: 'member.added' })
  | (MemberChanged & { type: 'member.updated' })
  | (MemberChanged & { type: 'member.removed' })
  | (MembershipChanged & { type: 'membership.updated' })
  | (ContactChanged & { type: 'contact.updated' })
  | (AccountChanged & { type: 'account.updated' })
  | (NotificationsChanged & { type: 'notifications.updated' })
  | (DraftChanged & { type: 'draft.updated' })
  | (ScheduledChanged & { type: 'scheduled.updated' })
  | (ReminderChanged & { type: 'reminder.updated' })
  /** What `reminder.updated` is called while the reminder is due: one wants to be told of it now. */
  | (ReminderChanged & { type: 'reminder.due' })
  | (SavedChanged & { type: 'saved.updated' })
  /** Too much was missed in this conversation to replay it: fetch its changes, or load it afresh. */
  | { conversation_id: ConversationId; head: number; type: 'conversation.behind' }
  | (CursorMoved & { type: 'message.delivered' })
  | (CursorMoved & { type: 'message.read' })
  | (Typing & { type: 'typing.started' })
  | (Typing & { type: 'typing.stopped' })
  | (Presence & { type: 'user.online' })
  | (Presence & { type: 'user.offline' })
  /** Somebody has given a slash command that this bot answers; to the bot only. */
  | { invocation: Invocation; type: 'command.invoked' }
  /** A bot's answer to a slash command, for whoever gave it and nobody else. */
  | (CommandAnswered & { type: 'command.answered' })
  | { type: 'user.updated'; user: User }
  /** One's own upload is ready or refused. */
  | { file: File; type: 'file.updated' }
  /** The list of custom emoji has changed, and has this version now. */
  | { type: 'emoji.updated'; version: number };

/** `POST /me/export` and `GET /me/export`: one per person at a time. */
export type Export = {
  bytes: number | null;
  created_at: Timestamp;
  /** When it is removed again. */
  expires_at: Timestamp | null;
  finished_at: Timestamp | null;
  state: ExportState;
};

export type ExportState = 'running' | 'ready' | 'failed';

/** A file. Its content is at `/files/{id}/content`. */
export type File = {
  /** A picture that moves. */
  animated?: boolean;
  /** What to show until a picture has loaded: a ThumbHash in base64. */
  blur?: string | null;
  created_at: Timestamp;
  duration_ms?: number | null;
  height?: number | null;
  id: FileId;
  kind: FileKind;
  /** The media type of the bytes, such as `image/png`. */
  mime: string;
  name: string;
  /** Bytes of the content. */
  size: number;
  state: FileState;
  variants: FileVariant[];
  /** A voice message. */
  voice?: boolean;
  /** How loud a sound is from beginning to end: 64 bytes in base64. */
  waveform?: string | null;
  /** Pixels, as it is shown: turned as its camera says. */
  width?: number | null;
};

export type FileId = string;

/** What a file is to who looks at it. It is found from the bytes, never from the name. */
export type FileKind = 'image' | 'video' | 'audio' | 'file';

export type FileState = 'processing' | 'ready' | 'refused';

/** A form of a file that is made for screens, at `/files/{id}/{variant}`. */
export type FileVariant = 'thumbnail' | 'preview' | 'poster';

/** Where a forwarded message came from. The text is a copy: the original's later life does not touch it. */
export type Forwarded = {
  conversation_id: ConversationId;
  created_at: Timestamp;
  message_id: MessageId;
  sender_id: UserId;
};

/** A piece of a snippet. The pieces follow each other without anything between them. */
export type Fragment = {
  /** It is one of the words that were searched for. */
  hit: boolean;
  text: string;
};

/** The answer to registering, signing in and refreshing. */
export type Grant = {
  access_token: string;
  /** Seconds until the access token expires. */
  expires_in: number;
  refresh_token: string;
  session_id: SessionId;
  user: User;
};

/** The first frame of a connection. */
export type Hello = {
  activity?: Activity;
  /** For each conversation that the client holds: the seq up to which it has everything. */
  cursors?: Record<string, number> | null;
  /** The epoch of what the client holds. */
  epoch?: string | null;
  /** An access token or a personal access token. */
  token: string;
  /** The version up to which the client has the user's own changes. */
  version?: number | null;
};

/**
 * `POST /hooks/{secret}`: the simple form of what many programs send to Slack; what else they send is not looked at.
 */
export type HookMessage = {
  /** Names the message, so that sending it again does not post it twice. */
  client_id?: string | null;
  /** Written in front of the name, as `:tada:` or an emoji. */
  icon_emoji?: string | null;
  text?: string;
  /** A name for this message only. */
  username?: string | null;
};

/** An incoming webhook. It speaks as a bot of its own, which is a member of the conversation. */
export type IncomingWebhook = {
  conversation_id: ConversationId;
  created_at: Timestamp;
  created_by: UserId;
  id: WebhookId;
  last_used_at: Timestamp | null;
  /** Shown once, when the webhook is made: its address is `POST /api/v1/hooks/{secret}`. */
  secret?: string | null;
  /** Who its messages are from: its name and picture. */
  user: UserSummary;
};

/** `POST /conversations/{id}/webhooks`. */
export type IncomingWebhookCreate = {
  /** An uploaded picture. */
  avatar?: FileId | null;
  name: string;
};

/** `PUT /conversations/{id}/webhooks/{webhook}`: what is absent stays, what is `null` is cleared. */
export type IncomingWebhookUpdate = {
  avatar?: FileId | null;
  name?: string | null;
};

export type Invitation = {
  /** The secret in the link. Shown once, when the invitation is made. */
  code?: string | null;
  /** Absent for an invitation onto the server. */
  conversation_id?: ConversationId | null;
  created_at: Timestamp;
  created_by: UserId;
  expires_at: Timestamp | null;
  id: InvitationId;
  max_uses: number | null;
  uses: number;
};

/** `POST /conversations/{id}/invitations` and `POST /invitations`. */
export type InvitationCreate = {
  /** Seconds until it expires; absent: never. */
  expires_in?: number | null;
  /** How many people can use it; absent: any number. */
  max_uses?: number | null;
};

export type InvitationId = string;

/** What an invitation leads to, for somebody who holds the code: `GET /invitations/{code}`. */
export type InvitationPreview = {
  conversation_name: string | null;
  expires_at: Timestamp | null;
  member_count: number | null;
  server_name: string;
};

/** A command as its bot gets it: with the event `command.invoked`, or posted to the command's URL. */
export type Invocation = {
  /** What followed it. */
  arguments: string;
  /** The command's name. */
  command: string;
  conversation_id: ConversationId;
  created_at: Timestamp;
  /** The same when it is given again under the same `client_id`. */
  id: InvocationId;
  /** Who has given it. */
  user: UserSummary;
};

export type InvocationId = string;

/** `POST /auth/login`. `login` is a user name or an e-mail address. */
export type Login = {
  device?: Device;
  login: string;
  password: string;
};

/** A member as all members see it. Someone who left stays as a tombstone, so that every client learns of it. */
export type Member = {
  /** The seq of the last change of the fields above. */
  changed: number;
  conversation_id: ConversationId;
  /** How far the member has received and read; zero in conversations too large for receipts. */
  delivered: number;
  joined_at: Timestamp;
  muted_until: Timestamp | null;
  read: number;
  role: Role;
  state: MemberState;
  user: UserSummary;
};

/** `POST /conversations/{id}/members`. */
export type MemberAdd = {
  user_id: UserId;
};

export type MemberChanged = {
  conversation_id: ConversationId;
  member: Member;
  seq: number;
};

export type MemberState = 'joined' | 'left' | 'banned';

/** `PUT /conversations/{id}/members/{user}`: what is absent stays. `role: owner` hands the conversation over. */
export type MemberUpdate = {
  /** Ban or unban. */
  banned?: boolean | null;
  /** Seconds during which the member cannot write; 0 ends it. */
  mute_seconds?: number | null;
  role?: Role | null;
};

/** One's own membership, which only oneself sees. It is synced by the user's `version`. */
export type Membership = {
  conversation_id: ConversationId;
  delivered: number;
  favourite: boolean;
  joined_at: Timestamp;
  /** Messages after `read` that mention this user, in threads too. */
  mentions: number;
  muted_until: Timestamp | null;
  /** No notifications until then. */
  notifications_muted_until: Timestamp | null;
  /** How much one is told of here. */
  notify: Notify;
  read: number;
  role: Role;
  state: MemberState;
  /** Messages of others after `read`, at the top level, not deleted. Counted up to 1,000. */
  unread: number;
  version: number;
};

export type MembershipChanged = {
  membership: Membership;
  version: number;
};

/** `PUT /conversations/{id}/membership`: one's own settings for a conversation. */
export type MembershipUpdate = {
  favourite?: boolean | null;
  notifications_muted_until?: Timestamp | null;
  notify?: Notify | null;
};

/** A message with everything that hangs on it. */
export type Message = {
  /** Files, in the sender's order, as they are for good. */
  attachments: File[];
  /** CommonMark source, as sent. Empty once deleted. */
  body: string;
  /** The seq of its last change. Of two versions of a message, the one with the larger `changed` is newer. */
  changed: number;
  client_id: string;
  conversation_id: ConversationId;
  created_at: Timestamp;
  deleted_at: Timestamp | null;
  edited_at: Timestamp | null;
  /** The asker follows the thread under this message. Present where the answer is made for one person. */
  following?: boolean;
  forwarded_from?: Forwarded | null;
  id: MessageId;
  last_reply_at: Timestamp | null;
  /** Members mentioned by name. */
  mentions?: UserId[];
  /** `@channel` or `@here`, where the sender may. */
  mentions_all?: Broadcast | null;
  /** The author has taken the previews away, and none come again. */
  no_previews?: boolean;
  /** The message that this one replies to; replies form a thread under it. */
  parent_id: MessageId | null;
  pinned_at: Timestamp | null;
  pinned_by?: UserId | null;
  /** Present when the message is a poll and not deleted. */
  poll?: Poll | null;
  /** What the pages say that the text links to; filled in a moment after the message was sent. */
  previews?: Preview[];
  reactions: Reaction[];
  reply_count: number;
  sender_id: UserId;
  /** Where it was posted; together with the conversation this is its address. */
  seq: number;
  /** The name that a webhook gave to this one message of its; to be shown instead of the sender's. */
  shown_as?: string | null;
  system?: SystemEvent | null;
  type: MessageKind;
};

export type MessageChanged = {
  conversation_id: ConversationId;
  message: Message;
  /** Present when the change was somebody's reaction. */
  reaction?: ReactionChange | null;
  seq: number;
};

/** `PUT /messages/{id}`. */
export type MessageEdit = {
  body: string;
};

/** `POST /messages/{id}/forward`. */
export type MessageForward = {
  client_id: string;
  conversation_id: ConversationId;
};

export type MessageId = string;

export type MessageKind = 'text' | 'system';

/** `POST /conversations/{id}/messages`. */
export type MessageSend = {
  /** May be empty if there are files. */
  body: string;
  /** The client's name for the message, 1 to 64 bytes: sending it again returns the first result. */
  client_id: string;
  /** One's own files that are ready, uploaded for a message; each at most once. */
  files?: FileId[];
  parent_id?: MessageId | null;
};

/** `GET /me/notifications`: what one wants to be told of, everywhere. */
export type NotificationSettings = {
  /** In direct conversations. */
  direct: NotifyLevel;
  email: DigestEvery;
  /** In groups. */
  group: NotifyLevel;
  /** Pushes say that there is something new, and not who wrote what. */
  hide_content: boolean;
  /** Words that count as mentions: whole words, in any case, in any script. */
  keywords: string[];
  /** In channels. */
  level: NotifyLevel;
  /** People of whom one wants to hear more or less than of others. */
  people: PersonLevel[];
  /** Hours in which nothing is pushed. */
  quiet: QuietHours | null;
  version: number;
};

/** `PUT /me/notifications`: what is absent stays; `quiet: null` ends the quiet hours. Lists are replaced whole. */
export type NotificationUpdate = {
  direct?: NotifyLevel | null;
  email?: DigestEvery | null;
  group?: NotifyLevel | null;
  hide_content?: boolean | null;
  keywords?: string[] | null;
  level?: NotifyLevel | null;
  people?: PersonLevel[] | null;
  quiet?: QuietHours | null;
};

export type NotificationsChanged = {
  notifications: NotificationSettings;
  version: number;
};

/** The level of one conversation, which may follow the level for its kind. */
export type Notify = 'default' | 'all' | 'mentions' | 'none';

/** How much one is told of. Ordered: a larger level includes a smaller. */
export type NotifyLevel = 'none' | 'mentions' | 'all';

/** Why one is told of a message. */
export type NotifyReason = 'mention' | 'reply' | 'keyword' | 'direct' | 'message';

/** `GET /me/changes?after=`: the user's own objects that changed after a version, by ascending version. */
export type OwnChanges = {
  head: number;
  items: Event[];
  next: number | null;
};

/** `PUT /me/password`. Every other session of the user ends. */
export type PasswordChange = {
  current: string;
  new: string;
};

/** What one wants to hear of one person, wherever that person writes. */
export type PersonLevel = {
  level: NotifyLevel;
  user_id: UserId;
};

export type Poll = {
  /** Nobody learns who has voted for what. */
  anonymous: boolean;
  /** Since when nobody can vote any more. */
  closed_at: Timestamp | null;
  /** When it closes by itself. */
  closes_at: Timestamp | null;
  /** Everybody may choose several options. */
  multiple: boolean;
  options: PollOption[];
  question: string;
  /** How many people have voted. */
  voters: number;
};

/** `POST /conversations/{id}/polls`. */
export type PollCreate = {
  anonymous?: boolean;
  /** The client's name for the message, 1 to 64 bytes: sending it again returns the first result. */
  client_id: string;
  closes_at?: Timestamp | null;
  multiple?: boolean;
  /** 2 to 20 different texts. */
  options: string[];
  parent_id?: MessageId | null;
  question: string;
};

/** One option of a poll. `me` is present where the answer is made for one person, as with reactions. */
export type PollOption = {
  count: number;
  me?: boolean | null;
  text: string;
};

/** The answer of a long poll: events, and the cursors to ask with next. */
export type Polled = {
  cursors: Record<string, number>;
  epoch: string;
  items: Event[];
  version: number;
};

export type Presence = {
  last_seen_at?: Timestamp | null;
  status: PresenceStatus;
  user_id: UserId;
};

export type PresenceStatus = 'online' | 'away' | 'do_not_disturb' | 'offline';

/**
 * What is known of one page. The server fetched it, so that readers do not have to tell the page's owner that they
 * read.
 */
export type Preview = {
  description?: string | null;
  /** A picture, as a file of this server. Not made in this version. */
  image_file_id?: FileId | null;
  /** The name of the site, or else its host. */
  site?: string | null;
  title?: string | null;
  /** The link as it stands in the text. */
  url: string;
};

/** What others may know. */
export type Privacy = {
  /** Who may start a direct conversation without being a contact. */
  direct_from?: DirectFrom;
  /** Others see online, away, offline and last seen. */
  show_presence?: boolean;
  /** Others see what this user has read. */
  show_read?: boolean;
};

/** An error answer (`application/problem+json`, RFC 9457). */
export type Problem = {
  code: Code;
  /** What was wrong this time. */
  detail?: string | null;
  /** The field that was wrong. */
  field?: string | null;
  /** Seconds to wait before trying again. */
  retry_after?: number | null;
  status: number;
  /** A short sentence that is the same for every occurrence of this code. */
  title: string;
  /** `about:blank#` and the code: problems are told apart by `code`. */
  type: string;
};

/** `PUT /users/{id}/profile`: what is absent stays, what is `null` is cleared. */
export type ProfileUpdate = {
  about?: string | null;
  avatar?: FileId | null;
  display_name?: string | null;
  status?: CustomStatus | null;
  time_zone?: string | null;
};

/** A device of one's own as `GET /me/devices` lists it. The keys and the token are not shown again. */
export type PushDevice = {
  created_at: Timestamp;
  /** It belongs to the session that asks. */
  current: boolean;
  /** Web Push only: the browser knows its own subscription by it. */
  endpoint?: string | null;
  id: DeviceId;
  kind: PushKind;
  /** When a push was last taken for it. */
  last_used_at: Timestamp | null;
  /** In place of the account's levels, on this device; null follows them. */
  level: NotifyLevel | null;
  name: string;
  /** The session that registered it; the device goes when the session ends. */
  session_id: SessionId;
};

/** `POST /me/devices`. Registering what is registered replaces it. */
export type PushDeviceCreate = {
  /** `web`: the subscription's endpoint. */
  endpoint?: string | null;
  /** `web`: the subscription's keys. */
  keys?: PushKeys | null;
  kind: PushKind;
  level?: NotifyLevel | null;
  name?: string | null;
  /** `fcm` and `apns`: the device's token. */
  token?: string | null;
};

/** `PUT /me/devices/{id}`: what is absent stays; `level: null` follows the account's levels. */
export type PushDeviceUpdate = {
  level?: NotifyLevel | null;
  name?: string | null;
};

/** The keys of a Web Push subscription, in URL-safe base64 (RFC 8291). */
export type PushKeys = {
  /** 16 bytes. */
  auth: string;
  /** A point of the curve P-256, uncompressed: 65 bytes. */
  p256dh: string;
};

/** Through whom a device is reached. */
export type PushKind = 'web' | 'fcm' | 'apns';

/** What became of a push that was sent as a test. */
export type PushOutcome = 'sent' | 'gone' | 'failed';

/** The answer of `POST /me/devices/{id}/test`. */
export type PushTested = {
  outcome: PushOutcome;
};

/** Do not disturb between two times of the day, in the account's time zone (UTC when it has none). */
export type QuietHours = {
  /** The days on which they begin; 0 is Sunday. Absent: every day. */
  days?: number[];
  from: TimeOfDay;
  /** Earlier than `from`: on the next day. The same as `from`: a whole day. */
  to: TimeOfDay;
};

/**
 * One emoji on a message.
 *
 * `me` is present where the answer is made for one person: in every REST answer, and in the event that goes to the
 * devices of whoever reacted. The event that all members share leaves it out, and then the receiver keeps what it had.
 */
export type Reaction = {
  count: number;
  emoji: string;
  me?: boolean | null;
};

/** A change of one person's reaction, which names whose it was; it accompanies the event of the message. */
export type ReactionChange = {
  added: boolean;
  emoji: string;
  user_id: UserId;
};

/** Who reacted, from `GET /messages/{id}/reactions/{emoji}`. */
export type Reactor = {
  at: Timestamp;
  user: UserSummary;
};

/** `PUT /conversations/{id}/read`: mark as read up to here; absent: up to the newest change. */
export type ReadUpdate = {
  seq?: number | null;
};

/** The answer to `hello`. */
export type Ready = {
  connection_id: string;
  /** The version of the list of custom emoji; absent while there never were any. */
  emoji_version?: number;
  /** The life of the store. A client that holds another epoch drops its cache; nothing is replayed to it. */
  epoch: string;
  /** The newest seq of every conversation that the user is in. */
  heads: Record<string, number>;
  /** Something arrives at least this often; a client that hears nothing for twice as long reconnects. */
  heartbeat_seconds: number;
  /**
   * Conversations whose cursor was ahead of the server, or that the user is no longer in: drop what is cached of them.
   */
  reset?: ConversationId[];
  session_id: SessionId;
  user_id: UserId;
  /** Where the user's own changes have got to. */
  version: number;
};

/** A member's two cursors, as the last page of `changes` lists them for small conversations. */
export type Receipt = {
  delivered: number;
  read: number;
  user_id: UserId;
};

/** `POST /auth/refresh`. */
export type Refresh = {
  refresh_token: string;
};

/** `POST /auth/register`. */
export type Register = {
  device?: Device;
  display_name?: string | null;
  email?: string | null;
  /** The code of an invitation, or of the server's first-start link. */
  invitation?: string | null;
  password: string;
  username: string;
};

export type Registration = 'open' | 'invitation' | 'closed';

export type Reminder = {
  /** The wall time that was asked for, as `2026-12-01T09:00`; null when a moment was. */
  at: string | null;
  /** Where that message is. */
  conversation_id: ConversationId | null;
  created_at: Timestamp;
  id: ReminderId;
  /** The message that it is about. */
  message_id: MessageId | null;
  /** When it is due, as the rules of the time zone are known now. */
  remind_at: Timestamp;
  state: ReminderState;
  /** One's own words; may be empty when it is about a message. */
  text: string;
  /** The time zone that `at` was given in; null when it follows the time zone of the account. */
  time_zone: string | null;
  version: number;
};

export type ReminderChanged = {
  reminder: Reminder;
  version: number;
};

export type ReminderId = string;

/** `POST /me/reminders` and `PUT /me/reminders/{id}`. Either `at` or `remind_at` says when. */
export type ReminderSave = {
  /** A wall time without a zone, as `2026-12-01T09:00`. */
  at?: string | null;
  message_id?: MessageId | null;
  /** A moment, the same in every time zone. */
  remind_at?: Timestamp | null;
  text?: string;
  /** The time zone of `at`, an IANA name. Without it, that of the account is meant, also when it changes. */
  time_zone?: string | null;
};

export type ReminderState = 'waiting' | 'due' | 'done';

/** Who sees a bot's answer. */
export type ResponseType = 'ephemeral' | 'in_channel';

/** Ordered by power: a role may act on roles below it. */
export type Role = 'member' | 'moderator' | 'admin' | 'owner';

/** That one has saved a message, or has taken that back. */
export type Saved = {
  conversation_id: ConversationId;
  message_id: MessageId;
  /** When it was saved; null when it no longer is. */
  saved_at: Timestamp | null;
  seq: number;
  version: number;
};

export type SavedChanged = {
  saved: Saved;
  version: number;
};

/** An entry of `GET /me/saved`. */
export type SavedMessage = {
  /** The message as it is now; null when one can no longer see it, having left its conversation. */
  message: Message | null;
  saved: Saved;
};

/** A message that is to be sent later. */
export type Scheduled = {
  /** The wall time that was asked for, as `2026-12-01T09:00`; null when a moment was. */
  at: string | null;
  body: string;
  conversation_id: ConversationId;
  created_at: Timestamp;
  files: FileId[];
  id: ScheduledId;
  /** The message that it became. */
  message_id?: MessageId | null;
  parent_id: MessageId | null;
  /** Why it was not sent. */
  reason?: Code | null;
  /** When it will be sent, as the rules of the time zone are known now. */
  send_at: Timestamp;
  state: ScheduledState;
  /** The time zone that `at` was given in; null when it follows the time zone of the account. */
  time_zone: string | null;
  version: number;
};

export type ScheduledChanged = {
  scheduled: Scheduled;
  version: number;
};

export type ScheduledId = string;

/** `POST /me/scheduled` and `PUT /me/scheduled/{id}`. Either `at` or `send_at` says when. */
export type ScheduledSave = {
  /** A wall time without a zone, as `2026-12-01T09:00`. */
  at?: string | null;
  body: string;
  conversation_id: ConversationId;
  files?: FileId[];
  parent_id?: MessageId | null;
  /** A moment, the same in every time zone. */
  send_at?: Timestamp | null;
  /** The time zone of `at`, an IANA name. Without it, that of the account is meant, also when it changes. */
  time_zone?: string | null;
};

export type ScheduledState = 'waiting' | 'refused' | 'sent' | 'deleted';

/** What a token may be used for. A session of a person has all of them. */
export type Scope = 'read' | 'write' | 'manage' | 'account' | 'admin';

/** Something that was found. */
export type SearchHit =
  | { message: Message; snippet: Fragment[]; type: 'message' }
  /** A file in a message: one for each file. */
  | { conversation_id: ConversationId; created_at: Timestamp; file: File; message_id: MessageId; sender_id: UserId; seq: number; type: 'file' }
  | { type: 'person'; user: UserSummary }
  | { conversation: Conversation; type: 'channel' };

/** What is searched for. */
export type SearchType = 'message' | 'file' | 'person' | 'channel';

/** `message.send`. */
export type SendCommand = {
  /** May be empty if there are files. */
  body: string;
  /** The client's name for the message: sending it again returns the first result. */
  client_id: string;
  conversation_id: ConversationId;
  /** One's own files that are ready, uploaded for a message; each at most once. */
  files?: FileId[];
  parent_id?: MessageId | null;
};

/** `GET /server`: needs no token. */
export type ServerInfo = {
  /** Who may add custom emoji. */
  custom_emoji?: EmojiFrom;
  /** The server can send e-mails. */
  email?: boolean;
  /** The life of the store; a client that holds another one drops its cache. */
  epoch: string;
  limits?: ServerLimits;
  name: string;
  /** Nobody has registered yet: the first one becomes the owner. */
  needs_owner: boolean;
  registration: Registration;
  /** The public key that browsers subscribe to pushes with (VAPID, RFC 8292), in URL-safe base64. */
  vapid_key: string;
  version: string;
};

/** What the operator has set and a client may check before it asks. */
export type ServerLimits = {
  /** Bytes of one file. */
  file_bytes: number;
  /** Bytes of a picture of a user or a conversation, or of an emoji. */
  picture_bytes: number;
  /** Bytes of all files of one user; null is no limit of its own. */
  quota_bytes: number | null;
};

/** What a user is on the server as a whole. */
export type ServerRole = 'member' | 'admin' | 'owner';

/** `PUT /admin/settings`: what is absent stays. */
export type ServerSettings = {
  custom_emoji?: EmojiFrom | null;
  name?: string | null;
  registration?: Registration | null;
};

export type Session = {
  /** The address it was last used from. */
  address: string | null;
  created_at: Timestamp;
  /** This is the session that asks. */
  current: boolean;
  id: SessionId;
  last_active_at: Timestamp;
  name: string;
  type: DeviceKind;
};

export type SessionId = string;

/** A file in a conversation: `GET /conversations/{id}/files`. */
export type SharedFile = {
  created_at: Timestamp;
  file: File;
  message_id: MessageId;
  sender_id: UserId;
  seq: number;
};

/** A command that can be given where its bot is a member. */
export type SlashCommand = {
  bot: UserSummary;
  description: string;
  /** Without the slash. */
  name: string;
  /** What the posts are signed with, beginning with `whsec_`. Shown once, when the URL is set. */
  secret?: string | null;
  /** Where the server posts what was said; only the bot and its owner see it. */
  url?: string | null;
  /** What may follow the name, as `[city]`. */
  usage: string;
};

/** `PUT /commands/{name}`. */
export type SlashCommandUpdate = {
  description?: string;
  url?: string | null;
  usage?: string;
};

/** What a system message tells. `message.sender_id` is who did it. */
export type SystemEvent =
  | { event: 'created' }
  | { event: 'joined' }
  | { event: 'added'; user_id: UserId }
  | { event: 'left' }
  | { event: 'removed'; user_id: UserId }
  | { event: 'banned'; user_id: UserId }
  | { event: 'unbanned'; user_id: UserId }
  | { event: 'muted'; until: Timestamp; user_id: UserId }
  | { event: 'unmuted'; user_id: UserId }
  | { event: 'role_changed'; role: Role; user_id: UserId }
  | { event: 'renamed'; name: string }
  | { event: 'topic_changed'; topic: string | null }
  | { event: 'settings_changed' }
  /** Messages are erased so many seconds after they were sent; `null`: they stay. */
  | { event: 'expiry_changed'; seconds: number | null }
  | { event: 'archived' }
  | { event: 'unarchived' }
  | { event: 'pinned'; message_id: MessageId };

/** `GET /messages/{id}/thread`: the parent and a page of its replies in seq order. */
export type ThreadPage = {
  items: Message[];
  next: string | null;
  parent: Message;
};

export type TimeOfDay = string;

export type Timestamp = string;

export type Token = {
  created_at: Timestamp;
  expires_at: Timestamp | null;
  id: TokenId;
  last_used_at: Timestamp | null;
  name: string;
  scopes: Scope[];
  /** The secret. Shown once, when the token is made. */
  secret?: string | null;
};

/** `POST /me/tokens` and `POST /bots/{id}/tokens`. */
export type TokenCreate = {
  /** Seconds until it expires; absent: never. */
  expires_in?: number | null;
  name: string;
  scopes: Scope[];
};

export type TokenId = string;

/** What an outgoing webhook can be told of. */
export type Topic =
  | 'message.sent'
  | 'message.updated'
  | 'message.deleted'
  | 'conversation.created'
  | 'conversation.updated'
  | 'conversation.deleted'
  | 'member.added'
  | 'member.updated'
  | 'member.removed';

export type Typing = {
  conversation_id: ConversationId;
  user_id: UserId;
};

/** `GET /me/usage`: bytes of what one has uploaded. */
export type Usage = {
  /** Bytes that one may use; null is as much as the server has. */
  quota: number | null;
  used: number;
};

/** A profile as others see it. */
export type User = {
  about: string;
  /** A file uploaded for this; shown through `/files/{id}/thumbnail`. */
  avatar: FileId | null;
  bot: boolean;
  /** The person who owns this bot. */
  bot_owner_id?: UserId | null;
  created_at: Timestamp;
  /** The person has deleted the account. */
  deleted?: boolean;
  /** The account is disabled and its messages stay. */
  disabled?: boolean;
  display_name: string;
  id: UserId;
  server_role: ServerRole;
  status: CustomStatus | null;
  /** An IANA time zone name, such as `Europe/Berlin`. */
  time_zone: string | null;
  username: string;
};

export type UserId = string;

/** What one needs to show somebody: a name and a face. */
export type UserSummary = {
  avatar?: FileId | null;
  bot?: boolean;
  /** The person has deleted the account: only the place in what others said is left. */
  deleted?: boolean;
  display_name: string;
  id: UserId;
  username: string;
};

/** `PUT /messages/{id}/vote`. */
export type VoteSet = {
  /** The options that one votes for, counted from 0. None withdraws one's vote. */
  options: number[];
};

/** Who voted for an option, from `GET /messages/{id}/voters`. */
export type Voter = {
  at: Timestamp;
  user: UserSummary;
};

/** An outgoing webhook. */
export type Webhook = {
  /** The conversation that it is about; `null`: all public channels of the server. */
  conversation_id: ConversationId | null;
  created_at: Timestamp;
  created_by: UserId;
  /** Nothing is sent since then, because it was switched off or has failed for too long. */
  disabled_at: Timestamp | null;
  /** Why it is switched off, when the server did it. */
  disabled_reason: string | null;
  events: Topic[];
  id: WebhookId;
  /** What its messages are signed with, beginning with `whsec_`. Shown once, when it is made or replaced. */
  secret?: string | null;
  url: string;
};

/** `POST /webhooks`. */
export type WebhookCreate = {
  /** Absent: all public channels of the server, which only its administrators may ask for. */
  conversation_id?: ConversationId | null;
  events: Topic[];
  url: string;
};

export type WebhookId = string;

/** `PUT /webhooks/{id}`: what is absent stays. */
export type WebhookUpdate = {
  /** Switches it on or off. What waits is sent once it is on again. */
  enabled?: boolean | null;
  events?: Topic[] | null;
  url?: string | null;
};

/** One page of a list. `next` is opaque: hand it back as `cursor` to get the following page. */
export type Page<T> = {
  items: T[];
  next: string | null;
};

/** The `type` of everything that a client asks for. */
export type CommandType = Command['type'];

/** The `type` of everything that the server tells. */
export type EventType = Event['type'];

/** What the server accepts at most, and how it counts. */
export const limits = {
  /** Characters (Unicode scalar values) in one message. */
  messageChars: 100000,
  /** Bytes in a `client_id`. */
  clientIdBytes: 64,
  /** Bytes in one emoji of a reaction; the longest standard sequence is below 40. */
  emojiBytes: 64,
  /** Different emoji on one message. */
  reactionsPerMessage: 50,
  /** Pinned messages in one conversation. */
  pinsPerConversation: 100,
  /** Users one message can mention by name. */
  mentionsPerMessage: 100,
  /** Members of a group; a channel has no limit. */
  groupMembers: 100,
  /** Up to this many members, everyone sees who has received and read; above, only one's own cursor moves. */
  receiptMembers: 100,
  /** Members named when a conversation is created. */
  membersAtCreation: 100,
  /** Conversations that one user can be in. */
  conversationsPerUser: 5000,
  /** Items on a page when the caller does not say. */
  pageDefault: 50,
  /** Items on a page at most. */
  pageMax: 200,
  /** Changes on a page of `changes` when the caller does not say. */
  changesDefault: 200,
  /** Changes on a page of `changes` at most. */
  changesMax: 1000,
  /** Changes replayed over a new connection for one conversation; beyond it the client is told that it is behind. */
  replayMax: 500,
  /** Unread messages are counted up to here; the value itself means "this many or more". */
  unreadMax: 1000,
  /** Characters of a password at least. */
  passwordCharsMin: 8,
  /** Characters of a password at most. */
  passwordCharsMax: 1024,
  /** Users that one connection can watch for presence. */
  watchedUsers: 1000,
  /** Seconds after which a typing signal ends by itself. */
  typingSeconds: 6,
  /** Slow mode, in seconds, at most. */
  slowModeSeconds: 21600,
  /** Seconds after which messages of a conversation may be erased, at least. */
  expireSecondsMin: 3600,
  /** Seconds after which messages of a conversation may be erased, at most. */
  expireSecondsMax: 31536000,
  /** Link previews of one message. */
  previewsPerMessage: 3,
  /** Incoming webhooks of one conversation, and as many outgoing ones. */
  webhooksPerConversation: 20,
  /** Outgoing webhooks of the server as a whole. */
  webhooksOfServer: 50,
  /** Deliveries that are remembered of one outgoing webhook. */
  deliveriesPerWebhook: 200,
  /** Slash commands of one bot. */
  commandsPerBot: 50,
  /** Characters of the name of a slash command. */
  commandNameChars: 32,
  /** Characters of a slash command's description, and of its usage. */
  commandHelpChars: 200,
  /** Characters of what follows a slash command. */
  commandChars: 4000,
  /** Personal access tokens of one user. */
  tokensPerUser: 100,
  /** Bots of one user. */
  botsPerUser: 20,
  /** Invitation links of one conversation. */
  invitationsPerConversation: 100,
  /** Files of one message. */
  filesPerMessage: 10,
  /** Uploads that one user may have begun and not finished. */
  uploadsPerUser: 100,
  /** Characters of a search. */
  searchChars: 1000,
  /** Devices of one user that take pushes. */
  devicesPerUser: 20,
  /** Characters in the name of a device. */
  deviceNameChars: 80,
  /** Keywords that one user is notified of. */
  keywords: 50,
  /** Characters of one keyword. */
  keywordChars: 50,
  /** People for whom one user has a level of their own. */
  peopleLevels: 500,
  /** Entries of one user's activity that are kept. */
  activityKept: 500,
  /** Days for which an entry of the activity is kept. */
  activityDays: 90,
  /** Drafts of one user that are not empty. */
  draftsPerUser: 1000,
  /** Messages that one user has scheduled. */
  scheduledPerUser: 200,
  /** Reminders of one user. */
  remindersPerUser: 500,
  /** Messages that one user has saved. */
  savedPerUser: 10000,
  /** Days ahead that a message can be scheduled or a reminder set for. */
  aheadDays: 1830,
  /** Characters of a reminder. */
  reminderChars: 1000,
  /** Characters of a poll's question. */
  pollQuestionChars: 300,
  /** Characters of one option of a poll. */
  pollOptionChars: 100,
  /** Options of a poll at least. */
  pollOptionsMin: 2,
  /** Options of a poll at most. */
  pollOptionsMax: 20,
  /** Characters of a custom emoji's name at least. */
  emojiNameCharsMin: 2,
  /** Characters of a custom emoji's name at most. */
  emojiNameCharsMax: 32,
  /** Custom emoji of a server. */
  customEmoji: 2000,
  /** Levels of nesting in any JSON that is accepted. */
  jsonDepth: 32,
  /** Seconds that an access token lives. */
  accessTokenSeconds: 900,
} as const;

/** Why a socket was closed: after 40xx a client connects again and resumes, after 41xx it stops. */
export const closeCodes = {
  /** Too slow: reconnect and resume. */
  slowConsumer: 4000,
  /** Going away: resume elsewhere. */
  goingAway: 4001,
  /** Silent for too long: reconnect and resume. */
  silent: 4002,
  /** Failed: reconnect and resume. */
  failed: 4003,
  /** Too many connections: come back later. */
  tooMany: 4004,
  /** Unauthorized: get a new token. */
  unauthorized: 4100,
  /** Session ended: sign in again. */
  sessionEnded: 4101,
  /** No hello. */
  noHello: 4102,
} as const;
