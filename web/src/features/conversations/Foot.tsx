// Oneself, at the foot of the list: status, contacts, settings, and the way out.

import { useWish } from '@/lib/activity';
import { late } from '@/lib/late';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { useAccount, useContacts } from '@/sync';
import { Avatar, Badge } from '@/ui';
import { LateMenu } from '@/ui/LateMenu';
import styles from './Sidebar.module.css';

const FootMenu = late(() => import('./FootMenu'));

export function Foot() {
  const t = useText();
  const account = useAccount();
  const wish = useWish();
  const requests = useContacts()?.filter((contact) => contact.state === 'pending' && !contact.blocked).length ?? 0;
  if (!account) return <div className={styles.foot} />;

  const { user } = account;
  const status = user.status;
  const busy = wish === 'do_not_disturb';
  return (
    <div className={styles.foot}>
      <LateMenu
        label={t('conversations.you')}
        worded
        className={styles.self}
        renderMenu={(open) => <FootMenu {...open} user={user} />}
      >
        <Avatar id={user.id} name={user.display_name} src={user.avatar} presence={busy ? 'do_not_disturb' : 'online'} />
        <span className={styles.selfWords}>
          <span className={styles.selfName}>
            <bdi>{user.display_name}</bdi>
          </span>
          <span className={styles.selfStatus}>
            <bdi>{status ? `${status.emoji ?? ''} ${status.text ?? ''}`.trim() : `@${user.username}`}</bdi>
          </span>
        </span>
      </LateMenu>
      {requests > 0 && (
        <button type="button" className={styles.requests} onClick={() => go(paths.contacts)}>
          <Badge count={requests} kind="attention" label={t('conversations.contactRequests', { count: requests })} />
        </button>
      )}
    </div>
  );
}
