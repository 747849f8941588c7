// The buttons that format, each with the keys that do the same.

import { Bold, Code, Italic, Link2, List, ListOrdered, SquareCode, Strikethrough, Quote } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText, type TextKey } from '@/lib/text';
import { IconButton } from '@/ui';
import type { Format } from './formats';
import styles from './Composer.module.css';

const BUTTONS: readonly (readonly [Format, TextKey, string, ReactNode])[] = [
  ['bold', 'composer.bold', 'B', <Bold key="icon" size={16} />],
  ['italic', 'composer.italic', 'I', <Italic key="icon" size={16} />],
  ['strike', 'composer.strike', 'Shift+X', <Strikethrough key="icon" size={16} />],
  ['code', 'composer.code', 'E', <Code key="icon" size={16} />],
  ['link', 'composer.link', 'K', <Link2 key="icon" size={16} />],
  ['quote', 'composer.quote', 'Shift+9', <Quote key="icon" size={16} />],
  ['bullets', 'composer.bullets', 'Shift+8', <List key="icon" size={16} />],
  ['numbers', 'composer.numbers', 'Shift+7', <ListOrdered key="icon" size={16} />],
  ['fence', 'composer.fence', 'Shift+C', <SquareCode key="icon" size={16} />],
];

const command = /Mac|iPhone|iPad/u.test(navigator.userAgent) ? '⌘' : 'Ctrl';

export default function FormatBar({ onFormat, shown }: { onFormat: (format: Format) => void; shown: boolean }) {
  const t = useText();
  return (
    <div className={styles.formats} role="group" aria-label={t('composer.formatting')} data-shown={shown || undefined}>
      {BUTTONS.map(([format, name, keys, icon]) => (
        <IconButton
          key={format}
          small
          label={t(name)}
          title={`${t(name)} (${command}+${keys})`}
          // The focus, and with it the keyboard of a phone, stays in the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onFormat(format)}
        >
          {icon}
        </IconButton>
      ))}
    </div>
  );
}
