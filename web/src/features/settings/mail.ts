// Whether the server can send e-mails at all. It changes only when the server is started anew, so it is asked once.

import { useEffect, useState } from 'react';
import type { ServerInfo } from '@/protocol.gen';
import { api } from '@/sync';

let known: boolean | null = null;

/** Null until it is known. */
export function useSendsMail(): boolean | null {
  const [sends, setSends] = useState(known);
  useEffect(() => {
    if (known !== null) return undefined;
    const asking = new AbortController();
    void api
      .get<ServerInfo>('/server', {}, asking.signal)
      .then((server) => {
        known = server.email ?? false;
        setSends(known);
      })
      // Without an answer nothing is offered that may not work; the next look at the page asks again.
      .catch(() => undefined);
    return () => asking.abort();
  }, []);
  return sends;
}
