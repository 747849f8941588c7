// What a bot answered to a command, for oneself only.

import { useText } from '@/lib/text';
import { Dialog } from '@/ui/Dialog';
import { RichText } from '@/ui/markdown';
import { Notice } from '@/ui/Section';

interface CommandAnswerProps {
  command: string;
  text: string;
  onClose: () => void;
}

export default function CommandAnswer({ command, text, onClose }: CommandAnswerProps) {
  const t = useText();
  return (
    <Dialog title={`/${command}`} onClose={onClose}>
      <RichText body={text} collapse={false} />
      <Notice>{t('slash.answer')}</Notice>
    </Dialog>
  );
}
