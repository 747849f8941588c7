// A sign for what a file is, by its media type.

import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo } from 'lucide-react';

const SIGNS = [
  [/^image\//, FileImage],
  [/^video\//, FileVideo],
  [/^audio\//, FileAudio],
  [/zip|tar|compressed|archive/, FileArchive],
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/json|xml|javascript|html|x-sh|sql/, FileCode],
  [/^text\/|pdf|word|document/, FileText],
] as const;

export function FileIcon({ mime, size = 20 }: { mime: string; size?: number | string }) {
  const Sign = SIGNS.find(([pattern]) => pattern.test(mime))?.[1] ?? File;
  return <Sign size={size} aria-hidden="true" />;
}
