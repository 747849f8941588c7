// An emoji of this server, or its name while there is no such picture.

import { useState } from 'react';
import { fileAddress, useAdmission } from '@/lib/file';
import { useCustomEmoji } from './custom';
import styles from './Custom.module.css';

export default function Custom({ name }: { name: string }) {
  const id = useCustomEmoji().get(name);
  const admission = useAdmission();
  const [failedAt, setFailedAt] = useState(0);
  const text = `:${name}:`;
  // What could not be loaded is tried again when this browser has been admitted to files anew.
  if (!id || failedAt === admission) return text;
  return (
    <img
      className={styles.sign}
      src={fileAddress(id, 'content')}
      alt={text}
      title={text}
      draggable={false}
      onError={() => setFailedAt(admission)}
    />
  );
}
