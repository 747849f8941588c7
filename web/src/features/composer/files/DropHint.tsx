// Lies over the composer while files are held over the page.

import { Upload } from 'lucide-react';
import { useText } from '@/lib/text';
import styles from './DropHint.module.css';

export function DropHint() {
  const t = useText();
  return (
    <div className={styles.hint}>
      <Upload size={18} aria-hidden="true" />
      {t('file.drop')}
    </div>
  );
}
