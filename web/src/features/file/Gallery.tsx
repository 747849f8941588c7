// All files of a conversation by what they are, the newest first; more come as one reads on.

import { CornerUpRight, Files, Play } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { go, openOverlay } from '@/lib/overlay';
import { usePages, type LoadPage } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useText, type TextKey } from '@/lib/text';
import { brief, full } from '@/lib/time';
import type { FileKind, Page, SharedFile } from '@/protocol.gen';
import { api, useUser } from '@/sync';
import { Empty, IconButton, Loading } from '@/ui';
import PlainFile from './PlainFile';
import SoundFile from './SoundFile';
import { StoredImage } from './StoredImage';
import styles from './Gallery.module.css';

const KINDS: readonly { kind: FileKind; label: TextKey }[] = [
  { kind: 'image', label: 'file.images' },
  { kind: 'video', label: 'file.videos' },
  { kind: 'audio', label: 'file.sounds' },
  { kind: 'file', label: 'file.others' },
];

export default function Gallery({ conversationId }: { conversationId: string }) {
  const t = useText();
  const [kind, setKind] = useState<FileKind>('image');
  return (
    <div className={styles.gallery}>
      <div className={styles.kinds} role="group" aria-label={t('file.title')}>
        {KINDS.map(({ kind: each, label }) => (
          <button
            key={each}
            type="button"
            className={styles.kind}
            aria-pressed={each === kind}
            onClick={() => setKind(each)}
          >
            {t(label)}
          </button>
        ))}
      </div>
      <Shelf key={`${conversationId} ${kind}`} conversationId={conversationId} kind={kind} />
    </div>
  );
}

function Shelf({ conversationId, kind }: { conversationId: string; kind: FileKind }) {
  const t = useText();
  const load: LoadPage<SharedFile> = useCallback(
    (cursor, signal) =>
      api.get<Page<SharedFile>>(`/conversations/${conversationId}/files`, { kind, limit: 60, cursor }, signal),
    [conversationId, kind],
  );
  const { items, more, loading } = usePages(load);
  const end = useRef<HTMLDivElement>(null);

  // The end coming into sight asks for more, and goes on asking until it is out of sight.
  useEffect(() => {
    const mark = end.current;
    if (!mark || !more) return undefined;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && more());
    watcher.observe(mark);
    return () => watcher.disconnect();
  }, [more]);

  if (items?.length === 0) {
    return <Empty icon={<Files size="1.5rem" />} title={t('file.none')} text={t('file.noneText')} />;
  }
  const seen = kind === 'image' || kind === 'video';
  return (
    <div className={styles.scroll}>
      <ul className={seen ? styles.tiles : styles.list}>
        {items?.map((item) => (
          <li key={`${item.message_id} ${item.file.id}`} className={seen ? styles.tile : styles.row}>
            {seen ? (
              <Tile item={item} conversationId={conversationId} />
            ) : (
              <Row item={item} conversationId={conversationId} />
            )}
          </li>
        ))}
      </ul>
      {loading && <Loading />}
      <div ref={end} className={styles.end} />
    </div>
  );
}

interface ItemProps {
  item: SharedFile;
  conversationId: string;
}

function Tile({ item: { file }, conversationId }: ItemProps) {
  const t = useText();
  const film = file.kind === 'video';
  return (
    <button
      type="button"
      className={styles.open}
      aria-label={t(film ? 'file.playVideo' : 'file.open', { name: file.name })}
      title={file.name}
      onClick={() => openOverlay({ kind: 'viewer', conversationId, fileId: file.id })}
    >
      <StoredImage file={file} form="thumbnail" alt="" />
      {film && (
        <span className={styles.film}>
          <Play size={18} fill="currentColor" aria-hidden="true" />
        </span>
      )}
    </button>
  );
}

function Row({ item, conversationId }: ItemProps) {
  const t = useText();
  const { file, seq, sender_id, created_at } = item;
  const sender = useUser(sender_id)?.display_name ?? t('common.unknownUser');
  return (
    <>
      {file.kind === 'audio' ? <SoundFile file={file} /> : <PlainFile file={file} />}
      <div className={styles.origin}>
        <span className={styles.words} title={full(created_at)}>
          {t('file.sentBy', { name: sender, when: brief(created_at) })}
        </span>
        <IconButton small label={t('file.show')} flip onClick={() => go(paths.conversation(conversationId, seq))}>
          <CornerUpRight size={16} />
        </IconButton>
      </div>
    </>
  );
}
