// The WebSocket.

import type { Activity, Event } from '@/protocol.gen';
import type { Env } from '../env';
import type { Resume } from '../state';
import type { Envelope, Link, Sink } from './link';
import { closed } from './link';

export function openSocket(env: Env, token: string, resume: Resume, activity: Activity, sink: Sink): Link {
  const socket = env.socket(`${env.origin.replace(/^http/, 'ws')}/api/v1/ws`);
  let open = true;
  const end = (code: number) => {
    if (!open) return;
    open = false;
    sink.lost(closed(code));
  };
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ type: 'hello', token, activity, ...resume }));
  });
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!open || typeof data !== 'string') return;
    // The server is trusted to speak the protocol that the types are generated from.
    sink.event(JSON.parse(data) as Event);
  });
  socket.addEventListener('error', () => end(1006));
  socket.addEventListener('close', ({ code }) => end(code));
  return {
    hasHeartbeat: true,
    isTwoWay: true,
    send: (envelope: Envelope) => {
      if (open && socket.readyState === 1) socket.send(JSON.stringify(envelope));
    },
    close: () => {
      open = false;
      socket.close(1000);
    },
  };
}
