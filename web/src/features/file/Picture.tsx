// A picture in the timeline. One that moves stands still for those who want less motion, until they set it going.

import { useEffect, useRef, useState } from 'react';
import type { StoredFile } from '@/lib/file';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { StoredImage } from './StoredImage';
import styles from './Picture.module.css';

interface PictureProps {
  file: StoredFile;
  message: Message;
  isAlone: boolean;
}

export default function Picture({ file, message, isAlone }: PictureProps) {
  const t = useText();
  const { name, animated } = file;
  const open = () => openOverlay({ kind: 'viewer', conversationId: message.conversation_id, fileId: file.id, message });
  return (
    <>
      <button type="button" className={styles.open} aria-label={t('file.open', { name })} title={name} onClick={open}>
        {!animated && <StoredImage file={file} form={isAlone ? 'preview' : 'thumbnail'} alt="" />}
      </button>
      {animated && <Animation file={file} onOpen={open} />}
    </>
  );
}

/** Whether somebody wants nothing to move by itself. */
function wantsCalm(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function Animation({ file, onOpen }: { file: StoredFile; onOpen: () => void }) {
  const t = useText();
  const [moving, setMoving] = useState(() => !wantsCalm());
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  const still = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = still.current;
    if (moving || image === null || canvas === null) return;
    // Drawn once, it does not move.
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
  }, [moving, image]);

  return (
    <>
      <span className={styles.moving} data-still={!moving || undefined}>
        <StoredImage file={file} form="content" alt="" onLoaded={setImage} />
      </span>
      {!moving && <canvas ref={still} className={styles.still} aria-hidden="true" />}
      {/* The picture below is the button that opens it; this one only sets it going. */}
      <button
        type="button"
        className={styles.badge}
        aria-label={t(moving ? 'file.still' : 'file.animate')}
        onClick={() => setMoving(!moving)}
        onDoubleClick={onOpen}
      >
        GIF
      </button>
    </>
  );
}
