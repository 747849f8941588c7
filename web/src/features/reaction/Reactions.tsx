// What people answered a message with: one chip per emoji, with how many; one's own stand out. A press adds or takes
// one's own; pointing at a chip says who it was, holding it lists them all.

import { SmilePlus } from 'lucide-react';
import { Suspense, useId, useState } from 'react';
import { late } from '@/lib/late';
import { cx } from '@/lib/cx';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { Message, Reaction } from '@/protocol.gen';
import { IconButton } from '@/ui';
import { EmojiButton } from '@/ui/emoji';
import { Sign } from '@/ui/emoji/Sign';
import { react } from './react';
import styles from './Reactions.module.css';

const Who = late(() => import('./Who'));

interface ReactionsProps {
  message: Message;
  /** Somebody who may not react still sees them. */
  disabled: boolean;
}

export function Reactions({ message, disabled }: ReactionsProps) {
  const t = useText();
  const reactions = message.reactions.filter(({ count }) => count > 0);
  if (reactions.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={t('reaction.reactions')}>
      {reactions.map((reaction) => (
        <Chip key={reaction.emoji} message={message} reaction={reaction} disabled={disabled} />
      ))}
      {!disabled && (
        <li>
          <EmojiButton
            align="start"
            onPick={(emoji) => react(message, emoji, true)}
            trigger={
              <IconButton small className={styles.add} label={t('reaction.add')}>
                <SmilePlus size="1em" />
              </IconButton>
            }
          />
        </li>
      )}
    </ul>
  );
}

interface ChipProps {
  message: Message;
  reaction: Reaction;
  disabled: boolean;
}

function Chip({ message, reaction: { emoji, count, me }, disabled }: ChipProps) {
  const t = useText();
  const id = useId();
  const [near, setNear] = useState(false);
  const mine = me === true;
  return (
    // Pointing only brings up the hint, which describes the button.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      className={styles.place}
      onPointerEnter={(event) => setNear(event.pointerType === 'mouse')}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={() => setNear(false)}
    >
      <button
        type="button"
        className={cx(styles.chip, mine && styles.mine)}
        aria-pressed={mine}
        aria-disabled={disabled}
        aria-describedby={near ? id : undefined}
        aria-label={t('reaction.chip', { emoji, count })}
        onClick={() => disabled || react(message, emoji, !mine)}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
          openOverlay({ kind: 'reactors', message, emoji });
        }}
      >
        <span aria-hidden="true">
          <Sign emoji={emoji} />
        </span>
        <span className={styles.count}>{count}</span>
      </button>
      {near && (
        <Suspense fallback={null}>
          <Who id={id} message={message} emoji={emoji} count={count} />
        </Suspense>
      )}
    </li>
  );
}
