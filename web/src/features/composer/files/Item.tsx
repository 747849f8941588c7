// One file that will go with the message.

import { CircleAlert, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useCallback, type KeyboardEvent } from 'react';
import { bytes } from '@/lib/bytes';
import { errorText } from '@/lib/error';
import { useText, type Translate } from '@/lib/text';
import { actions, type Upload } from '@/sync';
import { FileIcon } from '@/ui/media/FileIcon';
import { usePreview } from '@/ui/media/usePreview';
import styles from './Tray.module.css';

interface ItemProps {
  upload: Upload;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onRemove: () => void;
  onPause: () => void;
  onResume: () => void;
}

/** Larger ones are done before anybody could want to hold them. */
const WORTH_A_PAUSE = 1_000_000;

export function Item({ upload, onKeyDown, onRemove, onPause, onResume }: ItemProps) {
  const t = useText();
  const { id, name, size, status, mime } = upload;
  const load = useCallback(async () => await (await actions.files()).content(id), [id]);
  const preview = usePreview(load);
  const isPicture = upload.width !== undefined && mime.startsWith('image/');
  const isFilm = upload.width !== undefined && mime.startsWith('video/');
  const words = stateOf(upload, t);
  const onTheWay = status === 'waiting' || status === 'sending';
  return (
    // Each is a stop of the arrow keys, and the same keys move it and take it away.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="group"
      data-upload={id}
      data-status={status}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={styles.item}
      aria-label={`${name}, ${words}`}
      title={name}
      onKeyDown={onKeyDown}
    >
      {isPicture && preview ? (
        <img className={styles.picture} src={preview} alt="" draggable={false} />
      ) : isFilm && preview ? (
        // A picture of it and no more: it plays when it is sent.
        <video className={styles.picture} src={preview} muted preload="metadata" aria-hidden="true" tabIndex={-1} />
      ) : (
        <span className={styles.sign}>
          <FileIcon mime={mime} />
        </span>
      )}
      {!(isPicture || isFilm) && (
        <span className={styles.words}>
          <bdi className={styles.name}>{name}</bdi>
          <span className={styles.state}>{words}</span>
        </span>
      )}
      {status === 'failed' && (
        <span className={styles.failed}>
          <CircleAlert size={16} aria-hidden="true" />
        </span>
      )}
      {(onTheWay || status === 'paused' || status === 'checking') && (
        <span
          className={styles.progress}
          role="progressbar"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={status === 'checking' ? 100 : Math.floor((upload.sent / Math.max(1, size)) * 100)}
        >
          <span
            className={styles.filled}
            style={{ inlineSize: `${status === 'checking' ? 100 : (upload.sent / Math.max(1, size)) * 100}%` }}
          />
        </span>
      )}
      <span className={styles.buttons}>
        {onTheWay && size > WORTH_A_PAUSE && (
          <button type="button" className={styles.button} aria-label={t('file.hold', { name })} onClick={onPause}>
            <Pause size={14} />
          </button>
        )}
        {status === 'paused' && (
          <button type="button" className={styles.button} aria-label={t('file.goOn', { name })} onClick={onResume}>
            <Play size={14} />
          </button>
        )}
        {status === 'failed' && (
          <button type="button" className={styles.button} aria-label={t('file.again', { name })} onClick={onResume}>
            <RotateCcw size={14} />
          </button>
        )}
        <button type="button" className={styles.button} aria-label={t('file.remove', { name })} onClick={onRemove}>
          <X size={14} />
        </button>
      </span>
    </div>
  );
}

function stateOf({ status, sent, size, problem }: Upload, t: Translate): string {
  switch (status) {
    case 'sending':
      return t('file.sending', { percent: Math.floor((sent / Math.max(1, size)) * 100) });
    case 'paused':
      return t('file.paused');
    case 'waiting':
      return t('file.waiting');
    case 'checking':
      return t('file.checking');
    case 'failed':
      return problem ? errorText(problem) : t('file.failed');
    default:
      return bytes(size);
  }
}
