// The quick switcher with what the app can do.

import Switcher from '@/features/switcher/Switcher';
import { commands } from './commands';

export default function SwitcherWithCommands({ onClose }: { onClose: () => void }) {
  return <Switcher commands={commands} onClose={onClose} />;
}
