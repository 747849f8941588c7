// What stands above the text in the composer: answers of bots, files that go with it, and a voice message that is being
// recorded.

import { composerKey } from '@/lib/composing';
import type { Upload } from '@/sync';
import { Answers } from './Answers';
import { DropHint } from './files/DropHint';
import { Tray } from './files/Tray';
import { Recorder } from './voice/Recorder';

interface AboveProps {
  conversationId: string;
  parentId: string | undefined;
  files: readonly Upload[];
  recording: boolean;
  onRecorded: () => void;
  /** Files are held over the page, to be dropped here. */
  over: boolean;
}

export default function Above({ conversationId, parentId, files, recording, onRecorded, over }: AboveProps) {
  return (
    <>
      {over && <DropHint />}
      <Answers place={composerKey(conversationId, parentId)} />
      {recording && <Recorder conversationId={conversationId} parentId={parentId} onClose={onRecorded} />}
      {files.length > 0 && <Tray files={files} />}
    </>
  );
}
