// Somebody's custom status: an emoji and a few words, while it holds.

import { presentStatus } from '@/lib/presence';
import type { CustomStatus } from '@/protocol.gen';

export function StatusLine({ status }: { status: CustomStatus | null | undefined }) {
  const present = presentStatus(status);
  if (!present) return null;
  return (
    <bdi>
      {present.emoji} {present.text}
    </bdi>
  );
}
