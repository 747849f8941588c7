// The list of completions above the composer. The focus stays in the text; the arrow keys move in the list, as is the
// custom for such lists, and the text's `aria-activedescendant` says where.

import { useEffect, useId, useImperativeHandle, useState, type KeyboardEvent, type Ref } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { Avatar, Live } from '@/ui';
import { Sign } from '@/ui/emoji/Sign';
import styles from './Suggestions.module.css';
import type { Trigger } from './trigger';
import { useChannels, useEmojis, usePeople, type Candidate } from './useCandidates';
import { useCommands } from './useCommands';

export interface SuggestionsHandle {
  /** Whether the key was meant for the list. */
  key(event: KeyboardEvent): boolean;
}

/** What the text says of the list to those who cannot see it. */
export interface ListState {
  readonly list: string;
  readonly active: string;
}

export interface SuggestionsProps {
  conversationId: string;
  trigger: Trigger;
  handle: Ref<SuggestionsHandle>;
  onPick: (trigger: Trigger, by: string) => void;
  onDismiss: (trigger: Trigger) => void;
  onState: (state: ListState | null) => void;
}

export default function Suggestions(props: SuggestionsProps) {
  switch (props.trigger.kind) {
    case 'person':
      return <People {...props} />;
    case 'channel':
      return <Channels {...props} />;
    case 'command':
      return <Commands {...props} />;
    default:
      return <Emojis {...props} />;
  }
}

function People(props: SuggestionsProps) {
  return <List {...props} candidates={usePeople(props.conversationId, props.trigger)} />;
}

function Channels(props: SuggestionsProps) {
  return <List {...props} candidates={useChannels(props.trigger)} />;
}

function Commands(props: SuggestionsProps) {
  return <List {...props} candidates={useCommands(props.conversationId, props.trigger)} />;
}

function Emojis(props: SuggestionsProps) {
  return <List {...props} candidates={useEmojis(props.trigger)} />;
}

type ListProps = SuggestionsProps & { candidates: readonly Candidate[] };

const LABELS = {
  person: 'composer.people',
  channel: 'composer.channels',
  emoji: 'composer.emojis',
  command: 'slash.commands',
} as const;

function List({ trigger, handle, candidates, onPick, onDismiss, onState }: ListProps) {
  const t = useText();
  const id = useId();
  const [at, setAt] = useState({ query: trigger.query, index: 0 });
  // Another name is another list, which starts at its top.
  const index = at.query === trigger.query ? Math.min(at.index, candidates.length - 1) : 0;
  const none = candidates.length === 0;
  const active = `${id}-${index}`;

  useEffect(() => {
    onState(none ? null : { list: id, active });
    return () => onState(null);
  }, [none, id, active, onState]);

  useEffect(() => {
    document.getElementById(active)?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);

  const move = (by: number) =>
    setAt({ query: trigger.query, index: (index + by + candidates.length) % candidates.length });

  useImperativeHandle(handle, () => ({
    key(event) {
      if (none || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
      const chosen = candidates[index];
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Escape') onDismiss(trigger);
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) onPick(trigger, chosen.by);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  }));

  if (none) return null;
  return (
    <>
      <div className={styles.list} role="listbox" id={id} aria-label={t(LABELS[trigger.kind])}>
        {candidates.map((candidate, place) => (
          // The keys go to the text; the pointer comes here.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={candidate.key}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === index}
            className={cx(styles.option, place === index && styles.active)}
            onPointerDown={(event) => event.preventDefault()}
            onPointerMove={() => place !== index && setAt({ query: trigger.query, index: place })}
            onClick={() => onPick(trigger, candidate.by)}
          >
            <Face candidate={candidate} />
            <bdi className={styles.title}>{candidate.title}</bdi>
            <bdi className={styles.detail}>{candidate.detail}</bdi>
          </div>
        ))}
      </div>
      <Live>{t('composer.suggestions', { count: candidates.length })}</Live>
    </>
  );
}

function Face({ candidate: { user, emoji } }: { candidate: Candidate }) {
  if (user) return <Avatar id={user.id} name={user.display_name} src={user.avatar} size="s" />;
  return emoji ? (
    <span className={styles.emoji}>
      <Sign emoji={emoji} />
    </span>
  ) : null;
}
