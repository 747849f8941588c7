// A message by its id, for what keeps no more of it.

import { useEffect, useState } from 'react';
import type { Message } from '@/protocol.gen';
import { api } from '@/sync';

export function useMessageById(id: string | null): Message | null {
  const [held, setHeld] = useState<Message | null>(null);
  useEffect(() => {
    if (id === null) return undefined;
    const stop = new AbortController();
    // One that cannot be seen any more is shown without its words.
    void api.get<Message>(`/messages/${id}`, undefined, stop.signal).then(setHeld, () => undefined);
    return () => stop.abort();
  }, [id]);
  return held?.id === id ? held : null;
}
