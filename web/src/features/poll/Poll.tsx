// A poll in a message: its options with how many have chosen each. A press votes, another takes it back.

import { Check } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/lib/cx';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { Message, Poll as PollState } from '@/protocol.gen';
import { actions } from '@/sync';
import { Button, complain, confirm, Hidden } from '@/ui';
import { chosen, isClosed, picked, share } from './count';
import styles from './Poll.module.css';

interface PollProps {
  message: Message;
  poll: PollState;
  /** Somebody who may not vote still sees the result. */
  disabled: boolean;
  /** Its author, and those who moderate. */
  mayClose: boolean;
}

export default function Poll({ message, poll, disabled, mayClose }: PollProps) {
  const t = useText();
  // What was pressed and not answered yet, so that the mark is there at once.
  const [wanted, setWanted] = useState<readonly number[] | null>(null);
  const mine = wanted ?? chosen(poll);
  const closed = isClosed(poll);
  const still = disabled || closed;

  const vote = async (option: number) => {
    const next = picked(poll, mine, option);
    setWanted(next);
    await actions.vote(message, next).catch(complain);
    setWanted(null);
  };
  const close = async () => {
    const sure = await confirm({ title: t('poll.closeTitle'), text: t('poll.closeText'), action: t('poll.close') });
    if (sure) await actions.closePoll(message).catch(complain);
  };

  return (
    <section className={styles.poll} aria-label={`${t('poll.title')}: ${poll.question}`}>
      <p className={styles.question} dir="auto">
        {poll.question}
      </p>
      <p className={styles.note}>
        {closed ? t('poll.closed') : t(poll.multiple ? 'poll.several' : 'poll.one')}
        {poll.anonymous && ` · ${t('poll.anonymous')}`}
        {!closed && poll.closes_at && (
          <span title={full(poll.closes_at)}> · {t('poll.closesAt', { when: relative(poll.closes_at) })}</span>
        )}
      </p>
      <ul className={styles.options}>
        {poll.options.map((option, index) => (
          // The options of a poll never change their order.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className={styles.line}>
            <button
              type="button"
              className={cx(styles.option, mine.includes(index) && styles.mine)}
              aria-pressed={mine.includes(index)}
              aria-disabled={still}
              onClick={() => still || void vote(index)}
            >
              <span className={styles.bar} style={{ inlineSize: `${share(poll, option.count)}%` }} aria-hidden="true" />
              <span className={cx(styles.mark, poll.multiple && styles.square)} aria-hidden="true">
                {mine.includes(index) && <Check size="0.75em" strokeWidth={3} />}
              </span>
              <bdi className={styles.text}>{option.text}</bdi>
              <Hidden>{t('poll.votes', { count: option.count })}</Hidden>
              <span className={styles.share}>{share(poll, option.count)}%</span>
            </button>
            <button
              type="button"
              className={styles.count}
              disabled={poll.anonymous || option.count === 0}
              title={poll.anonymous ? undefined : t('poll.who', { option: option.text })}
              onClick={() => openOverlay({ kind: 'voters', messageId: message.id, option: index, text: option.text })}
            >
              {option.count} <Hidden>{t('poll.who', { option: option.text })}</Hidden>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.note}>
        {t('poll.voters', { count: poll.voters })}
        {mayClose && !closed && (
          <Button small kind="quiet" onClick={() => void close()}>
            {t('poll.close')}
          </Button>
        )}
      </p>
    </section>
  );
}
