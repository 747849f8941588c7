// Records a voice message in the place of the text field: while it runs one sees how loud it is, then it can be heard
// before it is sent. What was written stays.

import { Mic, SendHorizontal, Square, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { length } from '@/lib/bytes';
import { useText, type TextKey } from '@/lib/text';
import { Button, complain, IconButton, Live } from '@/ui';
import { Sound } from '@/ui/media/Sound';
import { condensed } from '@/ui/media/waveform';
import { sendVoice } from '../files/take';
import { record, type Recorded, type Recording } from './recording';
import styles from './Recorder.module.css';

/** Nobody listens longer. */
const LONGEST = 15 * 60_000;

/** Bars that are shown while it runs. */
const SHOWN = 48;

interface RecorderProps {
  conversationId: string;
  parentId: string | undefined;
  onClose: () => void;
}

type Stage =
  | { is: 'asking' }
  | { is: 'recording' }
  | { is: 'done'; recorded: Recorded; address: string }
  | { is: 'refused'; why: TextKey };

export function Recorder({ conversationId, parentId, onClose }: RecorderProps) {
  const t = useText();
  const [stage, setStage] = useState<Stage>({ is: 'asking' });
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [duration, setDuration] = useState(0);
  const recording = useRef<Recording | null>(null);
  const stopButton = useRef<HTMLButtonElement>(null);
  const sendButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    let over = false;
    record((loudness, so) => {
      if (over) return;
      setLevels((now) => [...now.slice(1 - SHOWN), loudness]);
      setDuration(so);
    }).then(
      (begun) => {
        if (over) {
          begun.cancel();
          return;
        }
        recording.current = begun;
        setStage({ is: 'recording' });
      },
      (problem: unknown) => over || setStage({ is: 'refused', why: reasonOf(problem) }),
    );
    return () => {
      over = true;
      recording.current?.cancel();
      recording.current = null;
    };
  }, []);

  const address = stage.is === 'done' ? stage.address : null;
  useEffect(() => {
    if (address === null) return undefined;
    return () => URL.revokeObjectURL(address);
  }, [address]);

  // The focus stays where the next thing to press is.
  useEffect(() => {
    if (stage.is === 'recording') stopButton.current?.focus();
    if (stage.is === 'done') sendButton.current?.focus();
  }, [stage.is]);

  const finish = useCallback(async (): Promise<Recorded | null> => {
    const running = recording.current;
    recording.current = null;
    if (running === null) return null;
    const recorded = await running.finish();
    setStage({ is: 'done', recorded, address: URL.createObjectURL(recorded.blob) });
    return recorded;
  }, []);
  const isLong = duration > LONGEST;
  useEffect(() => {
    if (isLong) void finish();
  }, [isLong, finish]);

  const send = async () => {
    const recorded = stage.is === 'done' ? stage.recorded : await finish();
    if (recorded === null) return;
    const { blob, duration, levels } = recorded;
    const name = `${t('file.voiceName')}.${blob.type.includes('mp4') ? 'm4a' : 'webm'}`;
    try {
      await sendVoice({ blob, name, voice: true, duration, waveform: condensed(levels) }, conversationId, parentId);
      onClose();
    } catch (problem) {
      complain(problem);
    }
  };

  if (stage.is === 'refused') {
    return (
      <div className={styles.recorder} role="alert">
        <span className={styles.refused}>{t(stage.why)}</span>
        <Button small onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
    );
  }
  return (
    // Escape anywhere within throws it away.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={styles.recorder}
      role="group"
      aria-label={t('file.recording')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <IconButton label={t('file.discardVoice')} onClick={onClose}>
        <Trash2 size={18} />
      </IconButton>
      {stage.is === 'done' ? (
        <Sound
          src={stage.address}
          label={t('file.voiceName')}
          duration={stage.recorded.duration}
          waveform={condensed(stage.recorded.levels)}
          voice
        />
      ) : (
        <>
          <Mic size={16} className={styles.mic} data-on={stage.is === 'recording' || undefined} aria-hidden="true" />
          <span className={styles.time}>{length(duration)}</span>
          <span className={styles.meter} aria-hidden="true">
            {levels.map((loudness, at) => (
              // Their order is all that they are.
              // oxlint-disable-next-line react/no-array-index-key
              <span key={at} style={{ blockSize: `${8 + (loudness / 255) * 92}%` }} />
            ))}
          </span>
          <IconButton
            ref={stopButton}
            label={t('file.stopRecording')}
            disabled={stage.is !== 'recording'}
            onClick={() => void finish()}
          >
            <Square size={16} />
          </IconButton>
        </>
      )}
      <IconButton
        ref={sendButton}
        label={t('file.sendVoice')}
        className={styles.send}
        flip
        disabled={stage.is === 'asking'}
        onClick={() => void send()}
      >
        <SendHorizontal size={18} />
      </IconButton>
      <Live>
        {t(stage.is === 'asking' ? 'file.asking' : stage.is === 'recording' ? 'file.recordingNow' : 'file.recorded')}
      </Live>
    </div>
  );
}

function reasonOf(problem: unknown): TextKey {
  const name = problem instanceof DOMException ? problem.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'file.noPermission';
  return name === 'NotFoundError' ? 'file.noMicrophone' : 'file.noRecording';
}
