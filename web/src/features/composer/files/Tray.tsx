// What will go with the message: each file with a picture or a sign, how far it has travelled, and buttons to take it
// away, to hold it and to try again. Their order is that in the message; it is changed by dragging or by keys.

import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '@/lib/text';
import { actions, type FileDesk, type Upload } from '@/sync';
import { complain, Hidden, Live } from '@/ui';
import { Item } from './Item';
import styles from './Tray.module.css';

function withDesk(act: (desk: FileDesk) => void): void {
  actions.files().then(act, complain);
}

export function Tray({ files }: { files: readonly Upload[] }) {
  const t = useText();
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  /** The item that keeps the focus when it has moved, or when the one before it is gone. */
  const focused = useRef<string | null>(null);

  useEffect(() => {
    if (focused.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-upload="${focused.current}"]`)?.focus();
    focused.current = null;
    // After every change of the list, whichever it was.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [files]);

  const move = (id: string, to: number) => {
    const from = files.findIndex((file) => file.id === id);
    if (from === -1 || to < 0 || to >= files.length || from === to) return;
    const ids = files.map((file) => file.id);
    ids.splice(to, 0, ...ids.splice(from, 1));
    focused.current = id;
    setSaid(t('file.moved', { at: to + 1, of: files.length }));
    withDesk((desk) => desk.arrange(ids));
  };
  const remove = (upload: Upload) => {
    const at = files.indexOf(upload);
    focused.current = (files[at + 1] ?? files[at - 1])?.id ?? null;
    setSaid(t('file.removed', { name: upload.name }));
    withDesk((desk) => desk.detach(upload.id));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, upload: Upload, at: number) => {
    if (event.target !== event.currentTarget) return;
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const step = { ArrowLeft: rtl ? 1 : -1, ArrowRight: rtl ? -1 : 1 }[event.key];
    if (step !== undefined && event.altKey) move(upload.id, at + step);
    else if (step !== undefined) {
      const other = list.current?.querySelectorAll<HTMLElement>('[data-upload]')[at + step];
      other?.focus();
    } else if (event.key === 'Delete' || event.key === 'Backspace') remove(upload);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <ul ref={list} className={styles.tray} aria-label={t('file.tray', { count: files.length })}>
        {files.map((upload, at) => (
          // Dragging has the keys of the item as its equal.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={upload.id}
            className={styles.place}
            data-dragged={dragged === upload.id || undefined}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', upload.name);
              setDragged(upload.id);
            }}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              event.stopPropagation();
            }}
            onDrop={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              event.stopPropagation();
              move(dragged, at);
              setDragged(null);
            }}
          >
            <Item
              upload={upload}
              onKeyDown={(event) => onKeyDown(event, upload, at)}
              onRemove={() => remove(upload)}
              onPause={() => withDesk((desk) => desk.pause(upload.id))}
              onResume={() => withDesk((desk) => desk.resume(upload.id))}
            />
          </li>
        ))}
      </ul>
      <Hidden>{files.length > 1 && t('file.orderHint')}</Hidden>
      <Live>{said}</Live>
    </>
  );
}
