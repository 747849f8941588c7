// Going anywhere by typing a few letters of its name.

import { Hash, NotebookPen, Search, SquareTerminal, Users } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { cx } from '@/lib/cx';
import { isNotes, nameOf } from '@/lib/entry';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { keyCaps } from '@/lib/shortcuts';
import { useText } from '@/lib/text';
import type { Page, UserSummary } from '@/protocol.gen';
import { actions, api, useAccount, useContacts, useConversations } from '@/sync';
import { Avatar, Badge, Live, complain } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { find, type Choice, type Command, type Group } from './find';
import styles from './Switcher.module.css';

interface SwitcherProps {
  commands: readonly Command[];
  onClose: () => void;
}

async function openDirect(person: UserSummary): Promise<void> {
  try {
    const made = await actions.openDirect(person.id);
    go(paths.conversation(made.id));
  } catch (problem) {
    complain(problem);
  }
}

export default function Switcher({ commands, onClose }: SwitcherProps) {
  const t = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const groups = useGroups(text, commands);
  const choices = groups.flatMap((group) => group.choices);
  const active = Math.min(at, choices.length - 1);

  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    if (choice.kind === 'conversation') go(paths.conversation(choice.entry.conversation.id));
    else if (choice.kind === 'person') void openDirect(choice.person);
    else if (choice.kind === 'search') go(paths.search(choice.text));
    else choice.command.run();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && choices.length > 0) {
      event.preventDefault();
      const next = (active + step + choices.length) % choices.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(choices[active]);
    }
  };

  return (
    <Dialog title={t('switcher.title')} bare onClose={onClose} initialFocus={input}>
      <input
        ref={input}
        className={styles.input}
        type="text"
        role="combobox"
        aria-label={t('switcher.title')}
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={choices.length > 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        enterKeyHint="go"
        placeholder={t('switcher.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id={`${id}-list`} role="listbox" aria-label={t('switcher.title')}>
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={t(group.title)}>
            <div className={styles.title} aria-hidden="true">
              {t(group.title)}
            </div>
            {group.choices.map((choice) => {
              const index = choices.indexOf(choice);
              return (
                <Option
                  key={choice.key}
                  id={`${id}-${index}`}
                  choice={choice}
                  active={index === active}
                  onPoint={() => setAt(index)}
                  onChoose={() => choose(choice)}
                />
              );
            })}
          </div>
        ))}
        {choices.length === 0 && <p className={styles.nothing}>{t('switcher.nothing')}</p>}
      </div>
      <footer className={styles.hints} aria-hidden="true">
        <Hint keys="ArrowUp+ArrowDown" text={t('switcher.hintMove')} />
        <Hint keys="Enter" text={t('switcher.hintOpen')} />
        <Hint keys="Escape" text={t('switcher.hintClose')} />
      </footer>
      <Live>{t('switcher.found', { count: choices.length })}</Live>
    </Dialog>
  );
}

function Hint({ keys, text }: { keys: string; text: string }) {
  return (
    <span className={styles.hint}>
      {keyCaps(keys).map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
      {text}
    </span>
  );
}

function useGroups(text: string, commands: readonly Command[]) {
  const t = useText();
  const entries = useConversations();
  const contacts = useContacts();
  const account = useAccount();
  const [path] = useLocation();
  const found = useFoundPeople(text.trim());
  const current = /^\/c\/(\d+)/.exec(path)?.[1] ?? null;
  const self = account?.user.id;
  const admin = account !== null && account.user.server_role !== 'member';

  const known = useMemo(() => {
    const all = entries ?? [];
    const talkedTo = new Set(all.map(({ peer }) => peer?.id));
    const people = new Map<string, UserSummary>();
    for (const { user, state, blocked } of contacts ?? []) {
      if (state === 'accepted' && !blocked) people.set(user.id, user);
    }
    for (const person of found) people.set(person.id, person);
    return {
      entries: all,
      people: [...people.values()].filter((person) => !talkedTo.has(person.id) && person.id !== self),
      commands: commands.filter((command) => admin || !command.admin),
      current,
    };
  }, [entries, contacts, found, commands, admin, current, self]);
  return useMemo(() => {
    const wanted = text.trim();
    const groups = find(text, known, t);
    if (!wanted) return groups;
    // What is no name may have been written in a message.
    const search: Group = { title: 'common.search', choices: [{ kind: 'search', key: 'search', text: wanted }] };
    return [...groups, search];
  }, [text, known, t]);
}

const nobody: readonly UserSummary[] = [];

/** People of the whole server, once somebody has stopped typing. */
function useFoundPeople(text: string): readonly UserSummary[] {
  const [found, setFound] = useState(nobody);
  const wanted = [...text.matchAll(/[\p{L}\p{N}]/gu)].length >= 2 ? text : '';
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void api
        .get<Page<UserSummary>>('/users/search', { q: wanted, limit: 8 }, stop.signal)
        .then((page) => setFound(page.items))
        // Offline there are the people known here.
        .catch(() => undefined);
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  return wanted ? found : nobody;
}

interface OptionProps {
  id: string;
  choice: Choice;
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Option({ id, choice, active, onPoint, onChoose }: OptionProps) {
  return (
    // Focus stays in the text field, which names the active option; so the options themselves take no keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={cx(styles.option, active && styles.active)}
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={onPoint}
      onClick={onChoose}
    >
      <Words choice={choice} />
    </div>
  );
}

function Words({ choice }: { choice: Choice }) {
  const t = useText();
  if (choice.kind === 'command') {
    return (
      <>
        <Avatar id={choice.key} name="" size="s">
          <SquareTerminal size="1.1em" />
        </Avatar>
        <span className={styles.name}>{t(choice.command.label)}</span>
      </>
    );
  }
  if (choice.kind === 'search') {
    return (
      <>
        <Avatar id={choice.key} name="" size="s">
          <Search size="1.1em" />
        </Avatar>
        <span className={styles.name}>{t('switcher.searchFor', { text: choice.text })}</span>
      </>
    );
  }
  if (choice.kind === 'person') {
    const { person } = choice;
    return (
      <>
        <Avatar id={person.id} name={person.display_name} src={person.avatar} size="s" />
        <bdi className={styles.name}>{person.display_name}</bdi>
        <span className={styles.note}>@{person.username}</span>
      </>
    );
  }
  const { entry } = choice;
  const { conversation, peer, unread, mentions } = entry;
  const notes = isNotes(entry);
  const Icon = notes ? NotebookPen : conversation.type === 'channel' ? Hash : Users;
  return (
    <>
      <Avatar
        id={notes ? conversation.id : (peer?.id ?? conversation.id)}
        name={nameOf(entry, t)}
        src={peer?.avatar ?? conversation.avatar}
        size="s"
      >
        {conversation.type === 'direct' && !notes ? null : <Icon size="1.1em" />}
      </Avatar>
      <bdi className={styles.name}>{nameOf(entry, t)}</bdi>
      {peer && !notes && <span className={styles.note}>@{peer.username}</span>}
      <Badge
        count={mentions || unread}
        kind={mentions > 0 || conversation.type === 'direct' ? 'attention' : 'normal'}
        label={t('conversations.unread', { count: unread })}
      />
    </>
  );
}
