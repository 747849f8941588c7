// Cuts a square out of a picture: it is dragged, or moved by arrow keys, and made larger by a slider or the wheel.

import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useText } from '@/lib/text';
import { Button } from '../Button';
import { Dialog } from '../Dialog';
import { Notice } from '../Section';
import { Loading } from '../Spinner';
import { CLOSEST, closer, shifted, whole, type Square } from './crop';
import styles from './CropDialog.module.css';

/** Pixels of the picture that is handed on: sharp on every screen that shows it. */
const SIDE = 512;

/** What an arrow key moves, as a part of the square. */
const STEP = 0.05;

interface CropDialogProps {
  file: File;
  busy: boolean;
  onCut: (picture: Blob) => void;
  onClose: () => void;
}

export function CropDialog({ file, busy, onCut, onClose }: CropDialogProps) {
  const t = useText();
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [square, setSquare] = useState<Square | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const dragged = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => {
    let over = false;
    createImageBitmap(file).then(
      (bitmap) => {
        if (over) {
          bitmap.close();
          return;
        }
        setPicture(bitmap);
        setSquare(whole(bitmap));
      },
      () => over || setUnreadable(true),
    );
    return () => {
      over = true;
    };
  }, [file]);
  useEffect(() => () => picture?.close(), [picture]);

  useEffect(() => {
    if (picture && square && canvas.current) draw(canvas.current, picture, square);
  }, [picture, square]);

  const shift = (x: number, y: number) => picture && setSquare((now) => now && shifted(now, x, y, picture));
  const closeness = picture && square ? Math.min(picture.width, picture.height) / square.side : 1;
  const come = (to: number) => picture && setSquare((now) => now && closer(now, to, picture));

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = dragged.current;
    if (!from || !square) return;
    const scale = square.side / event.currentTarget.getBoundingClientRect().width;
    dragged.current = { x: event.clientX, y: event.clientY };
    shift((from.x - event.clientX) * scale, (from.y - event.clientY) * scale);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if ((x === 0 && y === 0) || !square) return;
    event.preventDefault();
    shift(x * square.side * STEP, y * square.side * STEP);
  };
  const cut = () => {
    canvas.current?.toBlob((blob) => (blob ? onCut(blob) : setUnreadable(true)), 'image/png');
  };

  return (
    <Dialog
      title={t('file.crop')}
      onClose={onClose}
      actions={
        <>
          <Button kind="quiet" disabled={busy} onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button kind="primary" busy={busy} disabled={!square || unreadable} onClick={cut}>
            {t('file.usePicture')}
          </Button>
        </>
      }
    >
      {unreadable ? (
        <Notice kind="problem">{t('file.pictureUnreadable')}</Notice>
      ) : !picture ? (
        <Loading />
      ) : (
        <div className={styles.crop}>
          <canvas
            ref={canvas}
            className={styles.picture}
            width={SIDE}
            height={SIDE}
            role="img"
            aria-label={t('file.cropHint')}
            // It is moved by keys as well as dragged.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              dragged.current = { x: event.clientX, y: event.clientY };
            }}
            onPointerMove={onPointerMove}
            onPointerUp={() => {
              dragged.current = null;
            }}
            onPointerCancel={() => {
              dragged.current = null;
            }}
            onWheel={(event) => come(closeness * Math.exp(-event.deltaY * 0.002))}
          />
          <p className={styles.hint}>{t('file.cropHint')}</p>
          <label className={styles.zoom}>
            <span>{t('file.zoom')}</span>
            <input
              type="range"
              min={1}
              max={CLOSEST}
              step={0.05}
              value={closeness}
              onChange={(event) => come(Number(event.target.value))}
            />
          </label>
        </div>
      )}
    </Dialog>
  );
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, { x, y, side }: Square): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, SIDE, SIDE);
  context.drawImage(picture, x - side / 2, y - side / 2, side, side, 0, 0, SIDE, SIDE);
}
