// Choosing a picture of oneself or of a conversation: it is chosen, cut to a square and handed on. Whoever uses it says
// what becomes of it.

import { useRef, useState, type ReactNode } from 'react';
import { useText } from '@/lib/text';
import { Button } from '../Button';
import { complain } from '../attempt';
import { SettingRow } from '../Section';
import { CropDialog } from './CropDialog';

interface PictureFieldProps {
  /** The face as it is now. */
  face: ReactNode;
  has: boolean;
  onPick: (picture: Blob) => Promise<void>;
  onRemove: () => Promise<void>;
}

export function PictureField({ face, has, onPick, onRemove }: PictureFieldProps) {
  const t = useText();
  const chooser = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);

  const run = async (work: Promise<void>) => {
    setBusy(true);
    try {
      await work;
      setChosen(null);
    } catch (problem) {
      complain(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <SettingRow icon={face} title={t('file.picture')}>
        {has && (
          <Button kind="quiet" disabled={busy} onClick={() => void run(onRemove())}>
            {t('file.removePicture')}
          </Button>
        )}
        <Button busy={busy && chosen === null} onClick={() => chooser.current?.click()}>
          {t(has ? 'file.changePicture' : 'file.choosePicture')}
        </Button>
      </SettingRow>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        onChange={({ target }) => {
          setChosen(target.files?.[0] ?? null);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
      {chosen && (
        <CropDialog
          file={chosen}
          busy={busy}
          onCut={(picture) => void run(onPick(picture))}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}
