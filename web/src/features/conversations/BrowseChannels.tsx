// The public channels of this server: find one, see what it is about, join it.

import { Hash, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { Conversation, Page } from '@/protocol.gen';
import { actions, api, useConversation } from '@/sync';
import { Avatar, Button, Empty, Field, Loading, complain } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import styles from './Dialogs.module.css';

interface Found {
  /** What was searched for; null before the first answer. */
  readonly text: string | null;
  readonly channels: readonly Conversation[];
  readonly next: string | null;
  readonly problem: unknown;
}

const PAUSE = 200;
const PAGE = 30;

function useChannels(text: string): Found & { readonly more: () => void } {
  const [found, setFound] = useState<Found>({ text: null, channels: [], next: null, problem: null });

  useEffect(() => {
    const stop = new AbortController();
    // The first page comes at once; while somebody types, the search waits for a pause.
    const timer = setTimeout(
      () => {
        void api
          .get<Page<Conversation>>('/channels', { q: text || undefined, limit: PAGE }, stop.signal)
          .then((page) => setFound({ text, channels: page.items, next: page.next ?? null, problem: null }))
          .catch((problem: unknown) => {
            if (!stop.signal.aborted) setFound({ text, channels: [], next: null, problem });
          });
      },
      text ? PAUSE : 0,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);

  const more = () => {
    const { next } = found;
    if (!next) return;
    setFound({ ...found, next: null });
    void api
      .get<Page<Conversation>>('/channels', { q: text || undefined, limit: PAGE, cursor: next })
      .then((page) =>
        setFound((present) =>
          present.text === text
            ? { ...present, channels: [...present.channels, ...page.items], next: page.next ?? null }
            : present,
        ),
      )
      .catch((problem: unknown) => {
        setFound((present) => ({ ...present, next }));
        complain(problem);
      });
  };
  return { ...found, more };
}

export default function BrowseChannels({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [text, setText] = useState('');
  const found = useChannels(text.trim());
  return (
    <Dialog title={t('conversations.browse')} wide onClose={onClose}>
      <div className={styles.browse}>
        <Field
          label={t('conversations.searchChannels')}
          type="text"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Results found={found} onClose={onClose} />
      </div>
    </Dialog>
  );
}

function Results({ found, onClose }: { found: ReturnType<typeof useChannels>; onClose: () => void }) {
  const t = useText();
  if (found.text === null) return <Loading />;
  if (found.problem) return <p className={styles.problem}>{errorText(found.problem)}</p>;
  if (found.channels.length === 0) {
    return (
      <Empty
        icon={<Search />}
        title={found.text ? t('conversations.noChannelsFound') : t('conversations.noChannels')}
      />
    );
  }
  return (
    <>
      <ul className={styles.channels}>
        {found.channels.map((channel) => (
          <Channel key={channel.id} channel={channel} onClose={onClose} />
        ))}
      </ul>
      {found.next && (
        <Button wide onClick={found.more}>
          {t('common.loadMore')}
        </Button>
      )}
    </>
  );
}

function Channel({ channel, onClose }: { channel: Conversation; onClose: () => void }) {
  const t = useText();
  const joined = useConversation(channel.id) !== null;
  const [busy, setBusy] = useState(false);
  const name = channel.name ?? t('common.unnamedGroup');

  const enter = async () => {
    setBusy(true);
    try {
      if (!joined) await actions.join(channel.id);
      onClose();
      go(paths.conversation(channel.id));
    } catch (problem) {
      setBusy(false);
      complain(problem);
    }
  };

  return (
    <li className={styles.channel}>
      <Avatar id={channel.id} name={name} src={channel.avatar}>
        <Hash size="1.1em" />
      </Avatar>
      <div className={styles.words}>
        <bdi className={styles.name}>{name}</bdi>
        {channel.topic && (
          <p className={styles.topic} dir="auto">
            {channel.topic}
          </p>
        )}
        <p className={styles.count}>{t('conversations.memberCount', { count: channel.member_count })}</p>
      </div>
      <Button
        small
        kind={joined ? 'quiet' : 'plain'}
        busy={busy}
        aria-label={joined ? t('conversations.openName', { name }) : t('conversations.joinName', { name })}
        onClick={() => void enter()}
      >
        {joined ? t('conversations.open') : t('conversations.join')}
      </Button>
    </li>
  );
}
