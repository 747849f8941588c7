// The files of a message that is not sent yet, as they lie in this browser, with how far each has travelled.

import { useCallback, useState } from 'react';
import { CircleAlert, Pause, Play } from 'lucide-react';
import { bytes } from '@/lib/bytes';
import { useText } from '@/lib/text';
import { actions, useUploads, type Upload } from '@/sync';
import { complain } from '@/ui';
import { FileIcon } from '@/ui/media/FileIcon';
import { usePreview } from '@/ui/media/usePreview';
import { Waveform } from '@/ui/media/Waveform';
import { Frames } from './Attachments';
import type { Shaped } from './boxes';
import styles from './PendingFiles.module.css';

const KINDS = ['image', 'video', 'audio'] as const;

export default function PendingFiles({ clientId }: { clientId: string }) {
  const now = useUploads(clientId);
  // When the message has arrived they are let go of, a moment before it stands here in its final form.
  const [held, setHeld] = useState(now);
  if (now.length > 0 && now !== held) setHeld(now);
  const files = (now.length > 0 ? now : held).map(shaped);
  return <Frames files={files}>{({ upload }) => <PendingFile upload={upload} />}</Frames>;
}

function shaped(upload: Upload): Shaped & { readonly id: string; readonly upload: Upload } {
  const { id, mime, width, height, voice } = upload;
  const kind = KINDS.find((each) => mime.startsWith(`${each}/`)) ?? 'file';
  return { id, kind, width: width ?? null, height: height ?? null, voice, upload };
}

function PendingFile({ upload }: { upload: Upload }) {
  const { id, name, mime, size, waveform, width } = upload;
  const load = useCallback(async () => await (await actions.files()).content(id), [id]);
  const preview = usePreview(load);
  if (width !== undefined && preview) {
    return (
      <span className={styles.seen}>
        {mime.startsWith('video/') ? (
          <video className={styles.picture} src={preview} muted preload="metadata" aria-hidden="true" tabIndex={-1} />
        ) : (
          <img className={styles.picture} src={preview} alt={name} />
        )}
        <State upload={upload} over />
      </span>
    );
  }
  return (
    <span className={styles.file}>
      {waveform ? (
        <Waveform levels={waveform} played={0} />
      ) : (
        <>
          <FileIcon mime={mime} size={24} />
          <span className={styles.words}>
            <bdi className={styles.name}>{name}</bdi>
            <span className={styles.faint}>{bytes(size)}</span>
          </span>
        </>
      )}
      <State upload={upload} />
    </span>
  );
}

function State({ upload, over = false }: { upload: Upload; over?: boolean }) {
  const t = useText();
  const { id, name, size, sent, status } = upload;
  if (status === 'ready') return null;
  if (status === 'failed') {
    return (
      <span className={styles.state} data-over={over || undefined}>
        <CircleAlert size={18} aria-hidden="true" />
      </span>
    );
  }
  const percent = status === 'checking' ? 100 : Math.floor((sent / Math.max(1, size)) * 100);
  const paused = status === 'paused';
  const toggle = () => {
    actions.files().then((desk) => (paused ? desk.resume(id) : desk.pause(id)), complain);
  };
  return (
    <span className={styles.state} data-over={over || undefined}>
      <span
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={styles.percent}
      >
        {percent}%
      </span>
      <button
        type="button"
        className={styles.hold}
        aria-label={t(paused ? 'file.goOn' : 'file.hold', { name })}
        onClick={toggle}
      >
        {paused ? <Play size={16} /> : <Pause size={16} />}
      </button>
    </span>
  );
}
