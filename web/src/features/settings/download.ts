// Fetching the copy of one's data: a plain link would not carry the token, so it is fetched and then saved.

import { api } from '@/sync';

/** How long the browser has to begin saving. */
const KEPT = 60_000;

export async function fetchExport(): Promise<void> {
  const { blob, name } = await api.file('/me/export/content');
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name ?? 'laserchat-export.zip';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
