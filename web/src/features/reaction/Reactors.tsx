// Everybody who reacted to a message, by emoji.

import { useState } from 'react';
import { errorText } from '@/lib/error';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { brief, full } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import { Avatar, Button, Loading } from '@/ui';
import { Segments } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { useReactors } from './useReactors';
import styles from './Reactions.module.css';

interface ReactorsProps {
  message: Message;
  emoji: string;
  onClose: () => void;
}

export default function Reactors({ message, emoji, onClose }: ReactorsProps) {
  const t = useText();
  const [chosen, setChosen] = useState(emoji);
  const options = message.reactions
    .filter(({ count }) => count > 0)
    .map(({ emoji, count }) => ({ value: emoji, label: `${emoji} ${count}` }));
  return (
    <Dialog title={t('reaction.who')} onClose={onClose}>
      {options.length > 1 && (
        <div className={styles.tabs}>
          <Segments label={t('reaction.reactions')} options={options} value={chosen} onChange={setChosen} />
        </div>
      )}
      <People key={chosen} message={message} emoji={chosen} />
    </Dialog>
  );
}

function People({ message, emoji }: { message: Message; emoji: string }) {
  const t = useText();
  const count = message.reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0;
  const { people, problem, next, loadMore } = useReactors(message, emoji, count);
  if (problem) return <p role="alert">{errorText(problem)}</p>;
  if (!people) return <Loading />;
  return (
    <ul className={styles.list}>
      {people.map(({ user, at }) => (
        <li key={user.id}>
          <button
            type="button"
            className={styles.person}
            onClick={() => openOverlay({ kind: 'profile', userId: user.id })}
          >
            <Avatar id={user.id} name={user.display_name} src={user.avatar} />
            <bdi>{user.display_name}</bdi>
            <time dateTime={at} title={full(at)}>
              {brief(at)}
            </time>
          </button>
        </li>
      ))}
      {next !== null && (
        <li>
          <Button kind="quiet" wide onClick={loadMore}>
            {t('common.loadMore')}
          </Button>
        </li>
      )}
    </ul>
  );
}
