// All accounts of the server.

import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useText } from '@/lib/text';
import type { Page, ServerRole, User } from '@/protocol.gen';
import { Button, Loading } from '@/ui';
import { CopyField } from '@/ui/CopyField';
import { SearchField } from '@/ui/SearchField';
import { Notice } from '@/ui/Section';
import { api } from '@/sync';
import { UserRow } from './UserRow';
import styles from './UsersPage.module.css';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<User>> {
  return api.get('/admin/users', { cursor, limit: 100 }, signal);
}

interface NewPassword {
  readonly name: string;
  readonly password: string;
}

export function UsersPage({ role, self }: { role: ServerRole; self: string }) {
  const t = useText();
  const { items, problem, more, loading, change, reload } = usePages(load);
  const [text, setText] = useState('');
  const [made, setMade] = useState<NewPassword | null>(null);
  const wanted = text.trim().toLocaleLowerCase();
  const shown = items?.filter(({ username, display_name }) =>
    [username, display_name].some((name) => name.toLocaleLowerCase().includes(wanted)),
  );

  // Whoever is looked for may be on a page that was not loaded yet.
  useEffect(() => {
    if (wanted !== '') more?.();
  }, [wanted, more]);

  return (
    <>
      <SearchField label={t('admin.searchUsers')} value={text} onChange={setText} />
      {made && (
        <Notice>
          <CopyField
            label={t('admin.newPassword', { name: made.name })}
            value={made.password}
            hint={t('admin.newPasswordHint')}
          />
        </Notice>
      )}
      {problem !== null && (
        <Notice kind="problem">
          {errorText(problem)}
          <Button small onClick={reload}>
            {t('common.retry')}
          </Button>
        </Notice>
      )}
      {shown && (
        <ul className={styles.users} aria-label={t('admin.users')}>
          {shown.map((user) => (
            <li key={user.id}>
              <UserRow
                user={user}
                role={role}
                isSelf={user.id === self}
                onChanged={(next) => change((all) => all.map((other) => (other.id === next.id ? next : other)))}
                onPassword={(password) => setMade({ name: user.display_name, password })}
              />
            </li>
          ))}
        </ul>
      )}
      {shown?.length === 0 && !loading && <Notice>{t('common.nobodyFound')}</Notice>}
      {loading && <Loading />}
      {more && wanted === '' && <Button onClick={more}>{t('common.loadMore')}</Button>}
    </>
  );
}
