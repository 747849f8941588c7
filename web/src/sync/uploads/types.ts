// Files on their way to the server: what is shown of each, and what tabs tell each other of them.

import type { StoredFile } from '@/lib/file';
import type { Refused } from '../state';

/** A file that was chosen, and how far it has got. */
export interface Upload {
  readonly id: string;
  /** Where it waits: the composer's draft key, or the client id of the message that it goes with. */
  readonly place: string;
  /** Its place among those that wait there. */
  readonly at: number;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  readonly voice: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
  /** Loudness over time, each 0 to 255. */
  readonly waveform?: readonly number[];
  /** Bytes that the server has. */
  readonly sent: number;
  /** `checking`: the server looks at what is inside. */
  readonly status: 'waiting' | 'sending' | 'paused' | 'checking' | 'ready' | 'failed';
  readonly problem?: Refused;
  /** The file that it became. */
  readonly file: StoredFile | null;
}

/** What somebody chose, before it is an upload. */
export interface Picked extends Pick<Upload, 'name' | 'voice' | 'width' | 'height' | 'duration' | 'waveform'> {
  readonly blob: Blob;
}

/** What is changed of an upload by whoever looks at it. Null: it is not wanted any more. */
export type Wanted = Partial<Pick<Upload, 'place' | 'at'>> | null;

export type Order = 'pause' | 'resume';

export type FileWord =
  // From a tab that follows. The bytes travel along where they could not be kept in the database.
  | { readonly is: 'upload'; readonly upload: Upload; readonly blob: Blob | null }
  | { readonly is: 'upload-wanted'; readonly id: string; readonly wanted: Wanted }
  | { readonly is: 'upload-order'; readonly id: string; readonly order: Order }
  // From the leader.
  | { readonly is: 'uploads'; readonly uploads: readonly Upload[] };

export type Purpose = 'message' | 'avatar' | 'emoji';

/** What can be done with files; its code is loaded when the first one is chosen. */
export interface FileDesk {
  /** Takes files into a composer; they begin to travel at once. */
  attach(place: string, files: readonly Picked[]): Promise<readonly Upload[]>;
  /** Takes one away again, here and on the server. */
  detach(id: string): void;
  /** The order in which they will stand in the message. */
  arrange(ids: readonly string[]): void;
  pause(id: string): void;
  /** Goes on with what was paused or has failed. */
  resume(id: string): void;
  /** What is in it, as long as this browser has it. */
  content(id: string): Promise<Blob | null>;
  /** Sends one file at once, for a picture or an emoji, without keeping it in between. */
  send(blob: Blob, name: string, purpose: Purpose, progress?: (sent: number) => void): Promise<StoredFile>;
}
