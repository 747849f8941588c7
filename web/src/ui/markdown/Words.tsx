// Words of a message: plain text in which names of people, channels and emoji stand for what they name.

import { Fragment, useContext, createContext, type ReactNode } from 'react';
import { useEmojiNames } from '@/ui/emoji/names';
import { Sign } from '@/ui/emoji/Sign';
import { ChannelLink, Mention } from './Mention';
import { tokens, type Token } from './tokens';

/** Inside of a link nothing else can be pressed, so names stay text there. */
export const InLink = createContext(false);

export function Words({ text }: { text: string }) {
  const inLink = useContext(InLink);
  if (inLink) return lines(text);
  return tokens(text).map((token, index) => (
    // The parts of a text have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>{word(token)}</Fragment>
  ));
}

function word(token: Token): ReactNode {
  switch (token.kind) {
    case 'person':
      return <Mention name={token.name} text={token.text} />;
    case 'channel':
      return <ChannelLink name={token.name} text={token.text} />;
    case 'emoji':
      return <NamedEmoji name={token.name} text={token.text} />;
    default:
      return lines(token.text);
  }
}

function NamedEmoji({ name, text }: { name: string; text: string }) {
  const names = useEmojiNames(true);
  const emoji = names?.get(name);
  if (emoji) return <span title={text}>{emoji}</span>;
  // Once it is known not to be a usual one, it may be one of this server's.
  return names ? <Sign emoji={text} /> : text;
}

/** In a chat, a line that ends is meant to end. */
function lines(text: string): ReactNode {
  if (!text.includes('\n')) return text;
  return text.split('\n').map((line, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {index > 0 && <br />}
      {line}
    </Fragment>
  ));
}
