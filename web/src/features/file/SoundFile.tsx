// A sound or a voice message in the timeline.

import { Download } from 'lucide-react';
import { useMemo } from 'react';
import { fileAddress, type StoredFile } from '@/lib/file';
import { useText } from '@/lib/text';
import { Sound } from '@/ui/media/Sound';
import { decoded } from '@/ui/media/waveform';
import styles from './PlainFile.module.css';

export default function SoundFile({ file }: { file: StoredFile }) {
  const t = useText();
  const { id, name, duration_ms, waveform } = file;
  const voice = file.voice === true;
  const levels = useMemo(() => decoded(waveform), [waveform]);
  return (
    <div className={styles.sound}>
      {!voice && (
        <div className={styles.title}>
          <bdi className={styles.name} title={name}>
            {name}
          </bdi>
          <a
            className={styles.get}
            href={fileAddress(id, 'content')}
            download={name}
            aria-label={t('file.download', { name })}
          >
            <Download size={16} />
          </a>
        </div>
      )}
      <Sound
        src={fileAddress(id, 'content')}
        label={voice ? t('file.voiceName') : name}
        duration={duration_ms}
        waveform={levels}
        voice={voice}
      />
    </div>
  );
}
