// Who is in a conversation: a list to look through, and for those who may, adding, roles, muting, removing and banning.
// A channel may have thousands of members, so only those in sight are drawn.

import { UserPlus } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import { Button, Loading } from '@/ui';
import { Segments } from '@/ui/Choice';
import { SearchField } from '@/ui/SearchField';
import { Notice } from '@/ui/Section';
import { useMembers, type ConversationEntry } from '@/sync';
import { AddPeople } from './AddPeople';
import { Bans } from './Bans';
import { matches } from './matches';
import { MemberRow } from './MemberRow';
import styles from './Members.module.css';
import { rights } from './rights';

/** Whoever is this near below what is seen is fetched already. */
const AHEAD = 1200;

export function Members({ entry, self }: { entry: ConversationEntry; self: string | undefined }) {
  const t = useText();
  const { id } = entry.conversation;
  const mine = rights(entry);
  const [view, setView] = useState<'members' | 'banned'>('members');
  const [adding, setAdding] = useState(false);

  if (adding) return <AddPeople conversationId={id} onDone={() => setAdding(false)} />;
  return (
    <div className={styles.members}>
      {(mine.may('ban') || mine.may('add')) && (
        <div className={styles.bar}>
          {mine.may('ban') && (
            <Segments
              label={t('conversation.members')}
              hideLabel
              value={view}
              onChange={setView}
              options={[
                { value: 'members', label: t('conversation.members') },
                { value: 'banned', label: t('conversation.banned') },
              ]}
            />
          )}
          {mine.may('add') && (
            <Button small kind="primary" icon={<UserPlus size="1em" />} onClick={() => setAdding(true)}>
              {t('conversation.addPeople')}
            </Button>
          )}
        </div>
      )}
      {view === 'banned' ? <Bans entry={entry} /> : <Joined entry={entry} self={self} />}
    </div>
  );
}

function Joined({ entry, self }: { entry: ConversationEntry; self: string | undefined }) {
  const t = useText();
  const [text, setText] = useState('');
  const { members, complete, loading, problem, loadMore } = useMembers(entry.conversation.id);
  const searching = text.trim() !== '';
  const shown = useMemo(() => members.filter((member) => matches(member.user, text)), [members, text]);
  const mine = rights(entry);

  const list = useRef<VListHandle>(null);

  const fetchAhead = () => {
    if (!list.current || complete || loading || problem) return;
    const { scrollSize, scrollOffset, viewportSize } = list.current;
    // What is looked for may be on a page that was not loaded yet.
    if (searching || scrollSize - scrollOffset - viewportSize < AHEAD) loadMore();
  };
  useEffect(fetchAhead);

  return (
    <>
      <SearchField label={t('conversation.searchMembers')} value={text} onChange={setText} />
      {problem && (
        <Notice kind="problem">
          {errorText(problem)}
          <Button small onClick={loadMore}>
            {t('common.retry')}
          </Button>
        </Notice>
      )}
      {shown.length === 0 && complete && <p className={styles.none}>{t('common.nobodyFound')}</p>}
      {shown.length === 0 && loading && <Loading />}
      <VList
        ref={list}
        className={styles.list}
        role="list"
        aria-label={t('conversation.members')}
        onScroll={fetchAhead}
      >
        {shown.map((member) => (
          <div key={member.user.id} role="listitem">
            <MemberRow member={member} entry={entry} mine={mine} self={self} />
          </div>
        ))}
      </VList>
    </>
  );
}
