// Files that are dropped on the page or pasted. There is no way to send them yet, and the browser must not open them in
// the place of the chat.

import { useEffect } from 'react';
import { t } from '@/lib/text';
import { toast } from '@/ui';

export function hasFiles(data: DataTransfer | null): boolean {
  return data !== null && Array.from(data.types).includes('Files');
}

export function refuseFiles(): void {
  toast(t('composer.noFiles'), { kind: 'problem' });
}

export function useDroppedFiles(): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer) || event.defaultPrevented) return;
      event.preventDefault();
      refuseFiles();
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
