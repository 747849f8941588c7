// The face of a conversation: the other person's, or a sign for what it is.

import { Hash, Lock, Users } from 'lucide-react';
import { Avatar } from '@/ui';
import { conversationName } from '@/lib/naming';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { usePresence, type ConversationEntry } from '@/sync';

interface ConversationIconProps {
  entry: ConversationEntry;
  size?: 's' | 'm' | 'l' | 'xl';
}

export function ConversationIcon({ entry: { conversation, peer }, size = 'm' }: ConversationIconProps) {
  const t = useText();
  if (conversation.type === 'direct' && peer) return <PeerFace peer={peer} size={size} />;
  const Icon = conversation.type === 'group' ? Users : conversation.public ? Hash : Lock;
  return (
    <Avatar
      id={conversation.id}
      name={conversationName(conversation, peer, undefined, t)}
      src={conversation.avatar}
      size={size}
    >
      <Icon size="1.15em" />
    </Avatar>
  );
}

function PeerFace({ peer, size }: { peer: UserSummary; size: 's' | 'm' | 'l' | 'xl' }) {
  const presence = usePresence(peer.id);
  return <Avatar id={peer.id} name={peer.display_name} src={peer.avatar} size={size} presence={presence?.status} />;
}
