// A film in the timeline: a picture out of it until somebody wants to see it; nothing of it is fetched before that.

import { Play } from 'lucide-react';
import { useState } from 'react';
import { length } from '@/lib/bytes';
import { fileAddress, type StoredFile } from '@/lib/file';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { StoredImage } from './StoredImage';
import styles from './Film.module.css';

interface FilmProps {
  file: StoredFile;
  message: Message;
  isAlone: boolean;
}

export default function Film({ file, message, isAlone }: FilmProps) {
  const t = useText();
  const [on, setOn] = useState(false);
  const { id, name, duration_ms } = file;
  if (on) return <Player id={id} name={name} />;
  const show = () =>
    isAlone
      ? setOn(true)
      : openOverlay({ kind: 'viewer', conversationId: message.conversation_id, fileId: id, message });
  return (
    <button
      type="button"
      className={styles.show}
      aria-label={t('file.playVideo', { name })}
      title={name}
      onClick={show}
    >
      <StoredImage file={file} form="poster" alt="" />
      <span className={styles.sign}>
        <Play size={24} fill="currentColor" aria-hidden="true" />
      </span>
      {Boolean(duration_ms) && <span className={styles.length}>{length(duration_ms ?? 0)}</span>}
    </button>
  );
}

/** The browser's own player: it seeks by asking for parts of the file. */
export function Player({ id, name }: { id: string; name: string }) {
  const t = useText();
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <p className={styles.broken} role="alert">
        {t('file.unplayable')}
      </p>
    );
  }
  return (
    // Nobody writes captions for what people send each other.
    // oxlint-disable-next-line jsx-a11y/media-has-caption
    <video
      className={styles.player}
      src={fileAddress(id, 'content')}
      aria-label={name}
      controls
      autoPlay
      playsInline
      preload="metadata"
      onError={() => setBroken(true)}
    />
  );
}
