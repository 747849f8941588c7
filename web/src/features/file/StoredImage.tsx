// A picture that is stored on the server: its blur at once, the picture over it when it has come. What could not be loaded
// is tried again when this browser has been admitted anew.

import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/lib/cx';
import { fileAddress, useAdmission, type StoredFile } from '@/lib/file';
import { useText } from '@/lib/text';
import type { FileVariant } from '@/protocol.gen';
import { blurOf } from './blur';
import styles from './StoredImage.module.css';

interface StoredImageProps {
  file: StoredFile;
  /** Which form of it, if there is one; otherwise the next larger. */
  form: FileVariant | 'content';
  alt: string;
  /** The whole picture, with room around it where the shape differs. */
  whole?: boolean;
  onLoaded?: (image: HTMLImageElement) => void;
  className?: string | undefined;
}

const LARGER: Readonly<Record<FileVariant, readonly FileVariant[]>> = {
  thumbnail: ['thumbnail', 'preview', 'poster'],
  preview: ['preview', 'poster'],
  poster: ['poster', 'preview'],
};

/** The form of a file that comes nearest to the one wished; null when only its content, which is no picture, is there. */
export function formOf(file: StoredFile, form: FileVariant | 'content'): FileVariant | 'content' | null {
  const wished = form === 'content' ? [] : LARGER[form];
  const found = wished.find((each) => file.variants.includes(each));
  return found ?? (file.kind === 'image' ? 'content' : null);
}

export function StoredImage({ file, form, alt, whole = false, onLoaded, className }: StoredImageProps) {
  const t = useText();
  const admission = useAdmission();
  const [loaded, setLoaded] = useState(false);
  const [failedAt, setFailedAt] = useState(0);
  const blur = blurOf(file.blur);
  const chosen = formOf(file, form);
  const failed = chosen === null || (failedAt > 0 && failedAt === admission);
  return (
    <span className={cx(styles.frame, className)}>
      {blur && !loaded && <img className={styles.blur} src={blur} alt="" />}
      {admission > 0 && !failed && (
        <img
          className={cx(styles.image, whole && styles.whole, loaded && styles.loaded)}
          src={fileAddress(file.id, chosen)}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={(event) => {
            setLoaded(true);
            onLoaded?.(event.currentTarget);
          }}
          onError={() => setFailedAt(admission)}
        />
      )}
      {failed && chosen !== null && !blur && (
        <span className={styles.failed} title={t('file.unreadable')}>
          <ImageOff size={20} aria-hidden="true" />
        </span>
      )}
    </span>
  );
}
