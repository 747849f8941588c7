// The files of a message: pictures and films as they look, sounds to play, everything else by name. What is drawn here is
// the room for each, which is known at once; what fills it is loaded apart.

import { Suspense, type CSSProperties, type ReactNode } from 'react';
import { late } from '@/lib/late';
import type { StoredFile } from '@/lib/file';
import type { Message } from '@/protocol.gen';
import { boxOf, columnsOf, sorted, type Shaped } from './boxes';
import styles from './Attachments.module.css';

const Picture = late(() => import('./Picture'));
const Film = late(() => import('./Film'));
const SoundFile = late(() => import('./SoundFile'));
const PlainFile = late(() => import('./PlainFile'));

export function Attachments({ message }: { message: Message }) {
  const { attachments } = message;
  return (
    <Frames files={attachments}>
      {(file, isAlone) => {
        if (file.kind === 'audio') return <SoundFile file={file} />;
        if (file.kind === 'image' && file.width) return <Picture file={file} message={message} isAlone={isAlone} />;
        if (file.kind === 'video' && file.width) return <Film file={file} message={message} isAlone={isAlone} />;
        return <PlainFile file={file} />;
      }}
    </Frames>
  );
}

interface FramesProps<T> {
  files: readonly T[];
  children: (file: T, isAlone: boolean) => ReactNode;
}

/** The room for files, also for those that are not sent yet. */
export function Frames<T extends Shaped & Pick<StoredFile, 'id'>>({ files, children }: FramesProps<T>) {
  const { seen, heard, others } = sorted(files);
  const [only] = seen.length === 1 ? seen : [];
  const columns: CSSProperties & Record<'--columns', number> = { '--columns': columnsOf(seen.length) };
  return (
    <div className={styles.files} data-files>
      {only && (
        <div className={styles.alone} style={boxOf(only)}>
          <Suspense fallback={null}>{children(only, true)}</Suspense>
        </div>
      )}
      {seen.length > 1 && (
        <div className={styles.grid} style={columns}>
          {seen.map((file) => (
            <div key={file.id} className={styles.tile}>
              <Suspense fallback={null}>{children(file, false)}</Suspense>
            </div>
          ))}
        </div>
      )}
      {[...heard, ...others].map((file) => (
        <div key={file.id} className={styles.row}>
          <Suspense fallback={null}>{children(file, true)}</Suspense>
        </div>
      ))}
    </div>
  );
}
