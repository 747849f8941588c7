// One thing that was found, with a way to it.

import { FileAudio, FileText, FileVideo, Hash, Image } from 'lucide-react';
import { Fragment } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/lib/entry';
import { openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { bytes } from '@/lib/bytes';
import { fileAddress } from '@/lib/file';
import { useText } from '@/lib/text';
import { brief } from '@/lib/time';
import { useConversation, useUser } from '@/sync';
import { Avatar } from '@/ui';
import { plainText } from '@/ui/markdown';
import { MessageCard } from '@/ui/MessageCard';
import { PersonFace } from '@/ui/PersonRow';
import styles from './SearchPage.module.css';
import type { SearchHit } from './wire';

type Of<Type extends SearchHit['type']> = Extract<SearchHit, { type: Type }>;

export function Hit({ hit }: { hit: SearchHit }) {
  switch (hit.type) {
    case 'message':
      return <MessageHit hit={hit} />;
    case 'file':
      return <FileHit hit={hit} />;
    case 'person':
      return (
        <button
          type="button"
          data-hit
          className={styles.file}
          onClick={() => openOverlay({ kind: 'profile', userId: hit.user.id })}
        >
          <PersonFace person={hit.user} />
        </button>
      );
    default:
      return <ChannelHit hit={hit} />;
  }
}

function usePlace(conversationId: string): string {
  const t = useText();
  const entry = useConversation(conversationId);
  return entry ? nameOf(entry, t) : '';
}

function MessageHit({ hit: { message, snippet } }: { hit: Of<'message'> }) {
  const t = useText();
  const sender = useUser(message.sender_id);
  const place = usePlace(message.conversation_id);
  const { conversation_id: id, parent_id: parent, seq } = message;
  return (
    <MessageCard
      person={{
        id: message.sender_id,
        name: sender?.display_name ?? t('common.unknownUser'),
        avatar: sender?.avatar,
      }}
      where={
        <>
          <bdi>{place}</bdi>
          {parent && ` · ${t('search.inThread')}`}
        </>
      }
      time={message.created_at}
      href={parent ? paths.thread(id, parent) : paths.conversation(id, seq)}
    >
      {snippet.length > 0
        ? snippet.map((part, index) => (
            // Parts of a text have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <Fragment key={index}>{part.hit ? <mark>{part.text}</mark> : part.text}</Fragment>
          ))
        : plainText(message.body)}
    </MessageCard>
  );
}

const icons = { image: Image, video: FileVideo, audio: FileAudio, file: FileText } as const;

function FileHit({ hit: { file, conversation_id, seq, sender_id, created_at } }: { hit: Of<'file'> }) {
  const t = useText();
  const sender = useUser(sender_id);
  const place = usePlace(conversation_id);
  const Icon = icons[file.kind];
  return (
    <Link href={paths.conversation(conversation_id, seq)} className={styles.file} data-hit>
      <span className={styles.picture} aria-hidden="true">
        {file.variants?.includes('thumbnail') ? (
          <img src={fileAddress(file.id, 'thumbnail')} alt="" loading="lazy" />
        ) : (
          <Icon size="1.25em" />
        )}
      </span>
      <span className={styles.words}>
        <bdi className={styles.name}>{file.name}</bdi>
        <span className={styles.note}>
          <bdi>{sender?.display_name ?? t('common.unknownUser')}</bdi> · <bdi>{place}</bdi> · {brief(created_at)} ·{' '}
          {bytes(file.size)}
        </span>
      </span>
    </Link>
  );
}

function ChannelHit({ hit: { conversation } }: { hit: Of<'channel'> }) {
  const t = useText();
  const name = conversation.name ?? t('common.unnamedGroup');
  return (
    <Link href={paths.conversation(conversation.id)} className={styles.file} data-hit>
      <Avatar id={conversation.id} name={name}>
        <Hash size="1.15em" />
      </Avatar>
      <span className={styles.words}>
        <bdi className={styles.name}>{name}</bdi>
        <bdi className={styles.note}>
          {conversation.topic || t('header.memberCount', { count: conversation.member_count })}
        </bdi>
      </span>
    </Link>
  );
}
