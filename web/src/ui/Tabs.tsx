// Several views of one thing, of which one is shown.

import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

export interface TabsProps<Id extends string> {
  label: string;
  tabs: readonly Tab<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
  /** The view of the chosen one. */
  children: ReactNode;
}

export function Tabs<Id extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<Id>) {
  const choose = (value: unknown) => {
    const tab = tabs.find(({ id }) => id === value);
    if (tab) onChoose(tab.id);
  };
  return (
    <Base.Root className={styles.tabs} value={chosen} onValueChange={choose}>
      <Base.List className={styles.list} aria-label={label} activateOnFocus>
        {tabs.map(({ id, label }) => (
          <Base.Tab key={id} value={id} className={styles.tab}>
            {label}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel key={chosen} value={chosen} className={styles.panel}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
