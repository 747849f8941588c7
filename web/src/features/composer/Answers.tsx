// The answers of bots to one's own commands, above the composer: only whoever gave a command sees what came of it.

import { EyeOff, X } from 'lucide-react';
import { useEffect } from 'react';
import { useText, type TextKey } from '@/lib/text';
import type { CommandFailure } from '@/protocol.gen';
import { useAnswered, useConnection } from '@/sync';
import { Avatar, IconButton, Spinner } from '@/ui';
import { RichText } from '@/ui/markdown';
import { ask, drop, isDone, take, useLines, type Line } from './answers';
import styles from './Answers.module.css';

const failures: Record<CommandFailure, TextKey> = {
  offline: 'slash.offline',
  no_answer: 'slash.noAnswer',
  bad_answer: 'slash.badAnswer',
};

export function Answers({ place }: { place: string }) {
  const lines = useLines(place);
  return (
    <div className={styles.lines} aria-live="polite">
      {lines.map((line) => (
        <Answer key={line.id} line={line} />
      ))}
    </div>
  );
}

function Answer({ line }: { line: Line }) {
  const t = useText();
  const { id, answered, bot, text } = line;
  const done = isDone(line);
  const told = useAnswered(answered?.invocation_id ?? '');
  const { phase, since } = useConnection();
  useEffect(() => {
    if (told) take(id, told);
  }, [id, told]);
  useEffect(() => {
    // The answer may have come while there was no connection. Out of reach again: then it is asked for the next time.
    if (!done && phase === 'live' && since > line.asked) ask(line).catch(() => undefined);
  }, [done, phase, since, line]);
  const said = answered?.response;
  const failure = answered?.failure;
  return (
    <section className={styles.line} aria-label={t('slash.answer')}>
      <Avatar id={answered?.bot.id ?? id} name={bot} src={answered?.bot.avatar} size="s" />
      <div className={styles.words}>
        <p className={styles.note}>
          <EyeOff size="0.9em" aria-hidden="true" />
          <bdi className={styles.bot}>{bot}</bdi>
          <span>{t('slash.answer')}</span>
          <bdi className={styles.command} dir="ltr">
            {text}
          </bdi>
        </p>
        {said ? (
          <RichText body={said} collapse={false} />
        ) : failure ? (
          <p className={styles.failure}>{t(failures[failure], { bot })}</p>
        ) : (
          <p className={styles.waiting}>
            <Spinner /> {t('slash.waiting', { bot })}
          </p>
        )}
      </div>
      <IconButton small label={t('slash.dismiss')} onClick={() => drop(id)}>
        <X size={16} />
      </IconButton>
    </section>
  );
}
