// A message's text as people see it. It becomes React elements one by one and never a string of HTML, so there is no way
// from what somebody typed to markup that a browser would run.

import { memo, useMemo, useState } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { useEmojiNames } from '@/ui/emoji/names';
import { SurroundingsProvider, type Surroundings } from './context';
import { isJumbo } from './jumbo';
import { isMarked, useFormatted } from './parsing';
import { PlainBlocks } from './PlainBlocks';
import styles from './RichText.module.css';
import { head, sections } from './sections';
import { useGrowing } from './useGrowing';

export interface RichTextProps extends Surroundings {
  body: string;
  /** Long texts show their beginning and a button for the rest. Off where there is room, such as a page of its own. */
  collapse?: boolean;
  className?: string | undefined;
}

export const RichText = memo(function RichText(props: RichTextProps) {
  const { body, collapse = true, className, resolve, resolveChannel, broadcast, onQuote } = props;
  const surroundings = useMemo(
    () => ({ resolve, resolveChannel, broadcast, onQuote }),
    [resolve, resolveChannel, broadcast, onQuote],
  );
  const beginning = useMemo(() => head(body), [body]);
  const long = beginning.length < body.length;
  const jumbo = useJumbo(body);
  return (
    <SurroundingsProvider value={surroundings}>
      <div className={cx(styles.text, jumbo && styles.jumbo, className)}>
        {long && collapse ? <Collapsed body={body} beginning={beginning} /> : <Whole body={body} />}
      </div>
    </SurroundingsProvider>
  );
});

function Collapsed({ body, beginning }: { body: string; beginning: string }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      {open ? <Whole body={body} /> : <Section text={beginning} />}
      <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'markdown.less' : 'markdown.more')}
      </button>
    </>
  );
}

function Whole({ body }: { body: string }) {
  const pieces = useMemo(() => sections(body), [body]);
  const shown = useGrowing(pieces.length);
  return pieces.slice(0, shown).map((piece, index) => (
    // Pieces of a text have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <Section key={index} text={piece} />
  ));
}

function Section({ text }: { text: string }) {
  return isMarked(text) ? <Marked text={text} /> : <PlainBlocks text={text} />;
}

function Marked({ text }: { text: string }) {
  const draw = useFormatted();
  return draw ? draw(text) : <PlainBlocks text={text} />;
}

const NAMES_ONLY = /^\s*(?::[a-z0-9_+-]{1,50}:\s*){1,5}$/u;

/** Names of emoji count as well, once it is known that they are some. */
function useJumbo(body: string): boolean {
  const named = body.length < 300 && NAMES_ONLY.test(body);
  const names = useEmojiNames(named);
  if (!named) return isJumbo(body);
  return isJumbo(body.replace(/:([^:\s]+):/gu, (text, name: string) => names?.get(name) ?? text));
}
