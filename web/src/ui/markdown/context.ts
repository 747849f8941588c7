// What a text needs to know of the world around it. The design system knows no people and no conversations, so whoever
// shows a message says who a name stands for.

import { createContext, useContext } from 'react';

/** Somebody that `@name` stands for. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The reader: such a mention stands out. */
  readonly me: boolean;
}

export interface Surroundings {
  /** Who `@username` (in lower case) is. Without an answer the text stays text. */
  readonly resolve?: ((username: string) => Person | null) | undefined;
  /** Which conversation `#name` is, if the reader knows it. */
  readonly resolveChannel?: ((name: string) => { readonly id: string; readonly name: string } | null) | undefined;
  /** Whether `@here` and `@channel` called everybody: what the server said of this message. */
  readonly broadcast?: boolean | undefined;
  /** A reply quote was pressed. Without it, the quote is a link. */
  readonly onQuote?: ((conversationId: string, seq: number) => void) | undefined;
}

const Context = createContext<Surroundings>({});

export const SurroundingsProvider = Context.Provider;

export function useSurroundings(): Surroundings {
  return useContext(Context);
}
