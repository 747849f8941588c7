// Types of the wire that the server is about to have. Each is dropped from here when the generated ones know it.

import type * as wire from './protocol.gen';

export type NotificationUpdate = Partial<Omit<wire.NotificationSettings, 'version'>>;
export type NotifyReason = 'mention' | 'reply' | 'keyword' | 'direct' | 'message';
export type ActivityItem = {
  reason: NotifyReason;
  conversation_id: string;
  message_id: string;
  sender: wire.UserSummary;
  created_at: string;
  read: boolean;
  message: wire.Message;
};
export type PushKind = 'web' | 'fcm' | 'apns';
export type PushDevice = {
  id: string;
  kind: PushKind;
  name: string;
  endpoint?: string | null;
  level: wire.NotifyLevel | null;
  session_id: string;
  created_at: string;
  last_used_at: string | null;
  current: boolean;
};
export type PushTested = { outcome: 'sent' | 'gone' | 'failed' };
export type PushPayload =
  | {
      type: 'message';
      conversation_id: string;
      seq: number;
      message_id: string;
      title: string;
      body: string;
      icon?: string | null;
      tag: string;
    }
  | { type: 'read'; conversation_id: string; seq: number }
  | { type: 'test'; title: string; body: string; tag: string };

export type PollOption = { text: string; count: number; me?: boolean | null };
export type Poll = {
  question: string;
  options: PollOption[];
  multiple: boolean;
  anonymous: boolean;
  closes_at: string | null;
  closed_at: string | null;
  voters: number;
};
export type Voter = { user: wire.UserSummary; at: string };
export type ReminderState = 'waiting' | 'due' | 'done';
export type Reminder = {
  id: string;
  message_id: string | null;
  conversation_id: string | null;
  text: string;
  at: string | null;
  time_zone: string | null;
  remind_at: string;
  state: ReminderState;
  created_at: string;
  version: number;
};
export type ReminderSave = {
  message_id?: string | null;
  text?: string;
  at?: string | null;
  time_zone?: string | null;
  remind_at?: string | null;
};
export type Saved = {
  message_id: string;
  conversation_id: string;
  seq: number;
  saved_at: string | null;
  version: number;
};
export type SavedMessage = { saved: Saved; message: wire.Message | null };
export type Scheduled = {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  body: string;
  files: string[];
  at: string | null;
  time_zone: string | null;
  send_at: string;
  state: 'waiting' | 'refused' | 'sent' | 'deleted';
  reason?: wire.Code | null;
  message_id?: string | null;
  created_at: string;
  version: number;
};
export type ScheduledSave = {
  conversation_id: string;
  parent_id?: string | null;
  body: string;
  files?: string[];
  at?: string | null;
  time_zone?: string | null;
  send_at?: string | null;
};
export type CustomEmoji = {
  name: string;
  file_id: string;
  animated: boolean;
  created_by: string;
  created_at: string;
};
export type EmojiList = { items: CustomEmoji[]; version: number };

export type IncomingWebhook = {
  id: string;
  conversation_id: string;
  user: wire.UserSummary;
  created_by: string;
  created_at: string;
  last_used_at: string | null;
  secret?: string | null;
};
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
export type Webhook = {
  id: string;
  url: string;
  conversation_id: string | null;
  events: Topic[];
  created_by: string;
  created_at: string;
  disabled_at: string | null;
  disabled_reason: string | null;
  secret?: string | null;
};
export type DeliveryAnswer = {
  at: string;
  ms: number;
  status?: number | null;
  error?: string | null;
  body?: string | null;
};
export type Delivery = {
  id: string;
  event: Topic;
  state: 'pending' | 'delivered' | 'failed';
  created_at: string;
  attempts: number;
  next_at: string | null;
  answers: DeliveryAnswer[];
};
export type SlashCommand = {
  name: string;
  description: string;
  usage: string;
  bot: wire.UserSummary;
  url?: string | null;
};
export type Export = {
  state: 'running' | 'ready' | 'failed';
  created_at: string;
  finished_at: string | null;
  expires_at: string | null;
  bytes: number | null;
};
export type DeletionReport = {
  messages: number;
  reactions: number;
  files: number;
  conversations_left: number;
  conversations_handed_over: number;
  conversations_deleted: number;
  sessions: number;
  tokens: number;
  contacts: number;
  bots: number;
  webhooks: number;
  personal: number;
  finished: boolean;
};

/** What messages, memberships, conversations and the server come to say besides what they say now. */
export type MessageMore = {
  poll?: Poll | null;
  previews?: wire.Preview[];
  no_previews?: boolean;
  shown_as?: string | null;
};
export type MembershipMore = { notify?: wire.Notify };
export type ConversationMore = { expire_seconds?: number | null };
export type ServerMore = { vapid_key?: string; emoji_version?: number; custom_emoji?: 'admins' | 'everybody' };
