// A picture or film over the whole page, with the others of the conversation before and after it. Arrows lead on, plus,
// minus and 0 zoom, Escape closes.

import { Dialog } from '@base-ui/react/dialog';
import { ChevronLeft, ChevronRight, Download, MessageSquare, Minus, Plus, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { fileAddress } from '@/lib/file';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Hidden, IconButton, Live, Loading } from '@/ui';
import { Player } from './Film';
import { StoredImage } from './StoredImage';
import { useSeries, type Shown } from './useSeries';
import { useZoom } from './useZoom';
import styles from './Viewer.module.css';

export interface ViewerProps {
  conversationId: string;
  fileId: string;
  message?: Message;
  onClose: () => void;
}

export default function Viewer({ conversationId, fileId, message, onClose }: ViewerProps) {
  const t = useText();
  const [chosen, choose] = useState(fileId);
  const { items, at } = useSeries(conversationId, chosen, message);
  const shown = items[at];
  const step = (by: 1 | -1) => {
    const next = items[at + by];
    if (at !== -1 && next) choose(next.file.id);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup className={styles.viewer}>
          <Hidden>
            <Dialog.Title>{t('file.viewer')}</Dialog.Title>
          </Hidden>
          {shown ? (
            <Page
              key={shown.file.id}
              shown={shown}
              conversationId={conversationId}
              onStep={step}
              hasPrevious={at > 0}
              hasNext={at < items.length - 1}
            />
          ) : (
            <Loading />
          )}
          <Dialog.Close className={styles.close} render={<IconButton label={t('common.close')} />}>
            <X size={20} />
          </Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PageProps {
  shown: Shown;
  conversationId: string;
  onStep: (by: 1 | -1) => void;
  hasPrevious: boolean;
  hasNext: boolean;
}

/** In which way an arrow moves what is looked at. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** How far an arrow key moves a picture that is larger than the page. */
const FAR = 80;

function Page({ shown, conversationId, onStep, hasPrevious, hasNext }: PageProps) {
  const t = useText();
  const { file, seq, senderId, createdAt } = shown;
  const { id, name, kind, width, height } = file;
  const sender = useUser(senderId)?.display_name ?? t('common.unknownUser');
  const stage = useRef<HTMLDivElement>(null);
  const film = kind === 'video';
  const { place, zoom, pan, reset, pointers } = useZoom(stage, { width: width ?? 1, height: height ?? 1 }, onStep);

  useEffect(() => stage.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const enlarged = place.scale > 1;
    // Arrows within a player seek; the next picture lies in reading direction.
    const inPlayer = event.target instanceof HTMLVideoElement;
    const rtl = document.documentElement.dir === 'rtl';
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if (inPlayer || event.ctrlKey || event.metaKey || event.altKey) return;
    if (x !== 0 && !enlarged) onStep(x < 0 === !rtl ? 1 : -1);
    else if ((x !== 0 || y !== 0) && enlarged) pan(x * FAR, y * FAR);
    else if (event.key === '+' || event.key === '=') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else if (event.key === '0') reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // Keys work wherever in the viewer the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div className={styles.page} role="group" aria-label={name} onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <div className={styles.words}>
          <bdi className={styles.name}>{name}</bdi>
          <span className={styles.faint}>{t('file.sentBy', { name: sender, when: full(createdAt) })}</span>
        </div>
        {!film && (
          <span className={styles.zoom}>
            <IconButton label={t('file.zoomOut')} disabled={place.scale <= 1} onClick={() => zoom(1 / 1.5)}>
              <Minus size={20} />
            </IconButton>
            <IconButton label={t('file.zoomIn')} onClick={() => zoom(1.5)}>
              <Plus size={20} />
            </IconButton>
          </span>
        )}
        <IconButton label={t('file.show')} onClick={() => go(paths.conversation(conversationId, seq))}>
          <MessageSquare size={20} />
        </IconButton>
        <a
          className={styles.get}
          href={fileAddress(id, 'content')}
          download={name}
          aria-label={t('file.download', { name })}
        >
          <Download size={20} />
        </a>
      </header>
      <div
        ref={stage}
        className={styles.stage}
        // What is shown is what has the focus, so that keys and screen readers begin there.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role={film ? 'group' : 'img'}
        aria-label={name}
        data-zoomed={place.scale > 1 || undefined}
        {...(!film && pointers)}
      >
        {film ? (
          <Player id={id} name={name} />
        ) : (
          <div
            className={styles.picture}
            style={{
              maxInlineSize: `${width ?? 0}px`,
              maxBlockSize: `${height ?? 0}px`,
              transform: `translate(${place.x}px, ${place.y}px) scale(${place.scale})`,
            }}
          >
            <StoredImage file={file} form={place.scale > 1 || file.animated ? 'content' : 'preview'} alt="" whole />
          </div>
        )}
      </div>
      {hasPrevious && (
        <IconButton className={styles.previous} label={t('file.previous')} flip onClick={() => onStep(-1)}>
          <ChevronLeft size={24} />
        </IconButton>
      )}
      {hasNext && (
        <IconButton className={styles.next} label={t('file.next')} flip onClick={() => onStep(1)}>
          <ChevronRight size={24} />
        </IconButton>
      )}
      <Live>{t('file.sentBy', { name: `${name}, ${sender}`, when: full(createdAt) })}</Live>
    </div>
  );
}
