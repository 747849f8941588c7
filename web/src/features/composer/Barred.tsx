// In the place of the composer, where one cannot write: why.

import { Archive, Ban, BellOff, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Barrier } from './barred';
import styles from './Composer.module.css';

export function Barred({ barrier, reason }: { barrier: Barrier; reason?: string | undefined }) {
  const t = useText();
  const values = barrier.why === 'muted' ? { time: full(barrier.until) } : {};
  return (
    <div className={styles.barred} role="status">
      {icons[barrier.why]}
      {barrier.why === 'disabled' ? reason : t(`composer.${barrier.why}`, values)}
    </div>
  );
}

const icons: Record<Barrier['why'], ReactNode> = {
  archived: <Archive size={16} />,
  readOnly: <Lock size={16} />,
  notMember: <Lock size={16} />,
  blocked: <Ban size={16} />,
  muted: <BellOff size={16} />,
  disabled: <Lock size={16} />,
};
