// What can be known of a file before it is sent: how large a picture is and how long a sound lasts, so that it stands in
// the conversation in its own shape at once. What cannot be found out is left open; the server looks again.

import type { Picked } from '@/sync';

type Measures = Pick<Picked, 'width' | 'height' | 'duration'>;

/** A browser that cannot say so soon does not know. */
const PATIENCE = 3_000;

/** Above this, taking a picture apart costs more memory than its shape is worth. */
const LARGE = 60_000_000;

export async function measure(blob: Blob): Promise<Measures> {
  const [kind] = blob.type.split('/');
  try {
    if (kind === 'image' && blob.size < LARGE) return await measurePicture(blob);
    if (kind === 'video' || kind === 'audio') return await measureMedia(blob, kind);
  } catch {
    // Not what its name says, or nothing that this browser can read.
  }
  return {};
}

async function measurePicture(blob: Blob): Promise<Measures> {
  const picture = await createImageBitmap(blob);
  const { width, height } = picture;
  picture.close();
  return { width, height };
}

async function measureMedia(blob: Blob, kind: 'video' | 'audio'): Promise<Measures> {
  const media = document.createElement(kind);
  const address = URL.createObjectURL(blob);
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error('too slow')), PATIENCE);
      media.addEventListener('loadedmetadata', () => resolve());
      media.addEventListener('error', () => reject(new Error('unreadable')));
      media.preload = 'metadata';
      media.src = address;
    });
    const duration = Number.isFinite(media.duration) ? { duration: Math.round(media.duration * 1000) } : {};
    const isSeen = media instanceof HTMLVideoElement && media.videoWidth > 0;
    return isSeen ? { ...duration, width: media.videoWidth, height: media.videoHeight } : duration;
  } finally {
    media.removeAttribute('src');
    URL.revokeObjectURL(address);
  }
}
