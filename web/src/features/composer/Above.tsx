// What stands above the text in the composer: answers of bots, files that go with it, and a voice message that is being
// recorded.

import type { RefObject } from 'react';
import { composerKey } from '@/lib/composing';
import type { Upload } from '@/sync';
import { Answers } from './Answers';
import { DropHint } from './files/DropHint';
import { Tray } from './files/Tray';
import { useDroppedFiles } from './files/useDropped';
import { Recorder } from './voice/Recorder';

interface AboveProps {
  conversationId: string;
  parentId: string | undefined;
  files: readonly Upload[];
  recording: boolean;
  onRecorded: () => void;
  /** The composer, which files can be dropped into. */
  box: RefObject<HTMLElement | null>;
  /** Takes what was dropped; null while nothing can be. */
  take: ((files: File[]) => void) | null;
}

export default function Above({ conversationId, parentId, files, recording, onRecorded, box, take }: AboveProps) {
  const over = useDroppedFiles(box, take);
  return (
    <>
      {over && <DropHint />}
      <Answers place={composerKey(conversationId, parentId)} />
      {recording && <Recorder conversationId={conversationId} parentId={parentId} onClose={onRecorded} />}
      {files.length > 0 && <Tray files={files} />}
    </>
  );
}
