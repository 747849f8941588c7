// A file by its name, to be downloaded.

import { Download } from 'lucide-react';
import { bytes } from '@/lib/bytes';
import { fileAddress, type StoredFile } from '@/lib/file';
import { useText } from '@/lib/text';
import { FileIcon } from '@/ui/media/FileIcon';
import styles from './PlainFile.module.css';

export default function PlainFile({ file }: { file: StoredFile }) {
  const t = useText();
  const { id, name, mime, size, state } = file;
  const words = state === 'ready' ? bytes(size) : t(state === 'refused' ? 'file.refused' : 'file.checking');
  return (
    <div className={styles.file}>
      <span className={styles.sign}>
        <FileIcon mime={mime} size={24} />
      </span>
      <span className={styles.words}>
        <bdi className={styles.name} title={name}>
          {name}
        </bdi>
        <span className={styles.faint}>{words}</span>
      </span>
      {state === 'ready' && (
        <a
          className={styles.get}
          href={fileAddress(id, 'content')}
          download={name}
          aria-label={t('file.download', { name })}
        >
          <Download size={18} />
        </a>
      )}
    </div>
  );
}
