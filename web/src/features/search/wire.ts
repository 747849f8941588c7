// What the server answers a search with.

import type { Conversation, Message, User, UserSummary } from '@/protocol.gen';

export type SearchType = 'message' | 'file' | 'person' | 'channel';

export interface FoundFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly kind: 'image' | 'video' | 'audio' | 'file';
  readonly variants?: readonly string[];
}

export type SearchHit =
  | { type: 'message'; message: Message; snippet: readonly { text: string; hit: boolean }[] }
  | {
      type: 'file';
      file: FoundFile;
      message_id: string;
      conversation_id: string;
      seq: number;
      sender_id: string;
      created_at: string;
    }
  | { type: 'person'; user: User | UserSummary }
  | { type: 'channel'; conversation: Conversation };
