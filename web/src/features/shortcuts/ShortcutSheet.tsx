// All keyboard shortcuts that hold at the moment, by what they are for.

import { keyCaps, useShortcuts, type Shortcut, type ShortcutGroup } from '@/lib/shortcuts';
import { useText } from '@/lib/text';
import { Dialog } from '@/ui/Dialog';
import styles from './ShortcutSheet.module.css';

const groups: readonly ShortcutGroup[] = ['go', 'make', 'write', 'help'];

export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useText();
  const all = useShortcuts();
  return (
    <Dialog title={t('shortcuts.title')} wide onClose={onClose}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.title}>{t(`shortcuts.${group}`)}</h3>
            <dl className={styles.list}>
              {all
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <Line key={shortcut.keys} shortcut={shortcut} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Line({ shortcut }: { shortcut: Shortcut }) {
  const t = useText();
  return (
    <div className={styles.line}>
      <dt>{t(shortcut.label)}</dt>
      <dd className={styles.keys} dir="ltr">
        {keyCaps(shortcut.keys).map((key) => (
          <kbd key={key} className={styles.key}>
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  );
}
