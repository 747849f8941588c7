// Who has read a message, and who has it without having read it.

import type { HTMLAttributes, ReactElement } from 'react';
import { useText } from '@/lib/text';
import { useUser } from '@/sync';
import { Avatar } from '@/ui';
import { Popover } from '@/ui/Popover';
import type { Receipt } from './receipts';
import styles from './Delivery.module.css';

interface ReadersProps {
  receipt: Receipt;
  trigger: ReactElement<HTMLAttributes<HTMLElement>>;
  onClose: () => void;
}

export default function Readers({ receipt, trigger, onClose }: ReadersProps) {
  const t = useText();
  const { readers, holders } = receipt;
  return (
    <Popover label={t('message.receipts')} trigger={trigger} open onOpenChange={(open) => open || onClose()}>
      <div className={styles.list}>
        {readers.length > 0 && <h3 className={styles.head}>{t('message.read')}</h3>}
        {readers.map((userId) => (
          <Person key={userId} userId={userId} />
        ))}
        {holders.length > 0 && <h3 className={styles.head}>{t('message.delivered')}</h3>}
        {holders.map((userId) => (
          <Person key={userId} userId={userId} />
        ))}
        {readers.length + holders.length === 0 && <p>{t('message.sent')}</p>}
      </div>
    </Popover>
  );
}

function Person({ userId }: { userId: string }) {
  const t = useText();
  const user = useUser(userId);
  const name = user?.display_name ?? t('common.unknownUser');
  return (
    <div className={styles.person}>
      <Avatar id={userId} name={name} src={user?.avatar} size="s" />
      {name}
    </div>
  );
}
